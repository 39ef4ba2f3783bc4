import { z } from 'zod';

/** The CMS's formats of 2026, closed: a key too many is as wrong as one too few. */

const id = z.number().int().positive();
const url = z.url();
const path = z.string().regex(/^\/(?:[^/\s]+\/)+$/);
const utc = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const local = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?\+0[12]:00$/);
const day = z.iso.date();
const time = z.string().regex(/^\d\d:\d\d:\d\d$/);
const clockTime = z.string().regex(/^\d\d:\d\d$/);
const html = z.string().startsWith('<');
const translations = z.record(z.string(), z.strictObject({ id: id.nullable(), url, path }));

const organization = z.strictObject({ id, slug: z.string(), name: z.string(), logo: url, website: url });

export const offer = z.strictObject({
  name: z.string(),
  alias: z.string(),
  url: z.union([url, z.literal('')]),
  post: z.record(z.string(), z.string()).nullable(),
  thumbnail: z.union([url, z.literal('')]),
});

export const region = z.strictObject({
  id,
  name: z.string(),
  path: z.string().regex(/^[a-z-]+$/),
  live: z.boolean(),
  prefix: z.string(),
  name_without_prefix: z.string(),
  plz: z.string().length(5),
  extras: z.boolean(),
  events: z.boolean(),
  pois: z.boolean(),
  push_notifications: z.boolean(),
  longitude: z.number().min(5.8).max(15.1),
  latitude: z.number().min(47.2).max(55.1),
  bounding_box: z.tuple([z.tuple([z.number(), z.number()]), z.tuple([z.number(), z.number()])]),
  aliases: z.record(z.string(), z.strictObject({ latitude: z.number(), longitude: z.number() })),
  tunews: z.boolean(),
  external_news: z.boolean(),
  languages: z.array(
    z.strictObject({
      id,
      code: z.string(),
      bcp47_tag: z.string(),
      native_name: z.string(),
      dir: z.enum(['LEFT_TO_RIGHT', 'RIGHT_TO_LEFT']),
    }),
  ),
  is_chat_enabled: z.boolean(),
  zammad_privacy_policy: z.string().nullable(),
});

export const page = z.strictObject({
  id,
  url,
  path,
  title: z.string().min(1),
  modified_gmt: utc,
  last_updated: local,
  excerpt: z.string().min(1),
  content: html,
  parent: z.union([
    z.strictObject({ id: z.literal(0), url: z.null(), path: z.null() }),
    z.strictObject({ id, url, path }),
  ]),
  order: z.number().int().positive(),
  available_languages: translations,
  thumbnail: url.nullable(),
  organization: organization.nullable(),
  embedded_offers: z.array(offer),
  hash: z.null(),
});

export const imprint = page
  .omit({ order: true, organization: true, embedded_offers: true })
  .extend({ id: id.nullable(), parent: z.null(), thumbnail: z.null() });

const place = z.strictObject({
  id,
  name: z.string(),
  address: z.string(),
  town: z.string(),
  state: z.null(),
  postcode: z.string().length(5),
  region: z.null(),
  country: z.string(),
  latitude: z.number(),
  longitude: z.number(),
});
const noPlace = z.strictObject(Object.fromEntries(Object.keys(place.shape).map((key) => [key, z.null()])));

export const category = z.strictObject({
  id,
  name: z.string(),
  color: z.string().regex(/^#[0-9A-F]{6}$/),
  icon: z.string(),
  icon_url: url,
  icon_color: z.string(),
});

const openingDay = z.strictObject({
  allDay: z.boolean(),
  closed: z.boolean(),
  appointmentOnly: z.boolean(),
  timeSlots: z.array(z.strictObject({ start: clockTime, end: clockTime, timezone: z.literal('Europe/Berlin') })),
});

const item = {
  id: id.nullable(),
  url,
  path,
  title: z.string().min(1),
  modified_gmt: utc,
  last_updated: local,
  excerpt: z.string().min(1),
  content: html,
  available_languages: translations,
  thumbnail: url.nullable(),
  hash: z.null(),
};

export const location = z.strictObject({
  ...item,
  published_at: local,
  meta_description: z.string(),
  icon: z.null(),
  category: category.nullable(),
  temporarily_closed: z.boolean(),
  opening_hours: z.array(openingDay).length(7).nullable(),
  appointment_url: url.nullable(),
  contacts: z.array(
    z.strictObject({
      area_of_responsibility: z.string().nullable(),
      name: z.string(),
      email: z.email(),
      phone_number: z.string(),
      mobile_number: z.string(),
      website: url,
      opening_hours: z.null(),
      appointment_url: z.null(),
    }),
  ),
  location: place,
  organization: organization.nullable(),
  barrier_free: z.boolean().nullable(),
});

export const event = z.strictObject({
  ...item,
  location: z.union([place, noPlace]),
  location_path: path.nullable(),
  meeting_url: url.nullable(),
  event: z.strictObject({
    id,
    start: local,
    start_date: day,
    start_time: time,
    end: local,
    end_date: day,
    end_time: time,
    all_day: z.boolean(),
    only_weekdays: z.boolean(),
    recurrence_id: id.nullable(),
    timezone: z.literal('Europe/Berlin'),
  }),
  recurrence_rule: z
    .string()
    .regex(/^DTSTART:\d{8}T\d{6}\nRRULE:FREQ=/)
    .nullable(),
});

export const news = z.strictObject({
  id: z.string().regex(/^(?:local|tunews)-\d+$/),
  title: z.string().min(1),
  content: html,
  last_updated: local,
  published_at: local,
  display_date: local,
  channel: z.string().nullable(),
  available_languages: z.record(z.string(), z.strictObject({ id })).nullable(),
  source: z.enum(['local', 'tunews']),
  externalUrl: url.nullable(),
});

export const pushNotification = z.strictObject({
  id,
  title: z.string().min(1),
  message: z.string().min(1),
  timestamp: local,
  last_updated: local,
  published_at: local,
  display_date: local,
  channel: z.string(),
  available_languages: z.record(z.string(), z.strictObject({ id })),
});
