import { type Kysely, sql, type Transaction } from 'kysely';

import type { SqlDatabase } from '../../platform/sql/SqlDatabase.ts';
import type { StoreGuard } from '../kit/guardStore.ts';
import {
  confirmationEnd,
  dayBefore,
  type HousingOffer,
  type HousingOfferId,
  lapsedBefore,
  publicationEnd,
  reviewEnd,
} from './HousingOffer.ts';
import type { HousingOfferTable, HousingTables, StoredStatus } from './housingTables.ts';
import { type HousingToken, isSecretOf } from './housingToken.ts';
import { OFFER_COLUMNS, type OfferRow, toHousingOffer } from './offerRow.ts';

/** Confirmation e-mails that one address can be sent within 24 hours, whoever asks for them. */
export const MAILS_PER_DAY = 3;
/** Offers of one municipality that may wait for a moderator at once. */
export const MAX_WAITING = 200;
/** A process that has not finished its e-mail after this time is taken for dead. Longer than any mailer's deadline. */
const MAIL_CLAIM_MS = 60_000;

/** A row before its e-mail. */
export type NewOffer = Omit<
  HousingOfferTable,
  'status' | 'mail_sent_at' | 'review_token_hash' | 'review_mail_claimed_at' | 'published_at' | 'expires_at'
>;

export type InsertOutcome =
  /** Stored and claimed by the caller, who sends the e-mail now. */
  | { readonly kind: 'claimed'; readonly offer: HousingOffer }
  /** The same key and input were here before, e-mail included. */
  | { readonly kind: 'repeated'; readonly offer: HousingOffer }
  /** Another process is sending the e-mail of the same key. */
  | { readonly kind: 'in-progress' }
  | { readonly kind: 'key-reused' }
  | { readonly kind: 'too-many-mails' };

export type ReviewClaim =
  /** Published, or waiting for a moderator who has the e-mail. */
  | { readonly kind: 'confirmed'; readonly offer: HousingOffer }
  /** Claimed by the caller, who sends the moderator's e-mail now. */
  | { readonly kind: 'claimed'; readonly offer: HousingOffer }
  /** Another process is sending the moderator's e-mail. */
  | { readonly kind: 'in-progress' }
  | { readonly kind: 'too-many-waiting' }
  | { readonly kind: 'unknown' };

export type ReviewOutcome =
  | { readonly kind: 'decided'; readonly offer: HousingOffer; readonly landlordEmail: string }
  /** It was approved before. */
  | { readonly kind: 'repeated'; readonly offer: HousingOffer }
  | { readonly kind: 'unknown' };

/** The life of an offer in the database. A token that does not fit yields undefined, whatever the reason. */
export interface OfferStore {
  insert(offer: NewOffer): Promise<InsertOutcome>;
  markMailSent(id: string, tokenHash: string, now: number): Promise<void>;
  /** Takes back an offer whose e-mail was not sent, unless another process has claimed it since. */
  discard(id: string, tokenHash: string): Promise<void>;
  /** Publishes by the landlord's token. An offer that waits for a moderator goes on waiting. */
  publish(municipality: string, token: HousingToken, now: number): Promise<HousingOffer | undefined>;
  /**
   * Claims, by the landlord's token, the sending of a secret to a moderator. The offer stays unconfirmed until
   * `markInReview`, so that it can be confirmed again when nobody was told.
   */
  claimReview(
    municipality: string,
    token: HousingToken,
    claim: { readonly now: number; readonly reviewTokenHash: string },
  ): Promise<ReviewClaim>;
  /** Lets the offer wait, its moderator being told. As it is now; undefined: withdrawn or rejected meanwhile. */
  markInReview(id: HousingOfferId, reviewTokenHash: string, now: number): Promise<HousingOffer | undefined>;
  /** Takes back a claim whose e-mail was not sent, so that the offer can be confirmed again at once. */
  dropReviewClaim(id: HousingOfferId, reviewTokenHash: string): Promise<void>;
  /** Publishes or deletes by the moderator's token; whether the municipality still moderates does not matter. */
  review(
    municipality: string,
    token: HousingToken,
    review: { readonly now: number; readonly isApproved: boolean },
  ): Promise<ReviewOutcome>;
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
          const found = await lockCurrent(transaction, municipality, token, now);
          return found?.status === 'AWAITING_CONFIRMATION'
            ? publishLocked(transaction, found, now)
            : found && toHousingOffer(found);
        }),
      ),

    claimReview: (municipality, token, { now, reviewTokenHash }) =>
      guard(() =>
        db.transaction().execute(async (transaction) => {
          const found = await lockCurrent(transaction, municipality, token, now);
          if (found === undefined) {
            return { kind: 'unknown' };
          }
          return found.status === 'AWAITING_CONFIRMATION'
            ? claimLocked(transaction, found, { now, reviewTokenHash })
            : { kind: 'confirmed', offer: toHousingOffer(found) };
        }),
      ),

    markInReview: (id, reviewTokenHash, now) =>
      guard(() =>
        db.transaction().execute(async (transaction) => {
          await transaction
            .updateTable('housing_offer')
            .set({ status: 'IN_REVIEW', expires_at: reviewEnd(now) })
            .where('id', '=', id)
            .where('review_token_hash', '=', reviewTokenHash)
            .where('status', '=', 'AWAITING_CONFIRMATION')
            .execute();
          return readOffer(transaction, id);
        }),
      ),

    dropReviewClaim: (id, reviewTokenHash) =>
      guard(async () => {
        await db
          .updateTable('housing_offer')
          .set({ review_token_hash: null, review_mail_claimed_at: null })
          .where('id', '=', id)
          .where('review_token_hash', '=', reviewTokenHash)
          .where('status', '=', 'AWAITING_CONFIRMATION')
          .execute();
      }),

    review: (municipality, token, { now, isApproved }) =>
      guard(() =>
        db.transaction().execute(async (transaction): Promise<ReviewOutcome> => {
          const found = await lockCurrent(transaction, municipality, token, now, 'review_token_hash');
          if (found === undefined) {
            return { kind: 'unknown' };
          }
          const { landlordEmail } = found;
          if (!isApproved) {
            await transaction.deleteFrom('housing_offer').where('id', '=', token.id).execute();
            const offer = { ...toHousingOffer(found), status: 'REJECTED' as const, landlord: null };
            return { kind: 'decided', offer, landlordEmail };
          }
          return found.status === 'PUBLISHED'
            ? { kind: 'repeated', offer: toHousingOffer(found) }
            : { kind: 'decided', offer: await publishLocked(transaction, found, now), landlordEmail };
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
  if (endOf(row).getTime() <= now) {
    await transaction.deleteFrom('housing_offer').where('id', '=', row.id).execute(); // over, only not yet purged
    return undefined;
  }
  if (inputHash !== offer.input_hash) {
    return { kind: 'key-reused' };
  }
  if (mailSentAt !== null || row.status !== 'AWAITING_CONFIRMATION') {
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
    .values({
      ...offer,
      status: 'AWAITING_CONFIRMATION',
      mail_sent_at: null,
      review_token_hash: null,
      review_mail_claimed_at: null,
      published_at: null,
      expires_at: null,
    })
    .onConflict((conflict) => conflict.columns(['municipality', 'idempotency_hash']).doNothing())
    .returning('id')
    .execute();
  if (inserted.length === 0) {
    // The same key with another address, hence under another lock, came first by a moment.
    return { kind: 'in-progress' };
  }
  const stored = await readOffer(transaction, offer.id);
  if (stored === undefined) {
    throw new TypeError('An offer that was just inserted is not there.');
  }
  return { kind: 'claimed', offer: stored };
}

async function readOffer(transaction: Transaction<HousingTables>, id: string): Promise<HousingOffer | undefined> {
  const { rows } = await sql<OfferRow>`
    select ${OFFER_COLUMNS} from housing_offer o where o.id = ${id}`.execute(transaction);
  const [row] = rows;
  return row === undefined ? undefined : toHousingOffer(row);
}

async function publishLocked(
  transaction: Transaction<HousingTables>,
  found: LockedOffer,
  now: number,
): Promise<HousingOffer> {
  const publishedAt = new Date(now);
  const expiresAt = publicationEnd(now, found.durationDays);
  await transaction
    .updateTable('housing_offer')
    .set({ status: 'PUBLISHED', published_at: publishedAt, expires_at: expiresAt })
    .where('id', '=', found.id)
    .execute();
  return toHousingOffer({ ...found, status: 'PUBLISHED', publishedAt, expiresAt });
}

async function claimLocked(
  transaction: Transaction<HousingTables>,
  found: LockedOffer,
  { now, reviewTokenHash }: { now: number; reviewTokenHash: string },
): Promise<ReviewClaim> {
  if (found.reviewMailClaimedAt !== null && found.reviewMailClaimedAt.getTime() > now - MAIL_CLAIM_MS) {
    return { kind: 'in-progress' };
  }
  const { waiting } = await transaction
    .selectFrom('housing_offer')
    .select(sql<number>`count(*)::int`.as('waiting'))
    .where('municipality', '=', found.municipality)
    .where('status', '=', 'IN_REVIEW')
    .where('expires_at', '>', new Date(now))
    .executeTakeFirstOrThrow();
  if (waiting >= MAX_WAITING) {
    return { kind: 'too-many-waiting' };
  }
  await transaction
    .updateTable('housing_offer')
    .set({ review_token_hash: reviewTokenHash, review_mail_claimed_at: new Date(now) })
    .where('id', '=', found.id)
    .execute();
  return { kind: 'claimed', offer: toHousingOffer(found) };
}

/** When nobody has an offer any more, whatever its state. */
function endOf({ expiresAt, createdAt }: OfferRow): Date {
  return expiresAt ?? confirmationEnd(createdAt);
}

/** What is known of an offer while its row is locked. */
interface LockedOffer extends OfferRow {
  readonly durationDays: number;
  readonly reviewMailClaimedAt: Date | null;
  readonly landlordEmail: string;
}

/** The offer whose landlord, or whose moderator, holds the token. */
async function lockByToken(
  transaction: Transaction<HousingTables>,
  municipality: string,
  { id, secret }: HousingToken,
  hashColumn: 'token_hash' | 'review_token_hash' = 'token_hash',
): Promise<LockedOffer | undefined> {
  const { rows } = await sql<LockedOffer & { secretHash: string | null }>`
    select ${OFFER_COLUMNS}, o.duration_days as "durationDays", o.review_mail_claimed_at as "reviewMailClaimedAt",
      o.landlord_email as "landlordEmail", ${sql.ref(`o.${hashColumn}`)} as "secretHash"
    from housing_offer o
    where o.id = ${id}
    for update`.execute(transaction);
  const [found] = rows;
  if (!isSecretOf(secret, found?.secretHash ?? undefined) || found?.municipality !== municipality) {
    return undefined;
  }
  const { secretHash: _, ...row } = found;
  return row;
}

/** The same, as long as the offer's time is not over. */
async function lockCurrent(
  transaction: Transaction<HousingTables>,
  municipality: string,
  token: HousingToken,
  now: number,
  hashColumn?: 'review_token_hash',
): Promise<LockedOffer | undefined> {
  const found = await lockByToken(transaction, municipality, token, hashColumn);
  return found !== undefined && endOf(found).getTime() > now ? found : undefined;
}

/** How many offers a purge erased. */
export interface PurgeReport {
  readonly unconfirmed: number;
  /** No moderator decided in time. */
  readonly unreviewed: number;
  readonly expired: number;
}

/** Deletes offers that were not confirmed or not reviewed in time, and published ones that have expired. Repeating it changes nothing. */
export async function purgeOffers(db: Kysely<HousingTables>, now: number): Promise<PurgeReport> {
  const unconfirmed = await db
    .deleteFrom('housing_offer')
    .where('status', '=', 'AWAITING_CONFIRMATION')
    .where('created_at', '<=', lapsedBefore(now))
    .executeTakeFirst();
  return {
    unconfirmed: Number(unconfirmed.numDeletedRows),
    unreviewed: await deleteEnded('IN_REVIEW'),
    expired: await deleteEnded('PUBLISHED'),
  };

  async function deleteEnded(status: StoredStatus): Promise<number> {
    const { numDeletedRows } = await db
      .deleteFrom('housing_offer')
      .where('status', '=', status)
      .where('expires_at', '<=', new Date(now))
      .executeTakeFirst();
    return Number(numDeletedRows);
  }
}
