import { type ASTVisitor, Kind, type SelectionSetNode, type ValidationContext, type ValidationRule } from 'graphql';

import { ERRORS } from '../../schema/errorCodes.ts';

/** Bounds on what one operation may ask for, fragments expanded. */
export interface OperationLimits {
  /** Lexical tokens of the document. Default 2,000. */
  readonly maxTokens: number;
  /** Levels of selection sets; introspection has its own 15. Default 12. */
  readonly maxDepth: number;
  /** Aliased fields. Default 30. */
  readonly maxAliases: number;
  /** Fields of the root selection. Default 20. */
  readonly maxRootFields: number;
}

export const DEFAULT_LIMITS: OperationLimits = { maxTokens: 2_000, maxDepth: 12, maxAliases: 30, maxRootFields: 20 };

/** The standard introspection query is deeper than a sane operation. */
const MAX_INTROSPECTION_DEPTH = 15;

/** `__schema` and `__type` fields of one operation: each is answered on the spot, by walking through the schema. */
const MAX_INTROSPECTIONS = { __schema: 1, __type: 10 } as const;

/** Selections visited before a document counts as a fragment bomb. */
const MAX_SELECTIONS = 20_000;

/** A validation rule that refuses operations over the limits. Counting stops at the first limit that is passed. */
export function limitOperation({ maxDepth, maxAliases, maxRootFields }: OperationLimits): ValidationRule {
  return (context: ValidationContext): ASTVisitor => ({
    OperationDefinition(operation) {
      let aliases = 0;
      let selections = 0;
      let rootFields = 0;
      const introspections = { __schema: 0, __type: 0 };
      const spreading = new Set<string>();

      const problem = measure(operation.selectionSet, 1, false);
      if (problem !== undefined) {
        context.reportError(ERRORS.OPERATION_TOO_LARGE.create(problem));
      }

      function measure(selectionSet: SelectionSetNode, depth: number, isIntrospection: boolean): string | undefined {
        const limit = isIntrospection ? MAX_INTROSPECTION_DEPTH : maxDepth;
        if (depth > limit) {
          return `The operation is nested deeper than ${limit} levels.`;
        }
        for (const selection of selectionSet.selections) {
          selections += 1;
          if (selections > MAX_SELECTIONS) {
            return `The operation selects more than ${MAX_SELECTIONS} fields with its fragments expanded.`;
          }
          if (selection.kind === Kind.FIELD) {
            aliases += selection.alias === undefined ? 0 : 1;
            rootFields += depth === 1 ? 1 : 0;
            const name = selection.name.value;
            if (name === '__schema' || name === '__type') {
              introspections[name] += 1;
              if (introspections[name] > MAX_INTROSPECTIONS[name]) {
                return `The operation asks for "${name}" more than ${MAX_INTROSPECTIONS[name] === 1 ? 'once' : `${MAX_INTROSPECTIONS[name]} times`}.`;
              }
            }
            if (aliases > maxAliases) {
              return `The operation uses more than ${maxAliases} aliases.`;
            }
            if (rootFields > maxRootFields) {
              return `The operation has more than ${maxRootFields} root fields.`;
            }
          }
          const inner =
            selection.kind === Kind.FRAGMENT_SPREAD
              ? context.getFragment(selection.name.value)?.selectionSet
              : selection.selectionSet;
          if (inner === undefined || (selection.kind === Kind.FRAGMENT_SPREAD && spreading.has(selection.name.value))) {
            continue; // a leaf, an unknown fragment or a cycle: other rules speak of those
          }
          if (selection.kind === Kind.FRAGMENT_SPREAD) {
            spreading.add(selection.name.value);
          }
          const below = selection.kind === Kind.FIELD ? depth + 1 : depth;
          const problem = measure(
            inner,
            below,
            isIntrospection || (selection.kind === Kind.FIELD && selection.name.value.startsWith('__')),
          );
          if (selection.kind === Kind.FRAGMENT_SPREAD) {
            spreading.delete(selection.name.value);
          }
          if (problem !== undefined) {
            return problem;
          }
        }
        return undefined;
      }
    },
  });
}
