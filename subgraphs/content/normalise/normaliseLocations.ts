import type { ContentRecord, LocationData, OpeningDayRecord } from '../ContentRecord.ts';
import type { CmsLocation, CmsOpeningDay } from '../parse/cmsLocation.ts';
import { isTimeZone } from '../schedule/isTimeZone.ts';
import { contentId } from './contentId.ts';
import { type ItemContext, isFallback, normaliseItem, normaliseOrganization, normalisePlace } from './ItemContext.ts';
import { sortKeyOf } from './plainText.ts';
import { toUrl } from './toUrl.ts';

const NOWHERE = { name: null, street: null, postcode: null, town: null, country: null, location: null };

export function normaliseLocation(location: CmsLocation, context: ItemContext): ContentRecord<LocationData> {
  const place = normalisePlace(location.location, context) ?? NOWHERE;
  const category = toCategory(location.category);
  const openingHours = location.opening_hours?.map(toOpeningDay) ?? null;
  return {
    id: contentId('location', context.municipality, location.path),
    kind: 'location',
    path: location.path,
    parentId: null,
    index: {
      kind: 'location',
      sortKey: sortKeyOf(location.title),
      category: category?.id ?? null,
      location: place.location,
      temporarilyClosed: location.temporarily_closed,
      openingHours,
    },
    data: {
      ...normaliseItem(location, context),
      isFallback: isFallback(location, context),
      place,
      category,
      barrierFree: location.barrier_free ?? null,
      temporarilyClosed: location.temporarily_closed,
      openingHours,
      appointmentUrl: toUrl(location.appointment_url),
      contacts: toContacts(location),
      organization: normaliseOrganization(location.organization, context),
    },
  };
}

function toCategory(category: CmsLocation['category']): LocationData['category'] {
  return category?.id === undefined
    ? null
    : {
        id: category.id,
        name: category.name ?? category.id,
        color: category.color ?? null,
        icon: category.icon ?? category.icon_url ?? null,
      };
}

function toOpeningDay({ allDay, closed, appointmentOnly, timeSlots }: CmsOpeningDay): OpeningDayRecord {
  return {
    allDay,
    closed,
    appointmentOnly,
    slots: timeSlots.map(({ start, end, timezone }) => ({
      start,
      end,
      timeZone: timezone !== undefined && isTimeZone(timezone) ? timezone : null,
    })),
  };
}

/** Versions before contacts have one, in the location itself; later ones repeat the first there for a while. */
function toContacts({ contacts, email, phone_number, website }: CmsLocation): LocationData['contacts'] {
  const isAlone = contacts.length === 0 && [email, phone_number, website].some((value) => value !== undefined);
  const own = {
    name: undefined,
    area_of_responsibility: undefined,
    email,
    phone_number,
    mobile_number: undefined,
    website,
  };
  return (isAlone ? [own] : contacts).map((contact) => ({
    name: contact.name ?? null,
    role: contact.area_of_responsibility ?? null,
    email: contact.email ?? null,
    phone: contact.phone_number ?? null,
    mobile: contact.mobile_number ?? null,
    website: toUrl(contact.website),
  }));
}
