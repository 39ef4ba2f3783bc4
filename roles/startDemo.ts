import { startDemoUpstreams } from '../demo/startDemoUpstreams.ts';
import type { Upstreams } from './ingest.ts';
import type { Parts } from './openParts.ts';

/** Stand-ins for the outer systems, for as long as this process runs. Resolves with where they listen. */
export async function startDemo(
  { logger, clock, closers, config }: Parts,
  { port, host }: { port: number; host: string },
): Promise<Upstreams> {
  const upstreams = await startDemoUpstreams({ port, host, clock, logger });
  closers.add(() => upstreams.close());
  const { cmsUrl, sprungbrettUrl, jobsucheUrl } = upstreams;
  return { cmsUrl, sprungbrettUrl, jobsucheUrl, jobsucheApiKey: config.jobsucheApiKey ?? 'demo' };
}
