import type { FetchNode } from '@apollo/query-planner';
import { type DocumentNode, Kind, type OperationDefinitionNode, parse, type SelectionSetNode } from 'graphql';

/** The operation of a Fetch node, with everything that its answer holds. */
export function operationOf(node: FetchNode): OperationDefinitionNode {
  return node.operationDocumentNode === undefined
    ? sentOperation(node)
    : onlyOperation(node.operationDocumentNode, node);
}

/** The operation of a Fetch node as a subgraph is sent it. */
export function sentOperation(node: FetchNode): OperationDefinitionNode {
  return onlyOperation(parse(node.operation, { noLocation: true }), node);
}

function onlyOperation({ definitions }: DocumentNode, { serviceName }: FetchNode): OperationDefinitionNode {
  const operation = definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (operation === undefined) {
    throw new Error(`The planner wrote a fetch without an operation for ${serviceName}.`);
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

/** The operation with another selection set of its `_entities` field. */
export function withEntitySelection(
  operation: OperationDefinitionNode,
  selectionSet: SelectionSetNode,
): OperationDefinitionNode {
  const [entities] = operation.selectionSet.selections;
  if (entities?.kind !== Kind.FIELD) {
    throw new Error('An entity fetch without `_entities`.');
  }
  return {
    ...operation,
    selectionSet: { kind: Kind.SELECTION_SET, selections: [{ ...entities, selectionSet }] },
  };
}
