// A gateway as a process of its own: `node --expose-gc serveGateway.ts <options>`. Its parent asks over IPC what became of its memory.
import { startRawGateway } from './rawGateway.ts';

const { subgraphs, engine } = JSON.parse(process.argv[2] ?? '{}');
const gateway = await startRawGateway(subgraphs, { engine });

let before = 0;
let most = 0;
setInterval(() => {
  most = Math.max(most, process.memoryUsage.rss());
}, 5).unref();

process.on('message', (what: 'watch' | 'growth') => {
  globalThis.gc?.();
  const rss = process.memoryUsage.rss();
  if (what === 'watch') {
    before = rss;
    most = rss;
    process.send?.({});
  } else {
    process.send?.({ before, most, after: rss });
  }
});
process.on('disconnect', () => process.exit(0));
process.send?.({ url: gateway.url });
