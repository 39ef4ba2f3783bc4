import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';

import type { SqlDatabase } from '../../platform/sql/SqlDatabase.ts';
import { describeDatabases } from '../support/database.ts';
import {
  createHousingWorld,
  DAY_MS,
  HOUR_MS,
  type HousingWorld,
  payloadOf,
  resolveOffers,
  TOKEN_UNKNOWN,
} from './createHousingWorld.ts';

describeDatabases('confirmHousingOffer and withdrawHousingOffer', (open) => {
  let database: SqlDatabase;
  let world: HousingWorld;
  beforeAll(async () => {
    database = await open();
  });
  beforeEach(async () => {
    world = await createHousingWorld(database);
  });
  afterAll(async () => {
    await database.close();
  });

  it('publishes an offer for as long as its landlord asked', async () => {
    const { id, token } = await world.place({ durationDays: 30 });
    world.clock.advance(HOUR_MS);

    const reply = await world.confirm(token);

    expect(payloadOf(reply)).toEqual({
      offer: {
        id,
        status: 'PUBLISHED',
        publishedAt: '2031-05-03T13:00:00.000Z',
        expiresAt: '2031-06-02T13:00:00.000Z',
        landlord: { name: 'Mara Muster' },
      },
      userErrors: [],
    });
    expect(await world.listed()).toEqual([id]);
    expect(await resolveOffers(world, [id])).toHaveLength(1);
  });

  it('takes a repeated confirmation for the first one and does not prolong the offer', async () => {
    const { token } = await world.place();
    const first = payloadOf(await world.confirm(token));
    world.clock.advance(2 * DAY_MS);

    expect(payloadOf(await world.confirm(token))).toEqual(first);
  });

  it('accepts a token with the spaces and capitals that copying adds', async () => {
    const { id, token } = await world.place();

    expect(payloadOf(await world.confirm(` ${token.toUpperCase()}\n`)).offer).toMatchObject({ id });
  });

  it('accepts the token until 48 hours have passed and no longer', async () => {
    const early = await world.place();
    const late = await world.place();
    world.clock.advance(48 * HOUR_MS - 1);
    expect(payloadOf(await world.confirm(early.token)).offer).toMatchObject({ id: early.id });

    world.clock.advance(1);
    expect(payloadOf(await world.confirm(late.token))).toEqual(TOKEN_UNKNOWN);
    expect(await world.listed()).toEqual([early.id]);
  });

  it('X-03: answers every token that does not fit in the same way and changes nothing', async () => {
    const first = await world.place();
    const second = await world.publish();
    const before = await world.rows();
    const strangers = [
      '',
      ' ',
      'null',
      first.id,
      first.token.slice(0, -1),
      `${first.token}0`,
      // the secret of one offer with the id of the other
      `${second.id}${first.token.slice(32)}`,
      `${first.id}${second.token.slice(32)}`,
      `${first.id}${'0'.repeat(40)}`,
      '0'.repeat(72),
      "' or '1'='1",
      'x'.repeat(1_000_000),
      `${first.token}\u0000`,
      `${first.token} ${second.token}`,
    ];

    for (const token of strangers) {
      expect(payloadOf(await world.confirm(token))).toEqual(TOKEN_UNKNOWN);
      expect(payloadOf(await world.withdraw(token))).toEqual(TOKEN_UNKNOWN);
    }
    for (const { token } of [first, second]) {
      expect(payloadOf(await world.confirm(token, 'beispielheim'))).toEqual(TOKEN_UNKNOWN);
      expect(payloadOf(await world.withdraw(token, 'beispielheim'))).toEqual(TOKEN_UNKNOWN);
      expect(payloadOf(await world.withdraw(token, 'atlantis\u0000'))).toEqual(TOKEN_UNKNOWN);
    }
    expect(await world.rows()).toEqual(before);
  });

  it.each([null, ['x'], { token: 'x' }, 42])(
    'X-03: refuses %j as a token before it reaches the store',
    async (token) => {
      for (const mutation of ['confirmHousingOffer', 'withdrawHousingOffer']) {
        const reply = await world.execute(
          `mutation ($token: String!) { ${mutation}(municipality: "musterstadt", token: $token) { offer { id } } }`,
          { token },
        );
        expect(reply.errors?.map(({ extensions }) => extensions?.code)).toEqual(['BAD_USER_INPUT']);
      }
    },
  );

  it('refuses to confirm in a municipality that the register does not hold', async () => {
    const { token } = await world.place();

    const reply = await world.confirm(token, 'atlantis');

    expect(reply.errors?.map(({ extensions }) => extensions?.code)).toEqual(['MUNICIPALITY_UNKNOWN']);
  });

  it('withdraws an unconfirmed offer', async () => {
    const { id, token } = await world.place();

    expect(payloadOf(await world.withdraw(token)).offer).toMatchObject({ id, status: 'WITHDRAWN', landlord: null });
    expect(await world.rows()).toEqual([]);
  });

  it('withdraws a published offer', async () => {
    const { id, token } = await world.publish();

    expect(payloadOf(await world.withdraw(token)).offer).toMatchObject({ id, status: 'WITHDRAWN', landlord: null });
    expect(await world.listed()).toEqual([]);
    expect(await resolveOffers(world, [id])).toEqual([null]);
  });

  it('withdraws an expired offer that the purge has not reached', async () => {
    const { id, token } = await world.publish({ durationDays: 3 });
    world.clock.advance(3 * DAY_MS);

    expect(payloadOf(await world.withdraw(token)).offer).toMatchObject({ id, status: 'WITHDRAWN' });
    expect(await world.rows()).toEqual([]);
  });

  it('X-17: withdraws where the module is off, and after the municipality has left', async () => {
    const off = await world.place({}, 'switched-off');
    const gone = await world.publish({}, 'beispielheim');
    world.municipalities.remove('beispielheim');

    expect(payloadOf(await world.withdraw(off.token, 'switched-off')).offer).toMatchObject({ id: off.id });
    expect(payloadOf(await world.withdraw(gone.token, 'beispielheim')).offer).toMatchObject({ id: gone.id });
    expect(await world.rows()).toEqual([]);
  });

  it('X-06: knows no token any more after a withdrawal', async () => {
    const { token } = await world.publish();
    await world.withdraw(token);

    expect(payloadOf(await world.withdraw(token))).toEqual(TOKEN_UNKNOWN);
    expect(payloadOf(await world.confirm(token))).toEqual(TOKEN_UNKNOWN);
  });

  it('X-06: publishes nothing by a token whose offer has expired', async () => {
    const { token } = await world.publish({ durationDays: 3 });
    world.clock.advance(3 * DAY_MS);

    expect(payloadOf(await world.confirm(token))).toEqual(TOKEN_UNKNOWN);
    expect(await world.listed()).toEqual([]);
  });

  it('X-06: knows no token of an offer that was made anew', async () => {
    const input = { idempotencyKey: 'form-4711-abcdef' };
    const old = await world.place({ ...input, landlord: { name: 'Mara Muster', email: 'mara@example.org' } });
    await database.query('update housing_offer set mail_sent_at = null');
    world.clock.advance(61_000);
    await world.place({ ...input, landlord: { name: 'Mara Muster', email: 'mara@example.org' } });

    expect(payloadOf(await world.confirm(old.token))).toEqual(TOKEN_UNKNOWN);
    expect(await world.rows()).toHaveLength(1);
  });

  it('X-17: leaves nothing of the person in any table after a withdrawal', async () => {
    const marker = 'Xanthippe';
    const { token } = await world.publish({
      title: `${marker} vermietet`,
      description: marker,
      place: { street: marker, town: marker },
      landlord: { name: marker, email: `${marker}@example.org`, phone: '+49 30 23125 000' },
      idempotencyKey: `${marker}-key`,
    });
    const { rows: tables } = await database.query(
      "select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'",
    );
    const dump = async () =>
      JSON.stringify(
        await Promise.all(tables.map(async ({ name }) => (await database.query(`select * from "${name}"`)).rows)),
      );
    expect(await dump()).toMatch(/xanthippe/i);
    const secretHash = String((await world.rows())[0]?.token_hash);

    await world.withdraw(token);

    const after = await dump();
    expect(after).not.toMatch(/xanthippe|23125/i);
    expect(after).not.toContain(secretHash);
  });

  it('X-17: logs an erasure by its id alone, so that it can be repeated after a restore', async () => {
    const { id, token } = await world.publish();
    world.logger.lines.length = 0;

    await world.withdraw(token);

    expect(world.logger.lines.map((line) => JSON.parse(line))).toEqual([
      { level: 'info', message: 'housing offer erased', offer: id },
    ]);
  });

  it('lets an erasure win against a confirmation at the same moment', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { token } = await world.place();
      await Promise.all([world.confirm(token), world.withdraw(token), world.confirm(token)]);
      expect(await world.rows()).toEqual([]);
    }
  });

  it('X-20: writes no personal data and no token to the log, from creation over errors to erasure', async () => {
    const marker = 'Xanthippe';
    const input = {
      title: `${marker} vermietet`,
      description: marker,
      place: { street: marker, town: marker },
      landlord: { name: marker, email: `${marker}@example.org`, phone: '+49 30 23125 000' },
      idempotencyKey: `${marker}-key`,
    };
    const { token } = await world.place(input);
    await world.create({ ...input, baseRentCents: 1 });
    await world.create({ ...input, durationDays: 400 });
    await world.create({ ...input, rooms: [marker] });
    await world.create({ ...input, idempotencyKey: null }, marker);
    await world.confirm(token);
    await world.listed('musterstadt', `(filter: { text: "${marker}" })`);
    await world.confirm(token, marker);
    world.mailer.failWith = 'unavailable';
    await world.create({ ...input, idempotencyKey: null });
    world.mailer.failWith = 'refused';
    await world.create({ ...input, idempotencyKey: null });
    world.mailer.failWith = undefined;
    // A statement that the database refuses: PostgreSQL's error quotes the whole row.
    await database.query('alter table housing_offer add constraint refuse_all check (title is null) not valid');
    const refused = await world.create({ ...input, idempotencyKey: null });
    await database.query('alter table housing_offer drop constraint refuse_all');
    await world.withdraw(token);

    expect(refused.errors?.map(({ extensions }) => extensions?.code)).toEqual(['INTERNAL_SERVER_ERROR']);
    const log = world.logger.lines.join('\n');
    expect(log).toContain('SQLSTATE 23514');
    expect(log).toContain('housing offer discarded');
    expect(log).toContain('housing offer erased');
    expect(log).not.toMatch(/xanthippe|23125/i);
    expect(log).not.toContain(token.slice(32));
  });
});
