import type { Clock } from '../../platform/clock/Clock.ts';
import type { Logger } from '../../platform/logger/Logger.ts';
import { MailError, type Mailer } from '../../platform/mail/Mailer.ts';
import type { ReviewDecision } from '../../schema/generated/housing.ts';
import type { Municipality } from '../../schema/municipalities/Municipality.ts';
import { composeDecisionMail, type DecisionMail } from './decisionMail.ts';
import { parseToken } from './housingToken.ts';
import { type OfferPayload, TOKEN_UNKNOWN } from './OfferPayload.ts';
import type { OfferStore } from './OfferStore.ts';
import { readReviewReason } from './readHousingInput.ts';

export interface OfferReviewOptions {
  readonly store: OfferStore;
  readonly mailer: Mailer;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface OfferReview {
  readonly id: string;
  readonly decision: ReviewDecision;
  readonly reason?: string | null | undefined;
  readonly token?: string | null | undefined;
}

export type ReviewOffer = (municipality: Municipality, review: OfferReview) => Promise<OfferPayload>;

/**
 * Carries out what a moderator decides, then tells the landlord. The decision stands whether or not the e-mail goes out:
 * a second try would find a rejected offer erased.
 */
export function createOfferReview({ store, mailer, clock, logger }: OfferReviewOptions): ReviewOffer {
  return async (municipality, { id, decision, reason: rawReason, token: tokenText }) => {
    const reading = readReviewReason(rawReason);
    if (reading.kind === 'invalid') {
      return { offer: null, userErrors: reading.userErrors };
    }
    const token = parseToken(tokenText ?? '');
    if (token?.id !== id) {
      return TOKEN_UNKNOWN;
    }
    const outcome = await store.review(municipality.slug, token, {
      now: clock.now(),
      isApproved: decision === 'APPROVE',
    });
    switch (outcome.kind) {
      case 'unknown':
        return TOKEN_UNKNOWN;
      case 'repeated':
        return { offer: outcome.offer, userErrors: [] };
      case 'decided': {
        const { offer, landlordEmail: to } = outcome;
        // Of a rejection also the record of an erasure: after a restore from a backup, the id is to be deleted once more.
        logger.info({ offer: offer.id, status: offer.status }, 'housing offer reviewed');
        await tell({ to, offer, municipality, reason: reading.reason });
        return { offer, userErrors: [] };
      }
      default:
        throw new TypeError(`Unknown outcome ${String(outcome satisfies never)}.`);
    }
  };

  async function tell(mail: DecisionMail): Promise<void> {
    try {
      await mailer.send(composeDecisionMail(mail));
    } catch (error) {
      const reason = error instanceof MailError ? error.message : 'the mailer failed';
      logger.warn({ offer: mail.offer.id, reason }, 'landlord not told of the review');
    }
  }
}
