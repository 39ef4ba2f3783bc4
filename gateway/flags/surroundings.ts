import type { PlanNode } from '@apollo/query-planner';
import { type FieldNode, getNamedType, Kind, parse, type SelectionSetNode } from 'graphql';

import { STAMP } from '../model/FetchGate.ts';
import { argumentOf, entitiesFieldOf, responseName, withoutNamedFragments } from './documentParts.ts';
import type { FetchBase } from './enclosing.ts';
import { type GateSchema, MUNICIPALITY_KEY, MUNICIPALITY_TYPE } from './GateSchema.ts';

/** What stands around the places of a plan. */
export interface Surroundings {
  /** How the municipality around the objects at a path is known; `@` for each list. */
  baseAt(path: readonly string[]): FetchBase;
}

/** A response name of the merged answer, with all fields that any fetch selects there. */
interface Step {
  readonly fields: { readonly parentType: string; readonly type: string; readonly node: FieldNode }[];
  readonly below: Map<string, Step>;
}

const NOTHING_KNOWN: FetchBase = { binding: undefined, isCertain: false, flags: [] };

/** Reads off all fetches of a plan what encloses each place. */
export function surroundingsOf(root: PlanNode, gates: GateSchema): Surroundings {
  const top: Step = { fields: [], below: new Map() };
  visitPlan(root, []);

  function visitPlan(node: PlanNode, path: readonly string[]): void {
    switch (node.kind) {
      case 'Sequence':
      case 'Parallel':
        for (const child of node.nodes) {
          visitPlan(child, path);
        }
        break;
      case 'Condition':
        for (const child of [node.ifClause, node.elseClause]) {
          if (child !== undefined) {
            visitPlan(child, path);
          }
        }
        break;
      case 'Flatten':
        visitPlan(node.node, [...path, ...node.path.map(String)]);
        break;
      case 'Fetch': {
        const operation = withoutNamedFragments(
          node.operationDocumentNode ?? parse(node.operation, { noLocation: true }),
        );
        const entities = entitiesFieldOf(operation);
        const type = gates.schema.getRootType(operation.operation)?.name ?? '';
        const step = path.filter((name) => name !== '@').reduce(below, top);
        add(step, entities?.selectionSet ?? operation.selectionSet, type);
        break;
      }
      case 'Defer':
        break;
    }
  }

  function add(step: Step, { selections }: SelectionSetNode, parentType: string): void {
    for (const selection of selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        add(step, selection.selectionSet, selection.typeCondition?.name.value ?? parentType);
      } else if (selection.kind === Kind.FIELD) {
        const definition = gates.field(parentType, selection.name.value);
        if (definition !== undefined && selection.selectionSet !== undefined) {
          const type = getNamedType(definition.type).name;
          const next = below(step, responseName(selection));
          next.fields.push({ parentType, type, node: selection });
          add(next, selection.selectionSet, type);
        }
      }
    }
  }

  return {
    baseAt(path) {
      let base = NOTHING_KNOWN;
      let step: Step | undefined = top;
      const names = path.filter((name) => name !== '@');
      for (const [index, name] of names.entries()) {
        step = step?.below.get(name);
        const first = step?.fields[0];
        if (step === undefined || first === undefined) {
          return base;
        }
        const named = gates.isRoot(first.parentType)
          ? argumentOf(first.node, gates.field(first.parentType, first.node.name.value), 'municipality')
          : undefined;
        if (named !== undefined) {
          base = { binding: { kind: 'argument', value: named }, isCertain: true, flags: [] };
        }
        const isLast = index === names.length - 1;
        const types = step.fields.flatMap(({ type }) => gates.concreteTypes(type));
        if (isLast || !types.includes(MUNICIPALITY_TYPE)) {
          continue;
        }
        const slug =
          index === 0 && first.node.name.value === 'municipality'
            ? argumentOf(first.node, gates.field(first.parentType, first.node.name.value), MUNICIPALITY_KEY)
            : undefined;
        base =
          slug !== undefined
            ? { binding: { kind: 'argument', value: slug }, isCertain: true, flags: [] }
            : {
                binding: { kind: 'representation', places: [[STAMP]] },
                isCertain: base.isCertain || types.every((type) => type === MUNICIPALITY_TYPE),
                flags: [],
              };
      }
      return base;
    },
  };
}

function below(step: Step, name: string): Step {
  const next = step.below.get(name) ?? { fields: [], below: new Map() };
  step.below.set(name, next);
  return next;
}
