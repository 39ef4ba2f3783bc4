import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { createGateway, type EngineName, type Gateway } from '../../gateway/createGateway.ts';
import { systemClock } from '../../platform/clock/Clock.ts';
import { silentLogger } from '../../platform/logger/Logger.ts';
import type { SqlDatabase } from '../../platform/sql/SqlDatabase.ts';
import { openTestDatabase } from '../support/database.ts';
import { forgetfulStore } from '../support/testGateway.ts';
import { createHousingWorld, type HousingWorld, readToken } from './createHousingWorld.ts';

const TOWN = 'pruefstadt';
const fileWith = (switched: string) =>
  `name: Prüfstadt\nmodules: { housing: { enabled: ${switched}, moderation: wohnen@pruefstadt.example } }`;

const REVIEW = `mutation ($town: ID!, $id: ID!, $token: String) {
  reviewHousingOffer(municipality: $town, id: $id, decision: APPROVE, token: $token) {
    offer { status }
    userErrors { code }
  }
}`;
const CONFIRM = `mutation ($town: ID!, $token: String!) {
  confirmHousingOffer(municipality: $town, token: $token) { offer { status landlord { name } } userErrors { code } }
}`;

describe.each<[EngineName]>([['compiled'], ['apollo']])('moderation through the gateway, engine %s', (engine) => {
  let database: SqlDatabase;
  let world: HousingWorld;
  let gateway: Gateway;
  let url: string;
  beforeAll(async () => {
    database = await openTestDatabase();
    world = await createHousingWorld(database);
    gateway = await createGateway({
      supergraphSdl: readFileSync(join(process.cwd(), 'schema', 'supergraph.graphql'), 'utf8'),
      inProcess: new Map([['housing', world.subgraph]]),
      engine,
      municipalities: world.municipalities,
      store: forgetfulStore,
      clock: systemClock,
      logger: silentLogger,
    });
    url = `http://127.0.0.1:${await gateway.listen(0)}/graphql`;
  });
  afterAll(async () => {
    await gateway.close();
    await database.close();
  });

  async function send(query: string, variables: object): Promise<unknown> {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables: { town: TOWN, ...variables } }),
    });
    const { data, errors } = (await response.json()) as {
      data?: Record<string, unknown> | null;
      errors?: readonly { extensions: { code: string } }[];
    };
    return errors === undefined ? Object.values(data ?? {})[0] : errors.map(({ extensions }) => extensions.code);
  }

  it('lets an offer wait, refuses decisions while the module is off, and publishes it when it is on', async () => {
    world.municipalities.write(TOWN, fileWith('true'));
    const { id, token } = await world.place({}, TOWN);
    expect(await send(CONFIRM, { token })).toEqual({
      offer: { status: 'IN_REVIEW', landlord: { name: 'Mara Muster' } },
      userErrors: [],
    });
    const review = { id, token: readToken(world.mailer.messages.at(-1)) };

    world.municipalities.write(TOWN, fileWith('false'));
    expect(await send(REVIEW, review)).toEqual(['FEATURE_DISABLED']);
    expect((await world.rows()).map(({ status }) => status)).toEqual(['IN_REVIEW']);

    world.municipalities.write(TOWN, fileWith('true'));
    expect(await send(REVIEW, { id })).toEqual({ offer: null, userErrors: [{ code: 'TOKEN_UNKNOWN' }] });
    expect(await send(REVIEW, review)).toEqual({ offer: { status: 'PUBLISHED' }, userErrors: [] });
  });
});
