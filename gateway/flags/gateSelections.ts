import {
  type DirectiveNode,
  type FieldNode,
  type GraphQLField,
  getNamedType,
  type InlineFragmentNode,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

import { type FetchGate, type GatedPath, STAMP } from '../model/FetchGate.ts';
import { maskGatedTypes, type RulesDraft, rulesBelow } from './answerRules.ts';
import {
  argumentOf,
  behind,
  fieldNode,
  fieldsOf,
  fragmentOn,
  includeIf,
  isBareField,
  isNothing,
  listMarks,
  oncePerName,
  pathField,
  responseName,
  selectionSetOf,
  TYPENAME,
} from './documentParts.ts';
import { decidingPlace, type Enclosing, isKnown } from './enclosing.ts';
import { type GateSchema, MUNICIPALITY_KEY, MUNICIPALITY_TYPE, SPARE_KEY_ALIAS } from './GateSchema.ts';
import type { GateVariables } from './gateVariables.ts';
import { groupLifts, type Lift, type LiftedSelections, stampedPlace, stampOf, toLifted } from './lifts.ts';
import { holdsGated, typesToTellApart } from './selectedGates.ts';
import { type Telling, tell, tellingOn } from './telling.ts';

/** One operation while its selections are gated, and what is gathered on the way. */
export interface Gating {
  readonly gates: GateSchema;
  readonly subgraph: string;
  readonly operation: OperationDefinitionNode;
  /** Whether it asks for entities. */
  readonly isOfEntities: boolean;
  /** Whether a later fetch needs stamps on the objects at a path below this fetch's position. */
  readonly wantsStamp: (path: readonly string[]) => boolean;
  /** Whether it needs them anywhere below. */
  readonly wantsStampBelow: (path: readonly string[]) => boolean;
  readonly variables: GateVariables;
  readonly unbound: FetchGate['unbound'][number][];
  readonly lifted: LiftedSelections[];
}

/** An object of the answer, and what is known where it stands. */
export interface ObjectAtHand {
  readonly type: string;
  readonly enclosing: Enclosing;
  /** From the fetch's position; `@` for each list. */
  readonly path: readonly string[];
  readonly rules: RulesDraft;
  readonly telling: Telling;
  /** Flags that are decided with the representation. Default: none. */
  readonly decided?: readonly string[];
  /** Directives around its selections. Default: none. */
  readonly conditions?: readonly (readonly DirectiveNode[])[];
  /** false: other types are selected at the same place, whose response names may be the same. Default true. */
  readonly hasOwnNames?: boolean;
}

/** The object whose fields are selected. */
interface Scope {
  readonly type: string;
  readonly lifts: Lift[];
  /** Directives that stand between the object and the selection at hand. */
  readonly conditions: readonly (readonly DirectiveNode[])[];
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

/** The selections of one object; what only the object itself can bind is lifted into an entity fetch. */
export function gateObject(selections: SelectionSetNode, object: ObjectAtHand, gating: Gating): SelectionSetNode {
  const { type, enclosing, path, rules, telling, decided = [], conditions = [] } = object;
  const scope: Scope = { type, lifts: [], conditions };
  const rest = gateSelections(selections, type, { enclosing, scope, path, rules, telling, decided }, gating);
  const extra = liftOut(scope.lifts, rest, object, gating);
  if (extra.length === 0) {
    return rest;
  }
  const given = new Set(extra.map(responseName));
  return selectionSetOf([
    TYPENAME,
    ...oncePerName(extra),
    ...rest.selections.filter(
      (selection) =>
        selection !== TYPENAME &&
        !(selection.kind === Kind.FIELD && given.has(responseName(selection)) && isBareField(selection)),
    ),
  ]);
}

/** Hands on what is lifted out of an object; returns what the object must say of itself for that and for stamps. */
function liftOut(
  lifts: readonly Lift[],
  rest: SelectionSetNode,
  { type, enclosing, path, rules, telling, hasOwnNames = true }: ObjectAtHand,
  gating: Gating,
): readonly FieldNode[] {
  const { gates, subgraph, operation, lifted, wantsStampBelow } = gating;
  const extra: FieldNode[] = [];
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
  if (lifts.length === 0) {
    return extra;
  }
  const key = isMunicipality ? [MUNICIPALITY_KEY] : gates.keyOf(subgraph, type);
  if (key === undefined) {
    for (const { flags, selection } of lifts) {
      for (const field of fieldsOf(selectionSetOf([selection]))) {
        leaveUnbound(flags, [...path, responseName(field)], telling, gating);
      }
    }
    return extra;
  }
  extra.push(...key.map((name) => fieldNode(name, aliasOf(name))));
  for (const group of groupLifts(lifts)) {
    lifted.push(toLifted(group, { type, path, key, aliasOf, enclosing, operation }));
    if (group.place !== undefined) {
      extra.push(pathField(group.place, stampOf(group.place)));
    }
  }
  return extra;
}

function gateSelections(
  selections: SelectionSetNode,
  parentType: string,
  place: Place,
  gating: Gating,
): SelectionSetNode {
  const kept = selections.selections.flatMap((selection): SelectionNode[] => {
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      return gateFragment(selection, parentType, place, gating);
    }
    return selection.kind === Kind.FIELD ? gateField(selection, parentType, place, gating) : [selection];
  });
  return selectionSetOf(kept.length === 0 ? [TYPENAME] : kept);
}

function gateFragment(fragment: InlineFragmentNode, parentType: string, place: Place, gating: Gating): SelectionNode[] {
  const { gates, variables } = gating;
  const { enclosing, scope, path, rules, decided } = place;
  const type = fragment.typeCondition?.name.value ?? parentType;
  const directives = fragment.directives ?? [];
  const conditions = directives.length === 0 ? scope.conditions : [...scope.conditions, directives];
  if (type === parentType || (scope.type === type && !gates.isAbstract(type))) {
    const inner = gateSelections(fragment.selectionSet, type, { ...place, scope: { ...scope, conditions } }, gating);
    return isNothing(inner) ? [] : [{ ...fragment, selectionSet: inner }];
  }
  const typeFlag = gates.isAbstract(parentType) ? gates.features.types.get(type) : undefined;
  const own: Enclosing =
    type === MUNICIPALITY_TYPE
      ? { kind: 'yielded' }
      : typeFlag?.municipalityPath !== undefined && !isKnown(enclosing)
        ? { kind: 'own', place: typeFlag.municipalityPath.split('.'), flags: [typeFlag.flag] }
        : enclosing;
  if (typeFlag !== undefined && own.kind === 'unknown') {
    return []; // nothing binds it: its objects become null
  }
  const telling = tellingOn(gates.concreteTypes(type), place.telling, path);
  const object = { type, enclosing: own, path, rules, telling, decided, conditions, hasOwnNames: false };
  const inner = gateObject(fragment.selectionSet, object, gating);
  if (isNothing(inner)) {
    return [];
  }
  const kept: InlineFragmentNode = { ...fragment, selectionSet: inner };
  return typeFlag !== undefined && own.kind === 'known'
    ? [fragmentOn(undefined, [kept], [includeIf(variables.of([typeFlag.flag], own.binding, true).name)])]
    : [kept];
}

function gateField(field: FieldNode, parentType: string, place: Place, gating: Gating): SelectionNode[] {
  const { gates, variables } = gating;
  const { enclosing, scope, path, rules, decided, telling } = place;
  const definition = gates.field(parentType, field.name.value);
  if (definition === undefined) {
    return [field];
  }
  const apart = typesToTellApart(field, { parentType, isBound: isKnown(enclosing) }, gating);
  if (apart !== undefined) {
    return apart.flatMap((type) => gateFragment(fragmentOn(type, [field]), parentType, place, gating));
  }
  const found = gates.gatesOf(parentType, field);
  const flags = found.flags.filter((flag) => !decided.includes(flag));
  const here = [...path, responseName(field)];
  if (enclosing.kind === 'yielded' && (flags.length > 0 || holdsGated(gates, field, parentType))) {
    scope.lifts.push({ flags, selection: behind(scope.conditions, field), place: undefined });
    return [];
  }
  if (enclosing.kind === 'own') {
    scope.lifts.push({ flags: enclosing.flags, selection: behind(scope.conditions, field), place: enclosing.place });
    return [];
  }
  const named = gates.isRoot(parentType) ? argumentOf(field, definition, 'municipality') : undefined;
  const outer: Enclosing =
    named === undefined ? enclosing : { kind: 'known', binding: { kind: 'argument', value: named }, isCertain: true };
  const deciding =
    flags.length === 0 ? undefined : decidingPlace(field, found, { definition, parentType, enclosing: outer }, gating);
  if (deciding?.kind === 'lifted') {
    scope.lifts.push({ flags, selection: behind(scope.conditions, field), place: deciding.place });
    return [];
  }
  if (deciding?.kind === 'unbound' && !isMutation(parentType, gating)) {
    leaveUnbound(flags, here, telling, gating);
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
    draft.masks.push(...deciding.flags.map((flag) => ({ type, flags: [flag], place: stampedPlace(deciding.place) })));
  }
  const gated = gateBelow(field, definition, { enclosing: below, path: here, rules: draft, telling }, gating);
  if (deciding?.kind !== 'bound' || isMutation(parentType, gating)) {
    return [gated];
  }
  const variable = variables.of(flags, deciding.binding, false);
  variable.fields.push(here);
  tell(flags, deciding.binding, here, telling, variable.told);
  return [fragmentOn(undefined, [gated], [includeIf(variable.name)])];
}

/** A field with what is selected below it. */
function gateBelow(
  field: FieldNode,
  definition: GraphQLField<unknown, unknown>,
  { enclosing, path, rules, telling: around }: Pick<Place, 'enclosing' | 'path' | 'rules' | 'telling'>,
  gating: Gating,
): FieldNode {
  const { gates, wantsStamp } = gating;
  if (field.selectionSet === undefined) {
    return field;
  }
  const type = getNamedType(definition.type).name;
  const telling = { ...around, types: gates.concreteTypes(type) };
  const below = [...path, ...listMarks(definition.type)];
  if (wantsStamp(below)) {
    rules.isStamped = true;
  }
  const slug =
    type === MUNICIPALITY_TYPE && isMunicipalityBySlug(field, path, gating)
      ? argumentOf(field, definition, MUNICIPALITY_KEY)
      : undefined;
  rules.argument = slug ?? rules.argument;
  const inside: Enclosing =
    type !== MUNICIPALITY_TYPE
      ? enclosing
      : slug === undefined
        ? { kind: 'yielded' }
        : { kind: 'known', binding: { kind: 'argument', value: slug }, isCertain: true };
  const inner = gateObject(field.selectionSet, { type, enclosing: inside, path: below, rules, telling }, gating);
  const masked = maskGatedTypes(inner, { type, isBound: isKnown(enclosing), rules }, gating);
  return {
    ...field,
    selectionSet: rules.isStamped ? selectionSetOf([...masked.selections, STAMP_FIELD]) : masked,
  };
}

/** In the answer only: what the gate itself puts there. */
const STAMP_FIELD: FieldNode = fieldNode(STAMP);

/** `Query.municipality(slug:)` is what it is named after; other fields that return one are asked for its slug. */
function isMunicipalityBySlug(field: FieldNode, path: readonly string[], { isOfEntities }: Gating): boolean {
  return path.length === 1 && !isOfEntities && field.name.value === 'municipality';
}

/** One that is disabled never comes this far: the whole operation is refused before. */
function isMutation(parentType: string, { gates, operation }: Gating): boolean {
  return operation.operation === OperationTypeNode.MUTATION && parentType === gates.schema.getMutationType()?.name;
}

/** Nothing binds a gated field: it is left out. */
function leaveUnbound(flags: readonly string[], field: GatedPath, telling: Telling, { unbound }: Gating): void {
  const told = new Map<string, GatedPath[]>();
  unbound.push({ flags, field, told });
  tell(flags, undefined, field, telling, told);
}
