import { sql } from 'kysely';

import type { AdditionalService, RoomKind, RunningService } from '../../schema/generated/housing.ts';
import { confirmationEnd, type HousingOffer, type HousingOfferId } from './HousingOffer.ts';
import type { StoredStatus } from './housingTables.ts';

/** What is read of an offer. The e-mail address and the hashes stay in the database. */
export interface OfferRow {
  readonly id: HousingOfferId;
  readonly municipality: string;
  readonly status: StoredStatus;
  readonly createdAt: Date;
  readonly publishedAt: Date | null;
  readonly expiresAt: Date | null;
  readonly title: string;
  readonly description: string | null;
  readonly baseRentCents: number;
  readonly runningCostsCents: number | null;
  readonly additionalCostsCents: number | null;
  readonly totalRentCents: number;
  readonly currency: string;
  readonly hotWaterInHeatingCosts: boolean;
  readonly includedServices: readonly RunningService[];
  readonly additionalServices: readonly AdditionalService[];
  readonly areaSquareMetres: number;
  readonly totalRooms: number;
  readonly rooms: readonly RoomKind[];
  readonly availableFrom: string | null;
  readonly street: string | null;
  readonly postcode: string | null;
  readonly town: string | null;
  readonly country: string;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly landlordName: string;
  readonly landlordPhone: string | null;
}

/** The columns of an OfferRow out of `housing_offer o`. The day is read as text: a driver's Date would shift it by the zone. */
export const OFFER_COLUMNS = sql`
  o.id, o.municipality, o.status, o.created_at as "createdAt", o.published_at as "publishedAt",
  o.expires_at as "expiresAt", o.title, o.description, o.base_rent_cents as "baseRentCents",
  o.running_costs_cents as "runningCostsCents", o.additional_costs_cents as "additionalCostsCents",
  o.total_rent_cents as "totalRentCents", o.currency, o.hot_water_in_heating_costs as "hotWaterInHeatingCosts",
  o.included_services as "includedServices", o.additional_services as "additionalServices",
  o.area_square_metres as "areaSquareMetres", o.total_rooms as "totalRooms", o.rooms,
  o.available_from::text as "availableFrom", o.street, o.postcode, o.town, o.country, o.latitude, o.longitude,
  o.landlord_name as "landlordName", o.landlord_phone as "landlordPhone"`;

export function toHousingOffer(row: OfferRow): HousingOffer {
  const { municipality, createdAt, street, postcode, town, country, latitude, longitude, ...offer } = row;
  const { landlordName: name, landlordPhone: phone, ...shown } = offer;
  const location = latitude === null || longitude === null ? null : { latitude, longitude };
  const isPlaced = street !== null || postcode !== null || town !== null || location !== null;
  return {
    ...shown,
    __typename: 'HousingOffer',
    municipality: { __typename: 'Municipality', slug: municipality },
    expiresAt: row.expiresAt ?? confirmationEnd(createdAt),
    place: isPlaced ? { name: null, street, postcode, town, country, location } : null,
    landlord: { name, phone },
  };
}
