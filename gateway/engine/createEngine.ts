import type { FetchNode, PlanNode } from '@apollo/query-planner';
import { type GraphQLError, type GraphQLSchema, getVariableValues, type ValidationRule } from 'graphql';
import { LRUCache } from 'lru-cache';

import { ERRORS } from '../../schema/errorCodes.ts';
import { createBareObject, type JsonObject, ownValue } from '../model/Json.ts';
import type { OpenForm } from '../model/OpenForm.ts';
import type { ResponseError } from '../model/ResponseError.ts';
import type { FetchSender } from '../model/SubgraphFetch.ts';
import type { WrappedData } from '../model/WrappedData.ts';
import { executePlan } from '../plan/executePlan.ts';
import type { Planner } from '../plan/Planner.ts';
import { createTypeSets } from '../plan/TypeSets.ts';
import type { IsKnown } from '../plan/witnesses.ts';
import { completeResponse } from '../response/completeResponse.ts';
import { visibleErrors } from '../response/visibleErrors.ts';
import type { Compilation, CompiledOperation, OperationVariant } from './CompiledOperation.ts';
import { compileOperation, type RewrittenPlan } from './compileOperation.ts';
import { executeSplice } from './splice/executeSplice.ts';
import { replaySent } from './splice/replaySent.ts';

export interface EngineOptions {
  /** The planner of the supergraph; the engine closes it. */
  readonly planner: Planner;
  /** Limits on the size of operations, checked before the rules of the specification. */
  readonly limitRules?: readonly ValidationRule[];
  /** Lexical tokens of a document. Default 2,000. */
  readonly maxTokens?: number;
  /** Bound on the memory of compiled operations kept. Default 64 MiB. */
  readonly maxOperationBytes?: number;
  /** Which fetches of a plan may share a request with others to the same subgraph. Default: all. */
  readonly isShareable?: (node: FetchNode) => boolean;
  /** Which entity fetches of a plan hold up nobody who reads nothing of them. Default: none. */
  readonly isAside?: (node: FetchNode) => boolean;
  /** Changes every plan before it is compiled. */
  readonly rewritePlan?: (plan: PlanNode) => RewrittenPlan;
}

/** Lets one execution take the open form of its operation (see `OpenForm`). */
export interface Opening {
  readonly isKnown: IsKnown;
  /** An object was a municipality that is not known, and the execution began anew with the other form. */
  onStranger(): void;
}

/** The answer to an operation. */
export interface EngineAnswer {
  /** JSON text, or bytes of it; undefined when the operation did not run. */
  readonly data: string | WrappedData | undefined;
  readonly errors: readonly ResponseError[];
}

/** Compiles and runs operations of one supergraph. */
export interface Engine {
  readonly apiSchema: GraphQLSchema;
  /** With inaccessible types and fields. */
  readonly supergraphSchema: GraphQLSchema;
  /** Labels of progressive `@override`s, for a caller to decide. */
  readonly overrideLabels: readonly string[];
  /** Equal operations that arrive while one of them is being compiled get the same one. */
  compile(text: string, operationName?: string, overrides?: ReadonlyMap<string, boolean>): Promise<Compilation>;
  /** The operation if it is compiled already. */
  known(text: string, operationName?: string, overrides?: ReadonlyMap<string, boolean>): CompiledOperation | undefined;
  /** `openFor` decides, with the variables by the names that the plan uses, whether the open form may run. */
  execute(
    operation: CompiledOperation,
    variables: JsonObject,
    sender: FetchSender,
    openFor?: (form: OpenForm, planVariables: JsonObject) => Opening | undefined,
  ): Promise<EngineAnswer>;
  /** What compiled operations take. */
  kept(): { readonly operations: number; readonly bytes: number };
  close(): Promise<void>;
}

export function createEngine({
  planner,
  limitRules = [],
  maxTokens = 2_000,
  maxOperationBytes = 64 * 1024 * 1024,
  isShareable = () => true,
  isAside = () => false,
  rewritePlan = (root) => ({ root }),
}: EngineOptions): Engine {
  const types = createTypeSets(planner.supergraphSchema);
  // Texts that are refused are not kept: an attacker could otherwise drive good operations out.
  const operations = new LRUCache<string, { readonly operation: CompiledOperation }>({ maxSize: maxOperationBytes });
  const compiling = new Map<string, Promise<Compilation>>();

  function keyOf(text: string, operationName: string | undefined, overrides: ReadonlyMap<string, boolean>): string {
    const decided = planner.overrideLabels.filter((label) => overrides.get(label) === true);
    return `${operationName ?? ''}\n${decided.join('\n')}\n\n${text}`;
  }

  function keep(key: string, operation: CompiledOperation): void {
    operations.set(key, { operation }, { size: operation.bytes() });
  }

  async function compileNew(
    key: string,
    text: string,
    operationName: string | undefined,
    overrides: ReadonlyMap<string, boolean>,
  ): Promise<Compilation> {
    const compilation = await compileOperation(text, operationName, overrides, {
      planner,
      types,
      limitRules,
      maxTokens,
      isShareable,
      isAside,
      rewritePlan,
      onGrowth: (operation) => {
        if (operations.peek(key)?.operation === operation) {
          keep(key, operation);
        }
      },
    });
    if (compilation.kind === 'compiled') {
      keep(key, compilation.operation);
    }
    return compilation;
  }

  async function run(
    { names }: CompiledOperation,
    variant: OperationVariant,
    variables: JsonObject,
    { send, sendBytes }: FetchSender,
    isKnown?: IsKnown,
  ): Promise<EngineAnswer | 'stranger'> {
    if (variant.unresolvable.length > 0) {
      return { data: 'null', errors: variant.unresolvable.map(unresolvable) };
    }
    const { plan, bodies, project, selection, rootType, introspect } = variant;
    let source = send;
    const program = sendBytes === undefined ? undefined : variant.splice();
    if (sendBytes !== undefined && program !== undefined) {
      const answer = await executeSplice({ plan, program, bodies, variables, sendBytes, isKnown });
      if (answer.kind === 'spliced') {
        return { data: answer.data, errors: [] };
      }
      if (answer.kind === 'stranger') {
        return answer.kind;
      }
      source = replaySent(answer.sent, send);
    }
    const result = await executePlan(plan, { types, names, variables, send: source, isKnown });
    if (result === 'stranger') {
      return result;
    }
    const { data, errors: planErrors } = result;
    const errors =
      planErrors.length === 0
        ? planErrors
        : visibleErrors(planErrors, { schema: planner.apiSchema, rootType, selection });
    if (introspect !== undefined) {
      Object.assign(data, introspect(variables));
    }
    const text = project(data);
    if (text !== undefined) {
      return { data: text, errors };
    }
    const completed = completeResponse(planner.apiSchema, rootType, selection, data, errors);
    return { data: JSON.stringify(completed.data), errors: [...errors, ...completed.errors] };
  }

  return {
    apiSchema: planner.apiSchema,
    supergraphSchema: planner.supergraphSchema,
    overrideLabels: planner.overrideLabels,

    async compile(text, operationName, overrides = new Map()) {
      const key = keyOf(text, operationName, overrides);
      const known = operations.get(key);
      if (known !== undefined) {
        return { kind: 'compiled', operation: known.operation };
      }
      let running = compiling.get(key);
      if (running === undefined) {
        running = compileNew(key, text, operationName, overrides).finally(() => compiling.delete(key));
        compiling.set(key, running);
      }
      return running;
    },

    known: (text, operationName, overrides = new Map()) =>
      operations.get(keyOf(text, operationName, overrides))?.operation,

    async execute(operation, variables, sender, openFor) {
      const bound = bindVariables(planner.apiSchema, operation, variables);
      if (bound.kind === 'refused') {
        return { data: undefined, errors: bound.errors.map(toResponseError) };
      }
      const { conditions, planVariables } = bound;
      operation.onExecution();
      const form = openFor === undefined ? undefined : operation.open();
      const opening = form === undefined ? undefined : openFor?.(form, planVariables);
      if (opening !== undefined) {
        const { isKnown } = opening;
        const answer = await run(operation, operation.variant(conditions, 'open'), planVariables, sender, isKnown);
        if (answer !== 'stranger') {
          return answer;
        }
        opening.onStranger();
      }
      const answer = await run(operation, operation.variant(conditions), planVariables, sender);
      if (answer === 'stranger') {
        throw new Error('A plan without witnesses met a stranger.');
      }
      return answer;
    },

    kept: () => ({ operations: operations.size, bytes: operations.calculatedSize }),
    close: () => planner.close(),
  };
}

type BoundOperation =
  | { readonly kind: 'bound'; readonly conditions: readonly boolean[]; readonly planVariables: JsonObject }
  | { readonly kind: 'refused'; readonly errors: readonly GraphQLError[] };

/** Checks the variables (GraphQL specification, section 6.1.2) and reads those that are conditions. */
function bindVariables(schema: GraphQLSchema, operation: CompiledOperation, variables: JsonObject): BoundOperation {
  const definitions = operation.operation.variableDefinitions ?? [];
  if (definitions.length === 0) {
    return { kind: 'bound', conditions: [], planVariables: {} };
  }
  const { coerced, errors = [] } = operation.acceptsAsTheyAre(variables)
    ? { coerced: variables }
    : getVariableValues(schema, definitions, variables, { maxErrors: 10 });
  if (coerced === undefined) {
    return {
      kind: 'refused',
      errors: errors.map((error) => ERRORS.BAD_USER_INPUT.create(error.message)),
    };
  }
  const values = operation.conditionVariables.map((name) => coerced[operation.names.toClient(name)]);
  const notBoolean = values.findIndex((value) => typeof value !== 'boolean');
  if (notBoolean !== -1) {
    const name = operation.names.toClient(operation.conditionVariables[notBoolean] ?? '');
    return {
      kind: 'refused',
      errors: [ERRORS.BAD_USER_INPUT.create(`The variable "$${name}" decides on fields and must be true or false.`)],
    };
  }
  return {
    kind: 'bound',
    conditions: values.map((value) => value === true),
    planVariables: planVariablesOf(operation, variables),
  };
}

function planVariablesOf({ renamedVariables }: CompiledOperation, variables: JsonObject): JsonObject {
  if (renamedVariables === undefined) {
    return variables;
  }
  const planVariables = createBareObject();
  for (const [planName, clientName] of renamedVariables) {
    const value = ownValue(variables, clientName);
    if (value !== undefined) {
      planVariables[planName] = value;
    }
  }
  return planVariables;
}

function unresolvable(field: string): ResponseError {
  return toResponseError(
    ERRORS.GRAPHQL_VALIDATION_FAILED.create(`No subgraph can resolve the field "${field}" as it is selected.`),
  );
}

function toResponseError({ message, extensions }: GraphQLError): ResponseError {
  return { message, extensions };
}
