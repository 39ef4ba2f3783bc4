import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import type { SqlDatabase } from '../../platform/sql/SqlDatabase.ts';
import { openTestDatabase } from '../support/database.ts';
import { toFile } from './support/createTestRegister.ts';
import { createTestWorld, type SourceName } from './support/createTestWorld.ts';
import { jobsucheAnswer, jobsucheItem, sprungbrettAnswer, sprungbrettItem } from './support/feedItems.ts';
import { type FeedReply, raw, startFeedServer, truncated } from './support/startFeedServer.ts';

/** Rows D-… of RELIABILITY: what a feed may do, and what must not happen then. */
describe('a feed that misbehaves', () => {
  const augsburg = toFile({ name: 'Augsburg', postcode: '86150', location: { latitude: 48.3673, longitude: 10.8921 } });
  let database: SqlDatabase;
  let world: Awaited<ReturnType<typeof createTestWorld>>;
  beforeAll(async () => {
    database = await openTestDatabase();
    world = await createTestWorld(database, { augsburg });
  });
  beforeEach(() => world.clear());
  afterAll(async () => {
    await world.close();
    await database.close();
  });

  const answerOf = {
    sprungbrett: (count: number) => sprungbrettAnswer(itemsOf(count, sprungbrettItem)),
    bundesagentur: (count: number) => jobsucheAnswer(itemsOf(count, jobsucheItem)),
  };

  function itemsOf<Item>(count: number, item: (number: number) => Item): Item[] {
    return Array.from({ length: count }, (_, index) => item(index + 1));
  }

  async function ingest(source: SourceName, reply: FeedReply, options = {}) {
    world.feeds.answer(() => reply);
    return world.ingest(source, options);
  }

  async function storedCount(): Promise<unknown> {
    const { rows } = await database.query('select count(*) as count from apprenticeships');
    return rows[0]?.count;
  }

  describe.each<SourceName>(['sprungbrett', 'bundesagentur'])('%s', (source) => {
    it.each<[string, FeedReply, RegExp]>([
      [
        'D-06: ends before the announced length',
        truncated(JSON.stringify(answerOf[source](4))),
        /broke|connection|network/i,
      ],
      [
        'D-06: is cut in the middle of its JSON',
        raw(JSON.stringify(answerOf[source](4)).slice(0, -40)),
        /is not JSON \(\d+ bytes/,
      ],
      ['D-07: is an empty body', raw(''), /is not JSON \(0 bytes/],
      ['D-07: is []', [], /not in the known form/],
      ['D-07: is {}', {}, /not in the known form/],
      ['D-07: is null', null, /not in the known form/],
      [
        'D-07: is a page for humans',
        raw('<html><title>Bitte bestätigen</title>', { headers: { 'content-type': 'text/html' } }),
        /is not JSON \(\d+ bytes, text\/html\)/,
      ],
      ['D-07: has no items', answerOf[source](0), /^SUSPICIOUS_EMPTY: nothing where 4 were; what is stored stays$/],
      [
        'D-08: has lost more than half',
        answerOf[source](1),
        /^SUSPICIOUS_SHRUNKEN: 1 where 4 were; what is stored stays$/,
      ],
      [
        'D-15: holds NaN',
        raw(JSON.stringify(answerOf[source](4)).replace('"1"', 'NaN').replace('"BAYERN"', 'NaN')),
        /is not JSON/,
      ],
      [
        'D-15: is a line of JSON per item',
        raw(
          itemsOf(4, sprungbrettItem)
            .map((item) => JSON.stringify(item))
            .join('\n'),
        ),
        /is not JSON/,
      ],
      [
        'D-04: is not UTF-8',
        raw(Buffer.from(JSON.stringify(answerOf[source](4)).replaceAll('a', 'ä'), 'latin1')),
        /is not JSON/,
      ],
      ['answers 503', raw('', { status: 503 }), /503/],
    ])('%s: changes nothing and says why', async (_, reply, reason) => {
      await ingest(source, answerOf[source](4));

      const report = await ingest(source, reply);

      expect(report).toMatchObject({ accepted: 0, changed: 0, removed: 0 });
      expect(report.failures).toEqual([
        { part: expect.stringContaining('86150'), reason: expect.stringMatching(reason) },
      ]);
      expect(await storedCount()).toBe(4);
    });

    it('D-07: is empty again and again: says how often, until an operator confirms', async () => {
      await ingest(source, answerOf[source](4));
      await ingest(source, answerOf[source](0));
      await ingest(source, answerOf[source](0));

      expect((await ingest(source, answerOf[source](0))).failures[0]?.reason).toBe(
        'SUSPICIOUS_EMPTY: nothing where 4 were, 3 times in a row; what is stored stays',
      );
      expect(await ingest(source, answerOf[source](0), { acceptShrunken: true })).toMatchObject({
        removed: 4,
        failures: [],
      });
      expect(await storedCount()).toBe(0);
      expect(await ingest(source, answerOf[source](0))).toMatchObject({ failures: [] });
    });

    it('D-07: recovers with the next good answer, and counts from one again', async () => {
      await ingest(source, answerOf[source](4));
      await ingest(source, answerOf[source](0));

      expect(await ingest(source, answerOf[source](5))).toMatchObject({ accepted: 5, changed: 1, failures: [] });
      expect((await ingest(source, answerOf[source](0))).failures[0]?.reason).toBe(
        'SUSPICIOUS_EMPTY: nothing where 5 were; what is stored stays',
      );
    });

    it('D-08: may lose half, and not more than 30 % of more than a hundred', async () => {
      await ingest(source, answerOf[source](4));
      expect(await ingest(source, answerOf[source](2))).toMatchObject({ removed: 2, failures: [] });

      await ingest(source, answerOf[source](101));
      const lossOf31 = answerOf[source](70);
      expect((await ingest(source, lossOf31)).failures).toHaveLength(1);
      expect(await ingest(source, answerOf[source](71))).toMatchObject({ removed: 30, failures: [] });
    });
  });

  it('D-06: breaks at its second page: the first is not taken alone', async () => {
    await ingest('bundesagentur', answerOf.bundesagentur(4));
    world.feeds.answer(({ parameters }) =>
      parameters.page === '1'
        ? jobsucheAnswer(itemsOf(100, jobsucheItem), { maxErgebnisse: 150 })
        : raw('', { status: 502 }),
    );

    expect(await world.ingest('bundesagentur')).toMatchObject({
      accepted: 0,
      failures: [{ reason: expect.stringContaining('502') }],
    });
    expect(await storedCount()).toBe(4);
  });

  it('D-06: announces more than it sends', async () => {
    await ingest('bundesagentur', answerOf.bundesagentur(4));
    world.feeds.answer(({ parameters }) =>
      jobsucheAnswer(parameters.page === '1' ? itemsOf(100, jobsucheItem) : [], { maxErgebnisse: 150 }),
    );

    expect((await world.ingest('bundesagentur')).failures).toEqual([
      { part: '86150/25', reason: 'announced 150 items, sent 100' },
    ]);
    expect(await storedCount()).toBe(4);
  });

  it('D-06: answers its first page again and again', async () => {
    world.feeds.answer(() => sprungbrettAnswer([sprungbrettItem(1)], { current: 1, max: 9 }));

    expect((await world.ingest('sprungbrett')).failures).toEqual([
      { part: '86150', reason: 'answered page 1 again when asked for page 2' },
    ]);
    expect(world.feeds.requests).toHaveLength(2);
  });

  it('D-16: has pages without end', async () => {
    world.feeds.answer(({ parameters }) =>
      sprungbrettAnswer([sprungbrettItem(Number(parameters.page))], {
        current: Number(parameters.page),
        max: 1_000_000,
      }),
    );

    expect((await world.ingest('sprungbrett')).failures).toEqual([{ part: '86150', reason: 'has more than 50 pages' }]);
    expect(world.feeds.requests).toHaveLength(50);
  });

  it('D-09: sends one key twice: the item that changed last is kept, whatever the order, and reported', async () => {
    const older = jobsucheItem(1, { stellenangebotsTitel: 'Alt', aenderungsdatum: '2027-02-01T08:00:00' });
    const newer = jobsucheItem(1, { stellenangebotsTitel: 'Neu', aenderungsdatum: '2027-02-02T08:00:00' });

    for (const items of [
      [older, newer],
      [newer, older],
    ]) {
      const report = await ingest('bundesagentur', jobsucheAnswer(items));

      expect(report.rejections).toEqual([
        {
          part: '86150/25',
          key: '19999-00000001-S',
          reason: 'the key occurs twice; the item that changed last was kept',
        },
      ]);
      expect(await world.list('augsburg')).toEqual([{ title: 'Neu' }]);
    }
  });

  it('D-09: sends the very same item twice: it is stored once, without a word', async () => {
    expect(await ingest('bundesagentur', jobsucheAnswer([jobsucheItem(1), jobsucheItem(1)]))).toMatchObject({
      accepted: 1,
      rejections: [],
    });
  });

  it('D-09: uses a key that another source uses: both stay', async () => {
    await ingest('sprungbrett', sprungbrettAnswer([sprungbrettItem(1)]));
    const { rows } = await database.query('select external_id from apprenticeship_records');
    await ingest('bundesagentur', jobsucheAnswer([jobsucheItem(1, { referenznummer: rows[0]?.external_id })]));

    expect(await storedCount()).toBe(2);
  });

  it('D-10: sends one broken item among a thousand: 999 are stored, one is reported', async () => {
    const items: unknown[] = itemsOf(1_000, sprungbrettItem);
    items[499] = { ...sprungbrettItem(500), title: 17 };

    const report = await ingest('sprungbrett', sprungbrettAnswer(items));

    expect(report).toMatchObject({ accepted: 999, changed: 999, failures: [] });
    expect(report.rejections).toEqual([
      {
        part: '86150',
        key: expect.stringMatching(/^[0-9a-f]{24}$/),
        reason: 'title: Invalid input: expected string, received number',
      },
    ]);
    expect(await storedCount()).toBe(999);
  });

  it('D-10: breaks an item that was good yesterday: yesterday stays', async () => {
    await ingest('bundesagentur', answerOf.bundesagentur(4));
    const items: unknown[] = itemsOf(4, jobsucheItem);
    items[1] = jobsucheItem(2, { stellenlokationen: 'Augsburg' });

    const report = await ingest('bundesagentur', jobsucheAnswer(items));

    expect(report).toMatchObject({ accepted: 3, removed: 0 });
    expect(report.rejections).toEqual([
      { part: '86150/25', key: '19999-00000002-S', reason: expect.stringContaining('stellenlokationen') },
    ]);
    expect(await storedCount()).toBe(4);
  });

  it('D-10: sends items that cannot even be named: they are counted from one', async () => {
    const report = await ingest('sprungbrett', sprungbrettAnswer([sprungbrettItem(1), null]));

    expect(report.rejections).toMatchObject([{ key: 'item 2 of the answer' }]);
  });

  it('D-10: breaks all items: the report stays short, and what is stored stays', async () => {
    await ingest('sprungbrett', answerOf.sprungbrett(4));
    const broken = itemsOf(2_000, (number) => ({ ...sprungbrettItem(number + 10), apprenticeship: 'vielleicht' }));

    const report = await ingest('sprungbrett', sprungbrettAnswer(broken));

    expect(report.rejections).toHaveLength(501);
    expect(report.rejections.at(-1)?.reason).toBe('and 1500 more of these');
    expect(report.failures).toMatchObject([{ reason: expect.stringContaining('SUSPICIOUS_EMPTY') }]);
    expect(await storedCount()).toBe(4);
  });

  it('D-11: sends days that the calendar does not have: the field is null, the item stays, and the report says so', async () => {
    const report = await ingest(
      'bundesagentur',
      jobsucheAnswer([
        jobsucheItem(1, { eintrittszeitraum: { von: '31.02.2027' }, datumErsteVeroeffentlichung: '0000-00-00' }),
      ]),
    );

    expect(report).toMatchObject({ accepted: 1, failures: [] });
    expect(report.rejections).toEqual([
      {
        part: '86150/25',
        key: '19999-00000001-S',
        reason: 'startsOn left empty: "31.02.2027" is not a day of the calendar',
      },
      {
        part: '86150/25',
        key: '19999-00000001-S',
        reason: 'publishedOn left empty: "0000-00-00" is not a day of the calendar',
      },
    ]);
    expect(await world.list('augsburg', 'startsOn publishedOn')).toEqual([{ startsOn: null, publishedOn: null }]);
  });

  it('D-12: sends scripts: readers get text and http links only', async () => {
    await ingest(
      'bundesagentur',
      jobsucheAnswer([
        jobsucheItem(1, {
          stellenangebotsTitel: 'Koch<script>alert(1)</script>',
          firma: '&lt;img src=x onerror=alert(1)&gt;Gasthof Anker',
          stellenangebotsBeschreibung: '<p>Küche</p><iframe src="https://evil.example.org"></iframe>',
          externeURL: 'javascript:alert(1)',
        }),
      ]),
    );

    expect(await world.list('augsburg', 'title employer description url')).toEqual([
      {
        title: 'Koch',
        employer: 'Gasthof Anker',
        description: 'Küche',
        url: 'https://www.arbeitsagentur.de/jobsuche/jobdetail/19999-00000001-S',
      },
    ]);
  });

  it('D-13: sends NUL and halves of surrogate pairs: the database takes the rest', async () => {
    const title = '"Ko\\u0000ch \\ud800 (m/w/d)"';

    await ingest(
      'sprungbrett',
      raw(JSON.stringify(sprungbrettAnswer([sprungbrettItem(1)])).replace('"Ausbildung Gärtnerei 1"', title)),
    );

    expect(await world.list('augsburg')).toEqual([{ title: 'Ko ch (m/w/d)' }]);
  });

  it('D-15: starts with a byte order mark, repeats fields and has fields named __proto__', async () => {
    const body = JSON.stringify(sprungbrettAnswer([sprungbrettItem(1)])).replace(
      '"zip":',
      '"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"city":"Falsch","zip":',
    );

    expect(await ingest('sprungbrett', raw(`\ufeff${body}`))).toMatchObject({ accepted: 1, rejections: [] });
    expect(await world.list('augsburg', 'places { town }')).toEqual([{ places: [{ town: 'Augsburg' }] }]);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  it('D-15: sends keys beyond 2^53 as numbers: they are refused, not mixed up', async () => {
    const body = JSON.stringify(jobsucheAnswer([jobsucheItem(1), jobsucheItem(2)]))
      .replace('"19999-00000001-S"', '9007199254740993')
      .replace('"19999-00000002-S"', '9007199254740992');

    expect(await ingest('bundesagentur', raw(body))).toMatchObject({
      accepted: 0,
      rejections: [{ key: 'item 1 of the answer' }, { key: 'item 2 of the answer' }],
    });
  });

  it('D-18: redirects to a host inside: nobody goes there, and no report holds a secret', async () => {
    const inside = await startFeedServer();
    inside.answer(() => answerOf.sprungbrett(4));
    await ingest('sprungbrett', answerOf.sprungbrett(4));

    const location = `${inside.url.replace('http://', 'http://nutzer:geheim@')}/sprungbrett?token=geheim`;
    const report = await ingest('sprungbrett', raw('', { status: 302, headers: { location } }));
    await inside.close();

    expect(inside.requests).toEqual([]);
    expect(report).toMatchObject({ accepted: 0, removed: 0, failures: [{ part: '86150' }] });
    expect(report.failures[0]?.reason).toMatch(/redirect/i);
    expect(JSON.stringify(report)).not.toContain('geheim');
    expect(await storedCount()).toBe(4);
  });

  it('D-19: is down: the last good answer is served with its date', async () => {
    await ingest('sprungbrett', answerOf.sprungbrett(1));
    world.clock.at += 7 * 86_400_000;
    await ingest('sprungbrett', raw('', { status: 503 }));

    expect(await world.list('augsburg', 'sources { fetchedAt }')).toEqual([
      { sources: [{ fetchedAt: '2027-03-01T06:00:00.000Z' }] },
    ]);
  });
});
