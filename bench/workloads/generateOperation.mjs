import { getNamedType, isLeafType, isListType, isNonNullType, isObjectType } from 'graphql';

import { createDraws } from './inventedTexts.mjs';

const MAX_DEPTH = 10;
/** Values for arguments that must be given, by type; ours are few. */
const ARGUMENTS = { ID: '"muehlau"', LanguageTag: '"uk"', String: '"/muehlau/uk/topic-1/"' };

/**
 * A query over our own API schema with about so many fields, drawn by a seed: every field that is drawn belongs to it once, and
 * arguments that may be left out sometimes are given. It stays within the gateway's limits on depth and aliases.
 */
export function generateOperation(apiSchema, seed, fields) {
  const { below, pick } = createDraws(seed);
  let left = fields;

  function argumentsOf(field) {
    const given = field.args.flatMap(({ name, type }) => {
      if (isNonNullType(type)) {
        return [`${name}: ${ARGUMENTS[getNamedType(type).name]}`];
      }
      return name === 'first' && below(2) === 0 ? [`first: ${1 + below(20)}`] : [];
    });
    return given.length === 0 ? '' : `(${given.join(', ')})`;
  }

  function selectionOf(type, depth) {
    const all = Object.values(type.getFields());
    const drawn = new Set();
    const leaves = all.filter((field) => isLeafType(getNamedType(field.type)) && !needsMore(field));
    const nested = all.filter((field) => isObjectType(getNamedType(field.type)) && !needsMore(field));
    const wanted = Math.max(1, Math.min(left, 1 + below(leaves.length + 1)));
    for (let draw = 0; draw < wanted && leaves.length > 0; draw += 1) {
      drawn.add(pick(leaves));
    }
    left -= drawn.size;
    const texts = [...drawn].map((field) => field.name + argumentsOf(field));
    for (const field of nested) {
      if (left > 0 && depth < MAX_DEPTH && below(3) > 0) {
        left -= 1;
        texts.push(`${field.name}${argumentsOf(field)} ${selectionOf(getNamedType(field.type), depth + 1)}`);
      }
    }
    return texts.length === 0 ? '{ __typename }' : `{ ${texts.join(' ')} }`;
  }

  /** Whether an argument must be given that we have no value for. */
  function needsMore({ args }) {
    return args.some(
      ({ type }) =>
        isNonNullType(type) && (isListType(type.ofType) || ARGUMENTS[getNamedType(type).name] === undefined),
    );
  }

  const municipality = apiSchema.getType('Municipality');
  const name = `Generated_${String(seed).replace(/\W/g, '_')}`;
  return below(4) === 0
    ? `query ${name} { municipalities(first: ${1 + below(3)}) { totalCount nodes ${selectionOf(municipality, 3)} } }`
    : `query ${name} { municipality(slug: "muehlau") ${selectionOf(municipality, 2)} }`;
}
