import { afterEach, describe, expect, it } from '@jest/globals';

import type { EngineName } from '../../gateway/createGateway.ts';
import { type RawGateway, startRawGateway } from '../support/rawGateway.ts';
import { jsonAnswer, type RawServer, startRawServer } from '../support/rawServer.ts';
import type { TestAnswer } from '../support/testGateway.ts';

const TOWNS = ['1', '2'].map((id) => ({ __typename: 'Town', id, name: `Town ${id}`, email: `mayor@${id}.example` }));
const GOOD_SDL = 'type Query { towns: [Town!] } type Town @key(fields: "id") { id: ID!  name: String  email: String }';
const EVIL_SDL = `
  type Town @key(fields: "id") @cacheControl(maxAge: 60) { id: ID!  hint: String  count: Int  place: Place  sign: Sign  signs: [Sign!]  must: Must }
  type Place { name: String  spot: Spot }
  type Spot { name: String }
  type Must { leaf: String!  list: [Int!]! }
  interface Sign { text: String }
  type Road implements Sign { text: String }
  type Shop implements Sign { text: String }
`;
const OPERATION = '{ towns { id name email hint count place { name spot { name } } } }';
const PLACE = { name: 'Markt', spot: { name: 'Brunnen' } };
const DETAILS = { hint: 'h', count: 1, place: PLACE };
/** What a good subgraph sends for the two towns. */
const GOOD = ['1', '2'].map((id) => ({ __typename: 'Town', id, ...DETAILS }));

/** Answers come with leave to keep them, which none of them may have. */
const KEEP = 'cache-control: max-age=60, public\r\n';
const entities = (list: unknown) => jsonAnswer({ data: { _entities: list } }, KEEP);
const body = (text: string) => jsonAnswer(text, KEEP);

let servers: RawServer[] = [];
let gateway: RawGateway;
afterEach(async () => {
  await gateway.close();
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
});

describe.each<[EngineName, string, boolean]>([
  ['compiled', 'nothing kept', false],
  ['compiled', 'answers kept', true],
  ['apollo', 'answers kept', true],
])('answers of a hostile subgraph, engine %s, %s:', (engine, _kept, keepsAnswers) => {
  let answer = '';

  /** A gateway over a subgraph that answers well, and one that writes `answer`. */
  async function start(first: string): Promise<RawServer> {
    answer = first;
    const good = await startRawServer((socket) => socket.write(jsonAnswer({ data: { towns: TOWNS } })));
    const evil = await startRawServer((socket) => socket.write(answer));
    servers = [good, evil];
    gateway = await startRawGateway(
      {
        good: { sdl: GOOD_SDL, url: `${good.origin}/graphql` },
        evil: { sdl: EVIL_SDL, url: `${evil.origin}/graphql` },
      },
      { engine, keepsAnswers },
    );
    return evil;
  }

  /** The answer on the first sight of the operation and on the way of known ones, which are equal. */
  async function ask(operation = OPERATION): Promise<TestAnswer> {
    const first = await gateway.execute(operation);
    const again = await gateway.execute(operation);
    expect(withoutIds(again)).toEqual(withoutIds(first));
    return first;
  }

  /** Cases in which @apollo/gateway does otherwise (docs/engines.md). */
  const ours = <Case>(...cases: readonly Case[]): readonly Case[] => (engine === 'compiled' ? cases : []);
  const codesOf = ({ errors = [] }: TestAnswer) => [...new Set(errors.map(({ extensions }) => extensions.code))];
  const pathsOf = ({ errors = [] }: TestAnswer) => errors.map(({ path }) => path?.join('.')).sort();
  const shown = (...details: readonly object[]) => ({
    towns: TOWNS.map(({ __typename, ...town }, n) => ({ ...town, ...details[n] })),
  });
  const NONE = { hint: null, count: null, place: null };

  it.each<[string, object, object, readonly string[]]>([
    ['a list for text', { hint: ['h'] }, { hint: null }, ['towns.0.hint']],
    ['an object for text', { hint: { a: 1 } }, { hint: null }, ['towns.0.hint']],
    ['text for an integer', { count: '1' }, { count: null }, ['towns.0.count']],
    ['a fraction for an integer', { count: 1.5 }, { count: null }, ['towns.0.count']],
    ...ours<[string, object, object, readonly string[]]>(
      ['a list for an object', { place: [PLACE] }, { place: null }, ['towns.0.place']],
      ['text for an object', { place: 'Markt' }, { place: null }, ['towns.0.place']],
    ),
  ])('%s is null with the code, and the rest is whole (S-01)', async (_what, sent, seen, paths) => {
    await start(entities([{ ...GOOD[0], ...sent }, GOOD[1]]));

    const seenAnswer = await ask();

    expect(seenAnswer.data).toEqual(shown({ ...DETAILS, ...seen }, DETAILS));
    expect([codesOf(seenAnswer), pathsOf(seenAnswer)]).toEqual([['SUBGRAPH_INVALID_RESPONSE'], paths]);
  });

  it.each<[string, object, string]>([
    ['a leaf', { leaf: null, list: [1] }, 'towns.0.must.leaf'],
    ['an item of a list', { leaf: 'x', list: [1, null] }, 'towns.0.must.list.1'],
    ['a list', { leaf: 'x', list: null }, 'towns.0.must.list'],
  ])(
    'null where it is forbidden goes no further than the next that may be null: %s (S-02)',
    async (_what, must, path) => {
      await start(
        entities([
          { ...GOOD[0], must },
          { ...GOOD[1], must: { leaf: 'y', list: [] } },
        ]),
      );

      const answered = await ask('{ towns { id must { leaf list } } }');

      expect(answered.data).toEqual({
        towns: [
          { id: '1', must: null },
          { id: '2', must: { leaf: 'y', list: [] } },
        ],
      });
      expect([codesOf(answered), pathsOf(answered)]).toEqual([['SUBGRAPH_INVALID_RESPONSE'], [path]]);
    },
  );

  it('fields that nobody asked for change nothing, another subgraph’s least of all (S-03)', async () => {
    const surplus = { name: 'evil', email: 'evil@evil.example', secret: 1, must: { leaf: 'x' }, _entities: [] };
    const place = { ...PLACE, id: '9', spot: { ...PLACE.spot, secret: 1 } };
    await start(entities(GOOD.map((each) => ({ ...each, ...surplus, place }))));

    const answered = await ask();

    expect(answered).toMatchObject({ data: shown(DETAILS, DETAILS), errors: undefined });
    expect(JSON.stringify(answered)).not.toMatch(/evil|secret/);
  });

  it.each<[string, string]>([
    ['too few', entities([GOOD[0]])],
    ['none', entities([])],
    ['too many', entities([...GOOD, GOOD[0]])],
    ['an object', entities({ 0: GOOD[0], 1: GOOD[1], length: 2 })],
    ['text', entities('[]')],
    ['nothing at all', jsonAnswer({ data: {} }, KEEP)],
    ['null', entities(null)],
  ])('where entities are due, %s is an error of this fetch alone, and is not kept (S-04)', async (_what, sent) => {
    await start(sent);

    const answered = await ask();
    answer = entities(GOOD);

    expect(answered.data).toEqual(shown(NONE, NONE));
    expect(codesOf(answered)).toEqual(['SUBGRAPH_INVALID_RESPONSE']);
    expect((await ask()).data).toEqual(shown(DETAILS, DETAILS));
  });

  it('a null entity is null for itself alone (S-05)', async () => {
    await start(entities([null, GOOD[1]]));
    const answered = await gateway.execute(OPERATION);
    answer = keepsAnswers ? entities([null]) : answer; // the other town is kept
    expect(answered).toMatchObject({ data: shown(NONE, DETAILS), errors: undefined });
    expect(await gateway.execute(OPERATION)).toMatchObject({ data: shown(NONE, DETAILS), errors: undefined });
  });

  // @apollo/gateway merges by position alone (docs/engines.md).
  (engine === 'compiled' ? it : it.skip).each([
    ['in another order', [GOOD[1], GOOD[0]]],
    ['one of which is another', [GOOD[0], { ...GOOD[1], id: '3' }]],
    ['one of which stands twice', [GOOD[0], GOOD[0]]],
  ])('entities %s are an error, and nothing of them is shown or kept (S-06)', async (_what, sent) => {
    await start(entities(sent));

    const answered = await ask();
    answer = entities(GOOD);

    expect(answered.data).toEqual(shown(NONE, NONE));
    expect(codesOf(answered)).toEqual(['SUBGRAPH_INVALID_RESPONSE']);
    expect((await ask()).data).toEqual(shown(DETAILS, DETAILS));
  });

  it('keys such as __proto__ at every depth reach no prototype, neither on the way nor out of the cache (S-07)', async () => {
    const keys = '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toString":"evil",';
    await start(body(JSON.stringify({ data: { _entities: GOOD } }).replaceAll('{', `{${keys}`)));

    const answered = await ask();

    expect(answered).toMatchObject({ data: shown(DETAILS, DETAILS), errors: undefined });
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(['polluted' in {}, 'polluted' in Object, `${{}}`]).toEqual([false, false, '[object Object]']);
  });

  it.each<[string, unknown, unknown]>([
    ['that the schema has not', { __typename: 'Nobody', text: 'x' }, null],
    ['that is a prototype’s', { __typename: 'constructor', text: 'x' }, null],
    ['that is missing', { text: 'x' }, { text: 'x' }],
    ...ours<[string, unknown, unknown]>(
      ['of another interface', { __typename: 'Place', text: 'x' }, null],
      ['that is no text', { __typename: 7, text: 'x' }, null],
    ),
    ['that is right', { __typename: 'Shop', text: 'x' }, { text: 'x' }],
  ])('an object with a type name %s (S-08)', async (_what, sent, seen) => {
    await start(entities([{ ...GOOD[0], sign: sent }, GOOD[1]]));

    const answered = await ask('{ towns { id hint sign { text } } }');

    expect(answered.status).toBe(200);
    expect(answered.data).toMatchObject({
      towns: [
        { id: '1', hint: 'h', sign: seen },
        { id: '2', hint: 'h' },
      ],
    });
    expect(new Set([...codesOf(answered), 'SUBGRAPH_INVALID_RESPONSE'])).toEqual(
      new Set(['SUBGRAPH_INVALID_RESPONSE']),
    );
  });

  it('an entity that says it is of another type is no town (S-08)', async () => {
    await start(entities(GOOD.map((each) => ({ ...each, __typename: 'Nobody' }))));
    const { status, data } = await ask();
    expect({ status, data }).toMatchObject({ status: 200, data: { towns: [{ id: '1' }, { id: '2' }] } });
  });

  const GOOD_TEXT = JSON.stringify({ data: { _entities: GOOD } });
  it.each<[string, string]>([
    ['JSON that ends early (S-09)', body(GOOD_TEXT.slice(0, -3))],
    ['JSON and more (S-09)', body(`${GOOD_TEXT} true`)],
    ['JSON twice (S-09)', body(GOOD_TEXT + GOOD_TEXT)],
    ['NaN (S-09)', body(GOOD_TEXT.replace('"count":1', '"count":NaN'))],
    ['a login page (S-10)', loginPage()],
    ['status 204 (S-10)', 'HTTP/1.1 204 No Content\r\n\r\n'],
    ['nothing (S-10)', body('')],
    ['{} (S-10)', body('{}')],
    ['null (S-10)', body('null')],
    ['[] (S-10)', body('[]')],
    ['{"data":null} (S-10)', body('{"data":null}')],
    ['{"data":null,"errors":[]} (S-10)', body('{"data":null,"errors":[]}')],
    ['{"data":null,"errors":"x"} (S-10)', body('{"data":null,"errors":"x"}')],
    ['data and no errors in "errors" (S-10)', body(GOOD_TEXT.replace(/}$/, ',"errors":[]}'))],
    ['data and text in "errors" (S-10)', body(GOOD_TEXT.replace(/}$/, ',"errors":"x"}'))],
    ['"errors" before data (S-10)', body(GOOD_TEXT.replace('{', '{"errors":{},'))],
  ])('%s is an error, is not kept, and five of them are enough', async (_what, sent) => {
    const evil = await start(sent);

    const answered = await ask();
    expect([answered.status, answered.data]).toEqual([200, shown(NONE, NONE)]);
    expect(codesOf(answered)).toEqual(['SUBGRAPH_INVALID_RESPONSE']);
    answer = entities(GOOD);
    expect((await gateway.execute('{ towns { id hint } }')).data).toMatchObject({
      towns: [{ hint: 'h' }, { hint: 'h' }],
    });

    answer = sent;
    const before = evil.requests().length;
    for (let n = 0; n < 7; n += 1) {
      expect((await gateway.execute('{ towns { count place { name } } }')).errors).toBeDefined();
    }
    expect(evil.requests().length - before).toBe(5);
  });

  it('errors that are no errors are errors all the same (S-10, S-21)', async () => {
    await start(
      jsonAnswer({ data: { _entities: [null, null] }, errors: [null, 'x', 5, [], {}, { message: 7, path: 'y' }] }),
    );

    const answered = await ask();

    expect(answered.data).toEqual(shown(NONE, NONE));
    expect(codesOf(answered)).toEqual(['SUBGRAPH_ERROR']);
  });
});

function loginPage(): string {
  const page = '<form action="/login">';
  return `HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n${KEEP}content-length: ${page.length}\r\n\r\n${page}`;
}

/** Without what differs from request to request. */
function withoutIds({ status, data, errors }: TestAnswer): object {
  return {
    status,
    data,
    errors: errors?.map(({ message, path, extensions: { requestId, ...extensions } }) => ({
      message,
      path,
      extensions,
    })),
  };
}
