import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, describe, expect, it } from '@jest/globals';

import { createGateway, type Gateway } from '../../gateway/createGateway.ts';
import { systemClock } from '../../platform/clock/Clock.ts';
import { silentLogger } from '../../platform/logger/Logger.ts';
import { composeSupergraph } from '../../schema/composeSupergraph.ts';
import { registerOf, snapshotOf } from '../support/municipalitiesOf.ts';
import { FEDERATION, forgetfulStore } from '../support/testGateway.ts';

/** What has one name is gated in one type and not in the other. */
const CONTENT = `
  type Query { municipality(slug: ID!): Municipality }
  union Hit = Page | Event
  interface Titled { title: String }
  type Municipality @key(fields: "slug") { slug: ID! hits: [Hit] }
  type Page @key(fields: "id") { id: ID! title: String @feature(flag: "events") link: PageLink }
  type Event implements Titled @key(fields: "id") { id: ID! title: String link: EventLink }
  type PageLink { title: String @feature(flag: "events") }
  type EventLink { title: String }
`;
const NOTES = `
  type Page @key(fields: "id") { id: ID! likes: Int note: String @feature(flag: "events") }
  type Event @key(fields: "id") { id: ID! note: String }
`;

let open: (Server | Gateway)[] = [];
afterEach(async () => {
  for (const each of open) {
    await (each as { close(): unknown }).close();
  }
  open = [];
});

/** Answers everything with the same data: whoever does not look at what was asked. */
async function answerAlways(data: (body: string) => unknown): Promise<string> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data: data(body) }));
    });
  });
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

describe.each(['compiled', 'apollo'] as const)('one name for fields of several types, engine %s:', (engine) => {
  async function ask(query: string, hits: readonly object[], content = CONTENT) {
    const urls = {
      content: await answerAlways(() => ({ municipality: { __typename: 'Municipality', slug: 'a', hits } })),
      notes: await answerAlways((body) => ({
        _entities: representationsIn(body).map(({ __typename, id }) => ({
          id,
          __typename: 'Event', // a lie about pages
          likes: 3,
          x: __typename === 'Page' ? 'must not be seen' : 'open',
        })),
      })),
    };
    const composed = composeSupergraph([
      { name: 'content', url: urls.content, sdl: FEDERATION + content },
      { name: 'notes', url: urls.notes, sdl: FEDERATION + NOTES },
    ]);
    if (composed.kind === 'failed') {
      throw new Error(composed.problems.map(({ message }) => message).join('\n'));
    }
    const snapshot = snapshotOf({ a: { events: false } }, composed.supergraphSdl);
    const gateway = await createGateway({
      supergraphSdl: composed.supergraphSdl,
      engine,
      municipalities: registerOf(() => snapshot),
      store: forgetfulStore,
      keepsAnswers: false,
      clock: systemClock,
      logger: silentLogger,
    });
    open.unshift(gateway);
    const response = await fetch(`http://127.0.0.1:${await gateway.listen(0)}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    const text = await response.text();
    expect(text).not.toContain('must not be seen');
    return (JSON.parse(text) as { data: { municipality: { hits: unknown } } }).data.municipality.hits;
  }

  const PAGE = { __typename: 'Page', id: 'p', x: 'must not be seen' };
  const EVENT = { __typename: 'Event', id: 'e', x: 'open' };

  it('what is off of one type is not let in by the other type that has it on', async () => {
    expect(
      await ask('{ municipality(slug: "a") { hits { ... on Page { x: title } ... on Event { x: title } } } }', [
        PAGE,
        EVENT,
      ]),
    ).toEqual([{ x: null }, { x: 'open' }]);
  });

  it('nor by an interface that it does not implement', async () => {
    expect(
      await ask('{ municipality(slug: "a") { hits { ... on Page { x: title } ... on Titled { x: title } } } }', [
        PAGE,
        EVENT,
      ]),
    ).toEqual([{ x: null }, { x: 'open' }]);
  });

  it('nor where the name leads to objects', async () => {
    expect(
      await ask(
        '{ municipality(slug: "a") { hits { ... on Page { l: link { x: title } } ... on Event { l: link { x: title } } } } }',
        [
          { ...PAGE, l: { x: 'must not be seen' } },
          { ...EVENT, l: { x: 'open' } },
        ],
      ),
    ).toEqual([{ l: { x: null } }, { l: { x: 'open' } }]);
  });

  it('nor for entities, whatever type a subgraph claims for them', async () => {
    expect(
      await ask(
        '{ municipality(slug: "a") { hits { ... on Page { id likes x: note } ... on Event { id x: note } } } }',
        [
          { __typename: 'Page', id: 'p' },
          { __typename: 'Event', id: 'e' },
        ],
      ),
    ).toEqual([
      { id: 'p', likes: 3, x: null },
      { id: 'e', x: 'open' },
    ]);
  });

  it.each([
    ['keeps to itself', {}],
    ['makes up', { __typename: 'Nobody' }],
    ['takes from another', { __typename: 'Municipality' }],
  ])('nor of a type that is off where the subgraph %s what an object is', async (_what, typename) => {
    const content = CONTENT.replace(
      'type Event implements Titled @key(fields: "id")',
      'type Event implements Titled @key(fields: "id") @feature(flag: "events")',
    ).replace('hits: [Hit]', 'hits: [Titled]');

    const hits = await ask(
      '{ municipality(slug: "a") { hits { title } } }',
      [{ ...typename, id: 'e', title: 'must not be seen' }],
      content,
    );

    expect(['[null]', '[{"title":null}]']).toContain(JSON.stringify(hits));
  });
});

function representationsIn(body: string): readonly { readonly __typename: string; readonly id: string }[] {
  return (JSON.parse(body) as { variables: { representations: { __typename: string; id: string }[] } }).variables
    .representations;
}
