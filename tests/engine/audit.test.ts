import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { executeSync, parse, validate } from 'graphql';

import { createEngine, type Engine } from '../../gateway/engine/createEngine.ts';
import { isJsonObject, type JsonObject } from '../../gateway/model/Json.ts';
import type { SendBytes, SendFetch } from '../../gateway/model/SubgraphFetch.ts';
import { WrappedData } from '../../gateway/model/WrappedData.ts';
import { createPlanner } from '../../gateway/plan/createPlanner.ts';
import {
  type AnswerOperation,
  buildSubgraphSchema,
  createTableSubgraph,
  type TableSubgraph,
} from './offlineSubgraphs.ts';

interface AuditCase {
  readonly suite: string;
  readonly supergraphSdl: string;
  readonly tests: readonly {
    readonly query: string;
    readonly expected: { readonly data?: unknown; readonly errors?: boolean };
  }[];
  readonly offlineSubgraphs: { readonly stateful?: unknown; readonly subgraphs: Record<string, TableSubgraph> };
}

interface Options {
  readonly plan: string;
  readonly isShareable: () => boolean;
}

const FOLDER = join('..', 'shared', 'audit', 'cases');
const hasCases = existsSync(FOLDER);
const cases: AuditCase[] = hasCases
  ? readdirSync(FOLDER)
      .sort()
      .map((file) => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')))
  : [];

describe.each([
  { plan: 'rewritten', answers: 'parsed', isShareable: () => true },
  { plan: 'rewritten', answers: 'as text', isShareable: () => true },
  { plan: 'as planned', answers: 'parsed', isShareable: () => false },
])('federation audit, plan $plan, answers $answers', (options) => {
  if (!hasCases) {
    it.skip('answers every case: the folder of cases beside the project is absent', () => {});
    return;
  }
  it.each(cases.flatMap((audit) => audit.tests.map((test, i) => ({ name: `${audit.suite} ${i + 1}`, audit, test }))))(
    'answers $name',
    async ({ audit, test }) => {
      const { answer, engine } = worldOf(audit, options);

      const compilation = await engine.compile(test.query);
      const result =
        compilation.kind === 'refused'
          ? { data: undefined, errors: compilation.errors }
          : await engine.execute(
              compilation.operation,
              {},
              {
                send: answer,
                sendBytes: options.answers === 'as text' ? toBytes(answer) : undefined,
              },
            );

      const data: unknown = result.data === undefined ? null : JSON.parse(decode(result.data));
      expect({ data, errors: result.errors.map((error) => error.message) }).toEqual({
        data: test.expected.data ?? null,
        errors:
          test.expected.errors === true
            ? expect.arrayContaining([expect.any(String)])
            : expectedErrors(test.expected.errors, result.errors),
      });
    },
  );
});

/** A case without `errors` leaves it open whether there are some. */
function expectedErrors(expected: boolean | undefined, got: readonly { message: string }[]): unknown {
  return expected === undefined ? got.map((error) => error.message) : [];
}

/** Answers as bytes, as they come over HTTP. */
function toBytes(send: SendFetch): SendBytes {
  return async ({ body, subgraph, operation, operationName, kind, nodes, responsePath }) => {
    const { variables = {} } = JSON.parse(Buffer.from(body, 'latin1').toString('utf8'));
    const answer = await send({
      subgraph,
      operation,
      operationName,
      kind,
      nodes,
      responsePath,
      variables,
      positionsOf: () => [],
    });
    return { bytes: Buffer.from(JSON.stringify(answer)), read: () => answer };
  };
}

function decode(data: string | WrappedData): string {
  return data instanceof WrappedData ? data.text() : data;
}

const engines = new Map<string, Engine>();

/** Making an engine takes longer than all cases of a suite, so they share one. */
function engineOf({ suite, supergraphSdl }: AuditCase, { plan, isShareable }: Options): Engine {
  const key = `${suite}, plan ${plan}`;
  const engine = engines.get(key) ?? createEngine({ planner: createPlanner(supergraphSdl), isShareable });
  engines.set(key, engine);
  return engine;
}

function worldOf(audit: AuditCase, options: Options) {
  const subgraphs = new Map<string, AnswerOperation>(
    audit.offlineSubgraphs.stateful !== undefined
      ? mutatingSubgraphs(audit.offlineSubgraphs.subgraphs)
      : Object.entries(audit.offlineSubgraphs.subgraphs).map(([name, table]) => [name, createTableSubgraph(table)]),
  );
  return {
    engine: engineOf(audit, options),
    answer: async ({
      subgraph,
      operation,
      variables,
    }: {
      subgraph: string;
      operation: string;
      variables: JsonObject;
    }) => {
      const answer = subgraphs.get(subgraph)?.(operation, variables) ?? {};
      return { data: answer.data, errors: answer.errors };
    },
  };
}

/** The one suite with state: products are handed out once as entities, and numbers are kept by request id. */
function mutatingSubgraphs(tables: Record<string, TableSubgraph>): [string, AnswerOperation][] {
  type Product = { id: string; name: string; price: number };
  let products: Product[] = [];
  const numbers = new Map<string, number>();
  const seeded = (): Product[] => {
    if (!products.some(({ id }) => id === 'p1')) {
      products.push({ id: 'p1', name: 'p1-name', price: 9.99 });
    }
    return products;
  };
  const handOut = (id: unknown): Product | undefined => {
    const product = products.find((candidate) => candidate.id === id);
    products = products.filter((candidate) => candidate.id !== id);
    return product;
  };
  const store = (key: string, value: number): number => {
    numbers.set(key, value);
    return value;
  };
  const entities = (complete: (product: Product) => object) => ({
    _entities: ({ representations }: { representations: unknown[] }) =>
      representations.map((representation) => {
        const product = isJsonObject(representation) ? handOut(representation.id) : undefined;
        return product === undefined ? null : { ...complete(product), __typename: 'Product' };
      }),
  });
  const roots: Record<string, object> = {
    a: {
      product: ({ id }: { id: string }) => seeded().find((product) => product.id === id),
      products: seeded,
      multiply: ({ by, requestId }: { by: number; requestId: string }) =>
        store(requestId, (numbers.get(requestId) ?? 0) * by),
      addProduct: ({ input }: { input: { name: string; price: number } }) => {
        const product = { id: `p-added-${products.length}`, ...input };
        products.push(product);
        return product;
      },
      ...entities((product) => product),
    },
    b: {
      delete: ({ requestId }: { requestId: string }) => {
        const number = numbers.get(requestId) ?? 0;
        numbers.delete(requestId);
        return number;
      },
      ...entities(({ id, price }) => ({ id, price, isAvailable: true, isExpensive: price > 100 })),
    },
    c: {
      add: ({ num, requestId }: { num: number; requestId: string }) =>
        store(requestId, (numbers.get(requestId) ?? 0) + num),
    },
  };
  return Object.entries(tables).map(([name, { sdl }]) => {
    const schema = buildSubgraphSchema(sdl);
    return [
      name,
      (operation, variableValues) => {
        const document = parse(operation);
        const errors = validate(schema, document);
        const result =
          errors.length > 0 ? { errors } : executeSync({ schema, document, rootValue: roots[name], variableValues });
        return JSON.parse(JSON.stringify(result));
      },
    ];
  });
}
