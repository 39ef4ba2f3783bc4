import type { Clock } from '../../platform/clock/Clock.ts';
import type { Logger } from '../../platform/logger/Logger.ts';
import { MailError, type Mailer } from '../../platform/mail/Mailer.ts';
import { ERRORS } from '../../schema/errorCodes.ts';
import type { Municipality } from '../../schema/municipalities/Municipality.ts';
import type { HousingOffer } from './HousingOffer.ts';
import { moderatorOf } from './housingOptions.ts';
import { createSecret, formatToken, type HousingToken, parseToken, type RandomBytes, sha256 } from './housingToken.ts';
import { type OfferPayload, refuse, TOKEN_UNKNOWN } from './OfferPayload.ts';
import type { OfferStore } from './OfferStore.ts';
import { composeReviewMail } from './reviewMail.ts';

export interface OfferConfirmationOptions {
  readonly store: OfferStore;
  readonly mailer: Mailer;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly publicUrl: string | undefined;
  readonly logger: Logger;
}

export type ConfirmOffer = (municipality: Municipality, tokenText: string) => Promise<OfferPayload>;

/**
 * Publishes an offer by its landlord's token. Where the municipality names a moderator, it stores the hash of a secret
 * for the moderator, then sends the secret, then lets the offer wait: no transaction waits for a mail server, and an
 * offer of which no moderator was told can be confirmed again.
 */
export function createOfferConfirmation(options: OfferConfirmationOptions): ConfirmOffer {
  const { store, mailer, clock, random, publicUrl, logger } = options;

  return async (municipality, tokenText) => {
    const token = parseToken(tokenText);
    if (token === undefined) {
      return TOKEN_UNKNOWN;
    }
    const moderator = moderatorOf(municipality);
    return moderator === undefined
      ? toPayload(await store.publish(municipality.slug, token, clock.now()))
      : handOver(municipality, token, moderator);
  };

  async function handOver(municipality: Municipality, token: HousingToken, to: string): Promise<OfferPayload> {
    const secret = createSecret(random);
    const reviewTokenHash = sha256(secret);
    const claim = await store.claimReview(municipality.slug, token, { now: clock.now(), reviewTokenHash });
    switch (claim.kind) {
      case 'claimed':
        break;
      case 'confirmed':
        return toPayload(claim.offer);
      case 'unknown':
        return TOKEN_UNKNOWN;
      case 'in-progress':
        throw ERRORS.SERVICE_UNAVAILABLE.create('The offer is being confirmed right now; try again in a minute.');
      case 'too-many-waiting':
        return refuse(
          null,
          'TOO_MANY_WAITING',
          'Too many offers of this municipality wait for their review; try again tomorrow.',
        );
      default:
        throw new TypeError(`Unknown claim ${String(claim satisfies never)}.`);
    }
    const { offer } = claim;
    const reviewToken = formatToken({ id: offer.id, secret });
    try {
      await mailer.send(composeReviewMail({ to, token: reviewToken, offer, municipality, publicUrl }));
    } catch (error) {
      const reason = error instanceof MailError ? error.message : 'the mailer failed';
      logger.error({ municipality: municipality.slug, offer: offer.id, reason }, 'moderator of housing not reached');
      await store.dropReviewClaim(offer.id, reviewTokenHash);
      throw ERRORS.SERVICE_UNAVAILABLE.create('The offer cannot be handed to its review at the moment; try again.');
    }
    return toPayload(await store.markInReview(offer.id, reviewTokenHash, clock.now()));
  }
}

function toPayload(offer: HousingOffer | undefined): OfferPayload {
  return offer === undefined ? TOKEN_UNKNOWN : { offer, userErrors: [] };
}
