import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';

/** Where @apollo/gateway 2.14 departs from the specification, and the least change that mends it. See docs/engines.md. */
interface Departure {
  readonly what: string;
  readonly file: string;
  readonly changes: readonly (readonly [from: string, to: string])[];
}

const RESULT_SHAPING = '@apollo/gateway/dist/resultShaping.js';
const DATA_REWRITES = '@apollo/gateway/dist/dataRewrites.js';
const DEEP_MERGE = '@apollo/gateway/dist/utilities/deepMerge.js';
const EXECUTE = '@apollo/gateway/dist/executeQueryPlan.js';

const wrongKind = (what: string): string =>
  `{ parameters.errors.push(federation_internals_1.ERRORS.INVALID_GRAPHQL.err("Expected ${what}.", { path: Array.from(path) })); return { updated: null, hasErrors: true }; }`;

export const DEPARTURES: readonly Departure[] = [
  {
    what: 'an integer for an `ID` is passed on as a number',
    file: RESULT_SHAPING,
    changes: [
      [
        'return { updated: isValidValue ? inputValue : null, hasErrors: !isValidValue };',
        'return { updated: isValidValue ? (type.name === "ID" ? String(inputValue) : inputValue) : null, hasErrors: !isValidValue };',
      ],
    ],
  },
  {
    what: 'an integer beyond 32 bits for an `Int` is passed on',
    file: RESULT_SHAPING,
    changes: [
      [
        'const isValidValue = (0, federation_internals_1.isValidLeafValue)(parameters.schema, inputValue, type);',
        'const isValidValue = (0, federation_internals_1.isValidLeafValue)(parameters.schema, inputValue, type) && !(type.name === "Int" && (inputValue | 0) !== inputValue);',
      ],
    ],
  },
  {
    what: 'a value that is no list, or no object, where one is due fails the whole operation',
    file: RESULT_SHAPING,
    changes: [
      [
        '(0, federation_internals_1.assert)(Array.isArray(inputValue), () => `Invalid non-list value ${inputValue} returned by subgraph for list type ${type}`);',
        `if (!Array.isArray(inputValue)) ${wrongKind('a list')}`,
      ],
      [
        "(0, federation_internals_1.assert)(typeof inputValue === 'object', () => `Invalid non-object value ${inputValue} returned by subgraph for composite type ${type}`);",
        `if (typeof inputValue !== 'object' || Array.isArray(inputValue)) ${wrongKind('an object')}`,
      ],
    ],
  },
  {
    what: 'such a value above entities of another subgraph does so too',
    file: EXECUTE,
    changes: [
      ["if (value === undefined || value === null)\n        return value;\n    const [current", "if (value === undefined || value === null)\n        return value;\n    if (path[0] === '@' ? !Array.isArray(value) : typeof value !== 'object' || Array.isArray(value))\n        return null;\n    const [current"],
      ["if (data == null) {\n        return;", "if (data == null || (head === '@' ? !Array.isArray(data) : head !== undefined && (typeof data !== 'object' || Array.isArray(data))) || (head === undefined && (typeof data !== 'object' || Array.isArray(data)))) {\n        return;"],
      ['currentCursor.data.filter(array_1.isNotNullOrUndefined)', "currentCursor.data.filter((value) => typeof value === 'object' && value !== null && !Array.isArray(value))"],
    ],
  },
  {
    what: 'lists in lists are lost in what `@requires` names',
    file: EXECUTE,
    changes: [
      [
        'result[responseName] = source[responseName].map((value) => selections\n                        ? executeSelectionSet(schema, value, selections)\n                        : value);',
        'const each = (value) => Array.isArray(value) ? value.map(each) : selections ? executeSelectionSet(schema, value, selections) : value;\n result[responseName] = source[responseName].map(each);',
      ],
    ],
  },
  {
    what: 'the concrete type of an object is lost when a subgraph with an `@interfaceObject` adds to it',
    file: EXECUTE,
    changes: [
      [
        '(0, deepMerge_1.deepMerge)(entities[representationToEntity[i]], receivedEntity);',
        'if (receivedEntity && existingEntity.__typename && representations[i].__typename !== existingEntity.__typename) receivedEntity.__typename = existingEntity.__typename;\n(0, deepMerge_1.deepMerge)(entities[representationToEntity[i]], receivedEntity);',
      ],
    ],
  },
  {
    what: 'an object without a concrete type is null without an error',
    file: RESULT_SHAPING,
    changes: [
      [
        'if (!(0, federation_internals_1.isObjectType)(type)) {\n',
        'if (!(0, federation_internals_1.isObjectType)(type)) {\n parameters.errors.push(federation_internals_1.ERRORS.INVALID_GRAPHQL.err("Expected a concrete type.", { path: [...path, responseName] }));\n',
      ],
    ],
  },
  {
    what: 'what is below a fragment on an interface is lost where the object came without `__typename`',
    file: RESULT_SHAPING,
    changes: [
      [
        'parentType: (_d = fragment.typeCondition) !== null && _d !== void 0 ? _d : parentType,',
        'parentType: fragment.typeCondition && !(0, federation_internals_1.isSubtype)(fragment.typeCondition, parentType) ? fragment.typeCondition : parentType,',
      ],
    ],
  },
  {
    what: 'lists in lists that two fetches contribute to have the fields of the second alone',
    file: DEEP_MERGE,
    changes: [
      [
        'if ((0, predicates_1.isObject)(target[key][i]) && (0, predicates_1.isObject)(source[key][i])) {',
        'if (((0, predicates_1.isObject)(target[key][i]) && (0, predicates_1.isObject)(source[key][i])) || (Array.isArray(target[key][i]) && Array.isArray(source[key][i]) && target[key][i].length === source[key][i].length)) {',
      ],
    ],
  },
  {
    what: 'falsy values are lost where the planner renames a field',
    file: DATA_REWRITES,
    changes: [['if (objAtPath) {', 'if (objAtPath !== undefined) {']],
  },
  {
    what: 'an error of an entity gets the list position of another one, where not all objects at the path are sent',
    file: EXECUTE,
    changes: [
      ['await sendOperation({ ...variables, representations })', 'await sendOperation({ ...variables, representations }, representationToEntity)'],
      ['async function sendOperation(variables) {', 'async function sendOperation(variables, sent) {'],
      ['makeLazyErrorPathGenerator(fetch, currentCursor);', 'makeLazyErrorPathGenerator(fetch, currentCursor, sent);'],
      ['function makeLazyErrorPathGenerator(fetch, cursor) {', 'function makeLazyErrorPathGenerator(fetch, cursor, sent) {'],
      ['hydratedPaths[errorPath[1]]', 'hydratedPaths[sent[errorPath[1]]]'],
    ],
  },
];

export interface ApolloExecutor {
  readonly executeQueryPlan: (...args: readonly unknown[]) => Promise<ApolloResult>;
  /** The errors of the last completion: @apollo/gateway drops them where there are others. */
  lastCompletionErrors(): readonly { readonly path?: readonly (string | number)[] }[];
}

export interface ApolloResult {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string; readonly path?: readonly (string | number)[]; readonly extensions: Record<string, unknown> }[];
}

/** The executor of @apollo/gateway, which the package does not export, with its departures from the specification mended. */
export function loadApolloExecutor(): ApolloExecutor {
  process.env.APOLLO_TELEMETRY_DISABLED = 'true';
  const mended = new Map<string, Record<string, unknown>>();
  for (const file of [DEEP_MERGE, DATA_REWRITES, RESULT_SHAPING, EXECUTE]) {
    mended.set(file, loadMended(file, mended));
  }
  const shaping = mended.get(RESULT_SHAPING) as { computeResponse: (options: unknown) => { errors: readonly never[] } };
  const { computeResponse } = shaping;
  let completionErrors: readonly never[] = [];
  shaping.computeResponse = (options) => {
    const result = computeResponse(options);
    completionErrors = result.errors;
    return result;
  };
  return {
    executeQueryPlan: mended.get(EXECUTE)?.executeQueryPlan as ApolloExecutor['executeQueryPlan'],
    lastCompletionErrors: () => completionErrors,
  };
}

function loadMended(file: string, mended: ReadonlyMap<string, Record<string, unknown>>): Record<string, unknown> {
  const path = createRequire(import.meta.url).resolve(file);
  let source = readFileSync(path, 'utf8');
  for (const { changes } of DEPARTURES.filter((departure) => departure.file === file)) {
    for (const [from, to] of changes) {
      if (!source.includes(from)) {
        throw new Error(`@apollo/gateway has changed: ${file} no longer holds ${from}`);
      }
      source = source.replaceAll(from, () => to);
    }
  }
  const requireThere = createRequire(path);
  const find = (id: string): unknown => mended.get(`@apollo/gateway/dist/${id.slice(2)}.js`) ?? requireThere(id);
  const module = { exports: {} };
  new Function('exports', 'require', 'module', '__dirname', source)(module.exports, find, module, dirname(path));
  return module.exports;
}
