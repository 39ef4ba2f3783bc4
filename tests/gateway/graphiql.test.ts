import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';

import { createGateway, type Gateway } from '../../gateway/createGateway.ts';
import { systemClock } from '../../platform/clock/Clock.ts';
import { silentLogger } from '../../platform/logger/Logger.ts';
import { composeSupergraph } from '../../schema/composeSupergraph.ts';
import { createSubgraph } from '../../subgraphs/kit/createSubgraph.ts';
import { FEDERATION, forgetfulStore } from '../support/testGateway.ts';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const SDL = `${FEDERATION} type Query { hello: String! }`;

const isMissing = !existsSync(CHROMIUM) && process.env.CI === undefined;

(isMissing ? describe.skip : describe)(
  isMissing ? 'the explorer (skipped: no Chromium at $CHROMIUM)' : 'the explorer',
  () => {
    let gateway: Gateway;
    let origin: string;
    let browser: Browser;
    let page: Page;
    const strangers: string[] = [];
    const complaints: string[] = [];

    beforeAll(async () => {
      const greetings = await createSubgraph({
        name: 'greetings',
        typeDefs: SDL,
        resolvers: { Query: { hello: () => 'world' } },
        createContext: () => ({}),
        logger: silentLogger,
      });
      const composed = composeSupergraph([{ name: 'greetings', url: 'http://127.0.0.1:1/graphql', sdl: SDL }]);
      if (composed.kind === 'failed') {
        throw new Error(composed.problems.map(({ message }) => message).join('\n'));
      }
      gateway = await createGateway({
        supergraphSdl: composed.supergraphSdl,
        inProcess: new Map([['greetings', greetings]]),
        store: forgetfulStore,
        clock: systemClock,
        logger: silentLogger,
        graphiql: { endpoint: '/graphql', example: '{ hello }', packageRoot: join(import.meta.dirname, '..', '..') },
      });
      origin = `http://127.0.0.1:${await gateway.listen(0)}`;
      browser = await chromium.launch({
        executablePath: CHROMIUM,
        args: [
          '--no-sandbox',
          '--disable-gpu',
          '--disable-quic',
          '--no-first-run',
          '--disable-background-networking',
          '--disable-component-update',
          '--disable-sync',
        ],
      });
      page = await browser.newPage();
      page.on('request', (request) => {
        if (!request.url().startsWith(origin) && !request.url().startsWith('data:')) {
          strangers.push(request.url());
        }
      });
      page.on('console', (message) => {
        if (message.type() === 'error') {
          complaints.push(message.text());
        }
      });
      page.on('pageerror', (error) => complaints.push(error.message));
    });

    afterAll(async () => {
      await browser?.close();
      await gateway?.close();
    });

    it('runs the example at a click, loads nothing from other hosts and breaks no policy', async () => {
      await page.goto(origin, { waitUntil: 'networkidle' });
      expect(new URL(page.url()).pathname).toBe('/graphiql');

      await page.click('button.graphiql-execute-button');
      // A function to wait for would be a string to evaluate, which the page's policy forbids.
      await page.locator('.result-window', { hasText: '"hello": "world"' }).waitFor({ timeout: 60_000 });

      expect(strangers).toEqual([]);
      expect(complaints).toEqual([]);
    });
  },
);
