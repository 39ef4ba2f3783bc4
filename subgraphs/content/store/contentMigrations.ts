import { type Migration, sql } from 'kysely';

/** Names sort in the order of application and never change once released. */
export const contentMigrations: Readonly<Record<string, Migration>> = {
  '0001-content': {
    up: async (database) => {
      await sql`
        create table content_region (
          municipality text primary key,
          hash text not null,
          data json not null
        )`.execute(database);
      await sql`
        create table content_part (
          municipality text not null,
          language text not null,
          kind text not null,
          body_hash text not null,
          items integer not null,
          rejected integer not null,
          quarantined_at timestamptz,
          primary key (municipality, language, kind)
        )`.execute(database);
      await sql`
        create table content_entry (
          id text primary key,
          municipality text not null,
          language text not null,
          kind text not null,
          path text,
          parent_id text,
          hash text not null,
          index json not null,
          data json not null
        )`.execute(database);
      // Nothing searches inside the texts: kept as they come, without compression, they are written in half the time.
      await sql`alter table content_entry alter column data set storage external`.execute(database);
      await sql`create index content_entry_list on content_entry (municipality, language, kind, parent_id)`.execute(
        database,
      );
      await sql`create index content_entry_path on content_entry (municipality, path)`.execute(database);
    },
  },
};
