import { type Kysely, type RawBuilder, sql } from 'kysely';

import { ERRORS } from '../../schema/errorCodes.ts';
import type { HousingOfferFilter, HousingOfferOrder } from '../../schema/generated/housing.ts';
import { type Connection, type CursorValues, decodeCursor, readFirst, toConnection } from '../kit/connection.ts';
import { isDateTime } from '../kit/scalars.ts';
import type { HousingOffer } from './HousingOffer.ts';
import type { HousingTables } from './housingTables.ts';
import { isHousingOfferId } from './housingToken.ts';
import { OFFER_COLUMNS, type OfferRow, toHousingOffer } from './offerRow.ts';

/** Arguments of `Municipality.housingOffers`, checked. */
export interface Listing {
  readonly filter: HousingOfferFilter;
  readonly orderBy: HousingOfferOrder;
  readonly first: number;
  /** The last offer of the page before: its ordering value and its id. */
  readonly after: { readonly value: string | number; readonly id: string } | undefined;
}

export interface ListingArguments {
  readonly filter?: HousingOfferFilter | null | undefined;
  readonly orderBy?: HousingOfferOrder | null | undefined;
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

interface Ordering {
  /** The value that orders, before the id. */
  readonly column: RawBuilder<unknown>;
  readonly direction: RawBuilder<unknown>;
  /** What follows a cursor compares like this to it, the column and the id together. */
  readonly follows: RawBuilder<unknown>;
  readonly valueOf: (offer: HousingOffer) => string | number | null;
  readonly isValue: (value: unknown) => value is string | number;
  /** The SQL type of the column. */
  readonly type: RawBuilder<unknown>;
}

const isFiniteNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isInstant = (value: unknown): value is string =>
  typeof value === 'string' && isDateTime(value) && !value.startsWith('0000');

/** Ids end every ordering, so that it is total and a page boundary between equal values loses nothing. */
const ORDERINGS: Readonly<Record<HousingOfferOrder, Ordering>> = {
  NEWEST: {
    column: sql`o.published_at`,
    direction: sql`desc`,
    follows: sql`<`,
    valueOf: ({ publishedAt }) => publishedAt?.toISOString() ?? null,
    isValue: isInstant,
    type: sql`timestamptz`,
  },
  RENT: {
    column: sql`o.total_rent_cents`,
    direction: sql`asc`,
    follows: sql`>`,
    valueOf: ({ totalRentCents }) => totalRentCents,
    isValue: isFiniteNumber,
    type: sql`double precision`,
  },
  AREA: {
    column: sql`o.area_square_metres`,
    direction: sql`desc`,
    follows: sql`<`,
    valueOf: ({ areaSquareMetres }) => areaSquareMetres,
    isValue: isFiniteNumber,
    type: sql`double precision`,
  },
};

const MAX_TEXT_LENGTH = 200;
const MAX_WORDS = 8;
const MAX_RADIUS_KM = 500;

/** Checks the arguments before anything is read. */
export function toListing({ filter, orderBy, first, after }: ListingArguments): Listing {
  const near = filter?.near;
  if (
    near &&
    !(
      Math.abs(near.latitude) <= 90 &&
      Math.abs(near.longitude) <= 180 &&
      near.radiusKm > 0 &&
      near.radiusKm <= MAX_RADIUS_KM
    )
  ) {
    throw ERRORS.BAD_USER_INPUT.create(
      `"filter.near" must be a latitude, a longitude and a radius above 0 and up to ${MAX_RADIUS_KM} km.`,
    );
  }
  if ((filter?.text?.length ?? 0) > MAX_TEXT_LENGTH) {
    throw ERRORS.BAD_USER_INPUT.create(`"filter.text" must have at most ${MAX_TEXT_LENGTH} characters.`);
  }
  if (filter?.availableUntil?.startsWith('0000')) {
    throw ERRORS.BAD_USER_INPUT.create('"filter.availableUntil" must lie in the year 1 or later.');
  }
  const order = orderBy ?? 'NEWEST';
  return { filter: filter ?? {}, orderBy: order, first: readFirst(first), after: readAfter(after, order) };
}

/**
 * One page for each municipality, in one statement however many there are.
 * `now` decides what is listed: published, and not expired at that instant.
 */
export async function readListing(
  db: Kysely<HousingTables>,
  slugs: readonly string[],
  { filter, orderBy, first, after }: Listing,
  now: number,
): Promise<ReadonlyMap<string, Connection<HousingOffer>>> {
  const ordering = ORDERINGS[orderBy];
  const listed = sql`
    o.municipality = m.slug and o.status = 'PUBLISHED' and o.expires_at > ${new Date(now)}::timestamptz
    ${filterConditions(filter)}`;
  const follows =
    after === undefined
      ? sql``
      : sql`and (${ordering.column}, o.id) ${ordering.follows} (${after.value}::${ordering.type}, ${after.id})`;
  const { rows } = await sql<{ slug: string; totalCount: number } & (OfferRow | { readonly id: null })>`
    select m.slug, counted.total as "totalCount", page.*
    from unnest(${[...slugs]}::text[]) as m (slug)
    cross join lateral (select count(*)::int as total from housing_offer o where ${listed}) counted
    left join lateral (
      select ${OFFER_COLUMNS}, row_number() over (order by ${ordering.column} ${ordering.direction}, o.id ${ordering.direction}) as position
      from housing_offer o
      where ${listed} ${follows}
      order by ${ordering.column} ${ordering.direction}, o.id ${ordering.direction}
      limit ${first + 1}
    ) page on true
    order by m.slug, page.position`.execute(db);

  const pages = new Map(slugs.map((slug) => [slug, { totalCount: 0, offers: [] as HousingOffer[] }]));
  for (const { slug, totalCount, ...row } of rows) {
    const page = pages.get(slug);
    if (page !== undefined) {
      page.totalCount = totalCount;
      if (row.id !== null) {
        page.offers.push(toHousingOffer(row));
      }
    }
  }
  const cursorOf = (offer: HousingOffer): CursorValues => [orderBy, ordering.valueOf(offer), offer.id];
  return new Map(
    [...pages].map(([slug, { totalCount, offers }]) => [
      slug,
      toConnection(offers, { first, after: after?.id, totalCount, cursorOf }),
    ]),
  );
}

/** Checks that the cursor was made by this ordering, so that its value can be compared to the ordering's column. */
function readAfter(after: string | null | undefined, orderBy: HousingOfferOrder): Listing['after'] {
  const values = decodeCursor(after, 3);
  if (values === undefined) {
    return undefined;
  }
  const [order, value, id] = values;
  if (order !== orderBy || !ORDERINGS[orderBy].isValue(value) || !isHousingOfferId(id)) {
    throw ERRORS.BAD_USER_INPUT.create(`"after" is not a cursor of this connection ordered by ${orderBy}.`);
  }
  return { value, id };
}

function filterConditions(filter: HousingOfferFilter): RawBuilder<unknown> {
  const { maxTotalRentCents, minAreaSquareMetres, minRooms, availableUntil, text, near } = filter;
  const conditions: RawBuilder<unknown>[] = [];
  if (typeof maxTotalRentCents === 'number') {
    conditions.push(sql`o.total_rent_cents <= ${maxTotalRentCents}::integer`);
  }
  if (typeof minAreaSquareMetres === 'number') {
    conditions.push(sql`o.area_square_metres >= ${minAreaSquareMetres}::double precision`);
  }
  if (typeof minRooms === 'number') {
    conditions.push(sql`o.total_rooms >= ${minRooms}::double precision`);
  }
  if (typeof availableUntil === 'string') {
    conditions.push(sql`(o.available_from is null or o.available_from <= ${availableUntil}::date)`);
  }
  for (const word of toWords(text ?? '')) {
    const pattern = `%${word.replace(/[\\%_]/g, '\\$&')}%`;
    conditions.push(sql`concat_ws(' ', o.title, o.description, o.town) ilike ${pattern}::text`);
  }
  if (near) {
    // Great-circle distance; the earth's mean radius in km. `least` keeps rounding out of asin's forbidden range.
    conditions.push(sql`2 * 6371.0088 * asin(least(1, sqrt(
      sin(radians(o.latitude - ${near.latitude}::double precision) / 2) ^ 2
      + cos(radians(${near.latitude}::double precision)) * cos(radians(o.latitude))
        * sin(radians(o.longitude - ${near.longitude}::double precision) / 2) ^ 2
    ))) <= ${near.radiusKm}::double precision`);
  }
  return conditions.length === 0 ? sql`` : sql`and ${sql.join(conditions, sql` and `)}`;
}

function toWords(text: string): readonly string[] {
  const words = text
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cs}]/gu, ' ')
    .split(/\s+/)
    .filter((word) => word !== '');
  return words.slice(0, MAX_WORDS);
}

/** Published, unexpired offers by id; all others are missing from the answer, whatever the reason. */
export async function readPublishedOffers(
  db: Kysely<HousingTables>,
  ids: readonly string[],
  now: number,
): Promise<ReadonlyMap<string, HousingOffer>> {
  const { rows } = await sql<OfferRow>`
    select ${OFFER_COLUMNS} from housing_offer o
    where o.id = any(${[...ids]}::text[]) and o.status = 'PUBLISHED' and o.expires_at > ${new Date(now)}::timestamptz`.execute(
    db,
  );
  return new Map(rows.map((row) => [row.id, toHousingOffer(row)]));
}
