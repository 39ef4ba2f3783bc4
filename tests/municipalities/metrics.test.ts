import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { systemClock } from '../../platform/clock/Clock.ts';
import type { Logger } from '../../platform/logger/Logger.ts';
import { createClosers } from '../../roles/Closers.ts';
import { readConfig } from '../../roles/readConfig.ts';
import { serveMetrics } from '../../roles/serveMetrics.ts';
import { createFolder, type Folder, recordErrors, until } from './support/createFolder.ts';

const closers: ReturnType<typeof createClosers>[] = [];
let folder: Folder;
beforeEach(async () => {
  folder = await createFolder({ 'a.yaml': 'name: A\n', 'b.yaml': 'name: B\n' });
});
afterEach(async () => {
  await Promise.all(closers.splice(0).map((each) => each.closeAll()));
  await folder.close();
});

/** Metrics over a register that follows real files; undefined where none are served. */
async function serve(environment: Record<string, string>, now = systemClock.now) {
  const register = await folder.open({ clock: { now } });
  const said: Record<string, unknown>[] = [];
  const logger: Logger = { ...recordErrors().logger, info: (fields: object) => void said.push({ ...fields }) };
  const own = createClosers(() => {});
  closers.push(own);
  const config = readConfig('gateway', environment, { root: '/nowhere', isTerminal: false });
  await serveMetrics({ config, logger, clock: { now }, closers: own }, register);
  const url = said.find((fields) => 'url' in fields)?.url;
  return { register, url: typeof url === 'string' ? url : undefined };
}

/** The values of a page, by the metric's name with its labels. */
async function read(url: string): Promise<Map<string, number>> {
  const text = await (await fetch(url)).text();
  return new Map(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  );
}

describe('metrics', () => {
  it('C-01, C-16: show the snapshot in use, its age, and the changes that were refused', async () => {
    let now = Date.parse('2027-01-01T00:00:00Z');
    const { register, url = '' } = await serve({ METRICS_PORT: '0' }, () => now);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
    now += 90_000;
    const before = await read(url);
    expect(before.get('civigraph_municipalities')).toBe(2);
    expect(before.get(`civigraph_municipality_snapshot_info{id="${register.current().id}"}`)).toBe(1);
    expect(before.get('civigraph_municipality_snapshot_age_seconds')).toBe(90);
    expect(before.get('civigraph_municipality_problems')).toBe(0);
    expect(before.get('civigraph_municipality_reloads_failed_total')).toBe(0);
    expect(before.get('civigraph_municipality_last_failed_reload_timestamp_seconds')).toBe(0);
    expect(before.get('process_resident_memory_bytes')).toBeGreaterThan(0);

    const old = register.current().id;
    await folder.write({ 'a.yaml': 'name: A\nmodules: { housng: true }\n' });
    await until(() => register.problems().length > 0);
    const refused = await read(url);
    expect(refused.get(`civigraph_municipality_snapshot_info{id="${old}"}`)).toBe(1);
    expect(refused.get('civigraph_municipality_problems')).toBe(1);
    expect(refused.get('civigraph_municipality_reloads_failed_total')).toBe(1);
    expect(refused.get('civigraph_municipality_last_failed_reload_timestamp_seconds')).toBe(now / 1_000);

    await folder.write({ 'a.yaml': 'name: A\nmodules: { housing: true }\n' });
    await until(() => register.current().id !== old);
    const mended = await read(url);
    expect([...mended.keys()].filter((name) => name.startsWith('civigraph_municipality_snapshot_info'))).toEqual([
      `civigraph_municipality_snapshot_info{id="${register.current().id}"}`,
    ]);
    expect(mended.get('civigraph_municipality_problems')).toBe(0);
    expect(mended.get('civigraph_municipality_reloads_failed_total')).toBe(1);
    expect(mended.get('civigraph_municipality_snapshot_age_seconds')).toBe(0);
  });

  it('H-31: are served nowhere unless a port is named, and there nothing else is', async () => {
    expect((await serve({})).url).toBeUndefined();
    const { url = '' } = await serve({ METRICS_PORT: '0' });
    const { origin } = new URL(url);
    expect((await fetch(`${origin}/graphql`)).status).toBe(404);
    expect((await fetch(url, { method: 'POST' })).status).toBe(404);
  });
});
