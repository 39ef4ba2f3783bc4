import { createRequire } from 'node:module';
import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import { buildSchema, type GraphQLSchema, getOperationAST, Kind, parse, validate } from 'graphql';

import { composeSupergraph } from '../../../schema/composeSupergraph.ts';
import { createEngine } from '../../../gateway/engine/createEngine.ts';
import { isJsonObject, type JsonObject } from '../../../gateway/model/Json.ts';
import type { SendBytes, SendFetch } from '../../../gateway/model/SubgraphFetch.ts';
import { generateGraph } from './generateGraph.ts';
import type { GeneratedOperation } from './generateOperation.ts';
import { createLenientSubgraph, type SubgraphResponse } from './lenientSubgraph.ts';

/** What one way of executing an operation answers. */
export interface Outcome {
  readonly data: unknown;
  /**
   * Paths of errors that subgraphs reported, as sorted texts. List positions are left out: those of @apollo/gateway are wrong
   * where not every object at a path is sent.
   */
  readonly subgraphErrors: readonly string[];
  readonly requests: number;
}

export interface World {
  readonly apiSchema: GraphQLSchema;
  /** Undefined where an operation is not valid or the planner refuses it. */
  run(operation: GeneratedOperation, faults: Faults): Promise<{ readonly apollo: Outcome; readonly ours: Readonly<Record<string, Outcome>> } | undefined>;
}

export interface Faults {
  readonly seed: number;
  readonly faultPercent: number;
}

type Answer = (subgraph: string, operation: string, variables: JsonObject) => SubgraphResponse;

/** One generated supergraph, with @apollo/gateway's executor and all ways of ours over the same subgraphs. */
export function createWorld(seed: number): World | undefined {
  const { subgraphs } = generateGraph(seed);
  const composition = composeSupergraph(subgraphs.map((subgraph) => ({ ...subgraph, url: `http://${subgraph.name}.example.org` })));
  if (composition.kind === 'failed') {
    return undefined;
  }
  const { supergraphSdl } = composition;
  const apollo = createApolloExecutor(supergraphSdl);
  const rewritten = createEngine({ supergraphSdl, maxTokens: 50_000 });
  const asPlanned = createEngine({ supergraphSdl, maxTokens: 50_000, isShareable: () => false });
  const schemas = subgraphs.map(({ name, sdl }) => [name, buildSchema(toPlainSdl(sdl), { assumeValidSDL: true, assumeValid: true })] as const);

  return {
    apiSchema: rewritten.apiSchema,
    async run(operation, faults) {
      if (validate(rewritten.apiSchema, parse(operation.text)).length > 0) {
        return undefined;
      }
      const answers = new Map(schemas.map(([name, schema]) => [name, createLenientSubgraph(schema, faults)]));
      const answer: Answer = (subgraph, text, variables) => {
        const response = answers.get(subgraph)?.(text, variables);
        return JSON.parse(JSON.stringify(response));
      };
      return {
        apollo: await apollo(operation, answer),
        ours: {
          parsed: await runEngine(rewritten, operation, answer, false),
          text: await runEngine(rewritten, operation, answer, true),
          'as planned': await runEngine(asPlanned, operation, answer, false),
        },
      };
    },
  };
}

async function runEngine(
  engine: ReturnType<typeof createEngine>,
  { text, variables }: GeneratedOperation,
  answer: Answer,
  withBytes: boolean,
): Promise<Outcome> {
  const compilation = engine.compile(text);
  if (compilation.kind === 'refused') {
    throw compilation.errors[0];
  }
  let requests = 0;
  const send: SendFetch = async (fetch) => {
    requests++;
    const { data, errors } = answer(fetch.subgraph, fetch.operation, fetch.variables);
    return { data, errors };
  };
  const sendBytes: SendBytes = async ({ body, subgraph, operation }) => {
    requests++;
    const sent: unknown = JSON.parse(Buffer.from(body, 'latin1').toString('utf8'));
    const response = answer(subgraph, operation, isJsonObject(sent) && isJsonObject(sent.variables) ? sent.variables : {});
    return { bytes: Buffer.from(JSON.stringify(response)), read: () => ({ data: response.data, errors: response.errors }) };
  };
  const result = await engine.execute(compilation.operation, { ...variables }, { send, ...(withBytes ? { sendBytes } : {}) });
  return {
    data: JSON.parse(Buffer.from(result.data ?? 'null', result.encoding).toString('utf8')),
    subgraphErrors: pathsOf(result.errors.filter((error) => error.extensions.code === 'SUBGRAPH_ERROR')),
    requests,
  };
}

function pathsOf(errors: readonly { readonly path?: readonly (string | number)[] | undefined }[]): readonly string[] {
  return [...new Set(errors.map((error) => (error.path ?? []).filter((step) => typeof step === 'string').join('.')))].sort();
}

/** @apollo/gateway's `executeQueryPlan`, which the package does not export. */
function createApolloExecutor(supergraphSdl: string) {
  process.env.APOLLO_TELEMETRY_DISABLED = 'true';
  const require = createRequire(import.meta.url);
  const { executeQueryPlan } = require('@apollo/gateway/dist/executeQueryPlan.js');
  const supergraph = Supergraph.build(supergraphSdl);
  const apiSchema = supergraph.apiSchema();
  const planner = new QueryPlanner(supergraph, { generateQueryFragments: false, reuseQueryFragments: false });
  const schema = apiSchema.toGraphQLJSSchema();
  const supergraphSchema = supergraph.schema.toGraphQLJSSchema();

  return async ({ text, variables }: GeneratedOperation, answer: Answer): Promise<Outcome> => {
    const document = parse(text);
    const operation = getOperationAST(document);
    const plan = planner.buildQueryPlan(operationFromDocument(apiSchema, document));
    let requests = 0;
    const services = Object.fromEntries(
      [...supergraph.subgraphs().names()].map((name) => [
        name,
        {
          process: async ({ request }: { request: { query: string; variables: JsonObject } }) => {
            requests++;
            return answer(name, request.query, request.variables);
          },
        },
      ]),
    );
    const fragments = Object.fromEntries(
      document.definitions.flatMap((definition) => (definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [])),
    );
    const result = await executeQueryPlan(
      plan,
      services,
      { request: { variables }, metrics: {}, logger: console },
      { schema, operation, fragments },
      supergraphSchema,
      apiSchema,
      {},
    );
    return {
      data: JSON.parse(JSON.stringify(result.data ?? null)),
      subgraphErrors: pathsOf(result.errors ?? []),
      requests,
    };
  };
}

/** A schema for the types alone: the directives of federation do not matter to a subgraph that answers. */
function toPlainSdl(sdl: string): string {
  const document = parse(sdl);
  const entities = document.definitions.flatMap((definition) =>
    definition.kind === Kind.OBJECT_TYPE_DEFINITION && definition.directives?.some((directive) => directive.name.value === 'key') === true ? [definition.name.value] : [],
  );
  return `${sdl.replace(/^extend schema.*$/m, '')}
    scalar _Any union _Entity = ${entities.join(' | ')}
    extend type Query { _entities(representations: [_Any!]!): [_Entity]! }`;
}
