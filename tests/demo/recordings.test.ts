import { existsSync, readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { startDemo } from './startDemo.ts';

const RECORDINGS = '../shared/sources/cms';
const isThere = existsSync(RECORDINGS);
const describeRecorded = isThere ? describe : describe.skip;

/** What releases after the recordings added; see the notes beside them. */
const LATER = {
  region: ['is_chat_enabled', 'zammad_privacy_policy'],
  location: ['published_at'],
  slot: ['timezone'],
};

describeRecorded(`the demo CMS beside the recordings${isThere ? '' : ' (skipped: ../shared is absent)'}`, () => {
  const { cms } = startDemo();

  it.each([
    ['regions', 'regions.json', 'regions/', LATER.region],
    ['one region', 'regions/augsburg.json', 'regions/augsburg/', LATER.region],
    ['languages', 'augsburg/languages.json', 'augsburg/languages/', []],
    ['pages', 'augsburg/de/pages.json', 'augsburg/de/pages/', []],
    ['one page', 'augsburg/de/page.id=1.json', 'augsburg/de/page/?id=2701', []],
    ['events', 'augsburg/de/events.json', 'augsburg/de/events/', []],
    ['locations', 'augsburg/de/locations.json', 'augsburg/de/locations/', LATER.location],
    ['categories', 'augsburg/de/location-categories.json', 'augsburg/de/location-categories/', []],
    ['offers', 'augsburg/de/extras.json', 'augsburg/de/extras/', []],
    ['the imprint', 'augsburg/de/imprint.json', 'augsburg/de/imprint/', []],
  ])('has the keys of %s', async (_, file, path, later) => {
    const known = keysOf(recorded(file));
    const sent = keysOf(await cms(path));

    expect(sent.filter((key) => known.includes(key) || !later.includes(key))).toEqual(known);
  });

  it.each([
    ['the parent of a page', 'augsburg/de/pages.json', 'augsburg/de/pages/', 'parent', []],
    ['the place of an event', 'augsburg/de/events.json', 'augsburg/de/events/', 'location', []],
    ['the times of an event', 'augsburg/de/events.json', 'augsburg/de/events/', 'event', []],
    ['the address of a location', 'augsburg/de/locations.json', 'augsburg/de/locations/', 'location', []],
    ['the category of a location', 'augsburg/de/locations.json', 'augsburg/de/locations/', 'category', []],
    ['the organization of a location', 'augsburg/de/locations.json', 'augsburg/de/locations/', 'organization', []],
  ])('has the keys of %s', async (_, file, path, field) => {
    expect(keysOf(fieldOf(await cms(path), field))).toEqual(keysOf(fieldOf(recorded(file), field)));
  });

  it('has the keys of an opening day and its slots', async () => {
    const days = (value: unknown) => fieldOf(value, 'opening_hours').flat();
    const sent = days(await cms('augsburg/de/locations/'));
    const known = days(recorded('augsburg/de/locations.json'));

    expect(keysOf(sent)).toEqual(keysOf(known));
    expect(keysOf(fieldOf(sent, 'timeSlots').flat()).filter((key) => !LATER.slot.includes(key))).toEqual(
      keysOf(fieldOf(known, 'timeSlots').flat()),
    );
  });

  it.each([
    ['augsburg/non-existing/pages.404.json', 'augsburg/non-existing/pages/'],
    ['augsburg/de/page.archived.404.json', 'augsburg/de/page/?url=/augsburg/de/archived/'],
  ])('gives the error of %s', async (file, path) => {
    expect(await cms(path)).toEqual(recorded(file));
  });

  function recorded(file: string): unknown {
    return JSON.parse(readFileSync(`${RECORDINGS}/${file}`, 'utf8'));
  }
});

const record = z.record(z.string(), z.unknown());

function recordsOf(value: unknown): readonly Record<string, unknown>[] {
  return (Array.isArray(value) ? value : [value]).filter((entry) => entry !== null).map((entry) => record.parse(entry));
}

/** All keys of an object, or of all objects of a list. */
function keysOf(value: unknown): readonly string[] {
  return [...new Set(recordsOf(value).flatMap(Object.keys))].sort();
}

function fieldOf(value: unknown, field: string): unknown[] {
  return recordsOf(value)
    .map((entry) => entry[field])
    .filter((entry) => entry !== null && entry !== undefined);
}
