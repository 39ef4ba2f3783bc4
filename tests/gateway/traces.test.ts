import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  AlwaysOnSampler,
  BasicTracerProvider,
  InMemorySpanExporter,
  ParentBasedSampler,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';

import { startTelemetry } from '../../roles/startTelemetry.ts';
import { createTestGateway, type TestGateway } from '../support/testGateway.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLER = 'b7ad6b7169203331';

const SUBGRAPHS = {
  content: {
    sdl: 'type Query { municipality: Municipality } type Municipality @key(fields: "slug") { slug: ID! }',
    resolvers: { Query: { municipality: () => ({ slug: 'celle' }) } },
  },
  housing: {
    sdl: 'type Municipality @key(fields: "slug") { slug: ID! offers: Int }',
    resolvers: { Municipality: { __resolveReference: (key: object) => key, offers: () => 3 } },
  },
};
const OPERATION = 'query Start { municipality { offers } }';

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({
  sampler: new ParentBasedSampler({ root: new AlwaysOnSampler() }),
  spanProcessors: [new SimpleSpanProcessor(exporter)],
});

let gateway: TestGateway;
beforeEach(() => exporter.reset());
afterEach(() => gateway.close());

async function start(options: Partial<Parameters<typeof createTestGateway>[0]> = {}): Promise<void> {
  gateway = await createTestGateway({
    subgraphs: SUBGRAPHS,
    overHttp: true,
    tracer: provider.getTracer('test'),
    ...options,
  });
}

async function ask(headers: Record<string, string> = {}): Promise<unknown> {
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: OPERATION }),
  });
  return response.json();
}

/** Waits for the span of the whole request, which ends after its answer has left. */
async function spans(): Promise<readonly ReadableSpan[]> {
  for (;;) {
    const finished = exporter.getFinishedSpans();
    if (finished.some(({ name }) => name === 'POST /graphql')) {
      return finished;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Each span with the name of the one around it. */
async function tree(): Promise<readonly string[]> {
  const all = await spans();
  const names = new Map(all.map((span) => [span.spanContext().spanId, span.name]));
  return all.map((span) => `${names.get(span.parentSpanId ?? '') ?? span.parentSpanId ?? ''} > ${span.name}`).sort();
}

const headersOf = (subgraph: string) => gateway.calls(subgraph).map(({ headers }) => headers?.traceparent);

describe.each([
  ['with answers that are parsed', {}],
  ['with answers in bytes', { keepsAnswers: false }],
])('a traced request %s', (_how, options) => {
  it('has a span for each stage and each request to a subgraph, on the long way and the short one', async () => {
    await start(options);
    await ask();
    const stages = [
      ' > POST /graphql',
      'POST /graphql > execute',
      'POST /graphql > flags',
      'execute > subgraph content',
      'execute > subgraph housing',
    ];
    expect(await tree()).toEqual([...stages, 'POST /graphql > operation'].sort());

    exporter.reset();
    await ask();
    expect(await tree()).toEqual([...stages, 'POST /graphql > response'].sort());
  });

  it('belongs to the trace of the client, and tells subgraphs so', async () => {
    await start(options);
    await ask();
    exporter.reset();
    await ask({ traceparent: `00-${TRACE}-${CALLER}-01`, tracestate: 'vendor=1' });

    const all = await spans();
    expect(new Set(all.map((span) => span.spanContext().traceId))).toEqual(new Set([TRACE]));
    expect(await tree()).toContain(`${CALLER} > POST /graphql`);
    const fetched = all.find(({ name }) => name === 'subgraph housing');
    expect(headersOf('housing').at(-1)).toBe(`00-${TRACE}-${fetched?.spanContext().spanId}-01`);
    expect(gateway.calls('housing').at(-1)?.headers?.tracestate).toBe('vendor=1');
  });

  it('leaves no span where the client is not in the sample, and still carries the trace along', async () => {
    await start(options);
    await ask();
    await spans();
    exporter.reset();
    await ask({ traceparent: `00-${TRACE}-${CALLER}-00` });

    expect(exporter.getFinishedSpans()).toEqual([]);
    expect(headersOf('content').at(-1)).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`));
  });
});

describe('spans', () => {
  it('say what they are in the words of the semantic conventions, and no text of the operation', async () => {
    await start();
    await ask();
    const of = async (name: string) => (await spans()).find((span) => span.name === name)?.attributes;

    expect(await of('POST /graphql')).toEqual({
      'http.request.method': 'POST',
      'http.route': '/graphql',
      'url.path': '/graphql',
      'url.scheme': 'http',
      'http.response.status_code': 200,
      'graphql.operation.type': 'query',
      'graphql.operation.name': 'Start',
    });
    expect(await of('subgraph housing')).toEqual({
      'civigraph.subgraph.name': 'housing',
      'http.request.method': 'POST',
      'url.full': expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/graphql$/),
      'server.address': '127.0.0.1',
      'server.port': expect.any(Number),
      'graphql.operation.type': 'query',
      'graphql.operation.name': 'Start__housing__1',
    });
  });

  it('name the error of a subgraph that does not answer', async () => {
    await start({ down: ['housing'] });
    await ask();

    const failed = (await spans()).find(({ name }) => name === 'subgraph housing');
    expect(failed?.attributes['error.type']).toMatch(/^SUBGRAPH_/);
    expect(failed?.status.code).toBe(2);
  });

  it.each(['', 'nonsense', `00-${'0'.repeat(32)}-${CALLER}-01`, `00-${TRACE}-${CALLER}`])(
    'begin a trace of their own for the header "%s"',
    async (traceparent) => {
      await start();
      await ask({ traceparent });

      const [first] = await spans();
      expect(first?.spanContext().traceId).toMatch(/^(?!0+$)[0-9a-f]{32}$/);
      expect(first?.spanContext().traceId).not.toBe(TRACE);
    },
  );

  it('are not made, and subgraphs are told nothing, without a tracer', async () => {
    await start({ tracer: undefined });
    await ask({ traceparent: `00-${TRACE}-${CALLER}-01` });

    expect(exporter.getFinishedSpans()).toEqual([]);
    expect(headersOf('content')).toEqual([undefined]);
  });
});

describe('telemetry', () => {
  it('sends spans to the collector that is named, the last ones at the end', async () => {
    const bodies: string[] = [];
    const collector = createServer(async (request, response) => {
      bodies.push(`${request.url} ${await text(request)}`);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
    const { port } = collector.address() as AddressInfo;
    const closing: (() => Promise<void>)[] = [];
    const tracer = await startTelemetry({
      config: { telemetryUrl: `http://127.0.0.1:${port}`, telemetryName: 'name-of-this-test' },
      closers: { add: (close) => closing.push(close) },
    });
    await start({ tracer });
    await ask();
    await gateway.close();
    await Promise.all(closing.map((close) => close()));
    collector.closeAllConnections();
    collector.close();

    expect(bodies.join()).toMatch(/^\/v1\/traces /);
    expect(bodies.join()).toContain('name-of-this-test');
    expect(bodies.join()).toContain('subgraph housing');
  });

  it('loads nothing where no collector is named', async () => {
    await start();
    expect(
      await startTelemetry({ config: { telemetryUrl: undefined, telemetryName: 'x' }, closers: { add: () => {} } }),
    ).toBeUndefined();
  });
});
