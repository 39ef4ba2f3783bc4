import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

const WORKER_FILE = fileURLToPath(new URL('./copyDirectoryWorker.js', import.meta.url));

/** Copies a directory with all that is in it. A thread does it: a thousand small files hold up a busy one, and take half the work in one go. */
export async function copyDirectory(from: string, to: string): Promise<void> {
  await once(new Worker(WORKER_FILE, { workerData: { from, to }, execArgv: [] }), 'exit'); // rejects on 'error'
}
