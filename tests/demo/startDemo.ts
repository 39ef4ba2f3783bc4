import { afterAll, beforeAll } from '@jest/globals';

import { type DemoUpstreams, startDemoUpstreams } from '../../demo/startDemoUpstreams.ts';
import { silentLogger } from '../../platform/logger/Logger.ts';

/** A Monday in winter, in the morning. */
export const NOW = Date.parse('2026-11-23T09:00:00Z');

/** The upstreams for the tests of one describe block, at `NOW` unless the test moves the clock. */
export function startDemo() {
  const clock = { now: () => NOW };
  let upstreams: DemoUpstreams | undefined;
  beforeAll(async () => {
    upstreams = await startDemoUpstreams({ clock: { now: () => clock.now() }, logger: silentLogger });
  });
  afterAll(() => upstreams?.close());

  function running(): DemoUpstreams {
    if (upstreams === undefined) {
      throw new Error('The upstreams have not been started.');
    }
    return upstreams;
  }
  return {
    clock,
    upstreams: running,
    fetchCms: (path: string) => fetch(`${running().cmsUrl}/api/v3/${path}`, { redirect: 'manual' }),
    cms: async (path: string): Promise<unknown> => (await fetch(`${running().cmsUrl}/api/v3/${path}`)).json(),
    sprungbrett: async (query: string): Promise<unknown> => (await fetch(`${running().sprungbrettUrl}${query}`)).json(),
    jobsuche: (path: string) => fetch(`${running().jobsucheUrl}${path}`, { headers: { 'x-api-key': 'demo' } }),
  };
}
