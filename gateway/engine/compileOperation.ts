import { setImmediate } from 'node:timers/promises';

import type { FetchNode, PlanNode } from '@apollo/query-planner';
import {
  type DocumentNode,
  GraphQLError,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  print,
  type ValidationRule,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';

import { ERRORS } from '../../schema/errorCodes.ts';
import { type ConditionValues, conditionVariables, isIncluded } from '../model/conditions.ts';
import type { OpenForm } from '../model/OpenForm.ts';
import { parseDocument } from '../model/parseDocument.ts';
import { compileVariableCheck } from '../operation/compileVariableCheck.ts';
import { compilePlan } from '../plan/compilePlan.ts';
import type { PlanAnswer, Planner } from '../plan/Planner.ts';
import { type PreparedDocument, prepareDocument } from '../plan/prepareDocument.ts';
import type { TypeSets } from '../plan/TypeSets.ts';
import { compileProjection } from '../response/compileProjection.ts';
import { outputSelection } from '../response/OutputSelection.ts';
import type { Compilation, CompiledOperation, OperationVariant } from './CompiledOperation.ts';
import { compileIntrospection } from './introspect.ts';
import { bodyTemplate } from './splice/bodyText.ts';
import { compileSplice, type SpliceProgram } from './splice/compileSplice.ts';
import { OFTEN_EXECUTED, weighCode, weighData } from './weigh.ts';

export interface OperationCompiler {
  readonly planner: Planner;
  readonly types: TypeSets;
  /** Checked before all others. */
  readonly limitRules: readonly ValidationRule[];
  readonly maxTokens: number;
  readonly isShareable: (node: FetchNode) => boolean;
  readonly isAside: (node: FetchNode) => boolean;
  readonly rewritePlan: (plan: PlanNode) => RewrittenPlan;
  /** Called when something more is computed of an operation, and kept with it. */
  readonly onGrowth: (operation: CompiledOperation) => void;
}

/** What takes the place of the planner's plan. */
export interface RewrittenPlan {
  readonly root: PlanNode;
  /** See `OpenForm`; absent: it has none. */
  readonly open?: () => OpenForm | undefined;
}

/** Closures and caches of an operation. */
const OWN_BYTES = 2_000;

/** Sets of condition values whose executable forms one operation keeps. */
const MAX_VARIANTS = 16;

/** Validates and plans an operation. `overrides` decides the labels of progressive `@override`s. */
export async function compileOperation(
  text: string,
  operationName: string | undefined,
  overrides: ReadonlyMap<string, boolean>,
  compiler: OperationCompiler,
): Promise<Compilation> {
  const { planner, limitRules, maxTokens } = compiler;
  let document: DocumentNode;
  try {
    document = parseDocument(text, maxTokens);
  } catch (error) {
    if (!(error instanceof GraphQLError)) {
      throw error;
    }
    const register =
      error.message.includes('token') && /more (?:that|than)/.test(error.message)
        ? ERRORS.OPERATION_TOO_LARGE
        : ERRORS.GRAPHQL_PARSE_FAILED;
    return refused([withCode(error, register.code)]);
  }
  const operation = getOperationAST(document, operationName);
  if (operation === null || operation === undefined) {
    return refused([
      ERRORS.OPERATION_RESOLUTION_FAILURE.create(
        operationName !== undefined
          ? `The document holds no operation named "${operationName}".`
          : document.definitions.some((definition) => definition.kind === Kind.OPERATION_DEFINITION)
            ? 'The document holds more than one operation; name the one to run.'
            : 'The document holds no operation.',
      ),
    ]);
  }
  // What is too large is not worth the time of the other rules, which is quadratic in places.
  const problems = validate(planner.apiSchema, document, limitRules, { maxErrors: 1 });
  if (problems.length > 0) {
    return refused(problems);
  }
  const prepared = prepareDocument(withOnly(document, operation), planner.apiSchema, planner.fields);
  const planned = await planner.plan({ text, prepared: print(prepared.document), overrides });
  if (planned.kind === 'refused') {
    return planned;
  }
  const compiled = plannedOperation(text, document, operation, prepared, planned, compiler);
  if (compiled.conditionVariables.length === 0) {
    await setImmediate(); // other requests have their turn between two pieces of the work
    compiled.variant([]);
  }
  return { kind: 'compiled', operation: compiled };
}

function plannedOperation(
  text: string,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  prepared: PreparedDocument,
  planned: Extract<PlanAnswer, { kind: 'planned' }>,
  compiler: OperationCompiler,
): CompiledOperation {
  const { planner, types, isShareable, isAside } = compiler;
  const rootType = planner.apiSchema.getRootType(operation.operation);
  if (rootType === undefined || rootType === null) {
    throw new Error(`The schema has no ${operation.operation}.`);
  }
  const preparedOperation = getOperationAST(prepared.document);
  if (preparedOperation === null || preparedOperation === undefined) {
    throw new Error('Preparing an operation lost it.');
  }
  const rewritten = planned.root === undefined ? undefined : compiler.rewritePlan(planned.root);
  const root = rewritten?.root;
  let opened: { readonly form: OpenForm | undefined } | undefined;
  const conditionNames = conditionVariables(prepared.document);
  const variants = new LRUCache<string, OperationVariant>({ max: MAX_VARIANTS });
  /** Undefined once there is more data. */
  let dataBytes: number | undefined;
  let executions = 0;

  function grow(): void {
    dataBytes = undefined;
    compiler.onGrowth(compiled);
  }

  function open(): OpenForm | undefined {
    if (opened === undefined) {
      opened = { form: rewritten?.open?.() };
      grow();
    }
    return opened.form;
  }

  function compileVariant(conditions: ConditionValues, form: OpenForm | undefined): OperationVariant {
    const rootName = rootType?.name ?? '';
    const selection = outputSelection(prepared.document, preparedOperation as OperationDefinitionNode, {
      schema: planner.apiSchema,
      names: prepared.names,
      isIncluded: (node) => isIncluded(node, conditions),
    });
    const plan = compilePlan(form === undefined ? root : form.root, {
      schema: planner.supergraphSchema,
      types,
      conditions,
      keysOf: planner.keysOf,
      isNonNullIn: planner.isNonNullIn,
      isShareable,
      isAside,
      witnesses: form?.witnesses ?? [],
    });
    const asked = new Set(
      plan.requests.flatMap(({ work }) =>
        work.kind === 'root' && work.path.length === 0 ? work.fields.map((field) => field.storedName) : [],
      ),
    );
    const tellsPositions = plan.requests.some(({ nodes }) => !nodes.every(isShareable));
    let splice: { readonly program: SpliceProgram | undefined } | undefined;
    let codeCharacters = 0;
    const onCode = (characters: number): void => {
      codeCharacters += characters;
      compiler.onGrowth(compiled);
    };
    return {
      codeCharacters: () => codeCharacters,
      rootType: rootName,
      plan,
      selection,
      project: compileProjection(planner.apiSchema, rootName, selection, onCode),
      splice() {
        splice ??= {
          program: compileSplice(plan, planner.apiSchema, rootName, selection, { tellsPositions, onCode }),
        };
        return splice.program;
      },
      bodies: plan.requests.map(bodyTemplate),
      introspect: compileIntrospection(
        planner.apiSchema,
        rootName,
        selection,
        prepared.document,
        preparedOperation as OperationDefinitionNode,
      ),
      unresolvable: selection
        .fieldsOf(rootName)
        .flatMap((field) => (field.kind === 'field' && !asked.has(field.storedName) ? [field.outputName] : [])),
    };
  }

  const variables = (preparedOperation.variableDefinitions ?? []).map(({ variable }) => variable.name.value);
  const renamed = variables.map((name): readonly [string, string] => [name, prepared.names.toClient(name)]);
  const compiled: CompiledOperation = {
    document,
    operation,
    root,
    bytes() {
      const kept = [...variants.values()];
      dataBytes ??= weighData([text, document, prepared.document, planned, root, opened, ...kept.flatMap(dataOf)]);
      const characters = kept.reduce((sum, variant) => sum + variant.codeCharacters(), 0);
      return OWN_BYTES + dataBytes + weighCode(characters, executions);
    },
    onExecution() {
      executions += 1;
      if (executions === OFTEN_EXECUTED) {
        compiler.onGrowth(compiled);
      }
    },
    names: prepared.names,
    acceptsAsTheyAre: compileVariableCheck(planner.apiSchema, operation),
    renamedVariables: renamed.some(([planName, clientName]) => planName !== clientName) ? renamed : undefined,
    conditionVariables: conditionNames,
    open,
    variant(values, form) {
      const key = `${form ?? ''}${values.map(Number).join('')}`;
      let variant = variants.get(key);
      if (variant === undefined) {
        const conditions = new Map(conditionNames.map((name, i) => [name, values[i] === true]));
        variant = compileVariant(conditions, form === 'open' ? open() : undefined);
        variants.set(key, variant);
        grow();
      }
      return variant;
    },
  };
  return compiled;
}

function dataOf({ plan, selection, bodies }: OperationVariant): readonly unknown[] {
  return [plan, selection, bodies];
}

/** The document without its other operations, whose variables and conditions are none of this one's. */
function withOnly(document: DocumentNode, operation: OperationDefinitionNode): DocumentNode {
  return {
    ...document,
    definitions: document.definitions.filter(
      (definition) => definition.kind === Kind.FRAGMENT_DEFINITION || definition === operation,
    ),
  };
}

function refused(errors: readonly GraphQLError[]): Compilation {
  return { kind: 'refused', errors };
}

/** Gives an error of graphql-js a code of ours; rules of our own have set theirs. */
function withCode(error: GraphQLError, code: string): GraphQLError {
  if (error.extensions.code !== undefined) {
    return error;
  }
  const { nodes = null, source = null, positions = null, message } = error;
  return new GraphQLError(message, { nodes, source, positions, extensions: { code } });
}
