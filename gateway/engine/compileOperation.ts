import type { FetchNode, PlanNode } from '@apollo/query-planner';
import {
  type DocumentNode,
  GraphQLError,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  type ValidationRule,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';

import { ERRORS } from '../../schema/errorCodes.ts';
import { compilePlan } from '../plan/compilePlan.ts';
import { type ConditionValues, conditionVariables, isIncluded } from '../plan/conditions.ts';
import type { Planner } from '../plan/createPlanner.ts';
import { prepareDocument } from '../plan/prepareDocument.ts';
import type { TypeSets } from '../plan/TypeSets.ts';
import { compileProjection } from '../response/compileProjection.ts';
import { outputSelection } from '../response/OutputSelection.ts';
import type { Compilation, CompiledOperation, OperationVariant } from './CompiledOperation.ts';
import { compileIntrospection } from './introspect.ts';
import { bodyTemplate } from './splice/bodyText.ts';
import { compileSplice, type SpliceProgram } from './splice/compileSplice.ts';

export interface OperationCompiler {
  readonly planner: Planner;
  readonly types: TypeSets;
  readonly validationRules: readonly ValidationRule[];
  readonly maxTokens: number;
  readonly isShareable: (node: FetchNode) => boolean;
  readonly rewritePlan: (plan: PlanNode) => PlanNode;
}

/** Sets of condition values whose executable forms one operation keeps. */
const MAX_VARIANTS = 16;

/** Parses, validates and plans an operation. `overrides` decides the labels of progressive `@override`s. */
export function compileOperation(
  text: string,
  operationName: string | undefined,
  overrides: ReadonlyMap<string, boolean>,
  compiler: OperationCompiler,
): Compilation {
  const { planner, validationRules, maxTokens } = compiler;
  let document: DocumentNode;
  try {
    document = parse(text, { maxTokens });
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
  const problems = validate(planner.apiSchema, document, [...specifiedRules, ...validationRules], { maxErrors: 20 });
  if (problems.length > 0) {
    return refused(problems.map((problem) => withCode(problem, ERRORS.GRAPHQL_VALIDATION_FAILED.code)));
  }
  const operation = getOperationAST(document, operationName);
  if (operation === null || operation === undefined) {
    return refused([
      ERRORS.OPERATION_RESOLUTION_FAILURE.create(
        operationName === undefined
          ? 'The document holds more than one operation; name the one to run.'
          : `The document holds no operation named "${operationName}".`,
      ),
    ]);
  }
  return { kind: 'compiled', operation: plannedOperation(document, operation, overrides, compiler) };
}

function plannedOperation(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  overrides: ReadonlyMap<string, boolean>,
  compiler: OperationCompiler,
): CompiledOperation {
  const { planner, types, isShareable } = compiler;
  const rootType = planner.apiSchema.getRootType(operation.operation);
  if (rootType === undefined || rootType === null) {
    throw new Error(`The schema has no ${operation.operation}.`);
  }
  const prepared = prepareDocument(withOnly(document, operation), planner.fields);
  const preparedOperation = getOperationAST(prepared.document);
  if (preparedOperation === null || preparedOperation === undefined) {
    throw new Error('Preparing an operation lost it.');
  }
  const planned = planner.plan(prepared.document, undefined, overrides);
  const root = planned === undefined ? undefined : compiler.rewritePlan(planned);
  const conditionNames = conditionVariables(prepared.document);
  const variants = new LRUCache<string, OperationVariant>({ max: MAX_VARIANTS });

  function compileVariant(conditions: ConditionValues): OperationVariant {
    const rootName = rootType?.name ?? '';
    const selection = outputSelection(prepared.document, preparedOperation as OperationDefinitionNode, {
      schema: planner.apiSchema,
      names: prepared.names,
      isIncluded: (node) => isIncluded(node, conditions),
    });
    const plan = compilePlan(root, {
      schema: planner.supergraphSchema,
      types,
      conditions,
      keyFields: planner.fields.keys,
      isShareable,
    });
    const asked = new Set(
      plan.requests.flatMap(({ work }) =>
        work.kind === 'root' && work.path.length === 0 ? work.fields.map((field) => field.storedName) : [],
      ),
    );
    let splice: { readonly program: SpliceProgram | undefined } | undefined;
    return {
      rootType: rootName,
      plan,
      selection,
      project: compileProjection(planner.apiSchema, rootName, selection),
      splice() {
        splice ??= { program: compileSplice(plan, planner.apiSchema, rootName, selection) };
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
  return {
    document,
    operation,
    names: prepared.names,
    renamedVariables: renamed.some(([planName, clientName]) => planName !== clientName) ? renamed : undefined,
    conditionVariables: conditionNames,
    variant(values) {
      const key = values.map(Number).join('');
      let variant = variants.get(key);
      if (variant === undefined) {
        variant = compileVariant(new Map(conditionNames.map((name, i) => [name, values[i] === true])));
        variants.set(key, variant);
      }
      return variant;
    },
  };
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
