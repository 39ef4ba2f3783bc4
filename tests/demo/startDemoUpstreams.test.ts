import { afterEach, describe, expect, it } from '@jest/globals';

import { createCms } from '../../demo/cms/createCms.ts';
import { type DemoUpstreams, startDemoUpstreams } from '../../demo/startDemoUpstreams.ts';
import { silentLogger } from '../../platform/logger/Logger.ts';
import { NOW } from './startDemo.ts';

describe('startDemoUpstreams', () => {
  const running: DemoUpstreams[] = [];
  const start = async (now: number) => {
    const upstreams = await startDemoUpstreams({ clock: { now: () => now }, logger: silentLogger });
    running.push(upstreams);
    return upstreams;
  };
  afterEach(async () => {
    await Promise.all(running.splice(0).map((upstreams) => upstreams.close()));
  });

  it('sends the same bytes after every start on one day', async () => {
    const everything = async ({ cmsUrl, sprungbrettUrl, jobsucheUrl }: DemoUpstreams) => {
      const urls = [
        `${cmsUrl}/api/v3/regions/`,
        ...['pages', 'events', 'locations', 'news', 'fcm', 'imprint', 'offers'].flatMap((list) => [
          `${cmsUrl}/api/v3/berlin/ar/${list}/`,
          `${cmsUrl}/api/v3/lindau/de/${list}/`,
        ]),
        `${sprungbrettUrl}?location=10178`,
        `${jobsucheUrl}/pc/v6/jobs?angebotsart=4&wo=10178&size=100`,
      ];
      return Promise.all(urls.map(async (url) => (await fetch(url, { headers: { 'x-api-key': 'demo' } })).text()));
    };

    const first = await everything(await start(NOW));
    const second = await everything(await start(NOW + 60_000));

    expect(second).toEqual(first);
    expect(first.every((text) => text.length > 1)).toBe(true);
  });

  it('counts what it answered', async () => {
    const upstreams = await start(NOW);
    await fetch(`${upstreams.cmsUrl}/api/v3/regions/`);
    await fetch(`${upstreams.cmsUrl}/nothing`);

    expect(upstreams.requests()).toBe(2);
  });

  it('refuses to write', async () => {
    const upstreams = await start(NOW);

    expect((await fetch(`${upstreams.cmsUrl}/api/v3/regions/`, { method: 'POST' })).status).toBe(405);
  });

  it('reports a port that is taken', async () => {
    const port = Number(new URL((await start(NOW)).cmsUrl).port);

    await expect(startDemoUpstreams({ port, logger: silentLogger })).rejects.toThrow('EADDRINUSE');
  });

  it('builds an answer once a day and keeps its bytes', () => {
    let now = NOW;
    const cms = createCms({ now: () => now });
    const url = new URL('http://demo/api/v3/kiel/de/events/?combine_recurring=True');
    const first = cms(url);

    expect(first?.status).toBe(200);
    expect(cms(url)?.body).toBe(first?.body);
    now += 7 * 86_400_000;
    expect(cms(url)?.body.equals(first?.body ?? Buffer.of())).toBe(false);
  });
});
