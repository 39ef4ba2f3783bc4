import { z } from 'zod';

import {
  cmsOrganization,
  flag,
  itemShape,
  optionalId,
  optionalNumber,
  optionalText,
  updatedAtOf,
} from './cmsValues.ts';

/** Address and position. All null where an event has no place. */
export const cmsPlace = z.object({
  name: optionalText,
  address: optionalText,
  postcode: optionalText,
  town: optionalText,
  country: optionalText,
  latitude: optionalNumber,
  longitude: optionalNumber,
});

export type CmsPlace = z.infer<typeof cmsPlace>;

const time = z
  .string()
  .regex(/^(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?$/, 'Expected HH:MM')
  .transform((text) => text.slice(0, 5).padStart(5, '0'));

const openingDay = z.object({
  allDay: flag(false),
  closed: flag(false),
  appointmentOnly: flag(false),
  timeSlots: z
    .array(z.object({ start: time, end: time, timezone: optionalText }))
    .nullish()
    .transform((slots) => slots ?? []),
});

/** Seven days, Monday first; null, and any other number of days, means that nobody knows. */
const openingHours = z
  .array(openingDay)
  .nullish()
  .catch(undefined) // a place without hours beats no place
  .transform((days) => (days?.length === 7 ? days : undefined));

export type CmsOpeningDay = z.infer<typeof openingDay>;

const contact = z.object({
  name: optionalText,
  area_of_responsibility: optionalText,
  email: optionalText,
  phone_number: optionalText,
  mobile_number: optionalText,
  website: optionalText,
});

export type CmsContact = z.infer<typeof contact>;

export const cmsLocation = z
  .object({
    ...itemShape,
    website: optionalText,
    email: optionalText,
    phone_number: optionalText,
    /** Absent before contacts became records of their own. */
    contacts: z
      .array(contact)
      .nullish()
      .transform((contacts) => contacts ?? []),
    category: z
      .object({
        id: optionalId,
        name: optionalText,
        color: optionalText,
        icon: optionalText,
        icon_url: optionalText,
      })
      .nullish()
      .catch(undefined),
    temporarily_closed: flag(false),
    opening_hours: openingHours,
    appointment_url: optionalText,
    location: cmsPlace,
    organization: cmsOrganization,
    barrier_free: z
      .boolean()
      .nullish()
      .transform((value) => value ?? undefined),
  })
  .transform((item, context) => ({ ...item, updatedAt: updatedAtOf(item, context) }));

export type CmsLocation = z.infer<typeof cmsLocation>;
