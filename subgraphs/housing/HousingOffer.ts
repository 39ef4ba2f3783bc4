import type {
  AdditionalService,
  HousingOfferStatus,
  RoomKind,
  RunningService,
} from '../../schema/generated/housing.ts';

/** A public id: 128 random bits in hexadecimal, so that none can be guessed from another. */
export type HousingOfferId = string & { readonly __id: 'HousingOffer' };

/** An offer as the graph shows it. The landlord's e-mail address is not in it, so no resolver can leak it. */
export interface HousingOffer {
  readonly __typename: 'HousingOffer';
  readonly id: HousingOfferId;
  readonly municipality: { readonly __typename: 'Municipality'; readonly slug: string };
  readonly status: HousingOfferStatus;
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
  readonly place: HousingPlace | null;
  readonly publishedAt: Date | null;
  readonly expiresAt: Date;
  readonly landlord: { readonly name: string; readonly phone: string | null } | null;
}

export interface HousingPlace {
  readonly name: null;
  readonly street: string | null;
  readonly postcode: string | null;
  readonly town: string | null;
  readonly country: string;
  readonly location: { readonly latitude: number; readonly longitude: number } | null;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How long the token in the e-mail can publish an offer; unpublished, it is erased afterwards. */
export const CONFIRMATION_HOURS = 48;

/** When an offer that nobody confirms lapses. */
export function confirmationEnd(createdAt: Date): Date {
  return new Date(createdAt.getTime() + CONFIRMATION_HOURS * HOUR_MS);
}

/** Offers created at or before this instant and still unconfirmed have lapsed. */
export function lapsedBefore(now: number): Date {
  return new Date(now - CONFIRMATION_HOURS * HOUR_MS);
}

/** How long a confirmed offer waits for a moderator; undecided, it is erased afterwards. */
export const REVIEW_DAYS = 14;

/** When an offer that begins to wait for a moderator now lapses. */
export function reviewEnd(now: number): Date {
  return new Date(now + REVIEW_DAYS * DAY_MS);
}

/** When an offer that is published now stops being listed. */
export function publicationEnd(now: number, durationDays: number): Date {
  return new Date(now + durationDays * DAY_MS);
}

/** The first instant of the last 24 hours. */
export function dayBefore(now: number): Date {
  return new Date(now - DAY_MS);
}
