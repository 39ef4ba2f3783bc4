import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type GraphQLField,
  type GraphQLOutputType,
  getNamedType,
  type InlineFragmentNode,
  isAbstractType,
  isInterfaceType,
  isListType,
  isNonNullType,
  Kind,
  OperationTypeNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
  visit,
} from 'graphql';

import type { Binding, EntityGate, FetchGate, GatedPath, GateVariable } from '../model/FetchGate.ts';
import { STAMP } from '../model/FetchGate.ts';
import { argumentsOfRules, finishRules, type RulesDraft, rulesBelow, rulesDraft } from './answerRules.ts';
import { MUNICIPALITY_PLACES } from './decideFetch.ts';
import {
  argumentOf,
  behind,
  conditionsOf,
  entitiesFieldOf,
  entityQuery,
  fieldNode,
  fieldsOf,
  fragmentOn,
  includeIf,
  pathField,
  responseName,
  selectionSetOf,
  TYPENAME,
  withoutNamedFragments,
  withSelections,
} from './documentParts.ts';
import { type FieldGates, type GateSchema, MUNICIPALITY_KEY, MUNICIPALITY_TYPE } from './GateSchema.ts';
import { groupLifts, type Lift, type LiftGroup, stampOf, toRequired } from './lifts.ts';
import { finishNotes, type NotesDraft, notesDraft, notesOf } from './typedNotes.ts';

/** Stands in for the key of a municipality where its name may mean something else. */
export const SPARE_KEY_ALIAS = 'civigraphSlug';

/** What is known of the municipality around the objects that a fetch completes. */
export interface FetchBase {
  readonly binding: Binding | undefined;
  /** Whether the binding always finds one. */
  readonly isCertain: boolean;
  /** Flags that gate the entities themselves. */
  readonly flags: readonly string[];
  /** Set where the binding is the entities' own, by a path that a directive names: what is known below their fields. */
  readonly below?: Binding | 'nothing';
}

/** Selections that only their own fetch can bind, to be asked for in an entity fetch behind it. */
export interface LiftedSelections {
  /** From the fetch's position to the entities; `@` for each list. */
  readonly path: readonly string[];
  readonly document: DocumentNode;
  readonly type: string;
  readonly requires: readonly QueryPlanSelectionNode[];
  /** Key fields by the alias under which the fetch yields them. */
  readonly renames: readonly { readonly alias: string; readonly to: string }[];
  readonly base: FetchBase;
}

export interface GatedOperation {
  /** What the subgraph is sent. */
  readonly document: DocumentNode;
  /** The same with the fields that the gate adds to the answer. */
  readonly answered: DocumentNode;
  readonly gate: FetchGate | undefined;
  readonly lifted: readonly LiftedSelections[];
  /** Whether its representations must carry the slug of the municipality that encloses them. */
  readonly needsStamp: boolean;
}

export interface GateOperationOptions {
  readonly gates: GateSchema;
  readonly subgraph: string;
  readonly base: FetchBase;
  /** Whether a later fetch needs stamps on the objects at a path below this fetch's position. */
  readonly wantsStamp: (path: readonly string[]) => boolean;
  /** Whether it needs them anywhere below. */
  readonly wantsStampBelow: (path: readonly string[]) => boolean;
}

/** What encloses a selection: how its municipality is known. */
type Enclosing =
  | { readonly kind: 'unknown' }
  | {
      readonly kind: 'known';
      readonly binding: Binding;
      readonly isCertain: boolean;
      /** What encloses the selections below the object's fields, where that is something else. */
      readonly below?: Enclosing;
    }
  /** A municipality of this very fetch: what needs its slug is lifted. */
  | { readonly kind: 'yielded' }
  /** An object of a gated type whose own path leads to its slug: all of it is lifted. */
  | { readonly kind: 'own'; readonly place: readonly string[]; readonly flags: readonly string[] };

/** The object whose fields are selected. */
interface Scope {
  readonly type: string;
  readonly lifts: Lift[];
  /** Directives that stand between the object and the selection at hand. */
  readonly conditions: readonly (readonly DirectiveNode[])[];
}

interface VariableDraft extends GateVariable {
  readonly fields: GatedPath[];
  readonly told: Map<string, GatedPath[]>;
}

/** By what it is known which objects have the selections at hand. */
interface Telling {
  /** Concrete types that the object at hand can have. */
  readonly types: readonly string[];
  /** Those of the representations; of a root operation the empty text. */
  readonly entities: readonly string[];
  /** Set below type conditions: only the answer tells, and this is where it is noted, for objects at so long a path. */
  readonly typed: { readonly notes: NotesDraft; readonly from: number } | undefined;
}

/** Gates the operation of one fetch. See gatePlan for the rules; entity queries and root operations take the same way. */
export function gateOperation(original: DocumentNode, options: GateOperationOptions): GatedOperation {
  const { gates, subgraph, base, wantsStamp, wantsStampBelow } = options;
  const operation = withoutNamedFragments(original);
  const rootType = gates.schema.getRootType(operation.operation)?.name ?? '';
  const taken = new Set(operation.variableDefinitions?.map(({ variable }) => variable.name.value));
  const variables = new Map<string, VariableDraft>();
  const entities = new Map<string, EntityGate>();
  let isCertain = true;
  const unbound: FetchGate['unbound'][number][] = [];
  const lifted: LiftedSelections[] = [];
  const rules = rulesDraft();
  const notes = notesDraft();

  const entitiesField = entitiesFieldOf(operation);
  const selectionSet =
    entitiesField === undefined
      ? gateObject(operation.selectionSet, {
          type: rootType,
          enclosing: { kind: 'unknown' },
          path: [],
          rules,
          telling: { types: [rootType], entities: [ROOT], typed: undefined },
        })
      : selectionSetOf([{ ...entitiesField, selectionSet: gateEntities(entitiesField) }]);

  const answer = finishRules(rules);
  const isGated =
    variables.size > 0 || unbound.length > 0 || answer !== undefined || [...entities.values()].some(isDeciding);
  const isChanged = isGated || lifted.length > 0;
  const generated = [...variables.values()].map(({ name }) => name);
  const answered = isChanged ? withSelections(operation, selectionSet, generated) : original;
  const bindings = [
    ...[...variables.values()].map(({ binding }) => binding),
    ...[...entities.values()].flatMap(({ binding }) => binding ?? []),
  ];
  const ownVariables = unsentVariables(bindings, rules, answered);
  return {
    answered,
    document: isChanged ? withoutStampFields(answered) : original,
    lifted,
    needsStamp: isGated && bindings.some(readsStamp),
    gate: isGated
      ? {
          variables: [...variables.values()],
          entities,
          unbound,
          skippedWithout: entitiesField === undefined ? conditionsOf(withoutAdded(selectionSet)) : undefined,
          ownVariables,
          isStamped: bindings.some((binding) => placesOf(binding).some(([name = '']) => name.startsWith(STAMP))),
          isCertain,
          answer,
          notes: finishNotes(notes),
        }
      : undefined,
  };

  function gateEntities(field: FieldNode): SelectionSetNode {
    const selections = field.selectionSet?.selections ?? [];
    const fragments = selections.filter((selection) => selection.kind === Kind.INLINE_FRAGMENT);
    const kept = selections.map((fragment): SelectionNode => {
      if (fragment.kind !== Kind.INLINE_FRAGMENT) {
        return fragment;
      }
      const type = fragment.typeCondition?.name.value ?? '';
      const concrete = [...new Set([type, ...gates.concreteTypes(type)])];
      const isMunicipality = concrete.every((name) => name === MUNICIPALITY_TYPE);
      const binding: Binding | undefined = isMunicipality
        ? { kind: 'representation', places: MUNICIPALITY_PLACES }
        : concrete.includes(MUNICIPALITY_TYPE)
          ? { kind: 'representation', places: [...MUNICIPALITY_PLACES, ...placesOf(base.binding)] }
          : base.binding;
      isCertain &&= isMunicipality || base.isCertain;
      const isAlone = concrete.every((name) => fragments.filter((each) => appliesTo(each, name)).length === 1);
      const whole = binding !== undefined && isAlone ? flagsOfWhole(fragment.selectionSet, type) : undefined;
      const enclosing: Enclosing =
        binding === undefined
          ? { kind: 'unknown' }
          : { kind: 'known', binding, isCertain: isMunicipality || base.isCertain, ...enclosingBelow(base) };
      const decided = [...(whole?.flags ?? []), ...base.flags];
      const telling: Telling = { types: concrete, entities: concrete, typed: undefined };
      const inner = gateObject(fragment.selectionSet, { type, enclosing, path: [], rules, telling, decided });
      for (const name of concrete) {
        entities.set(name, {
          conditions: [
            ...(whole === undefined ? [] : [whole]),
            // What a mask has made null already is noted there.
            ...(base.flags.length === 0 ? [] : [{ flags: base.flags, paths: [] }]),
          ],
          binding,
          skippedWithout: isAlone ? conditionsOf(withoutTypename(inner)) : undefined,
        });
      }
      return { ...fragment, selectionSet: inner };
    });
    return selectionSetOf(kept);
  }

  function appliesTo(fragment: InlineFragmentNode, type: string): boolean {
    const condition = fragment.typeCondition?.name.value ?? '';
    return condition === type || gates.concreteTypes(condition).includes(type);
  }

  /** The flags that every field of an entity's selection has in common, when they stand for the whole of it. */
  function flagsOfWhole(
    selections: SelectionSetNode,
    type: string,
  ): { flags: readonly string[]; paths: readonly (readonly string[])[] } | undefined {
    const fields = fieldsOf(selections).filter(({ name }) => name.value !== '__typename');
    const flags = fields.map((field) => gates.gatesOf(type, field).flags);
    const first = flags[0];
    const isPlain = selections.selections.every(({ kind }) => kind === Kind.FIELD) || !isAbstract(type);
    if (!isPlain || first === undefined || first.length === 0 || flags.some((each) => each.join() !== first.join())) {
      return undefined;
    }
    return { flags: first, paths: fields.map((field) => [responseName(field)]) };
  }

  /** The selections of one object; what only the object itself can bind is lifted into an entity fetch. */
  function gateObject(
    selections: SelectionSetNode,
    {
      type,
      enclosing,
      path,
      rules,
      telling,
      decided = [],
      conditions = [],
      hasOwnNames = true,
    }: {
      readonly type: string;
      readonly enclosing: Enclosing;
      readonly path: readonly string[];
      readonly rules: RulesDraft;
      readonly telling: Telling;
      readonly decided?: readonly string[];
      readonly conditions?: readonly (readonly DirectiveNode[])[];
      /** false: other types are selected at the same place, whose response names may be the same. */
      readonly hasOwnNames?: boolean;
    },
  ): SelectionSetNode {
    const scope: Scope = { type, lifts: [], conditions };
    const rest = gateSelections(selections, type, { enclosing, scope, path, rules, telling, decided });
    const extra: SelectionNode[] = [];
    const isMunicipality = type === MUNICIPALITY_TYPE && enclosing.kind === 'yielded';
    const used = new Map(fieldsOf(rest).map((field) => [responseName(field), field.name.value]));
    const aliasOf = (name: string): string =>
      hasOwnNames && (used.get(name) ?? name) === name
        ? name
        : name === MUNICIPALITY_KEY
          ? SPARE_KEY_ALIAS
          : `${STAMP}Key_${name}`;
    if (isMunicipality && wantsStampBelow(path)) {
      extra.push(fieldNode(MUNICIPALITY_KEY, aliasOf(MUNICIPALITY_KEY)));
      rules.municipality = aliasOf(MUNICIPALITY_KEY);
    }
    if (scope.lifts.length > 0) {
      const key = isMunicipality ? [MUNICIPALITY_KEY] : gates.keyOf(subgraph, type);
      if (key === undefined) {
        for (const { flags, selection } of scope.lifts) {
          for (const field of fieldsOf(selectionSetOf([selection]))) {
            leaveUnbound(flags, [...path, responseName(field)], telling);
          }
        }
      } else {
        extra.push(...key.map((name) => fieldNode(name, aliasOf(name))));
        for (const group of groupLifts(scope.lifts)) {
          lifted.push(toLifted(group, { type, path, key, aliasOf, enclosing }));
          if (group.place !== undefined) {
            extra.push(pathField(group.place, stampOf(group.place)));
          }
        }
      }
    }
    if (extra.length === 0) {
      return rest;
    }
    const given = new Set(extra.map((field) => (field.kind === Kind.FIELD ? responseName(field) : '')));
    return selectionSetOf([
      TYPENAME,
      ...unique(extra),
      ...rest.selections.filter(
        (selection) =>
          selection !== TYPENAME &&
          !(selection.kind === Kind.FIELD && given.has(responseName(selection)) && isBareField(selection)),
      ),
    ]);
  }

  function toLifted(
    { flags, selections, place }: LiftGroup,
    {
      type,
      path,
      key,
      aliasOf,
      enclosing,
    }: {
      readonly type: string;
      readonly path: readonly string[];
      readonly key: readonly string[];
      readonly aliasOf: (name: string) => string;
      readonly enclosing: Enclosing;
    },
  ): LiftedSelections {
    const places = place === undefined ? MUNICIPALITY_PLACES : [[stampOf(place), ...place.slice(1)]];
    const outer = enclosing.kind === 'known' ? placesOf(enclosing.binding) : [];
    return {
      path,
      type,
      document: entityQuery(type, selections, operation),
      requires: [
        {
          kind: 'InlineFragment',
          typeCondition: type,
          selections: [
            { kind: 'Field', name: '__typename' },
            ...key.map((name) => ({ kind: 'Field' as const, name: aliasOf(name) })),
            ...(place === undefined ? [] : [toRequired([stampOf(place), ...place.slice(1)])]),
          ],
        },
      ],
      renames: key.map((to) => ({ alias: aliasOf(to), to })).filter(({ alias, to }) => alias !== to),
      base: {
        // Where a municipality may enclose the object, it comes before the path that the directive names.
        binding: { kind: 'representation', places: place === undefined ? places : [...outer, ...places] },
        isCertain: true,
        flags: place === undefined ? [] : flags,
        ...(place === undefined ? {} : { below: enclosing.kind === 'known' ? enclosing.binding : 'nothing' }),
      },
    };
  }

  function gateSelections(selections: SelectionSetNode, parentType: string, place: Place): SelectionSetNode {
    const kept = selections.selections.flatMap((selection): SelectionNode[] => {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        return gateFragment(selection, parentType, place);
      }
      return selection.kind === Kind.FIELD ? gateField(selection, parentType, place) : [selection];
    });
    return selectionSetOf(kept.length === 0 ? [TYPENAME] : kept);
  }

  function gateFragment(fragment: InlineFragmentNode, parentType: string, place: Place): SelectionNode[] {
    const { enclosing, scope, path, rules, decided } = place;
    const type = fragment.typeCondition?.name.value ?? parentType;
    const directives = fragment.directives ?? [];
    const conditions = directives.length === 0 ? scope.conditions : [...scope.conditions, directives];
    if (type === parentType || (scope.type === type && !isAbstract(type))) {
      const inner = gateSelections(fragment.selectionSet, type, { ...place, scope: { ...scope, conditions } });
      return isNothing(inner) ? [] : [{ ...fragment, selectionSet: inner }];
    }
    const typeFlag = isAbstract(parentType) ? gates.features.types.get(type) : undefined;
    const own: Enclosing =
      type === MUNICIPALITY_TYPE
        ? { kind: 'yielded' }
        : typeFlag?.municipalityPath !== undefined && !isKnown(enclosing)
          ? { kind: 'own', place: typeFlag.municipalityPath.split('.'), flags: [typeFlag.flag] }
          : enclosing;
    if (typeFlag !== undefined && own.kind === 'unknown') {
      return []; // nothing binds it: its objects become null
    }
    const inner = gateObject(fragment.selectionSet, {
      type,
      enclosing: own,
      path,
      rules,
      telling: tellingOn(type, place),
      decided,
      conditions,
      hasOwnNames: false,
    });
    if (isNothing(inner)) {
      return [];
    }
    const gated =
      typeFlag !== undefined && own.kind === 'known'
        ? [includeIf(variableFor([typeFlag.flag], own.binding, true).name)]
        : [];
    const kept: InlineFragmentNode = { ...fragment, selectionSet: inner };
    return gated.length === 0 ? [kept] : [fragmentOn(undefined, [kept], gated)];
  }

  function gateField(field: FieldNode, parentType: string, place: Place): SelectionNode[] {
    const { enclosing, scope, path, rules, decided } = place;
    const definition = gates.field(parentType, field.name.value);
    if (definition === undefined) {
      return [field];
    }
    const apart = typesToTellApart(field, parentType, place);
    if (apart !== undefined) {
      return apart.flatMap((type) => gateFragment(fragmentOn(type, [field]), parentType, place));
    }
    const found = gates.gatesOf(parentType, field);
    const flags = found.flags.filter((flag) => !decided.includes(flag));
    const here = [...path, responseName(field)];
    if (enclosing.kind === 'yielded' && (flags.length > 0 || holdsGated(field, parentType))) {
      scope.lifts.push({ flags, selection: behind(scope.conditions, field), place: undefined });
      return [];
    }
    if (enclosing.kind === 'own') {
      scope.lifts.push({ flags: enclosing.flags, selection: behind(scope.conditions, field), place: enclosing.place });
      return [];
    }
    const isRoot = gates.isRoot(parentType);
    const named = isRoot ? argumentOf(field, definition, 'municipality') : undefined;
    const outer: Enclosing =
      named === undefined ? enclosing : { kind: 'known', binding: { kind: 'argument', value: named }, isCertain: true };
    const deciding = flags.length === 0 ? undefined : decidingPlace(found, field, definition, outer, parentType);
    if (deciding?.kind === 'lifted') {
      scope.lifts.push({ flags, selection: behind(scope.conditions, field), place: deciding.place });
      return [];
    }
    if (deciding?.kind === 'unbound' && !isGatedMutation(parentType)) {
      leaveUnbound(flags, here, place.telling);
      return [];
    }
    const draft = rulesBelow(rules, responseName(field));
    draft.argument ??= named;
    const below: Enclosing =
      deciding?.kind === 'own'
        ? { kind: 'own', place: deciding.place, flags: deciding.flags }
        : outer.kind === 'known' && outer.below !== undefined
          ? outer.below
          : outer;
    if (deciding?.kind === 'own') {
      const type = getNamedType(definition.type).name;
      draft.masks.push(...deciding.flags.map((flag) => ({ type, flags: [flag], place: maskPlace(deciding.place) })));
    }
    const gated =
      field.selectionSet === undefined
        ? field
        : {
            ...field,
            selectionSet: gateBelow(field, field.selectionSet, definition, below, here, draft, place.telling),
          };
    if (deciding?.kind !== 'bound' || isGatedMutation(parentType)) {
      return [gated];
    }
    const variable = variableFor(flags, deciding.binding, false);
    variable.fields.push(here);
    tell(flags, deciding.binding, here, place.telling, variable.told);
    return [fragmentOn(undefined, [gated], [includeIf(variable.name)])];
  }

  /** A disabled mutation never comes this far: the whole operation is refused before. */
  function isGatedMutation(parentType: string): boolean {
    return operation.operation === OperationTypeNode.MUTATION && parentType === rootType;
  }

  /** How the municipality of a gated field is found; the order is that of DESIGN, section 5. */
  function decidingPlace(
    { own, returned }: FieldGates,
    field: FieldNode,
    definition: GraphQLField<unknown, unknown>,
    outer: Enclosing,
    parentType: string,
  ):
    | { readonly kind: 'bound'; readonly binding: Binding }
    | { readonly kind: 'lifted'; readonly place: readonly string[] }
    | { readonly kind: 'own'; readonly place: readonly string[]; readonly flags: readonly string[] }
    | { readonly kind: 'unbound' } {
    if (outer.kind === 'known' && outer.isCertain) {
      return { kind: 'bound', binding: outer.binding };
    }
    const path = own?.municipalityPath;
    if (path?.startsWith('$') === true) {
      const value = argumentOf(field, definition, path.slice(1));
      return value === undefined ? { kind: 'unbound' } : { kind: 'bound', binding: { kind: 'argument', value } };
    }
    if (path !== undefined && !gates.isRoot(parentType) && gates.keyOf(subgraph, parentType) !== undefined) {
      return { kind: 'lifted', place: path.split('.') };
    }
    if (own === undefined && returned?.municipalityPath !== undefined) {
      return { kind: 'own', place: returned.municipalityPath.split('.'), flags: [returned.flag] };
    }
    return outer.kind === 'known' ? { kind: 'bound', binding: outer.binding } : { kind: 'unbound' };
  }

  function gateBelow(
    field: FieldNode,
    selections: SelectionSetNode,
    definition: GraphQLField<unknown, unknown>,
    enclosing: Enclosing,
    path: readonly string[],
    rules: RulesDraft,
    around: Telling,
  ): SelectionSetNode {
    const type = getNamedType(definition.type).name;
    const telling = { ...around, types: gates.concreteTypes(type) };
    const below = [...path, ...listMarks(definition.type)];
    if (wantsStamp(below)) {
      rules.isStamped = true;
    }
    let inner: SelectionSetNode;
    if (type !== MUNICIPALITY_TYPE) {
      inner = gateObject(selections, { type, enclosing, path: below, rules, telling });
    } else {
      const slug = isMunicipalityBySlug(field, path) ? argumentOf(field, definition, MUNICIPALITY_KEY) : undefined;
      if (slug !== undefined) {
        rules.argument = slug;
      }
      const municipality: Enclosing =
        slug === undefined
          ? { kind: 'yielded' }
          : { kind: 'known', binding: { kind: 'argument', value: slug }, isCertain: true };
      inner = gateObject(selections, { type, enclosing: municipality, path: below, rules, telling });
    }
    inner = maskGatedTypes(inner, { type, enclosing, rules });
    return rules.isStamped ? selectionSetOf([...inner.selections, STAMP_FIELD]) : inner;
  }

  /** Objects of gated types in the place of an interface or union are known as such only when they are there. */
  function maskGatedTypes(
    selections: SelectionSetNode,
    { type, enclosing, rules }: { readonly type: string; readonly enclosing: Enclosing; readonly rules: RulesDraft },
  ): SelectionSetNode {
    if (!isAbstract(type)) {
      return selections;
    }
    const extra: SelectionNode[] = [];
    for (const name of gates.concreteTypes(type)) {
      const feature = gates.features.types.get(name);
      if (feature === undefined) {
        continue;
      }
      const place = isKnown(enclosing) ? undefined : feature.municipalityPath?.split('.');
      rules.masks.push({
        type: name,
        flags: [feature.flag],
        place: place === undefined ? undefined : maskPlace(place),
      });
      if (place !== undefined && gates.possibleTypes(subgraph, type)?.includes(name) !== false) {
        extra.push(fragmentOn(name, [pathField(place, stampOf(place))]));
      }
    }
    return rules.masks.length === 0
      ? selections
      : selectionSetOf([TYPENAME, ...selections.selections.filter((selection) => selection !== TYPENAME), ...extra]);
  }

  function maskPlace(place: readonly string[]): readonly string[] {
    return [stampOf(place), ...place.slice(1)];
  }

  /** `Query.municipality(slug:)` is what it is named after; other fields that return one are asked for its slug. */
  function isMunicipalityBySlug(field: FieldNode, path: readonly string[]): boolean {
    return path.length === 1 && entitiesField === undefined && field.name.value === 'municipality';
  }

  /** The types of an interface that must be asked apart from each other, as the gates of a field differ among them. */
  function typesToTellApart(field: FieldNode, parentType: string, { enclosing }: Place): readonly string[] | undefined {
    if (field.name.value === '__typename' || !isInterfaceType(gates.schema.getType(parentType))) {
      return undefined;
    }
    const types = gates.possibleTypes(subgraph, parentType);
    if (types === undefined) {
      return undefined;
    }
    const common = gates.gatesOf(parentType, field);
    const isApart = types.some((type) => {
      const own = gates.gatesOf(type, field);
      return (
        own.flags.join() !== common.flags.join() ||
        gates.features.types.has(type) ||
        (own.flags.length > 0 && (type === MUNICIPALITY_TYPE || !isKnown(enclosing))) ||
        (type === MUNICIPALITY_TYPE && holdsGated(field, type))
      );
    });
    return isApart ? types : undefined;
  }

  /** The same for all fields that the same decides over; apart from them, for all objects of gated types. */
  function variableFor(flags: readonly string[], binding: Binding, isOfTypes: boolean): VariableDraft {
    const key = JSON.stringify([flags, binding, isOfTypes]);
    const known = variables.get(key);
    if (known !== undefined) {
      return known;
    }
    let name = `feature${variables.size}`;
    while (taken.has(name)) {
      name = `_${name}`;
    }
    taken.add(name);
    const variable: VariableDraft = { name, flags, binding, fields: [], told: new Map() };
    variables.set(key, variable);
    return variable;
  }

  function leaveUnbound(flags: readonly string[], field: GatedPath, telling: Telling): void {
    const told = new Map<string, GatedPath[]>();
    unbound.push({ flags, field, told });
    tell(flags, undefined, field, telling, told);
  }

  /** Has a gated field told of where it is left out: before the answer is there, or by the types in it. */
  function tell(
    flags: readonly string[],
    binding: Binding | undefined,
    field: GatedPath,
    { entities: types, typed }: Telling,
    told: Map<string, GatedPath[]>,
  ): void {
    if (typed !== undefined) {
      typed.notes.fields.push({ flags, binding, path: field.slice(typed.from) });
      return;
    }
    for (const type of types) {
      told.set(type, [...(told.get(type) ?? []), field]);
    }
  }

  /** What is known below a type condition. */
  function tellingOn(condition: string, { telling, path }: Place): Telling {
    const types = telling.types.filter((type) => gates.concreteTypes(condition).includes(type));
    if (types.length === telling.types.length) {
      return telling;
    }
    if (path.length === 0) {
      return { types, entities: types, typed: undefined };
    }
    const { entities: around, typed } = telling;
    const outer = typed ?? { notes: around.includes(ROOT) ? notes : notesOf(notes, [], around), from: 0 };
    return {
      types,
      entities: around,
      typed: { notes: notesOf(outer.notes, path.slice(outer.from), types), from: path.length },
    };
  }

  /** Whether something below a field is gated and bound to what encloses it (not to a municipality further in). */
  function holdsGated(field: FieldNode, parentType: string): boolean {
    const definition = gates.field(parentType, field.name.value);
    const type = definition === undefined ? MUNICIPALITY_TYPE : getNamedType(definition.type).name;
    if (type === MUNICIPALITY_TYPE || field.selectionSet === undefined) {
      return false;
    }
    return (
      (isAbstract(type) && gates.concreteTypes(type).some((name) => gates.features.types.has(name))) ||
      selectsGated(field.selectionSet, type)
    );
  }

  function selectsGated({ selections }: SelectionSetNode, type: string): boolean {
    const types = isAbstract(type) ? [type, ...gates.concreteTypes(type)] : [type];
    return selections.some((selection): boolean => {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const inner = selection.typeCondition?.name.value ?? type;
        return inner !== MUNICIPALITY_TYPE && selectsGated(selection.selectionSet, inner);
      }
      return (
        selection.kind === Kind.FIELD &&
        types.some(
          (name) =>
            name !== MUNICIPALITY_TYPE &&
            (gates.gatesOf(name, selection).flags.length > 0 || holdsGated(selection, name)),
        )
      );
    });
  }

  function isAbstract(type: string): boolean {
    const found = gates.schema.getType(type);
    return found !== undefined && isAbstractType(found);
  }
}

interface Place {
  readonly enclosing: Enclosing;
  readonly scope: Scope;
  readonly path: readonly string[];
  readonly rules: RulesDraft;
  readonly telling: Telling;
  /** Flags that are decided with the representation. */
  readonly decided: readonly string[];
}

/** Takes the place of a representation's type where there is none. */
const ROOT = '';

/** In the answer only: what the gate itself puts there. */
const STAMP_FIELD: FieldNode = fieldNode(STAMP);

function withoutStampFields(document: DocumentNode): DocumentNode {
  return visit(document, { Field: (field) => (field.name.value === STAMP ? null : undefined) });
}

function placesOf(binding: Binding | undefined): readonly (readonly string[])[] {
  return binding?.kind === 'representation' ? binding.places : [];
}

function enclosingBelow({ below }: FetchBase): { readonly below?: Enclosing } {
  return below === undefined
    ? {}
    : { below: below === 'nothing' ? { kind: 'unknown' } : { kind: 'known', binding: below, isCertain: false } };
}

function argumentIn(binding: Binding): ValueNode | undefined {
  return binding.kind === 'argument' ? binding.value : undefined;
}

function readsStamp(binding: Binding): boolean {
  return placesOf(binding).some(([name]) => name === STAMP);
}

function isKnown(enclosing: Enclosing): boolean {
  return enclosing.kind === 'known' && enclosing.isCertain;
}

function isDeciding({ conditions, skippedWithout }: EntityGate): boolean {
  return conditions.length > 0 || skippedWithout?.length === 0;
}

/** Client variables that bind something and that the operation itself does not use. */
function unsentVariables(bindings: readonly Binding[], rules: RulesDraft, document: DocumentNode): readonly string[] {
  const declared = new Set<string>();
  visit(document, { VariableDefinition: ({ variable }) => void declared.add(variable.name.value) });
  const values = [...bindings.flatMap((binding) => argumentIn(binding) ?? []), ...argumentsOfRules(rules)];
  const names = values.flatMap((value) => (value.kind === Kind.VARIABLE ? [value.name.value] : []));
  return [...new Set(names)].filter((name) => !declared.has(name));
}

function isNothing({ selections }: SelectionSetNode): boolean {
  return selections.length === 1 && selections[0] === TYPENAME;
}

function withoutTypename({ selections }: SelectionSetNode): SelectionSetNode {
  return selectionSetOf(selections.filter((each) => each.kind !== Kind.FIELD || each.name.value !== '__typename'));
}

/** Without the `__typename` that stands in for what was taken out. */
function withoutAdded({ selections }: SelectionSetNode): SelectionSetNode {
  return selectionSetOf(selections.filter((selection) => selection !== TYPENAME));
}

export function isBareField(field: FieldNode): boolean {
  return (field.directives?.length ?? 0) === 0 && (field.arguments?.length ?? 0) === 0;
}

function unique(fields: readonly SelectionNode[]): readonly SelectionNode[] {
  const seen = new Set<string>();
  return fields.filter((field) => {
    const name = field.kind === Kind.FIELD ? responseName(field) : '';
    return name === '' || !seen.has(name) ? seen.add(name) : false;
  });
}

export function listMarks(type: GraphQLOutputType): string[] {
  if (isNonNullType(type)) {
    return listMarks(type.ofType);
  }
  return isListType(type) ? ['@', ...listMarks(type.ofType)] : [];
}
