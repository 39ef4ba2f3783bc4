import { type ServedAnswer, serve, type TestServer } from './support/serveFiles.ts';

export type Json = Readonly<Record<string, unknown>>;

/** A CMS of invented regions. Every answer can be replaced: by a value, by text, by another status. */
export interface FakeCms extends TestServer {
  /** By path below `/api/v3/`, without the slash at the end. */
  readonly answers: Map<string, unknown>;
}

export async function startFakeCms(answers: Readonly<Record<string, unknown>>): Promise<FakeCms> {
  const table = new Map(Object.entries(answers));
  const server = await serve((path): ServedAnswer | undefined => {
    const name = path.replace(/^\/api\/v3\//, '').replace(/\/$/, '');
    const answer = table.get(name);
    if (answer === undefined) {
      // Inside a region the CMS knows the usual paths; an empty list is what it has where nothing was written.
      const isKnown =
        table.has('regions') && /^[^/]+\/[^/]+\/(?:pages|events|locations|imprint|news|extras)$/.test(name);
      return isKnown ? { body: '[]' } : undefined;
    }
    return isServed(answer) ? answer : { body: JSON.stringify(answer) };
  });
  return { ...server, answers: table };
}

function isServed(answer: unknown): answer is ServedAnswer {
  return typeof answer === 'object' && answer !== null && 'body' in answer;
}

export const GERMAN = { id: 1, code: 'de', bcp47_tag: 'de-DE', native_name: 'Deutsch', dir: 'LEFT_TO_RIGHT' };
export const ARABIC = { id: 2, code: 'ar', bcp47_tag: 'ar', native_name: 'العربية', dir: 'RIGHT_TO_LEFT' };

export function regionOf(path: string, fields: Json = {}): Json {
  return {
    id: 1,
    name: `Stadt ${path}`,
    path,
    live: true,
    prefix: 'Stadt',
    name_without_prefix: path,
    plz: '12345',
    extras: true,
    events: true,
    pois: true,
    push_notifications: true,
    longitude: 11.5,
    latitude: 50.1,
    bounding_box: [
      [11.4, 50],
      [11.6, 50.2],
    ],
    aliases: {},
    tunews: true,
    external_news: true,
    languages: [GERMAN, ARABIC],
    ...fields,
  };
}

/** What pages, events and locations share; `path` without a slash at the end. */
export function itemOf(path: string, fields: Json = {}): Json {
  return {
    id: 7,
    url: `https://cms.example.org${path}/`,
    path: `${path}/`,
    title: path.split('/').at(-1),
    modified_gmt: '2029-06-01T08:00:00.000Z',
    last_updated: '2029-06-01T10:00:00+02:00',
    excerpt: '',
    content: '',
    available_languages: {},
    thumbnail: null,
    hash: null,
    ...fields,
  };
}

export function pageOf(path: string, fields: Json = {}): Json {
  return { ...itemOf(path), parent: { id: 0, url: null, path: null }, order: 1, organization: null, ...fields };
}

export const NOWHERE = {
  ...{ id: null, name: null, address: null, town: null, state: null, postcode: null, region: null, country: null },
  ...{ latitude: null, longitude: null },
};

export function eventOf(path: string, times: Json = {}, fields: Json = {}): Json {
  return {
    ...itemOf(path),
    location: NOWHERE,
    location_path: null,
    meeting_url: null,
    event: {
      id: 3,
      start: '2030-02-01T18:00:00+01:00',
      end: '2030-02-01T20:00:00+01:00',
      all_day: false,
      recurrence_id: null,
      timezone: 'Europe/Berlin',
      ...times,
    },
    recurrence_rule: null,
    ...fields,
  };
}

export const CLOSED = { allDay: false, closed: true, appointmentOnly: false, timeSlots: [] };

export function openOn(...slots: readonly Json[]): Json {
  return { allDay: false, closed: false, appointmentOnly: false, timeSlots: slots };
}

export function locationOf(path: string, fields: Json = {}): Json {
  return {
    ...itemOf(path),
    icon: null,
    contacts: [],
    category: { id: 4, name: 'Beratung', color: '#336699', icon: 'advice' },
    temporarily_closed: false,
    opening_hours: null,
    appointment_url: null,
    location: { ...NOWHERE, id: 1, name: 'Haus', address: 'Ring 1', town: 'Hof', latitude: 50.1, longitude: 11.5 },
    organization: null,
    barrier_free: null,
    ...fields,
  };
}
