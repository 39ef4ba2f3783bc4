import type { PlanNode } from '@apollo/query-planner';
import type { DocumentNode, GraphQLError, OperationDefinitionNode } from 'graphql';

import type { CompiledPlan } from '../model/CompiledPlan.ts';
import type { JsonObject } from '../model/Json.ts';
import type { OpenForm } from '../model/OpenForm.ts';
import type { ResponseNames } from '../model/ResponseNames.ts';
import type { Projection } from '../response/compileProjection.ts';
import type { OutputSelection } from '../response/OutputSelection.ts';
import type { Introspect } from './introspect.ts';
import type { BodyTemplate } from './splice/bodyText.ts';
import type { SpliceProgram } from './splice/compileSplice.ts';

/** An operation with everything computed that does not depend on variables and data. */
export interface CompiledOperation {
  /** The client's document and operation. */
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** The plan, rewritten; undefined when no subgraph is needed. */
  readonly root: PlanNode | undefined;
  /** Bytes in memory; grows with the variants that are asked for, with the code that is made for them, and with its use. */
  bytes(): number;
  /** Whether the client's variables need no coercion; see `compileVariableCheck`. */
  acceptsAsTheyAre(variables: JsonObject): boolean;
  /** To be told of every execution: what runs often is optimized, which takes memory. */
  onExecution(): void;
  /** Client variables by the names that the plan uses, as pairs; undefined when no name differs. */
  readonly renamedVariables: readonly (readonly [planName: string, clientName: string])[] | undefined;
  readonly names: ResponseNames;
  /** Variables (by the plan's names) in `@skip` and `@include`. */
  readonly conditionVariables: readonly string[];
  /** The plan for requests where no decision could leave anything out, made when it is asked for; undefined: there is none. */
  open(): OpenForm | undefined;
  /** The executable form of one of the two for one set of values of the condition variables, in their order. */
  variant(values: readonly boolean[], form?: 'open'): OperationVariant;
}

/** What is executed. Fields that `@skip` and `@include` leave out are not in it. */
export interface OperationVariant {
  readonly rootType: string;
  readonly plan: CompiledPlan;
  readonly selection: OutputSelection;
  readonly project: Projection;
  /** The fast path, made when it is asked for; undefined where the operation has something that it does not know. */
  splice(): SpliceProgram | undefined;
  readonly bodies: readonly BodyTemplate[];
  /** Length of the code that was generated for it up to now. */
  codeCharacters(): number;
  readonly introspect: Introspect | undefined;
  /** Root fields that no request of the plan asks for: no subgraph can resolve them as they are selected. */
  readonly unresolvable: readonly string[];
}

/** A text that is no valid operation of the schema is refused, with errors for the client. */
export type Compilation =
  | { readonly kind: 'compiled'; readonly operation: CompiledOperation }
  | { readonly kind: 'refused'; readonly errors: readonly GraphQLError[] };
