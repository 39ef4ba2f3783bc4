import type { Clock } from '../../platform/clock/Clock.ts';
import type { Logger } from '../../platform/logger/Logger.ts';
import type { SqlDatabase } from '../../platform/sql/SqlDatabase.ts';
import { createStoreGuard } from '../kit/guardStore.ts';
import { type HousingTables, migrateHousing } from './housingTables.ts';
import { type PurgeReport, purgeOffers } from './OfferStore.ts';

export interface HousingMaintenanceOptions {
  readonly database: SqlDatabase;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Work for the job queue: its name, when it is due, and what it does. */
export interface HousingMaintenance {
  readonly name: string;
  /** Five fields. */
  readonly cron: string;
  run(): Promise<void>;
}

/** Erases what nobody may see any more. Safe to run at any time, in any number of processes, and again after a crash. */
export async function purgeHousing({ database, clock, logger }: HousingMaintenanceOptions): Promise<PurgeReport> {
  await migrateHousing(database);
  const guard = createStoreGuard({ name: 'housing', logger, isPersonal: true });
  const report = await guard(() => purgeOffers(database.as<HousingTables>(), clock.now()));
  if (report.unconfirmed + report.unreviewed + report.expired > 0) {
    logger.info({ ...report }, 'housing offers purged');
  }
  return report;
}

/** Hourly: no offer outlives its end by more than an hour in the store. Readers stop seeing it at once. */
export function createHousingMaintenance(options: HousingMaintenanceOptions): HousingMaintenance {
  return {
    name: 'housing-maintenance',
    cron: '17 * * * *',
    run: async () => {
      await purgeHousing(options);
    },
  };
}
