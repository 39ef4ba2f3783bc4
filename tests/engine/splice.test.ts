import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { createEngine } from '../../gateway/engine/createEngine.ts';
import { scanAny, scanFloat, scanInt, scanString } from '../../gateway/engine/splice/scanBytes.ts';
import { isJsonObject } from '../../gateway/model/Json.ts';
import { WrappedData } from '../../gateway/model/WrappedData.ts';
import { createPlanner } from '../../gateway/plan/createPlanner.ts';
import { composeSupergraph } from '../../schema/composeSupergraph.ts';

/** What a scan says of a text with something behind it: where the token ends, or undefined for doubt. */
function endOf(scan: (bytes: DataView, at: number) => number, text: string): number | undefined {
  const bytes = Buffer.from(`--${text},----`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  try {
    return scan(view, 2) - 2;
  } catch {
    return undefined;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

describe('scanning bytes', () => {
  it('goes past every JSON value, and stops at its end', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => {
        const compact = JSON.stringify(JSON.parse(text));
        expect(endOf(scanAny, compact)).toBe(Buffer.byteLength(compact));
      }),
    );
  });

  it('accepts of characters and escapes what JSON accepts', () => {
    const part = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 9 }),
      fc.constantFrom('\\n', '\\"', '\\\\', '\\u00e9', '\\u12', '\\x', '\\', '\u0007', '\t', '"', 'ü', '😀'),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        // Whatever was drawn, a text that is read from UTF-8 has no lone surrogates.
        const text = Buffer.from(`"${parts.join('')}"`).toString('utf8');
        const end = endOf(scanString, text);
        if (typeof parsed(text) === 'string') {
          expect(end).toBe(Buffer.byteLength(text));
        } else if (end !== undefined) {
          // A quote in the middle ended it; so far it was a string.
          expect(typeof parsed(Buffer.from(text).toString('utf8', 0, end))).toBe('string');
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it.each(['0', '7', '-1', '2147483647', '-2147483648'])('takes %s for an Int', (text) => {
    expect(endOf(scanInt, text)).toBe(text.length);
  });

  it.each(['-0', '01', '2147483648', '-2147483649', '12345678901', '-', '"1"', 'null', 'true'])(
    'doubts that %s is an Int',
    (text) => {
      expect(endOf(scanInt, text)).toBeUndefined();
    },
  );

  it.each(['0', '1.5', '-0.25', '100', '-3', '123456789012345.5'])('takes %s for a Float', (text) => {
    expect(endOf(scanFloat, text)).toBe(text.length);
  });

  it.each(['-0', '-0.0', '1e3', '1.5E-7', '01.5', '1.', '.5', '1234567890123456', '0.1234567890123456', 'null'])(
    'doubts that %s is a Float in plain notation',
    (text) => {
      expect(endOf(scanFloat, text)).toBeUndefined();
    },
  );
});

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.8", import: ["@key"])';
const SDL = {
  courses: `${LINK}
    type Query { courses: [Course] }
    type Course { id: ID! title: String! level: Level place: Place teachers: [Person!]! next: [Offer!]! }
    enum Level { A1 A2 B1 }
    type Place @key(fields: "id") { id: ID! town: String }
    type Person @key(fields: "id") { id: ID! friends: [Person!] name: String }
    union Offer = Visit | Call
    type Visit { at: String place: Place }
    type Call { number: Int! }`,
  places: `${LINK} type Place @key(fields: "id") { id: ID! street: String zip: Int }`,
  people: `${LINK} type Person @key(fields: "id") { id: ID! phone: String home: Place } type Place @key(fields: "id") { id: ID! }`,
};
const OPERATION = `{ courses {
  title level id
  place { street id town zip }
  teachers { phone name id friends { id phone home { id street } } home { zip } }
  next { __typename ... on Visit { at place { id zip town } } ... on Call { number } }
} }`;

const id = fc.constantFrom('a', 'b', 'c', 'ü"\\', '\u2028');
const place = fc.record({ __typename: fc.constant('Place'), id, town: fc.option(fc.constantFrom('X', 'Größe')) });
const friend = fc.record({ __typename: fc.constant('Person'), id });
const person = fc.record({
  __typename: fc.constant('Person'),
  id,
  name: fc.option(fc.constantFrom('N', 'M')),
  friends: fc.option(fc.array(friend, { maxLength: 3 })),
});
const offer = fc.oneof(
  fc.record({ __typename: fc.constant('Visit'), at: fc.option(fc.constant('10:00')), place: fc.option(place) }),
  fc.record({ __typename: fc.constant('Call'), number: fc.integer({ min: 0, max: 3 }) }),
);
const course = fc.record({
  title: fc.constantFrom('T', 'U'),
  level: fc.option(fc.constantFrom('A1', 'A2', 'B1')),
  id,
  place: fc.option(place),
  teachers: fc.array(person, { maxLength: 3 }),
  next: fc.array(offer, { maxLength: 3 }),
});

/** How a subgraph writes its answer. */
const writing = fc.constantFrom('as asked', 'with white space', 'backwards', 'with more fields');

function written(value: unknown, way: string): Buffer {
  const changed = way === 'backwards' || way === 'with more fields' ? rewritten(value, way) : value;
  return Buffer.from(JSON.stringify(changed, null, way === 'with white space' ? 2 : 0));
}

function rewritten(value: unknown, way: string): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => rewritten(item, way));
  }
  if (!isJsonObject(value)) {
    return value;
  }
  const entries = Object.entries(value).map(([name, inner]): [string, unknown] => [name, rewritten(inner, way)]);
  return Object.fromEntries(way === 'backwards' ? entries.reverse() : [['surplus', { x: 1 }], ...entries]);
}

describe('splicing', () => {
  const composition = composeSupergraph(
    Object.entries(SDL).map(([name, sdl]) => ({ name, url: `http://${name}.example.org`, sdl })),
  );
  if (composition.kind === 'failed') {
    throw new Error(composition.problems.map((problem) => problem.message).join('\n'));
  }
  const engine = createEngine({ planner: createPlanner(composition.supergraphSdl) });

  /** Subgraphs whose entities follow from their ids; some are not there. */
  function answerOf(subgraph: string, courses: unknown, query: string, variables: Record<string, unknown>): unknown {
    if (subgraph === 'courses') {
      return { data: { courses } };
    }
    const fields = (key: string): Record<string, unknown> => ({
      street: `${key} street`,
      zip: key === 'b' ? null : 12345,
      phone: `0${key}`,
      home: key === 'c' ? null : { __typename: 'Place', id: key === 'a' ? 'b' : 'a' },
    });
    const calls = [
      ...query.matchAll(/(\w+:)?_entities\(representations:\$(\w+)\)\{\.\.\.on \w+\{((?:[^{}]|\{[^}]*\})*)\}/g),
    ];
    const entities = calls.map(([, alias, variable = '', selected = '']) => {
      const names = [...selected.replaceAll(/\{[^}]*\}/g, ' ').matchAll(/\w+/g)].map(([name]) => name);
      const list = variables[variable];
      return [
        alias?.slice(0, -1) ?? '_entities',
        (Array.isArray(list) ? list : []).map(({ id: key, __typename }: Record<string, string>) =>
          key === '\u2028'
            ? null
            : Object.fromEntries(
                names.map((name) => [
                  name,
                  name === 'id' ? key : name === '__typename' ? __typename : fields(key ?? '')[name],
                ]),
              ),
        ),
      ];
    });
    return { data: Object.fromEntries(entities) };
  }

  it('comes to what the full algorithm comes to, whatever repeats and however subgraphs write', async () => {
    const compilation = await engine.compile(OPERATION);
    if (compilation.kind === 'refused') {
      throw new Error(compilation.errors.join('\n'));
    }
    const { operation } = compilation;
    let spliced = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.option(course), { maxLength: 6 }),
        fc.record({ courses: writing, places: writing, people: writing }),
        async (courses, ways) => {
          const send = async (subgraph: string, query: string, variables: Record<string, unknown>) =>
            answerOf(subgraph, courses, query, variables) as { data: unknown };
          const full = await engine.execute(
            operation,
            {},
            {
              send: (fetch) => send(fetch.subgraph, fetch.operation, fetch.variables),
            },
          );
          const fast = await engine.execute(
            operation,
            {},
            {
              send: (fetch) => send(fetch.subgraph, fetch.operation, fetch.variables),
              sendBytes: async ({ subgraph, body }) => {
                const { query, variables = {} } = JSON.parse(Buffer.from(body, 'latin1').toString('utf8'));
                const bytes = written(await send(subgraph, query, variables), ways[subgraph as keyof typeof ways]);
                return { bytes, read: () => ({ data: JSON.parse(bytes.toString()).data }) };
              },
            },
          );
          spliced += fast.data instanceof WrappedData ? 1 : 0;
          const text = fast.data instanceof WrappedData ? fast.data.text() : fast.data;
          expect(JSON.parse(text ?? '')).toEqual(JSON.parse(full.data as string));
          expect(fast.errors).toEqual(full.errors);
        },
      ),
      { numRuns: 400 },
    );
    // Every answer was only written in another way, never another answer: no run needed the full algorithm.
    expect(spliced).toBe(400);
  });

  it('writes answers of any size', async () => {
    const compilation = await engine.compile('{ courses { title place { id street } } }');
    const courses = Array.from({ length: 20_000 }, (_, i) => ({
      title: `${'long '.repeat(i % 50)}${i}`,
      place: { __typename: 'Place', id: `p${i % 7_000}` },
    }));
    if (compilation.kind === 'refused') {
      throw new Error(compilation.errors.join('\n'));
    }
    const answer = await engine.execute(
      compilation.operation,
      {},
      {
        send: () => Promise.reject(new Error('Not to be asked.')),
        sendBytes: async ({ subgraph, body }) => {
          const { query, variables = {} } = JSON.parse(Buffer.from(body, 'latin1').toString('utf8'));
          const bytes = Buffer.from(JSON.stringify(answerOf(subgraph, courses, query, variables)));
          return { bytes, read: () => JSON.parse(bytes.toString()) };
        },
      },
    );

    expect(answer.data).toBeInstanceOf(WrappedData);
    expect(JSON.parse((answer.data as WrappedData).text()).courses).toEqual(
      courses.map(({ title, place: { id: key } }) => ({ title, place: { id: key, street: `${key} street` } })),
    );
  });
});
