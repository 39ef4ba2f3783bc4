import { type Kysely, type RawBuilder, sql } from 'kysely';

import type { ApprenticeshipTables } from '../storage/ApprenticeshipTables.ts';
import { APPRENTICESHIP_COLUMNS, type Apprenticeship } from './Apprenticeship.ts';
import type { AskedArea } from './toAskedArea.ts';
import { EARTH_RADIUS_METRES } from './toBoundingBox.ts';
import type { ListCriteria, ListCursor } from './toListCriteria.ts';

/** Up to `first + 1` rows after the cursor, and how many there are in all. */
export interface ApprenticeshipPage {
  readonly rows: readonly Apprenticeship[];
  readonly totalCount: number;
}

interface PageRow extends Apprenticeship {
  readonly area: number;
  readonly total: number;
  readonly rank: number | null;
}

/**
 * One page for each area, in their order, by one statement.
 *
 * A place with coordinates counts when it lies within the radius (a box on the index first, then the haversine). One
 * without counts when its postcode or its town is the municipality's; the apprenticeship's distance is unknown then.
 */
export async function readPages(
  database: Kysely<ApprenticeshipTables>,
  criteria: ListCriteria,
  areas: readonly AskedArea[],
): Promise<readonly ApprenticeshipPage[]> {
  const { order, first, after } = criteria;
  const { rows } = await sql<PageRow>`
    with asked as (
      select * from jsonb_to_recordset(${JSON.stringify(areas.map((area, index) => ({ area: index, ...area })))}::jsonb)
        as asked (
          area integer, latitude float8, longitude float8, radius_metres float8,
          min_latitude float8, max_latitude float8, min_longitude float8, max_longitude float8,
          postcode text, town_key text, today date, sources text[]
        )
    ),
    near as (
      select asked.area, place.apprenticeship_id, min(place.metres) as metres
      from asked cross join lateral (
        select apprenticeship_id, ${METRES} as metres
        from apprenticeship_places as located
        where latitude between asked.min_latitude and asked.max_latitude
          and longitude between asked.min_longitude and asked.max_longitude
        union all
        select apprenticeship_id, null from apprenticeship_places
        where latitude is null and postcode = asked.postcode
        union all
        select apprenticeship_id, null from apprenticeship_places
        where latitude is null and town_key = asked.town_key
      ) as place
      where place.metres is null or place.metres <= asked.radius_metres
      group by asked.area, place.apprenticeship_id
    ),
    matches as (
      select near.area, near.metres, a.id, a.newest_on, a.starts_on
      from near
      join asked on asked.area = near.area
      join apprenticeships as a on a.id = near.apprenticeship_id
      where ${sql.join(toConditions(criteria), sql` and `)}
    ),
    totals as (
      select area, count(*)::integer as total from matches group by area
    ),
    ranked as (
      select *, row_number() over (partition by area order by ${ORDER_BY[order]}, id)::integer as rank
      from matches
      where ${after === undefined ? sql`true` : AFTER[order](after)}
    )
    select asked.area, coalesce(totals.total, 0) as total, ranked.rank, ranked.metres,
      ${sql.join(APPRENTICESHIP_COLUMNS.map((column) => sql.ref(`a.${column}`)))}
    from asked
    left join totals on totals.area = asked.area
    left join ranked on ranked.area = asked.area and ranked.rank <= ${first + 1}
    left join apprenticeships as a on a.id = ranked.id
    order by asked.area, ranked.rank
  `.execute(database);

  const pages = areas.map((): { rows: Apprenticeship[]; totalCount: number } => ({ rows: [], totalCount: 0 }));
  for (const { area, total, rank, ...row } of rows) {
    const page = pages[area];
    if (page !== undefined) {
      page.totalCount = total;
      if (rank !== null) {
        page.rows.push(row);
      }
    }
  }
  return pages;
}

/** Haversine on the sphere, in whole metres: exact enough to order by, and exactly comparable in a cursor. */
const METRES = sql`round(2 * ${sql.lit(EARTH_RADIUS_METRES)} * asin(least(1, sqrt(
  power(sin(radians(located.latitude - asked.latitude) / 2), 2)
  + cos(radians(asked.latitude)) * cos(radians(located.latitude))
    * power(sin(radians(located.longitude - asked.longitude) / 2), 2)
))))::integer`;

/** Every order ends with the id. */
const ORDER_BY = {
  NEWEST: sql`newest_on desc`,
  DISTANCE: sql`metres asc nulls last`,
  STARTS_ON: sql`starts_on asc nulls last`,
} as const;

/** The rows behind a cursor. */
const AFTER = {
  NEWEST: ({ value, id }: ListCursor) =>
    sql`(newest_on < ${value}::date or (newest_on = ${value}::date and id > ${id}))`,
  DISTANCE: ({ value, id }: ListCursor) =>
    value === null
      ? sql`(metres is null and id > ${id})`
      : sql`(metres > ${value}::integer or metres is null or (metres = ${value}::integer and id > ${id}))`,
  STARTS_ON: ({ value, id }: ListCursor) =>
    value === null
      ? sql`(starts_on is null and id > ${id})`
      : sql`(starts_on > ${value}::date or starts_on is null or (starts_on = ${value}::date and id > ${id}))`,
} as const;

function toConditions({
  words,
  kinds,
  occupation,
  startsFrom,
  startsTo,
}: ListCriteria): readonly RawBuilder<unknown>[] {
  const conditions = [
    sql`(a.expires_on is null or a.expires_on >= asked.today)`,
    sql`(asked.sources is null or exists (
      select from apprenticeship_records as record
      where record.apprenticeship_id = a.id and record.source = any (asked.sources)
    ))`,
    ...words.map((word) => sql`a.search_text like ${containing(word)}`),
  ];
  if (kinds !== undefined) {
    conditions.push(sql`a.kind = any (${[...kinds]}::text[])`);
  }
  if (occupation !== undefined) {
    conditions.push(
      sql`(a.occupation_code = ${occupation.code} or a.occupation_key like ${containing(occupation.folded)})`,
    );
  }
  if (startsFrom !== undefined) {
    conditions.push(sql`a.starts_on >= ${startsFrom}::date`);
  }
  if (startsTo !== undefined) {
    conditions.push(sql`a.starts_on <= ${startsTo}::date`);
  }
  return conditions;
}

function containing(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}
