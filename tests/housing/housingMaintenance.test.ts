import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';

import type { SqlDatabase } from '../../platform/sql/SqlDatabase.ts';
import { createHousingMaintenance, purgeHousing } from '../../subgraphs/housing/createHousingMaintenance.ts';
import { describeDatabases } from '../support/database.ts';
import { createHousingWorld, createRecordingLogger, DAY_MS, HOUR_MS, type HousingWorld } from './createHousingWorld.ts';

describeDatabases('createHousingMaintenance', (open) => {
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

  it('erases unconfirmed offers after 48 hours and published ones at their expiry, and no other', async () => {
    const lapsed = await world.place();
    const short = await world.publish({ durationDays: 3 });
    const long = await world.publish({ durationDays: 4 });
    const logger = createRecordingLogger();
    const run = () => purgeHousing({ database, clock: world.clock, logger });

    world.clock.advance(48 * HOUR_MS - 1);
    expect(await run()).toEqual({ unconfirmed: 0, unreviewed: 0, expired: 0 });
    world.clock.advance(1);
    const fresh = await world.place();
    expect(await run()).toEqual({ unconfirmed: 1, unreviewed: 0, expired: 0 });
    world.clock.advance(DAY_MS);
    expect(await run()).toEqual({ unconfirmed: 0, unreviewed: 0, expired: 1 });

    expect((await world.rows()).map(({ id }) => id)).toEqual([long.id, fresh.id]);
    expect([lapsed.id, short.id]).not.toContain(long.id);
    expect(logger.lines).toHaveLength(2);
  });

  it('changes nothing when it runs again, or in two processes at once', async () => {
    await world.place();
    await world.publish();
    world.clock.advance(3 * DAY_MS);
    const maintenance = createHousingMaintenance({ database, clock: world.clock, logger: createRecordingLogger() });

    await Promise.all([maintenance.run(), maintenance.run()]);
    await maintenance.run();

    expect(await world.rows()).toHaveLength(1);
  });

  it('names a queue and an hourly schedule', () => {
    const maintenance = createHousingMaintenance({ database, clock: world.clock, logger: world.logger });

    expect(maintenance).toMatchObject({ name: 'housing-maintenance', cron: '17 * * * *' });
  });

  it('runs before any subgraph has made the tables', async () => {
    const empty = await open();

    expect(await purgeHousing({ database: empty, clock: world.clock, logger: world.logger })).toEqual({
      unconfirmed: 0,
      unreviewed: 0,
      expired: 0,
    });
    await empty.close();
  });
});
