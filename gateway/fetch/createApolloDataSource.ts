import type { GraphQLDataSource } from '@apollo/gateway';
import { type DocumentNode, Kind, type OperationDefinitionNode, OperationTypeNode, parse } from 'graphql';

import type { GatewayContext } from '../model/GatewayContext.ts';
import type { JsonObject } from '../model/Json.ts';
import type { RequestState } from '../model/RequestState.ts';
import type { Fetcher, PreparedFetch } from './createFetcher.ts';

/** The flags stage's decision, handed in: stages meet in createGateway alone. */
export type DecideCalls = (
  document: DocumentNode,
  fetch: { readonly variables: JsonObject; readonly path: readonly (string | number)[] },
  state: RequestState,
) => PreparedFetch['calls'];

/** Lets @apollo/gateway's executor fetch through our fetcher: gate, store, sharing, bounds and pruning. */
export function createApolloDataSource(
  subgraph: string,
  { fetcher, decide }: { fetcher: Fetcher; decide: DecideCalls },
): GraphQLDataSource<GatewayContext> {
  return {
    async process(options) {
      const { query, operationName } = options.request;
      if (options.kind !== 'incoming operation' || query === undefined) {
        throw new Error('The gateway asked a subgraph for something that is no operation of a client.');
      }
      const document = options.document ?? parse(query, { noLocation: true });
      const variables: JsonObject = options.request.variables ?? {};
      const { state } = options.context;
      const { data, errors } = await fetcher.fetch(
        {
          subgraph,
          document,
          operation: query,
          operationName,
          kind: kindOf(document),
          representations: Array.isArray(variables.representations) ? variables.representations.length : undefined,
          calls: decide(document, { variables, path: options.pathInIncomingRequest ?? [] }, state),
        },
        state,
      );
      return errors.length === 0 ? { data } : { data, errors: errors as never };
    },
  };
}

function kindOf(document: DocumentNode): 'query' | 'mutation' {
  const operation = document.definitions.find(
    (each): each is OperationDefinitionNode => each.kind === Kind.OPERATION_DEFINITION,
  );
  return operation?.operation === OperationTypeNode.MUTATION ? 'mutation' : 'query';
}
