import {
  type DocumentNode,
  type FieldNode,
  type InlineFragmentNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';

import { type Binding, type EntityGate, type FetchGate, STAMP } from '../model/FetchGate.ts';
import { argumentsOfRules, finishRules, type RulesDraft, rulesDraft } from './answerRules.ts';
import { MUNICIPALITY_PLACES } from './decideFetch.ts';
import {
  entitiesFieldOf,
  exclusionsOf,
  selectionSetOf,
  TYPENAME,
  withoutNamedFragments,
  withSelections,
} from './documentParts.ts';
import { type Enclosing, enclosingBelow, type FetchBase, placesOf } from './enclosing.ts';
import { type GateSchema, MUNICIPALITY_TYPE } from './GateSchema.ts';
import { type Gating, gateObject } from './gateSelections.ts';
import { createGateVariables } from './gateVariables.ts';
import type { LiftedSelections } from './lifts.ts';
import { flagsOfWhole } from './selectedGates.ts';
import { tellingOfEntities, tellingOfRoot } from './telling.ts';
import { finishNotes, type NotesDraft, notesDraft } from './typedNotes.ts';

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

export interface GateOperationOptions extends Pick<Gating, 'wantsStamp' | 'wantsStampBelow'> {
  readonly gates: GateSchema;
  readonly subgraph: string;
  readonly base: FetchBase;
  /** Whether it was taken out of another operation. */
  readonly isLifted: boolean;
}

/** The selections of an operation, gated, and the gates of the entities that it asks for. */
interface GatedSelections {
  readonly selectionSet: SelectionSetNode;
  readonly entities: ReadonlyMap<string, EntityGate>;
  /** Whether every representation tells a municipality. */
  readonly isCertain: boolean;
}

/** What is to be done with its answer. */
interface Drafts {
  readonly rules: RulesDraft;
  readonly notes: NotesDraft;
}

/** Gates the operation of one fetch. See gatePlan for the rules; entity queries and root operations take the same way. */
export function gateOperation(original: DocumentNode, options: GateOperationOptions): GatedOperation {
  const { base } = options;
  const operation = withoutNamedFragments(original);
  const entitiesField = entitiesFieldOf(operation);
  const gating: Gating = {
    ...options,
    operation,
    isOfEntities: entitiesField !== undefined,
    variables: createGateVariables(operation),
    unbound: [],
    lifted: [],
  };
  const rules = rulesDraft();
  const notes = notesDraft();
  const { selectionSet, entities, isCertain } =
    entitiesField === undefined
      ? gateRoot(gating, { rules, notes })
      : gateEntities(entitiesField, base, gating, { rules, notes });

  const { unbound, lifted } = gating;
  const variables = gating.variables.all();
  const answer = finishRules(rules);
  const isGated =
    variables.length > 0 || unbound.length > 0 || answer !== undefined || [...entities.values()].some(isDeciding);
  const isChanged = isGated || lifted.length > 0;
  const generated = variables.map(({ name }) => name);
  const answered = isChanged ? withSelections(operation, selectionSet, generated) : original;
  const bindings = [
    ...variables.map(({ binding }) => binding),
    ...[...entities.values()].flatMap(({ binding }) => binding ?? []),
  ];
  return {
    answered,
    document: isChanged ? withoutStampFields(answered) : original,
    lifted,
    needsStamp: isGated && bindings.some(readsStamp),
    gate: isGated
      ? {
          variables,
          entities,
          unbound,
          nothingWhen: entitiesField === undefined ? exclusionsOf(withoutAdded(selectionSet)) : undefined,
          ownVariables: unsentVariables(bindings, rules, answered),
          isStamped: bindings.some((binding) => placesOf(binding).some(([name = '']) => name.startsWith(STAMP))),
          isCertain,
          isLifted: options.isLifted,
          answer,
          notes: finishNotes(notes),
        }
      : undefined,
  };
}

function gateRoot(gating: Gating, { rules, notes }: Drafts): GatedSelections {
  const { gates, operation } = gating;
  const type = gates.schema.getRootType(operation.operation)?.name ?? '';
  const telling = tellingOfRoot(type, notes);
  const root = { type, enclosing: { kind: 'unknown' }, path: [], rules, telling } as const;
  return { selectionSet: gateObject(operation.selectionSet, root, gating), entities: new Map(), isCertain: true };
}

function gateEntities(field: FieldNode, base: FetchBase, gating: Gating, { rules, notes }: Drafts): GatedSelections {
  const { gates } = gating;
  const entities = new Map<string, EntityGate>();
  const selections = field.selectionSet?.selections ?? [];
  const fragments = selections.filter((selection) => selection.kind === Kind.INLINE_FRAGMENT);
  let areCertain = true;
  const kept = selections.map((fragment): SelectionNode => {
    if (fragment.kind !== Kind.INLINE_FRAGMENT) {
      return fragment;
    }
    const type = fragment.typeCondition?.name.value ?? '';
    const concrete = [...new Set([type, ...gates.concreteTypes(type)])];
    const binding = bindingOf(concrete, base);
    const isCertain = base.isCertain || concrete.every((name) => name === MUNICIPALITY_TYPE);
    areCertain &&= isCertain;
    const isAlone = concrete.every((name) => fragments.filter((each) => appliesTo(each, name)).length === 1);
    const whole = binding !== undefined && isAlone ? flagsOfWhole(gates, fragment.selectionSet, type) : undefined;
    const enclosing: Enclosing =
      binding === undefined ? { kind: 'unknown' } : { kind: 'known', binding, isCertain, ...enclosingBelow(base) };
    const decided = [...(whole?.flags ?? []), ...base.flags];
    const telling = tellingOfEntities(concrete, notes);
    const inner = gateObject(fragment.selectionSet, { type, enclosing, path: [], rules, telling, decided }, gating);
    for (const name of concrete) {
      entities.set(name, {
        conditions: [
          ...(whole === undefined ? [] : [whole]),
          // What a mask has made null already is noted there.
          ...(base.flags.length === 0 ? [] : [{ flags: base.flags, paths: [] }]),
        ],
        binding,
        nothingWhen: isAlone ? exclusionsOf(withoutTypename(inner)) : undefined,
      });
    }
    return { ...fragment, selectionSet: inner };
  });
  const gated = { ...field, selectionSet: selectionSetOf(kept) };
  return { selectionSet: selectionSetOf([gated]), entities, isCertain: areCertain };

  function appliesTo(fragment: InlineFragmentNode, type: string): boolean {
    const condition = fragment.typeCondition?.name.value ?? '';
    return condition === type || gates.concreteTypes(condition).includes(type);
  }
}

/** How the municipality of entities of these types is known: their own slug comes first. */
function bindingOf(types: readonly string[], { binding }: FetchBase): Binding | undefined {
  if (!types.includes(MUNICIPALITY_TYPE)) {
    return binding;
  }
  const isMunicipality = types.every((name) => name === MUNICIPALITY_TYPE);
  return {
    kind: 'representation',
    places: isMunicipality ? MUNICIPALITY_PLACES : [...MUNICIPALITY_PLACES, ...placesOf(binding)],
  };
}

function withoutStampFields(document: DocumentNode): DocumentNode {
  return visit(document, { Field: (field) => (field.name.value === STAMP ? null : undefined) });
}

function readsStamp(binding: Binding): boolean {
  return placesOf(binding).some(([name]) => name === STAMP);
}

function isDeciding({ conditions, nothingWhen }: EntityGate): boolean {
  return conditions.length > 0 || nothingWhen?.length === 0;
}

/** Client variables that bind something and that the operation itself does not use. */
function unsentVariables(bindings: readonly Binding[], rules: RulesDraft, document: DocumentNode): readonly string[] {
  const declared = new Set<string>();
  visit(document, { VariableDefinition: ({ variable }) => void declared.add(variable.name.value) });
  const named = bindings.flatMap((binding) => (binding.kind === 'argument' ? [binding.value] : []));
  const names = [...named, ...argumentsOfRules(rules)].flatMap((value) =>
    value.kind === Kind.VARIABLE ? [value.name.value] : [],
  );
  return [...new Set(names)].filter((name) => !declared.has(name));
}

function withoutTypename({ selections }: SelectionSetNode): SelectionSetNode {
  return selectionSetOf(selections.filter((each) => each.kind !== Kind.FIELD || each.name.value !== '__typename'));
}

/** Without the `__typename` that stands in for what was taken out. */
function withoutAdded({ selections }: SelectionSetNode): SelectionSetNode {
  return selectionSetOf(selections.filter((selection) => selection !== TYPENAME));
}
