import type { GraphQLDataSource } from '@apollo/gateway';
import { type DocumentNode, GraphQLError, Kind, type OperationDefinitionNode, OperationTypeNode, parse } from 'graphql';

import type { GatewayContext } from '../model/GatewayContext.ts';
import type { JsonObject } from '../model/Json.ts';
import type { RequestState } from '../model/RequestState.ts';
import { compileShape, type Shape } from './compileShape.ts';
import type { Fetcher, PreparedFetch } from './createFetcher.ts';
import { pruneAnswer } from './pruneAnswer.ts';

/** The flags stage's decision, handed in: stages meet in the engines alone. */
export type DecideCalls = (
  document: DocumentNode,
  fetch: { readonly variables: JsonObject; readonly path: readonly (string | number)[] },
  state: RequestState,
) => PreparedFetch['calls'];

/**
 * Lets @apollo/gateway's executor fetch through our fetcher. That executor merges whatever it is given, so what a
 * subgraph sent is pruned to what was asked of it, and every fetch gets objects of its own.
 */
export function createApolloDataSource(
  subgraph: string,
  { fetcher, decide }: { fetcher: Fetcher; decide: DecideCalls },
): GraphQLDataSource<GatewayContext> {
  const shapes = new WeakMap<DocumentNode, Shape>();

  function shapeOf(document: DocumentNode): Shape {
    const known = shapes.get(document) ?? compileShape(document);
    shapes.set(document, known);
    return known;
  }

  return {
    async process(options) {
      const { query: operation, operationName } = options.request;
      if (options.kind !== 'incoming operation' || operation === undefined) {
        throw new Error('The gateway asked a subgraph for something that is no operation of a client.');
      }
      const document = options.document ?? parse(operation, { noLocation: true });
      const shape = shapeOf(document);
      const variables: JsonObject = options.request.variables ?? {};
      const { state } = options.context;
      const calls = decide(document, { variables, path: options.pathInIncomingRequest ?? [] }, state);
      const representations = Array.isArray(variables.representations) ? variables.representations.length : 0;
      try {
        const { data, errors = [] } = await fetcher.fetch(
          { subgraph, operation, operationName, kind: kindOf(document), identity: document, calls, representations },
          state,
        );
        const pruned = pruneAnswer(data, shape, calls);
        return errors.length === 0 ? { data: pruned } : { data: pruned, errors: errors as never };
      } catch (error) {
        if (!(error instanceof GraphQLError)) {
          throw error;
        }
        return { data: null, errors: failEverywhere(error, shape, calls) as never };
      }
    },
  };
}

/** The error at each field that the fetch leaves empty; of all entities the first one is named. */
function failEverywhere(
  { message, extensions }: GraphQLError,
  shape: Shape,
  calls: PreparedFetch['calls'],
): readonly object[] {
  const entity = shape.fields.get('_entities')?.below;
  const first = calls[0]?.positions?.[0] ?? 0;
  const names = [...(entity ?? shape).fields.keys()].filter((name) => name !== '__typename');
  return names.map((name) => ({
    message,
    extensions,
    path: entity === undefined ? [name] : ['_entities', first, name],
  }));
}

function kindOf(document: DocumentNode): 'query' | 'mutation' {
  const operation = document.definitions.find(
    (each): each is OperationDefinitionNode => each.kind === Kind.OPERATION_DEFINITION,
  );
  return operation?.operation === OperationTypeNode.MUTATION ? 'mutation' : 'query';
}
