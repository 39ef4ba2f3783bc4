// The worker thread in which the embedded PostgreSQL (PGlite) runs. Plain JavaScript, so that a thread starts the same
// way from source under tsx, under jest and from dist: no loader has to be active in it.
import { parentPort, workerData } from 'node:worker_threads';

import { PGlite } from '@electric-sql/pglite';
import { cube } from '@electric-sql/pglite/contrib/cube';
import { earthdistance } from '@electric-sql/pglite/contrib/earthdistance';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { unaccent } from '@electric-sql/pglite/contrib/unaccent';

import { servePostgresProtocol } from './servePostgresProtocol.js';

/**
 * @typedef {object} EmbeddedDatabaseWork
 * @property {'initialise' | 'serve'} task `initialise` creates a new data directory and ends.
 * @property {string} dataDirectory
 * @property {string} [socketPath] Where to listen; absent (Windows): a free port of the loopback interface.
 * @property {string} password What clients must present.
 * @property {number} idleInTransactionMs
 * @property {SharedArrayBuffer} activity Two Int32: the number of the statement group, and 1 while it runs.
 */

const { task, dataDirectory, socketPath, password, idleInTransactionMs, activity } =
  /** @type {EmbeddedDatabaseWork} */ (workerData);
const port = parentPort;
if (port === null) {
  throw new Error('embeddedDatabaseWorker.js is the entry of a worker thread.');
}

const pglite = await PGlite.create({ dataDir: dataDirectory, extensions: { cube, earthdistance, pg_trgm, unaccent } });
if (task === 'initialise') {
  await pglite.close();
  port.postMessage({ kind: 'initialised' });
  port.close();
} else {
  const server = await servePostgresProtocol({
    execute: (message, onData) => pglite.execProtocolRawStream(message, { onRawData: onData, syncToFs: false }),
    isInTransaction: () => pglite.isInTransaction(),
    activity: new Int32Array(activity),
    password,
    idleInTransactionMs,
    onWarning: (message) => port.postMessage({ kind: 'warning', message }),
    ...(socketPath === undefined ? {} : { socketPath }),
  });
  port.postMessage({ kind: 'listening', port: server.port });
  port.on('message', async () => {
    await server.close();
    await pglite.close();
    port.postMessage({ kind: 'closed' });
    port.close();
  });
}
