// Plain JavaScript, because a thread runs it (see embeddedDatabaseWorker.js).
import { cpSync } from 'node:fs';
import { workerData } from 'node:worker_threads';

cpSync(workerData.from, workerData.to, { recursive: true });
