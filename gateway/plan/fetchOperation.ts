import type { FetchNode } from '@apollo/query-planner';
import { Kind, type OperationDefinitionNode, parse, type SelectionSetNode } from 'graphql';

/** The operation of a Fetch node. */
export function operationOf(node: FetchNode): OperationDefinitionNode {
  const { definitions } = parse(node.operation, { noLocation: true });
  const operation = definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (operation === undefined) {
    throw new Error(`The planner wrote a fetch without an operation for ${node.serviceName}.`);
  }
  return operation;
}

/** The selection set of the `_entities` field, which is all that an entity fetch asks for. */
export function entitySelection(operation: OperationDefinitionNode): SelectionSetNode {
  const [entities, ...others] = operation.selectionSet.selections;
  if (entities?.kind !== Kind.FIELD || entities.selectionSet === undefined || others.length > 0) {
    throw new Error('The planner wrote an entity fetch that is not one `_entities` field.');
  }
  return entities.selectionSet;
}
