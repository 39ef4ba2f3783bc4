import {
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';

import type { FeatureMap } from '../../../schema/features/readFeatures.ts';
import type { RecordedCall } from '../../support/testGateway.ts';
import { slugOf } from './data.ts';
import type { Decide } from './oracle.ts';

/**
 * What a request to a subgraph asks of a module that is off, as a text for each; empty: nothing. Read off the request
 * alone: a selection whose municipality the request does not tell counts as off unless the flag is on everywhere.
 */
export function askedThoughOff(
  { query, variables }: RecordedCall,
  { schema, features, isOn, slugs }: { schema: GraphQLSchema; features: FeatureMap; isOn: Decide; slugs: readonly string[] },
): readonly string[] {
  const found: string[] = [];
  const operation = parse(query).definitions.find(
    (each): each is OperationDefinitionNode => each.kind === Kind.OPERATION_DEFINITION,
  );
  const root = operation === undefined ? undefined : schema.getRootType(operation.operation);
  if (operation !== undefined && root) {
    if (operation.selectionSet.selections.every(isLeftOut)) {
      found.push('a request for nothing');
    }
    visit(operation.selectionSet, root.name, undefined);
  }
  return found;

  /** Names of the fields of one object, those that are left out as well or not. */
  function namesIn(set: SelectionSetNode, withLeftOut: boolean): readonly string[] {
    return set.selections.flatMap((selection): readonly string[] =>
      !withLeftOut && isLeftOut(selection)
        ? []
        : selection.kind === Kind.INLINE_FRAGMENT
          ? namesIn(selection.selectionSet, withLeftOut)
          : selection.kind === Kind.FIELD
            ? [selection.name.value]
            : [],
    );
  }

  function isLeftOut({ directives = [] }: SelectionSetNode['selections'][number]): boolean {
    return directives.some(({ name, arguments: given }) => {
      const value = given?.[0] === undefined ? true : valueFromASTUntyped(given[0].value, { ...variables });
      return name.value === 'skip' ? value === true : value === false;
    });
  }

  function visit(set: SelectionSetNode, type: string, known: readonly string[] | undefined): void {
    for (const selection of set.selections) {
      if (isLeftOut(selection)) {
        continue;
      }
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        visit(selection.selectionSet, selection.typeCondition?.name.value ?? type, known);
      } else if (selection.kind === Kind.FIELD) {
        visitField(selection, type, known);
      }
    }
  }

  function visitField(
    field: Extract<SelectionSetNode['selections'][number], { kind: Kind.FIELD }>,
    type: string,
    known: readonly string[] | undefined,
  ): void {
    const name = field.name.value;
    const args = Object.fromEntries(
      (field.arguments ?? []).map((each) => [each.name.value, valueFromASTUntyped(each.value, { ...variables })]),
    );
    if (name === '_entities') {
      visitEntities(field.selectionSet, args.representations as readonly Record<string, string>[]);
      return;
    }
    const parent = schema.getType(type);
    const definition = parent !== undefined && 'getFields' in parent ? parent.getFields()[name] : undefined;
    if (definition === undefined) {
      return;
    }
    const own = features.fields.get(`${type}.${name}`);
    const isRoot = type === 'Query' || type === 'Mutation';
    const named = isRoot ? (args.municipality ?? (name === 'municipality' ? args.slug : undefined)) : undefined;
    const path = own?.municipalityPath;
    const here =
      typeof named === 'string'
        ? [named]
        : (known ?? (path?.startsWith('$') === true ? [String(args[path.slice(1)])] : undefined));
    const returned = getNamedType(definition.type);
    // The key and the way to the slug are what a decision is made of.
    const isNeeded = ['id', 'slug', 'municipality', '__typename'].includes(name);
    const parents = isAbstractType(parent) ? schema.getPossibleTypes(parent).map((each) => each.name) : [type];
    const flags = [
      own?.flag,
      ...(isNeeded ? [] : parents.flatMap((each) => [features.fields.get(`${each}.${name}`)?.flag, features.types.get(each)?.flag])),
    ];
    for (const flag of new Set(flags)) {
      if (flag !== undefined && !(here ?? slugs).every((slug) => isOn(slug, flag))) {
        found.push(`${type}.${name} (${flag}) for ${here?.join() ?? 'some municipality'}`);
      }
    }
    if (field.selectionSet !== undefined) {
      visit(field.selectionSet, returned.name, returned.name === 'Municipality' && named === undefined ? undefined : here);
    }
  }

  function visitEntities(set: SelectionSetNode | undefined, representations: readonly Record<string, string>[]): void {
    for (const representation of representations) {
      for (const name of Object.keys(representation)) {
        if (name.startsWith('civigraph')) {
          found.push(`a representation with "${name}"`);
        }
      }
      const { __typename: type = '', id, slug } = representation;
      const slugOfIt = slugOf(id ?? slug ?? '');
      const isOff = (flag: string | undefined): boolean => flag !== undefined && !isOn(slugOfIt, flag);
      // What decides over an object that is off takes more than its key.
      const idle = isOff(features.types.get(type)?.flag) ? ['__typename', 'id', 'slug'] : ['__typename'];
      let isLess = false;
      let isAsked = false;
      for (const selection of set?.selections ?? []) {
        if (selection.kind === Kind.INLINE_FRAGMENT) {
          const condition = schema.getType(selection.typeCondition?.name.value ?? '');
          const concrete = schema.getType(type);
          if (condition === concrete || (isAbstractType(condition) && concrete !== undefined && schema.isSubType(condition, concrete as never))) {
            visit(selection.selectionSet, type, [slugOfIt]);
            isLess ||=
              idle.length > 1 ||
              namesIn(selection.selectionSet, true).some((name) => isOff(features.fields.get(`${type}.${name}`)?.flag));
            isAsked ||= namesIn(selection.selectionSet, false).some((name) => !idle.includes(name));
          }
        }
      }
      if (isLess && !isAsked) {
        found.push(`a representation of ${type} ${id ?? slug} of which nothing is left to ask`);
      }
    }
  }
}
