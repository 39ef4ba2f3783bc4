import { type Migration, sql } from 'kysely';

import type { SqlDatabase } from '../../platform/sql/SqlDatabase.ts';

/** What the housing exchange owns. Rows are deleted, never marked as deleted: erasure leaves nothing behind. */
export interface HousingTables {
  readonly housing_offer: HousingOfferTable;
}

/** All other states are the absence of the row. */
export type StoredStatus = 'AWAITING_CONFIRMATION' | 'IN_REVIEW' | 'PUBLISHED';

export interface HousingOfferTable {
  readonly id: string;
  readonly municipality: string;
  readonly status: StoredStatus;
  /** SHA-256 of the secret half of the token, hexadecimal. The secret itself exists in the landlord's e-mail alone. */
  readonly token_hash: string;
  readonly idempotency_hash: string | null;
  /** SHA-256 of the validated input, to tell a retry from a key that is used twice. */
  readonly input_hash: string;
  readonly created_at: Date;
  /** Since when a process has been sending the e-mail, and when the mail server took it. */
  readonly mail_claimed_at: Date;
  readonly mail_sent_at: Date | null;
  /** When and to which text the landlord consented (GDPR, Art. 7). */
  readonly consented_at: Date;
  readonly consent_version: string;
  readonly duration_days: number;
  /** SHA-256 of the secret in the moderator's e-mail; null until one was made. */
  readonly review_token_hash: string | null;
  /** Since when a process has been sending the moderator's e-mail. */
  readonly review_mail_claimed_at: Date | null;
  readonly published_at: Date | null;
  /** When publication ends, or the time to review; null before the confirmation. */
  readonly expires_at: Date | null;
  readonly title: string;
  readonly description: string | null;
  readonly base_rent_cents: number;
  readonly running_costs_cents: number | null;
  readonly additional_costs_cents: number | null;
  readonly total_rent_cents: number;
  readonly currency: string;
  readonly hot_water_in_heating_costs: boolean;
  readonly included_services: readonly string[];
  readonly additional_services: readonly string[];
  readonly area_square_metres: number;
  readonly total_rooms: number;
  readonly rooms: readonly string[];
  readonly available_from: string | null;
  readonly street: string | null;
  readonly postcode: string | null;
  readonly town: string | null;
  readonly country: string;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly landlord_name: string;
  readonly landlord_email: string;
  readonly landlord_phone: string | null;
}

const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '001-offers': {
    up: async (db) => {
      // timestamptz(3): what JavaScript can hold, so that an instant read back equals the one in a cursor.
      await sql`
        create table housing_offer (
          id text primary key,
          municipality text not null,
          status text not null check (status in ('AWAITING_CONFIRMATION', 'PUBLISHED')),
          token_hash text not null,
          idempotency_hash text,
          input_hash text not null,
          created_at timestamptz(3) not null,
          mail_claimed_at timestamptz(3) not null,
          mail_sent_at timestamptz(3),
          consented_at timestamptz(3) not null,
          consent_version text not null,
          duration_days integer not null,
          published_at timestamptz(3),
          expires_at timestamptz(3),
          title text not null,
          description text,
          base_rent_cents integer not null,
          running_costs_cents integer,
          additional_costs_cents integer,
          total_rent_cents integer not null,
          currency text not null,
          hot_water_in_heating_costs boolean not null,
          included_services text[] not null,
          additional_services text[] not null,
          area_square_metres double precision not null,
          total_rooms double precision not null,
          rooms text[] not null,
          available_from date,
          street text,
          postcode text,
          town text,
          country text not null,
          latitude double precision,
          longitude double precision,
          landlord_name text not null,
          landlord_email text not null,
          landlord_phone text,
          unique (municipality, idempotency_hash),
          check (status = 'AWAITING_CONFIRMATION' or (published_at is not null and expires_at is not null))
        )`.execute(db);
      await sql`
        create index housing_offer_newest on housing_offer (municipality, published_at desc, id desc)
        where status = 'PUBLISHED'`.execute(db);
      await sql`create index housing_offer_expiry on housing_offer (expires_at)`.execute(db);
      await sql`create index housing_offer_email on housing_offer (landlord_email, created_at)`.execute(db);
      await sql`
        create index housing_offer_unconfirmed on housing_offer (created_at)
        where status = 'AWAITING_CONFIRMATION'`.execute(db);
    },
  },
  '002-moderation': {
    up: async (db) => {
      await sql`
        alter table housing_offer
          add column review_token_hash text,
          add column review_mail_claimed_at timestamptz(3),
          drop constraint housing_offer_status_check,
          drop constraint housing_offer_check,
          add constraint housing_offer_status check (status in ('AWAITING_CONFIRMATION', 'IN_REVIEW', 'PUBLISHED')),
          add constraint housing_offer_confirmed check (status = 'AWAITING_CONFIRMATION' or expires_at is not null),
          add constraint housing_offer_reviewed check (status <> 'IN_REVIEW' or review_token_hash is not null),
          add constraint housing_offer_published check (status <> 'PUBLISHED' or published_at is not null)`.execute(db);
      await sql`
        create index housing_offer_in_review on housing_offer (municipality) where status = 'IN_REVIEW'`.execute(db);
    },
  },
};

/** Brings the tables of the housing exchange up to date; any number of processes may call it at once. */
export async function migrateHousing(database: SqlDatabase): Promise<void> {
  await database.migrate('housing', MIGRATIONS);
}
