import { createJobQueue, type JobQueueOptions } from '../../../platform/jobs/createJobQueue.ts';
import { silentLogger } from '../../../platform/logger/Logger.ts';
import { testJobQueue } from '../../contracts/jobQueue.ts';
import { describeDatabases } from '../../support/database.ts';

const times: Omit<JobQueueOptions, 'database'> = {
  logger: silentLogger,
  pollEveryMs: 50,
  renewEveryMs: 200,
  lostAfterSeconds: 1,
  drainMs: 1_000,
  retryLimit: 1,
  retryDelaySeconds: 1,
  scheduleEverySeconds: 1,
};

describeDatabases('createJobQueue', (open) => {
  testJobQueue(async () => {
    const database = await open();
    return {
      createQueue: () => createJobQueue({ database, ...times }),
      createDyingQueue: async () => {
        let isDead = false;
        const queue = await createJobQueue({
          ...times,
          database: {
            ...database,
            query: async (text, values) => {
              if (isDead) {
                throw new Error('The process is gone.');
              }
              return database.query(text, values);
            },
          },
        });
        return {
          queue,
          die: () => {
            isDead = true;
          },
        };
      },
      dispose: () => database.close(),
    };
  });
});
