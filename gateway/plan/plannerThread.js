// The thread that plans: one task after the other, so that no other request waits for a planner that thinks.
import { parentPort, workerData } from 'node:worker_threads';

import { createQueryPlanner } from './queryPlanner.js';

const { apiSdl, schemaSdl, plan } = createQueryPlanner(workerData.supergraphSdl, workerData.bounds);
parentPort?.on('message', (task) => parentPort?.postMessage(plan(task)));
parentPort?.postMessage({ apiSdl, schemaSdl });
