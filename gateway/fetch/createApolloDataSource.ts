import type { GraphQLDataSource } from '@apollo/gateway';
import { type DocumentNode, GraphQLError, Kind, type OperationDefinitionNode, OperationTypeNode, parse } from 'graphql';

import type { GatewayContext } from '../model/GatewayContext.ts';
import type { JsonObject } from '../model/Json.ts';
import type { PositionsOf, RequestState } from '../model/RequestState.ts';
import { compileShape, type Shape } from './compileShape.ts';
import type { Fetcher, PreparedFetch } from './createFetcher.ts';
import { pruneAnswer } from './pruneAnswer.ts';

/** The flags stage's decision, handed in: stages meet in the engines alone. */
export type DecideCalls = (
  document: DocumentNode,
  fetch: { readonly variables: JsonObject; readonly positionsOf: PositionsOf },
  state: RequestState,
) => PreparedFetch['calls'];

/** The same stage's hold on what came back, pruned. */
export type SettleAnswer = (
  document: DocumentNode,
  data: JsonObject | null,
  fetch: { readonly variables: JsonObject; readonly positionsOf: PositionsOf },
  state: RequestState,
) => JsonObject | null;

/**
 * Lets @apollo/gateway's executor fetch through our fetcher. That executor merges whatever it is given, so what a
 * subgraph sent is pruned to what was asked of it, and every fetch gets objects of its own.
 */
export function createApolloDataSource(
  subgraph: string,
  {
    fetcher,
    decide,
    settle,
    concreteTypes,
  }: {
    fetcher: Fetcher;
    decide: DecideCalls;
    settle: SettleAnswer;
    concreteTypes: (condition: string) => readonly string[];
  },
): GraphQLDataSource<GatewayContext> {
  const shapes = new WeakMap<DocumentNode, Shape>();

  function shapeOf(document: DocumentNode): Shape {
    const known = shapes.get(document) ?? compileShape(document, concreteTypes);
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
      const representations = Array.isArray(variables.representations) ? variables.representations.length : 0;
      const path = options.pathInIncomingRequest ?? [];
      // The executor does not tell which object a representation stands for, but takes them in the order of the answer.
      const positionsOf: PositionsOf = (index) => [
        index === undefined ? { path } : { path, nth: { index, of: representations } },
      ];
      const calls = decide(document, { variables, positionsOf }, state);
      try {
        const { data, errors = [] } = await fetcher.fetch(
          { subgraph, operation, operationName, kind: kindOf(document), identity: document, calls, representations },
          state,
        );
        const pruned = settle(document, pruneAnswer(data, shape, calls), { variables, positionsOf }, state);
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

/** The error at each field that the fetch leaves empty, or at the object; of all entities the first one is named. */
function failEverywhere(
  { message, extensions }: GraphQLError,
  shape: Shape,
  calls: PreparedFetch['calls'],
): readonly object[] {
  const { entity } = shape;
  const first = calls[0]?.positions?.[0] ?? 0;
  const above = entity === undefined ? [] : ['_entities', first];
  const names = [...(entity ?? shape).fieldsOf(undefined).keys()].filter((name) => name !== '__typename');
  const paths = names.length === 0 ? [above] : names.map((name) => [...above, name]);
  return paths.map((path) => ({ message, extensions, path }));
}

function kindOf(document: DocumentNode): 'query' | 'mutation' {
  const operation = document.definitions.find(
    (each): each is OperationDefinitionNode => each.kind === Kind.OPERATION_DEFINITION,
  );
  return operation?.operation === OperationTypeNode.MUTATION ? 'mutation' : 'query';
}
