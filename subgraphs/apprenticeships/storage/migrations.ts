import { type Kysely, type Migration, sql } from 'kysely';

/** Under this name the tables of `apprenticeshipMigrations` are kept up to date. */
export const MIGRATION_OWNER = 'apprenticeships';

/** Released names never change their meaning; add a new one instead. */
export const apprenticeshipMigrations: Readonly<Record<string, Migration>> = {
  '0001_apprenticeships': { up: createTables },
};

/** Ids sort by their bytes, so that pages are alike on every server whatever its language. */
async function createTables(database: Kysely<unknown>): Promise<void> {
  for (const statement of [
    sql`
      create table apprenticeships (
        id text collate "C" primary key,
        kind text not null,
        title text not null,
        occupation_name text,
        occupation_scheme text,
        occupation_code text,
        employer text,
        description text,
        starts_on date,
        published_on date,
        expires_on date,
        newest_on date not null,
        positions integer,
        requirements jsonb not null,
        url text,
        search_text text not null,
        occupation_key text
      )`,
    sql`
      create table apprenticeship_places (
        apprenticeship_id text collate "C" not null references apprenticeships (id) on delete cascade,
        position integer not null,
        name text,
        street text,
        postcode text,
        town text,
        town_key text,
        country text,
        latitude double precision,
        longitude double precision,
        primary key (apprenticeship_id, position),
        check ((latitude is null) = (longitude is null))
      )`,
    sql`
      create index apprenticeship_places_located on apprenticeship_places (latitude, longitude)
      where latitude is not null`,
    sql`
      create index apprenticeship_places_by_postcode on apprenticeship_places (postcode)
      where latitude is null`,
    sql`
      create index apprenticeship_places_by_town on apprenticeship_places (town_key)
      where latitude is null`,
    sql`
      create table apprenticeship_records (
        source text not null,
        external_id text not null,
        apprenticeship_id text collate "C" not null references apprenticeships (id) on delete cascade,
        url text,
        content_hash text not null,
        first_seen_at timestamptz not null,
        fetched_at timestamptz not null,
        primary key (source, external_id)
      )`,
    sql`create index apprenticeship_records_by_apprenticeship on apprenticeship_records (apprenticeship_id)`,
    sql`
      create table apprenticeship_queries (
        source text not null,
        query_key text not null,
        trusted_at timestamptz not null,
        suspicious_answers integer not null default 0,
        primary key (source, query_key)
      )`,
    sql`
      create table apprenticeship_query_records (
        source text not null,
        query_key text not null,
        external_id text not null,
        primary key (source, query_key, external_id),
        foreign key (source, query_key) references apprenticeship_queries (source, query_key) on delete cascade,
        foreign key (source, external_id) references apprenticeship_records (source, external_id) on delete cascade
      )`,
    sql`create index apprenticeship_query_records_by_record on apprenticeship_query_records (source, external_id)`,
  ]) {
    await statement.execute(database);
  }
}
