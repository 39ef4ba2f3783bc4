import type { GraphQLDataSource } from '@apollo/gateway';
import { type DocumentNode, GraphQLError, Kind, type OperationDefinitionNode, OperationTypeNode, parse } from 'graphql';

import type { GatewayContext } from '../model/GatewayContext.ts';
import { isJsonObject, type JsonObject } from '../model/Json.ts';
import type { RequestState } from '../model/RequestState.ts';
import { compileShape, pruneTo, type Shape } from './compileShape.ts';
import type { Fetcher, PreparedFetch } from './createFetcher.ts';

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
        const pruned = prune(data, shape, { variables, calls });
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

/** Only what was asked for; entities that were asked for with different decisions are pruned by their own. */
function prune(
  data: unknown,
  shape: Shape,
  { variables, calls }: { variables: JsonObject; calls: PreparedFetch['calls'] },
): JsonObject | null {
  const entityShape = shape.fields.get('_entities')?.below;
  const entities: unknown = isJsonObject(data) ? data._entities : undefined;
  if (entityShape === undefined || !Array.isArray(entities)) {
    return isJsonObject(data) ? (pruneTo(shape, data, calls[0]?.variables ?? variables) as JsonObject) : null;
  }
  const decided = new Map(
    calls.flatMap((call) => (call.positions ?? []).map((position) => [position, call.variables])),
  );
  return {
    _entities: entities.map((entity, position) => pruneTo(entityShape, entity, decided.get(position) ?? variables)),
  };
}

/** The error at each place that the fetch leaves empty. */
function failEverywhere(
  { message, extensions }: GraphQLError,
  shape: Shape,
  calls: PreparedFetch['calls'],
): readonly object[] {
  const entity = shape.fields.get('_entities')?.below;
  const paths =
    entity === undefined
      ? [...shape.fields.keys()].map((name) => [name])
      : calls
          .flatMap(
            ({ variables, positions }) =>
              positions ?? (variables.representations as readonly unknown[]).map((_, position) => position),
          )
          .flatMap((position) =>
            [...entity.fields.keys()]
              .filter((name) => name !== '__typename')
              .map((name) => ['_entities', position, name]),
          );
  return paths.map((path) => ({ message, extensions, path }));
}

function kindOf(document: DocumentNode): 'query' | 'mutation' {
  const operation = document.definitions.find(
    (each): each is OperationDefinitionNode => each.kind === Kind.OPERATION_DEFINITION,
  );
  return operation?.operation === OperationTypeNode.MUTATION ? 'mutation' : 'query';
}
