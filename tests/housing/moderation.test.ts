import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';

import type { Mailer } from '../../platform/mail/Mailer.ts';
import type { SqlDatabase } from '../../platform/sql/SqlDatabase.ts';
import { purgeHousing } from '../../subgraphs/housing/createHousingMaintenance.ts';
import type { SubgraphReply } from '../../subgraphs/kit/Subgraph.ts';
import { describeDatabases } from '../support/database.ts';
import {
  codesOf,
  createHousingWorld,
  createRecordingLogger,
  createRecordingMailer,
  DAY_MS,
  HOUR_MS,
  type HousingWorld,
  payloadOf,
  readToken,
  resolveOffers,
  TOKEN_UNKNOWN,
} from './createHousingWorld.ts';

const TOWN = 'pruefstadt';
const MODERATOR = 'wohnen@pruefstadt.example';
const MODERATED = `name: Prüfstadt\nmodules: { housing: { enabled: true, moderation: ${MODERATOR} } }`;
const UNMODERATED = 'name: Prüfstadt\nmodules: { housing: { enabled: true, moderation: false } }';

const REVIEW = `
  mutation ($municipality: ID!, $id: ID!, $decision: ReviewDecision!, $reason: String, $token: String) {
    reviewHousingOffer(municipality: $municipality, id: $id, decision: $decision, reason: $reason, token: $token) {
      offer { id status publishedAt expiresAt landlord { name } }
      userErrors { field message code }
    }
  }`;

interface Review {
  readonly id: string;
  readonly token?: string;
  readonly decision?: 'APPROVE' | 'REJECT';
  readonly reason?: string;
}

describeDatabases('moderation of housing offers', (open) => {
  let database: SqlDatabase;
  let world: HousingWorld;
  beforeAll(async () => {
    database = await open();
  });
  beforeEach(async () => {
    world = await createHousingWorld(database);
    world.municipalities.write(TOWN, MODERATED);
  });
  afterAll(async () => {
    await database.close();
  });

  function review({ decision = 'APPROVE', ...rest }: Review, municipality = TOWN, on = world): Promise<SubgraphReply> {
    return on.execute(REVIEW, { municipality, decision, ...rest });
  }

  /** Places and confirms an offer, and takes the moderator's token out of the e-mail. */
  async function submit(changes: Record<string, unknown> = {}) {
    const landlord = await world.place(changes, TOWN);
    await world.confirm(landlord.token, TOWN);
    const mail = world.mailer.messages.at(-1);
    return { id: landlord.id, token: readToken(mail), landlordToken: landlord.token, mail };
  }

  async function visible(id: string): Promise<boolean> {
    const isListed = (await world.listed(TOWN)).includes(id);
    const [resolved] = await resolveOffers(world, [id]);
    expect(resolved !== null).toBe(isListed);
    return isListed;
  }

  it('lets a confirmed offer wait, seen by nobody, and tells the moderator', async () => {
    const { id, token } = await world.place(
      {
        title: 'Zwei Zimmer am Fluss',
        description: 'Hell und ruhig.',
        place: { street: 'Uferweg 1', town: 'Prüfstadt' },
      },
      TOWN,
    );
    world.clock.advance(HOUR_MS);

    const reply = await world.confirm(token, TOWN);

    expect(payloadOf(reply)).toEqual({
      offer: {
        id,
        status: 'IN_REVIEW',
        publishedAt: null,
        expiresAt: '2031-05-17T13:00:00.000Z',
        landlord: { name: 'Mara Muster' },
      },
      userErrors: [],
    });
    expect(await visible(id)).toBe(false);
    expect(world.mailer.messages).toHaveLength(2);
    const mail = world.mailer.messages[1];
    expect(mail?.to).toBe(MODERATOR);
    expect(mail?.text).toContain(
      [
        '> Zwei Zimmer am Fluss',
        '> 54 m², 2 Zimmer, 480,00\u00a0€ im Monat',
        '> Uferweg 1, Prüfstadt',
        '> Mara Muster',
        '> Hell und ruhig.',
      ].join('\n'),
    );
    expect(mail?.text).toContain(id);
  });

  it('says in the first e-mail that the offer is reviewed, only where it is', async () => {
    await world.place({}, TOWN);
    await world.place({}, 'musterstadt');

    const [moderated, plain] = world.mailer.messages.map(({ text }) => text);
    expect(moderated).toMatch(/Danach wird es geprüft.*then reviewed/s);
    expect(plain).not.toMatch(/geprüft|reviewed/);
  });

  it('shows the landlord that the offer waits, and tells the moderator once', async () => {
    const { id, landlordToken } = await submit();

    expect(payloadOf(await world.confirm(landlordToken, TOWN)).offer).toMatchObject({ id, status: 'IN_REVIEW' });

    expect(world.mailer.messages).toHaveLength(2);
  });

  it('answers a retry of the creation with the offer that waits', async () => {
    const input = { landlord: { name: 'Mara Muster', email: 'retry@example.org' }, idempotencyKey: 'form-number-1' };
    const { token } = await world.place(input, TOWN);
    await world.confirm(token, TOWN);

    expect(payloadOf(await world.create(input, TOWN)).offer).toMatchObject({ status: 'IN_REVIEW' });
    expect(await world.rows()).toHaveLength(1);
  });

  it('publishes by the moderator’s code, for as long as the landlord asked from then on, and tells the landlord', async () => {
    const { id, token, landlordToken } = await submit({ durationDays: 30 });
    world.clock.advance(DAY_MS);

    const reply = payloadOf(await review({ id, token }));

    expect(reply.offer).toMatchObject({
      id,
      status: 'PUBLISHED',
      publishedAt: '2031-05-04T12:00:00.000Z',
      expiresAt: '2031-06-03T12:00:00.000Z',
    });
    expect(await visible(id)).toBe(true);
    const mail = world.mailer.messages[2];
    expect(mail?.to).toMatch(/^person-\d+@example\.org$/);
    expect(mail?.subject).toContain('published');
    expect(mail?.text).not.toMatch(/[0-9a-f]{40}/);
    // Again: the same answer, no second e-mail.
    expect(payloadOf(await review({ id, token }))).toEqual(reply);
    expect(payloadOf(await world.confirm(landlordToken, TOWN)).offer).toEqual(reply.offer);
    expect(world.mailer.messages).toHaveLength(3);
  });

  it('X-17: rejects by erasing, and tells the landlord why', async () => {
    const { id, token, landlordToken } = await submit();

    const reply = payloadOf(
      await review({ id, token, decision: 'REJECT', reason: 'Die Wohnung liegt\nnicht bei uns.' }),
    );

    expect(reply).toEqual({
      offer: expect.objectContaining({ id, status: 'REJECTED', landlord: null }),
      userErrors: [],
    });
    expect(await world.rows()).toEqual([]);
    expect(world.mailer.messages[2]?.text).toContain('Begründung:\nDie Wohnung liegt\nnicht bei uns.\n');
    for (const later of [
      await review({ id, token }),
      await world.confirm(landlordToken, TOWN),
      await world.withdraw(landlordToken, TOWN),
    ]) {
      expect(payloadOf(later)).toEqual(TOKEN_UNKNOWN);
    }
  });

  it('takes an approved offer down by the same code', async () => {
    const { id, token } = await submit();
    await review({ id, token });

    expect(payloadOf(await review({ id, token, decision: 'REJECT' })).offer).toMatchObject({ status: 'REJECTED' });

    expect(await visible(id)).toBe(false);
    expect(await world.rows()).toEqual([]);
  });

  it('G-45: decides nothing without the moderator’s code for this very offer, and answers all others alike', async () => {
    const first = await submit();
    const second = await submit();
    const before = await world.rows();
    const strangers: readonly (readonly [Review, string?])[] = [
      [{ id: first.id }],
      [{ id: first.id, token: '' }],
      [{ id: first.id, token: first.landlordToken }],
      [{ id: first.id, token: second.token }],
      [{ id: second.id, token: first.token }],
      [{ id: first.id, token: `${first.id}${second.token.slice(32)}` }],
      [{ id: first.id, token: `${first.id}${String(before[0]?.review_token_hash).slice(0, 40)}` }],
      [{ id: first.id, token: `${first.id}${'0'.repeat(40)}` }],
      [{ id: '0'.repeat(32), token: '0'.repeat(72) }],
      [{ id: first.id, token: first.token }, 'musterstadt'],
    ];
    for (const [attempt, municipality] of strangers) {
      for (const decision of ['APPROVE', 'REJECT'] as const) {
        expect(payloadOf(await review({ ...attempt, decision }, municipality))).toEqual(TOKEN_UNKNOWN);
      }
    }

    expect(await world.rows()).toEqual(before);
    expect(world.mailer.messages).toHaveLength(4);
  });

  it('G-45: gives an offer that nobody has confirmed no code that could decide', async () => {
    const { id, token } = await world.place({}, TOWN);

    for (const attempt of [{ id }, { id, token }, { id, token: `${id}${'0'.repeat(40)}` }]) {
      expect(payloadOf(await review(attempt))).toEqual(TOKEN_UNKNOWN);
    }
    expect(await visible(id)).toBe(false);
  });

  it('lets the moderator’s code neither confirm nor withdraw', async () => {
    const { token } = await submit();

    expect(payloadOf(await world.confirm(token, TOWN))).toEqual(TOKEN_UNKNOWN);
    expect(payloadOf(await world.withdraw(token, TOWN))).toEqual(TOKEN_UNKNOWN);
    expect(await world.rows()).toHaveLength(1);
  });

  it('stores the hash of the moderator’s code alone, and shows the code to no landlord', async () => {
    const { token, landlordToken } = await submit();
    const secret = token.slice(32);

    expect(JSON.stringify(await world.rows())).not.toContain(secret);
    expect(JSON.stringify(await world.confirm(landlordToken, TOWN))).not.toContain(secret);
  });

  it('ends the wait after 14 days: no code fits any more, and the offer is erased', async () => {
    const early = await submit();
    const late = await submit();
    const purge = () => purgeHousing({ database, clock: world.clock, logger: createRecordingLogger() });
    world.clock.advance(14 * DAY_MS - 1);
    expect(await purge()).toEqual({ unconfirmed: 0, unreviewed: 0, expired: 0 });
    await review(early);

    world.clock.advance(1);

    expect(payloadOf(await review(late))).toEqual(TOKEN_UNKNOWN);
    expect(payloadOf(await world.confirm(late.landlordToken, TOWN))).toEqual(TOKEN_UNKNOWN);
    expect(await purge()).toEqual({ unconfirmed: 0, unreviewed: 1, expired: 0 });
    expect((await world.rows()).map(({ id }) => id)).toEqual([early.id]);
  });

  it('X-17: lets the landlord withdraw while the offer waits', async () => {
    const { id, token, landlordToken } = await submit();

    expect(payloadOf(await world.withdraw(landlordToken, TOWN)).offer).toMatchObject({ id, status: 'WITHDRAWN' });

    expect(await world.rows()).toEqual([]);
    expect(payloadOf(await review({ id, token }))).toEqual(TOKEN_UNKNOWN);
  });

  it('lets an erasure win against an approval at the same moment', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { id, token, landlordToken } = await submit();
      await Promise.all([review({ id, token }), world.withdraw(landlordToken, TOWN), review({ id, token })]);
      expect(await world.rows()).toEqual([]);
    }
  });

  it('keeps offers waiting when moderation is switched off, until their moderator decides', async () => {
    const { id, token, landlordToken } = await submit();

    world.municipalities.write(TOWN, UNMODERATED);

    expect(payloadOf(await world.confirm(landlordToken, TOWN)).offer).toMatchObject({ status: 'IN_REVIEW' });
    expect(await visible(id)).toBe(false);
    const direct = await world.publish({}, TOWN);
    expect(await visible(direct.id)).toBe(true);
    await review({ id, token });
    expect(await visible(id)).toBe(true);
  });

  it('reviews what is confirmed after moderation is switched on, and leaves alone what is published', async () => {
    world.municipalities.write(TOWN, UNMODERATED);
    const published = await world.publish({}, TOWN);
    const placed = await world.place({}, TOWN);

    world.municipalities.write(TOWN, MODERATED);

    expect(payloadOf(await world.confirm(placed.token, TOWN)).offer).toMatchObject({ status: 'IN_REVIEW' });
    expect(payloadOf(await world.confirm(published.token, TOWN)).offer).toMatchObject({ status: 'PUBLISHED' });
    expect(await world.listed(TOWN)).toEqual([published.id]);
  });

  it('is not confirmed while no moderator can be told, and succeeds on a retry', async () => {
    const { id, token } = await world.place({}, TOWN);
    for (const failure of ['unavailable', 'refused'] as const) {
      world.mailer.failWith = failure;
      const reply = await world.confirm(token, TOWN);
      expect(reply.errors?.[0]?.extensions?.code).toBe('SERVICE_UNAVAILABLE');
    }
    expect((await world.rows()).map(({ status }) => status)).toEqual(['AWAITING_CONFIRMATION']);
    world.mailer.failWith = undefined;

    expect(payloadOf(await world.confirm(token, TOWN)).offer).toMatchObject({ id, status: 'IN_REVIEW' });
  });

  it('tells the moderator once when a confirmation comes twice at the same moment', async () => {
    const { token } = await world.place({}, TOWN);
    const replies = await Promise.all([world.confirm(token, TOWN), world.confirm(token, TOWN)]);

    expect(replies.some(({ errors }) => errors === undefined)).toBe(true);
    expect(world.mailer.messages.filter(({ to }) => to === MODERATOR)).toHaveLength(1);
  });

  it('tells the moderator anew when a process died over the e-mail', async () => {
    const { id, token } = await world.place({}, TOWN);
    world.mailer.gate = new Promise(() => {}); // the process that never comes back
    void world.confirm(token, TOWN);
    await untilClaimed();
    world.mailer.gate = Promise.resolve();

    expect((await world.confirm(token, TOWN)).errors?.[0]?.extensions?.code).toBe('SERVICE_UNAVAILABLE');
    world.clock.advance(60_000);
    expect(payloadOf(await world.confirm(token, TOWN)).offer).toMatchObject({ id, status: 'IN_REVIEW' });
    expect(payloadOf(await review({ id, token: readToken(world.mailer.messages.at(-1)) })).offer).toMatchObject({
      status: 'PUBLISHED',
    });
  });

  async function untilClaimed(): Promise<void> {
    while ((await world.rows())[0]?.review_token_hash === null) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  it.each([
    ['APPROVE' as const, 'PUBLISHED'],
    ['REJECT' as const, undefined],
  ])('takes a decision that is faster than the mail server’s answer: %s', async (decision, status) => {
    const recording = createRecordingMailer();
    const mailer: Mailer = {
      ...recording,
      send: async (message) => {
        await recording.send(message);
        if (message.to === MODERATOR) {
          const token = readToken(message);
          await review({ id: token.slice(0, 32), token, decision }, TOWN, quick);
        }
      },
    };
    const quick = await createHousingWorld(database, { mailer });
    quick.municipalities.write(TOWN, MODERATED);
    await quick.create({}, TOWN);

    const reply = payloadOf(await quick.confirm(readToken(recording.messages[0]), TOWN));

    expect(reply.offer?.status).toBe(status);
    expect((await quick.rows()).map((row) => row.status)).toEqual(status === undefined ? [] : [status]);
  });

  it('carries a decision out even when the landlord cannot be told', async () => {
    const { id, token } = await submit();
    world.mailer.failWith = 'unavailable';

    expect(payloadOf(await review({ id, token })).offer).toMatchObject({ status: 'PUBLISHED' });

    expect(await visible(id)).toBe(true);
    expect(world.logger.lines.at(-1)).toContain('landlord not told of the review');
  });

  it('X-01: lets 200 offers of a municipality wait at most', async () => {
    const { id } = await submit();
    const fill = (count: number, state: string) =>
      database.query(
        `insert into housing_offer select (jsonb_populate_record(o, jsonb_build_object('id', md5('${state}' || n)) || '${state}')).*
         from housing_offer o, generate_series(1, ${count}) n where o.id = '${id}'`,
      );
    await fill(198, '{}');
    // Neither those of others nor those whose time is over count.
    await fill(50, '{"municipality": "musterstadt"}');
    await fill(50, '{"expires_at": "2031-01-01T00:00:00Z"}');
    const last = await world.place({}, TOWN);
    const beyond = await world.place({}, TOWN);

    expect(payloadOf(await world.confirm(last.token, TOWN)).offer).toMatchObject({ status: 'IN_REVIEW' });
    expect(codesOf(await world.confirm(beyond.token, TOWN))).toEqual(['null: TOO_MANY_WAITING']);

    await database.query('delete from housing_offer where id = $1', [last.id]);
    expect(payloadOf(await world.confirm(beyond.token, TOWN)).offer).toMatchObject({ status: 'IN_REVIEW' });
  });

  it.each([
    ['x'.repeat(1_001), 'reason: TOO_LONG'],
    ['Nicht\u0000hier', 'reason: INVALID'],
  ])('decides nothing with a reason that cannot be told', async (reason, code) => {
    const { id, token } = await submit();

    expect(codesOf(await review({ id, token, decision: 'REJECT', reason }))).toEqual([code]);

    expect((await world.rows()).map(({ status }) => status)).toEqual(['IN_REVIEW']);
  });

  it('X-10: quotes each line of the landlord, so that none passes for the e-mail’s own', async () => {
    const trap = 'Freigeben oder ablehnen:';
    const lines = [trap, 'https://example.org/trap', '', 'Ihr Code zum Freigeben oder Ablehnen:', '0'.repeat(72)];
    const { mail } = await submit({ description: `${lines.join('\n')}\u2028${trap}\r\n${trap}` });

    const text = mail?.text ?? '';
    expect(text).not.toMatch(/[\r\u2028]/);
    expect(
      text.split('\n').filter((line) => line.includes(trap) || line.includes('/trap') || line.includes('0'.repeat(40))),
    ).toEqual(
      Array.from({ length: 2 }, () => [
        `> ${trap}`,
        '> https://example.org/trap',
        `> ${'0'.repeat(72)}`,
        `> ${trap}`,
        `> ${trap}`,
      ]).flat(),
    );
  });

  it('leads the moderator to the frontend, with the code in the fragment', async () => {
    world = await createHousingWorld(database, { publicUrl: 'https://app.example/' });
    world.municipalities.write(TOWN, MODERATED);

    const { id, token, mail } = await submit();

    expect(mail?.text).toContain(
      `Freigeben oder ablehnen:\nhttps://app.example/${TOWN}/housing/review/${id}#${token}\n`,
    );
  });

  it('X-20: writes neither persons nor codes to the log', async () => {
    const marker = 'Xanthippe';
    const { id, token, landlordToken } = await submit({
      title: `${marker} vermietet`,
      landlord: { name: marker, email: `${marker}@example.org`, phone: '+49 30 23125 000' },
    });
    const second = await world.place({}, TOWN);
    world.mailer.failWith = 'refused';
    await world.confirm(second.token, TOWN);
    await review({ id, token, decision: 'REJECT', reason: marker });

    const log = world.logger.lines.join('\n');
    expect(log).toContain('moderator of housing not reached');
    expect(log).toContain('landlord not told of the review');
    expect(log).not.toMatch(/xanthippe|23125/i);
    expect(log).not.toContain(MODERATOR);
    expect(log).not.toContain(token.slice(32));
    expect(log).not.toContain(landlordToken.slice(32));
  });
});
