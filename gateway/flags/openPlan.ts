import type { FetchNode, PlanNode } from '@apollo/query-planner';
import {
  type FieldNode,
  getNamedType,
  Kind,
  OperationTypeNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';

import type { Witness } from '../model/CompiledPlan.ts';
import { type AnswerRules, type Binding, type FetchGate, STAMP } from '../model/FetchGate.ts';
import type { OpenForm } from '../model/OpenForm.ts';
import { parseDocument } from '../model/parseDocument.ts';
import {
  entitiesFieldOf,
  fieldNode,
  fieldsOf,
  isBareField,
  listMarks,
  responseName,
  selectionSetOf,
  withoutNamedFragments,
  withSelections,
} from './documentParts.ts';
import { type GateSchema, MUNICIPALITY_KEY, MUNICIPALITY_TYPE, SPARE_KEY_ALIAS } from './GateSchema.ts';
import { withOperation } from './gatePlan.ts';

/** A gate with the path of the objects that its fetch completes. */
export interface PlacedGate {
  readonly gate: FetchGate;
  readonly path: readonly string[];
}

/** What all decisions of a plan read. */
interface Needs {
  readonly flags: Set<string>;
  readonly named: ValueNode[];
  /** Paths of municipalities that decide by their own slug, joined by line breaks. */
  readonly deciding: Set<string>;
  /** Paths of objects that the municipality around them decides over. */
  readonly enclosed: Set<string>;
}

/**
 * The plan as the planner wrote it, for requests where every decision of its gated form comes out on: all flags on in every
 * municipality, and every municipality that decides a known one. Objects that decide are made to say their slug, so that the
 * last is seen. Undefined where something else than a known municipality decides.
 */
export function openPlan(root: PlanNode, placed: readonly PlacedGate[], gates: GateSchema): OpenForm | undefined {
  const needs = needsOf(placed);
  if (needs === undefined) {
    return undefined;
  }
  const { deciding, enclosed, flags, named } = needs;
  const witnesses = new Map<string, Witness>();
  let isSound = true;
  const opened = visitPlan(root, []);
  const isSeen = (path: string): boolean => witnesses.has(path);
  const isSeenAround = (path: string): boolean => [...witnesses.keys()].some((seen) => path.startsWith(`${seen}\n`));
  return isSound && [...deciding].every(isSeen) && [...enclosed].every((path) => isSeenAround(path))
    ? { root: opened, flags: [...flags], named, witnesses: [...witnesses.values()] }
    : undefined;

  function visitPlan(node: PlanNode, path: readonly string[]): PlanNode {
    switch (node.kind) {
      case 'Sequence':
      case 'Parallel':
        return { ...node, nodes: node.nodes.map((child) => visitPlan(child, path)) };
      case 'Condition':
        return {
          ...node,
          ...(node.ifClause === undefined ? {} : { ifClause: visitPlan(node.ifClause, path) }),
          ...(node.elseClause === undefined ? {} : { elseClause: visitPlan(node.elseClause, path) }),
        };
      case 'Flatten':
        return { ...node, node: visitPlan(node.node, [...path, ...node.path.map(String)]) };
      case 'Fetch':
        return visitFetch(node, path);
      case 'Defer':
        throw new Error('The planner deferred a selection, which the API schema does not offer.');
    }
  }

  function visitFetch(fetch: FetchNode, path: readonly string[]): FetchNode {
    const operation = withoutNamedFragments(fetch.operationDocumentNode ?? parseDocument(fetch.operation));
    const entities = entitiesFieldOf(operation);
    if (entities !== undefined && deciding.has(keyOf(path)) && !sendsSlug(fetch)) {
      isSound = false;
    }
    isSound &&= operation.operation === OperationTypeNode.QUERY;
    const set = entities?.selectionSet ?? operation.selectionSet;
    const rootType = gates.schema.getRootType(operation.operation)?.name ?? '';
    const seen = entities === undefined ? visitSelections(set, rootType, path) : visitEntities(set, path);
    if (seen === set) {
      return fetch;
    }
    const selections = entities === undefined ? seen : selectionSetOf([{ ...entities, selectionSet: seen }]);
    const document = withSelections(operation, selections, []);
    return withOperation(fetch, document, document, undefined);
  }

  /** The entities themselves have said who they are before. */
  function visitEntities(set: SelectionSetNode, path: readonly string[]): SelectionSetNode {
    let isChanged = false;
    const selections = set.selections.map((selection): SelectionNode => {
      if (selection.kind !== Kind.INLINE_FRAGMENT) {
        return selection;
      }
      const type = selection.typeCondition?.name.value ?? '';
      const inner = visitSelections(selection.selectionSet, type, path);
      isChanged ||= inner !== selection.selectionSet;
      return { ...selection, selectionSet: inner };
    });
    return isChanged ? selectionSetOf(selections) : set;
  }

  function visitSelections(set: SelectionSetNode, parentType: string, path: readonly string[]): SelectionSetNode {
    let isChanged = false;
    const selections = set.selections.map((selection): SelectionNode => {
      if (selection.kind === Kind.FRAGMENT_SPREAD || selection.selectionSet === undefined) {
        return selection;
      }
      const inner =
        selection.kind === Kind.FIELD
          ? visitField(selection.selectionSet, responseName(selection), gates.field(parentType, selection.name.value))
          : visitFragment(selection.selectionSet, selection.typeCondition?.name.value ?? parentType);
      isChanged ||= inner !== selection.selectionSet;
      return inner === selection.selectionSet ? selection : { ...selection, selectionSet: inner };
    });
    return isChanged ? selectionSetOf(selections) : set;

    function visitField(
      below: SelectionSetNode,
      name: string,
      definition: ReturnType<GateSchema['field']>,
    ): SelectionSetNode {
      if (definition === undefined) {
        return below;
      }
      const type = getNamedType(definition.type).name;
      const here = [...path, name, ...listMarks(definition.type)];
      const inner = visitSelections(below, type, here);
      return type === MUNICIPALITY_TYPE && isWanted(here) ? withWitness(inner, here, true) : inner;
    }

    function visitFragment(below: SelectionSetNode, type: string): SelectionSetNode {
      const inner = visitSelections(below, type, path);
      return type === MUNICIPALITY_TYPE && type !== parentType && isWanted(path)
        ? withWitness(inner, path, false)
        : inner;
    }
  }

  function isWanted(path: readonly string[]): boolean {
    const key = keyOf(path);
    return deciding.has(key) || [...enclosed].some((below) => below.startsWith(`${key}\n`));
  }

  /** The slug of an object that decides. `hasOwnNames`: no other type is selected at the same place. */
  function withWitness(set: SelectionSetNode, path: readonly string[], hasOwnNames: boolean): SelectionSetNode {
    const key = keyOf(path);
    const isSelected = set.selections.some((each) => each.kind === Kind.FIELD && isKey(each));
    const isFree = fieldsOf(set).every((field) => responseName(field) !== MUNICIPALITY_KEY || isKey(field));
    const name = isSelected || (hasOwnNames && isFree) ? MUNICIPALITY_KEY : SPARE_KEY_ALIAS;
    const known = witnesses.get(key);
    isSound &&= known === undefined || known.name === name;
    witnesses.set(key, { path, name, onlyOn: hasOwnNames ? undefined : MUNICIPALITY_TYPE });
    return isSelected ? set : selectionSetOf([...set.selections, fieldNode(MUNICIPALITY_KEY, name)]);
  }
}

function isKey(field: FieldNode): boolean {
  return field.name.value === MUNICIPALITY_KEY && responseName(field) === MUNICIPALITY_KEY && isBareField(field);
}

/** Undefined where a decision may come out off although all flags are on and all municipalities known. */
function needsOf(placed: readonly PlacedGate[]): Needs | undefined {
  const needs: Needs = { flags: new Set(), named: [], deciding: new Set(), enclosed: new Set() };
  for (const { gate, path } of placed) {
    const entities = [...gate.entities.values()];
    const conditions = entities.flatMap(({ conditions: own }) => own);
    const bindings = [...gate.variables, ...entities].map(({ binding }) => binding);
    const isBound = entities.every(({ binding, conditions: own }) => own.length === 0 || binding !== undefined);
    if (
      !isBound ||
      !gate.isCertain ||
      gate.unbound.length > 0 ||
      !bindings.every((each) => addBinding(needs, each, path))
    ) {
      return undefined;
    }
    if (gate.answer !== undefined && !addRules(needs, gate.answer)) {
      return undefined;
    }
    for (const flag of [...gate.variables, ...conditions].flatMap(({ flags }) => flags)) {
      needs.flags.add(flag);
    }
  }
  return needs;
}

function addBinding(
  { named, deciding, enclosed }: Needs,
  binding: Binding | undefined,
  path: readonly string[],
): boolean {
  if (binding?.kind === 'argument') {
    named.push(binding.value);
  }
  return (
    binding?.kind !== 'representation' ||
    binding.places.every(([name, ...below]) => {
      (name === STAMP ? enclosed : deciding).add(keyOf(path));
      return below.length === 0 && (name === STAMP || name === MUNICIPALITY_KEY);
    })
  );
}

/** Masks look at objects one by one; those are left to the gated form. */
function addRules(needs: Needs, { argument, masks, below }: AnswerRules): boolean {
  if (argument !== undefined) {
    needs.named.push(argument);
  }
  return masks.length === 0 && [...below.values()].every((rules) => addRules(needs, rules));
}

function sendsSlug({ requires = [] }: FetchNode): boolean {
  return requires.some(
    (required) =>
      required.kind === 'InlineFragment' &&
      required.selections.some((field) => field.kind === 'Field' && field.name === MUNICIPALITY_KEY),
  );
}

function keyOf(path: readonly string[]): string {
  return path.join('\n');
}
