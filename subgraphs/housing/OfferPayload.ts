import type { HousingOffer } from './HousingOffer.ts';
import type { HousingUserError } from './readHousingInput.ts';

/** What every mutation of an offer answers. */
export interface OfferPayload {
  readonly offer: HousingOffer | null;
  readonly userErrors: readonly HousingUserError[];
}

/** The answer to every token that does not fit, whatever the reason. */
export const TOKEN_UNKNOWN: OfferPayload = refuse(
  'token',
  'TOKEN_UNKNOWN',
  'No offer of this municipality has this code, or its time is over.',
);

export function refuse(field: string | null, code: HousingUserError['code'], message: string): OfferPayload {
  return { offer: null, userErrors: [{ field, code, message }] };
}
