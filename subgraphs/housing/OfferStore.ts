import { type Kysely, sql, type Transaction } from 'kysely';

import type { SqlDatabase } from '../../platform/sql/SqlDatabase.ts';
import type { StoreGuard } from '../kit/guardStore.ts';
import { confirmationEnd, dayBefore, type HousingOffer, lapsedBefore, publicationEnd } from './HousingOffer.ts';
import type { HousingOfferTable, HousingTables } from './housingTables.ts';
import { type HousingToken, isSecretOf } from './housingToken.ts';
import { OFFER_COLUMNS, type OfferRow, toHousingOffer } from './offerRow.ts';

/** Confirmation e-mails that one address can be sent within 24 hours, whoever asks for them. */
export const MAILS_PER_DAY = 3;
/** A process that has not finished its e-mail after this time is taken for dead. Longer than any mailer's deadline. */
const MAIL_CLAIM_MS = 60_000;

/** A row before its e-mail. */
export type NewOffer = Omit<HousingOfferTable, 'status' | 'mail_sent_at' | 'published_at' | 'expires_at'>;

export type InsertOutcome =
  /** Stored and claimed by the caller, who sends the e-mail now. */
  | { readonly kind: 'claimed'; readonly offer: HousingOffer }
  /** The same key and input were here before, e-mail included. */
  | { readonly kind: 'repeated'; readonly offer: HousingOffer }
  /** Another process is sending the e-mail of the same key. */
  | { readonly kind: 'in-progress' }
  | { readonly kind: 'key-reused' }
  | { readonly kind: 'too-many-mails' };

/** The life of an offer in the database. A token that does not fit yields undefined, whatever the reason. */
export interface OfferStore {
  insert(offer: NewOffer): Promise<InsertOutcome>;
  markMailSent(id: string, tokenHash: string, now: number): Promise<void>;
  /** Takes back an offer whose e-mail was not sent, unless another process has claimed it since. */
  discard(id: string, tokenHash: string): Promise<void>;
  publish(municipality: string, token: HousingToken, now: number): Promise<HousingOffer | undefined>;
  /** Deletes the row; what is returned has no contact any more. */
  erase(municipality: string, token: HousingToken): Promise<HousingOffer | undefined>;
}

export function createOfferStore(database: SqlDatabase, guard: StoreGuard): OfferStore {
  const db = database.as<HousingTables>();

  return {
    insert: (offer) =>
      guard(() =>
        db.transaction().execute(async (transaction) => {
          // One at a time per address: two parallel offers must not both see the last free place below the limit.
          await sql`select pg_advisory_xact_lock(hashtextextended(${offer.landlord_email}, 0))`.execute(transaction);
          return (await findRepeated(transaction, offer)) ?? (await insertNew(transaction, offer));
        }),
      ),

    markMailSent: (id, tokenHash, now) =>
      guard(async () => {
        await db
          .updateTable('housing_offer')
          .set({ mail_sent_at: new Date(now) })
          .where('id', '=', id)
          .where('token_hash', '=', tokenHash)
          .execute();
      }),

    discard: (id, tokenHash) =>
      guard(async () => {
        await db
          .deleteFrom('housing_offer')
          .where('id', '=', id)
          .where('token_hash', '=', tokenHash)
          .where('status', '=', 'AWAITING_CONFIRMATION')
          .execute();
      }),

    publish: (municipality, token, now) =>
      guard(() =>
        db.transaction().execute(async (transaction) => {
          const found = await lockByToken(transaction, municipality, token);
          if (found === undefined) {
            return undefined;
          }
          if (found.status === 'PUBLISHED') {
            return found.expiresAt !== null && found.expiresAt.getTime() > now ? toHousingOffer(found) : undefined;
          }
          if (confirmationEnd(found.createdAt).getTime() <= now) {
            return undefined;
          }
          const published = {
            status: 'PUBLISHED' as const,
            publishedAt: new Date(now),
            expiresAt: publicationEnd(now, found.durationDays),
          };
          await transaction
            .updateTable('housing_offer')
            .set({
              status: published.status,
              published_at: published.publishedAt,
              expires_at: published.expiresAt,
            })
            .where('id', '=', token.id)
            .execute();
          return toHousingOffer({ ...found, ...published });
        }),
      ),

    erase: (municipality, token) =>
      guard(() =>
        db.transaction().execute(async (transaction) => {
          const found = await lockByToken(transaction, municipality, token);
          if (found === undefined) {
            return undefined;
          }
          await transaction.deleteFrom('housing_offer').where('id', '=', token.id).execute();
          return { ...toHousingOffer(found), status: 'WITHDRAWN', landlord: null };
        }),
      ),
  };
}

/** What became of an earlier offer with the same key; undefined when there is none that counts. */
async function findRepeated(
  transaction: Transaction<HousingTables>,
  offer: NewOffer,
): Promise<InsertOutcome | undefined> {
  if (offer.idempotency_hash === null) {
    return undefined;
  }
  const now = offer.created_at.getTime();
  const { rows } = await sql<OfferRow & { inputHash: string; mailSentAt: Date | null; mailClaimedAt: Date }>`
    select ${OFFER_COLUMNS}, o.input_hash as "inputHash", o.mail_sent_at as "mailSentAt",
      o.mail_claimed_at as "mailClaimedAt"
    from housing_offer o
    where o.municipality = ${offer.municipality} and o.idempotency_hash = ${offer.idempotency_hash}
    for update`.execute(transaction);
  const [found] = rows;
  if (found === undefined) {
    return undefined;
  }
  const { inputHash, mailSentAt, mailClaimedAt, ...row } = found;
  const end = row.expiresAt ?? confirmationEnd(row.createdAt);
  if (end.getTime() <= now) {
    await transaction.deleteFrom('housing_offer').where('id', '=', row.id).execute(); // over, only not yet purged
    return undefined;
  }
  if (inputHash !== offer.input_hash) {
    return { kind: 'key-reused' };
  }
  if (mailSentAt !== null || row.status === 'PUBLISHED') {
    return { kind: 'repeated', offer: toHousingOffer(row) };
  }
  if (mailClaimedAt.getTime() > now - MAIL_CLAIM_MS) {
    return { kind: 'in-progress' };
  }
  // Its process died between storing and sending. Nobody may hold the old token, so the offer is made anew.
  await transaction.deleteFrom('housing_offer').where('id', '=', row.id).execute();
  return undefined;
}

async function insertNew(transaction: Transaction<HousingTables>, offer: NewOffer): Promise<InsertOutcome> {
  const { mails } = await transaction
    .selectFrom('housing_offer')
    .select(sql<number>`count(*)::int`.as('mails'))
    .where('landlord_email', '=', offer.landlord_email)
    .where('created_at', '>', dayBefore(offer.created_at.getTime()))
    .executeTakeFirstOrThrow();
  if (mails >= MAILS_PER_DAY) {
    return { kind: 'too-many-mails' };
  }
  const inserted = await transaction
    .insertInto('housing_offer')
    .values({ ...offer, status: 'AWAITING_CONFIRMATION', mail_sent_at: null, published_at: null, expires_at: null })
    .onConflict((conflict) => conflict.columns(['municipality', 'idempotency_hash']).doNothing())
    .returning('id')
    .execute();
  if (inserted.length === 0) {
    // The same key with another address, hence under another lock, came first by a moment.
    return { kind: 'in-progress' };
  }
  const { rows } = await sql<OfferRow>`
    select ${OFFER_COLUMNS} from housing_offer o where o.id = ${offer.id}`.execute(transaction);
  const [row] = rows;
  if (row === undefined) {
    throw new TypeError('An offer that was just inserted is not there.');
  }
  return { kind: 'claimed', offer: toHousingOffer(row) };
}

async function lockByToken(
  transaction: Transaction<HousingTables>,
  municipality: string,
  { id, secret }: HousingToken,
): Promise<(OfferRow & { durationDays: number }) | undefined> {
  const { rows } = await sql<OfferRow & { durationDays: number; tokenHash: string }>`
    select ${OFFER_COLUMNS}, o.duration_days as "durationDays", o.token_hash as "tokenHash"
    from housing_offer o
    where o.id = ${id}
    for update`.execute(transaction);
  const [found] = rows;
  if (!isSecretOf(secret, found?.tokenHash) || found === undefined || found.municipality !== municipality) {
    return undefined;
  }
  const { tokenHash: _, ...row } = found;
  return row;
}

/** How many offers a purge erased. */
export interface PurgeReport {
  readonly unconfirmed: number;
  readonly expired: number;
}

/** Deletes offers that were not confirmed in time and published ones that have expired. Repeating it changes nothing. */
export async function purgeOffers(db: Kysely<HousingTables>, now: number): Promise<PurgeReport> {
  const unconfirmed = await db
    .deleteFrom('housing_offer')
    .where('status', '=', 'AWAITING_CONFIRMATION')
    .where('created_at', '<=', lapsedBefore(now))
    .executeTakeFirst();
  const expired = await db
    .deleteFrom('housing_offer')
    .where('status', '=', 'PUBLISHED')
    .where('expires_at', '<=', new Date(now))
    .executeTakeFirst();
  return { unconfirmed: Number(unconfirmed.numDeletedRows), expired: Number(expired.numDeletedRows) };
}
