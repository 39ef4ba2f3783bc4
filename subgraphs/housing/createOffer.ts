import type { Clock } from '../../platform/clock/Clock.ts';
import type { Logger } from '../../platform/logger/Logger.ts';
import { MailError, type Mailer } from '../../platform/mail/Mailer.ts';
import { ERRORS } from '../../schema/errorCodes.ts';
import type { Municipality } from '../../schema/municipalities/Municipality.ts';
import { composeConfirmationMail } from './confirmationMail.ts';
import { currencyOf } from './currencyOf.ts';
import type { HousingOfferId } from './HousingOffer.ts';
import { maxDurationOf } from './housingOptions.ts';
import { createOfferId, createSecret, formatToken, type RandomBytes, sha256 } from './housingToken.ts';
import { type OfferPayload, refuse } from './OfferPayload.ts';
import { MAILS_PER_DAY, type NewOffer, type OfferStore } from './OfferStore.ts';
import { type HousingInput, readHousingInput } from './readHousingInput.ts';

export interface OfferCreationOptions {
  readonly store: OfferStore;
  readonly mailer: Mailer;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly publicUrl: string | undefined;
  readonly consentVersion: string;
  readonly logger: Logger;
}

export type CreateOffer = (municipality: Municipality, input: unknown) => Promise<OfferPayload>;

/**
 * Stores an offer, then sends its e-mail, then remembers that it was sent.
 *
 * In this order, because a token must be in the database before anybody holds it, and because no transaction may wait
 * for a mail server. When the e-mail fails, the row is deleted; when the process dies in between, the row lapses like
 * every unconfirmed one, and a retry with the same key starts anew.
 */
export function createOfferCreation(options: OfferCreationOptions): CreateOffer {
  const { store, clock } = options;
  /** Offers with an idempotency key on their way in this process: a double click shares the work of the first. */
  const underWay = new Map<string, Promise<OfferPayload>>();

  return async (municipality, rawInput) => {
    const reading = readHousingInput(rawInput, { now: clock.now(), maxDurationDays: maxDurationOf(municipality) });
    if (reading.kind === 'invalid') {
      return { offer: null, userErrors: reading.userErrors };
    }
    const { input } = reading;
    if (input.idempotencyKey === null) {
      return create(municipality, input);
    }
    const key = JSON.stringify([municipality.slug, sha256(input.idempotencyKey), hashInput(input)]);
    const first = underWay.get(key);
    if (first !== undefined) {
      return first;
    }
    const work = create(municipality, input).finally(() => underWay.delete(key));
    underWay.set(key, work);
    return work;
  };

  async function create(municipality: Municipality, input: HousingInput): Promise<OfferPayload> {
    const id = createOfferId(options.random);
    const secret = createSecret(options.random);
    const tokenHash = sha256(secret);
    const createdAt = new Date(clock.now());
    const outcome = await store.insert(
      toNewOffer(input, { id, tokenHash, createdAt, municipality, consentVersion: options.consentVersion }),
    );
    switch (outcome.kind) {
      case 'claimed':
        break;
      case 'repeated':
        return { offer: outcome.offer, userErrors: [] };
      case 'in-progress':
        throw ERRORS.SERVICE_UNAVAILABLE.create(
          'The same offer is being stored right now; try again with the same key.',
        );
      case 'key-reused':
        return refuse('idempotencyKey', 'IDEMPOTENCY_KEY_REUSED', 'This key was used for an offer with other content.');
      case 'too-many-mails':
        return refuse(
          'landlord.email',
          'TOO_MANY_MAILS',
          `At most ${MAILS_PER_DAY} offers a day can be placed with one e-mail address; try again tomorrow.`,
        );
      default:
        throw new TypeError(`Unknown outcome ${String(outcome satisfies never)}.`);
    }
    try {
      await options.mailer.send(
        composeConfirmationMail({
          to: input.landlord.email,
          token: formatToken({ id, secret }),
          offer: outcome.offer,
          municipality,
          createdAt,
          publicUrl: options.publicUrl,
        }),
      );
    } catch (error) {
      return await takeBack(id, tokenHash, error);
    }
    await store.markMailSent(id, tokenHash, clock.now());
    return { offer: outcome.offer, userErrors: [] };
  }

  async function takeBack(id: HousingOfferId, tokenHash: string, error: unknown): Promise<OfferPayload> {
    const reason = error instanceof MailError ? error.message : 'the mailer failed';
    options.logger.warn({ offer: id, reason }, 'housing offer discarded because its e-mail was not sent');
    await store.discard(id, tokenHash).catch(() => {
      options.logger.error({ offer: id }, 'housing offer without e-mail not discarded; it lapses unconfirmed');
    });
    if (error instanceof MailError && error.failure === 'refused') {
      return refuse('landlord.email', 'EMAIL_REFUSED', 'The mail server does not accept e-mails to this address.');
    }
    throw ERRORS.SERVICE_UNAVAILABLE.create(
      'The confirmation e-mail cannot be sent at the moment, so the offer was not stored.',
    );
  }
}

function hashInput({ idempotencyKey: _, ...input }: HousingInput): string {
  return sha256(JSON.stringify(input));
}

function toNewOffer(
  input: HousingInput,
  facts: {
    readonly id: HousingOfferId;
    readonly tokenHash: string;
    readonly createdAt: Date;
    readonly municipality: Municipality;
    readonly consentVersion: string;
  },
): NewOffer {
  const { id, tokenHash, createdAt, municipality, consentVersion } = facts;
  return {
    id,
    municipality: municipality.slug,
    token_hash: tokenHash,
    idempotency_hash: input.idempotencyKey === null ? null : sha256(input.idempotencyKey),
    input_hash: hashInput(input),
    created_at: createdAt,
    mail_claimed_at: createdAt,
    consented_at: createdAt,
    consent_version: consentVersion,
    duration_days: input.durationDays,
    title: input.title,
    description: input.description,
    base_rent_cents: input.baseRentCents,
    running_costs_cents: input.runningCostsCents,
    additional_costs_cents: input.additionalCostsCents,
    total_rent_cents: input.baseRentCents + (input.runningCostsCents ?? 0) + (input.additionalCostsCents ?? 0),
    currency: currencyOf(municipality.country),
    hot_water_in_heating_costs: input.hotWaterInHeatingCosts,
    included_services: input.includedServices,
    additional_services: input.additionalServices,
    area_square_metres: input.areaSquareMetres,
    total_rooms: input.totalRooms,
    rooms: input.rooms,
    available_from: input.availableFrom,
    street: input.place.street,
    postcode: input.place.postcode,
    town: input.place.town,
    country: municipality.country,
    latitude: input.place.location?.latitude ?? null,
    longitude: input.place.location?.longitude ?? null,
    landlord_name: input.landlord.name,
    landlord_email: input.landlord.email,
    landlord_phone: input.landlord.phone,
  };
}
