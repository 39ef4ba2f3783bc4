import {
  type DocumentNode,
  type GraphQLError,
  getNamedType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

import {
  isFlagEnabled,
  type MunicipalitySnapshot,
  reasonOfFlag,
  wayOffOf,
} from '../../schema/municipalities/Municipality.ts';
import { conditionValuesIn, isIncluded } from '../model/conditions.ts';
import type { GateVariable } from '../model/FetchGate.ts';
import { applyWaysOff } from './applyWaysOff.ts';
import type { DecisionState } from './decideFetch.ts';
import { listMarks, responseName } from './documentParts.ts';
import type { GateSchema } from './GateSchema.ts';
import { type GatedOperation, gateOperation } from './gateOperation.ts';
import { refuseDisabledMutations } from './refuseDisabledMutations.ts';
import { slugOf } from './slugOf.ts';

/** An operation about to run, as the client sent it. */
export interface OperationAtHand {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** Defaults included. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Flags that a municipality has off and rejects. */
interface Rejection {
  readonly flags: readonly string[];
  readonly slug: string;
}

/**
 * What refuses operations before anything of them is fetched: disabled mutations, and fields of modules that a municipality
 * named by an argument has off with `whenOff: reject`. Those of municipalities that only a fetch yields are found in its answer
 * (`applyWaysOff`). The errors it returns are FEATURE_DISABLED and MUNICIPALITY_UNKNOWN; none: the operation may run.
 */
export function createRefusal(
  gates: GateSchema,
): (asked: OperationAtHand, state: DecisionState) => readonly GraphQLError[] {
  /** What municipalities named by arguments decide over. */
  const named = new WeakMap<OperationDefinitionNode, readonly GateVariable[]>();

  return (asked, state) => {
    const { snapshot } = state;
    if (snapshot === undefined || gates.features.flags.length === 0) {
      return [];
    }
    const { document, operation, variables } = asked;
    const refusals = refuseDisabledMutations(operation, { document, gates, variables, snapshot });
    return refusals.length > 0 ? refusals : refuseRejected(asked, snapshot, state.disabled);
  };

  function refuseRejected(
    asked: OperationAtHand,
    snapshot: MunicipalitySnapshot,
    disabled: DecisionState['disabled'],
  ): readonly GraphQLError[] {
    if (snapshot.rejected?.size === 0) {
      return [];
    }
    const decisions = named.get(asked.operation) ?? decisionsIn(gateAlone(asked));
    named.set(asked.operation, decisions);
    if (decisions.every((decision) => rejectionBy(decision, asked, snapshot) === undefined)) {
      return [];
    }
    for (const { path, flags, slug } of rejectedFields(asked, snapshot)) {
      for (const flag of flags) {
        disabled.add(flag, slug, reasonOfFlag(snapshot, slug, flag), { path: [] }, path);
      }
    }
    disabled.settle({ data: () => null, isAsked: () => true, toClient: (name) => name });
    return applyWaysOff(disabled, snapshot).errors;
  }

  /**
   * The fields that the request selects of what is rejected, not those below them. A path ends at the first list: how many
   * objects are in it is not known.
   */
  function rejectedFields(asked: OperationAtHand, snapshot: MunicipalitySnapshot) {
    const gated = gateAlone(asked);
    const decisions = new Map(
      decisionsIn(gated).map((decision) => [decision.name, rejectionBy(decision, asked, snapshot)]),
    );
    const conditions = conditionValuesIn(asked.variables);
    const found: (Rejection & { readonly path: readonly string[] })[] = [];
    for (const definition of gated.answered.definitions) {
      if (definition.kind === Kind.OPERATION_DEFINITION) {
        const type = gates.schema.getRootType(definition.operation)?.name ?? '';
        collect(definition.selectionSet, { type, path: [], isInList: false, rejection: undefined });
      }
    }
    return found;

    function collect({ selections }: SelectionSetNode, place: Place): void {
      for (const selection of selections) {
        if (!isIncluded(selection, conditions)) {
          continue;
        }
        if (selection.kind === Kind.INLINE_FRAGMENT) {
          const type = selection.typeCondition?.name.value ?? place.type;
          const [variable] = (selection.directives ?? []).flatMap(({ arguments: [argument] = [] }) =>
            argument?.value.kind === Kind.VARIABLE ? argument.value.name.value : [],
          );
          const rejection = place.rejection ?? (variable === undefined ? undefined : decisions.get(variable));
          collect(selection.selectionSet, { ...place, type, rejection });
        }
        const definition = selection.kind === Kind.FIELD ? gates.field(place.type, selection.name.value) : undefined;
        if (selection.kind !== Kind.FIELD || definition === undefined) {
          continue;
        }
        const path = place.isInList ? place.path : [...place.path, responseName(selection)];
        if (place.rejection !== undefined) {
          found.push({ ...place.rejection, path });
        } else if (selection.selectionSet !== undefined) {
          const isInList = place.isInList || listMarks(definition.type).length > 0;
          const type = getNamedType(definition.type).name;
          collect(selection.selectionSet, { type, path, isInList, rejection: undefined });
        }
      }
    }
  }

  /** The operation gated as if one subgraph answered all of it: what is bound then is bound by an argument. */
  function gateAlone({ document, operation }: OperationAtHand): GatedOperation {
    const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
    return gateOperation(
      { kind: Kind.DOCUMENT, definitions: [operation, ...fragments] },
      {
        gates,
        subgraph: '',
        base: { binding: undefined, isCertain: false, flags: [] },
        isLifted: false,
        wantsStamp: () => false,
        wantsStampBelow: () => false,
      },
    );
  }
}

interface Place {
  readonly type: string;
  readonly path: readonly string[];
  readonly isInList: boolean;
  /** What stands around the selection. */
  readonly rejection: Rejection | undefined;
}

/** Without those over types of objects, of which nobody knows beforehand whether there are any. */
function decisionsIn({ gate }: GatedOperation): readonly GateVariable[] {
  return gate?.variables.filter(({ fields }) => fields.length > 0) ?? [];
}

function rejectionBy(
  { flags, binding }: GateVariable,
  { variables }: OperationAtHand,
  snapshot: MunicipalitySnapshot,
): Rejection | undefined {
  const slug = slugOf(binding, undefined, variables);
  if (slug === undefined) {
    return undefined;
  }
  const rejected = flags.filter(
    (flag) => !isFlagEnabled(snapshot, slug, flag) && wayOffOf(snapshot, slug, flag) === 'reject',
  );
  return rejected.length === 0 ? undefined : { flags: rejected, slug };
}
