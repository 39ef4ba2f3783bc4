import { createHash, timingSafeEqual } from 'node:crypto';

import type { HousingOfferId } from './HousingOffer.ts';

/** Cryptographically random bytes. */
export type RandomBytes = (count: number) => Buffer;

const ID_BYTES = 16;
const SECRET_BYTES = 20;
const ID = /^[0-9a-f]{32}$/;
const TOKEN = /^([0-9a-f]{32})([0-9a-f]{40})$/;
const NO_HASH = '0'.repeat(64);

/** What the e-mail carries: the offer's id and a secret of 160 bits, in letters and digits that no mail client breaks up. */
export interface HousingToken {
  readonly id: HousingOfferId;
  readonly secret: string;
}

export function createOfferId(random: RandomBytes): HousingOfferId {
  return random(ID_BYTES).toString('hex') as HousingOfferId;
}

export function createSecret(random: RandomBytes): string {
  return random(SECRET_BYTES).toString('hex');
}

export function formatToken({ id, secret }: HousingToken): string {
  return `${id}${secret}`;
}

/** Undefined for text that cannot be a token. Spaces and line breaks around it, from copying, do not matter. */
export function parseToken(text: string): HousingToken | undefined {
  if (text.length > 200) {
    return undefined;
  }
  const [, id, secret] = TOKEN.exec(text.trim().toLowerCase()) ?? [];
  return id === undefined || secret === undefined ? undefined : { id: id as HousingOfferId, secret };
}

export function isHousingOfferId(text: unknown): text is HousingOfferId {
  return typeof text === 'string' && ID.test(text);
}

export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** Takes the same time for every wrong secret and for an offer that does not exist (`hash` undefined). */
export function isSecretOf(secret: string, hash: string | undefined): boolean {
  const equal = timingSafeEqual(Buffer.from(sha256(secret), 'hex'), Buffer.from(hash ?? NO_HASH, 'hex'));
  return equal && hash !== undefined;
}
