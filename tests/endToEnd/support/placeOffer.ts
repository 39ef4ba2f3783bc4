import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { simpleParser } from 'mailparser';

import { ask } from './ask.ts';

export interface OfferPayload {
  readonly offer: { readonly id: string; readonly status: string } | null;
  readonly userErrors: readonly { readonly field: string; readonly code: string }[];
}

const CREATE = `mutation ($municipality: ID!, $input: CreateHousingOfferInput!) {
  payload: createHousingOffer(municipality: $municipality, input: $input) {
    offer { id status } userErrors { field code }
  }
}`;
const CONFIRM = `mutation ($municipality: ID!, $token: String!) {
  payload: confirmHousingOffer(municipality: $municipality, token: $token) {
    offer { id status } userErrors { field code }
  }
}`;
const WITHDRAW = CONFIRM.replace('confirmHousingOffer', 'withdrawHousingOffer');

export function createOffer(url: string, municipality: string, { title }: { title: string }) {
  return ask<{ payload: OfferPayload } | null>(url, CREATE, {
    municipality,
    input: {
      title,
      description: 'Ruhige Lage, zwei Zimmer, Bus vor der Tür.',
      baseRentCents: 61_000,
      runningCostsCents: 14_500,
      includedServices: ['WATER'],
      areaSquareMetres: 54.5,
      totalRooms: 2,
      place: { street: 'Beispielweg 3', postcode: '86150', town: 'Augsburg' },
      durationDays: 14,
      landlord: { name: 'Maria Beispiel', email: 'maria.beispiel@example.org' },
      agreedToDataProtection: true,
    },
  });
}

export function confirmOffer(url: string, municipality: string, token: string) {
  return ask<{ payload: OfferPayload }>(url, CONFIRM, { municipality, token });
}

export function withdrawOffer(url: string, municipality: string, token: string) {
  return ask<{ payload: OfferPayload }>(url, WITHDRAW, { municipality, token });
}

export interface ReceivedMail {
  readonly to: string;
  readonly subject: string;
  readonly token: string;
}

/** What lies in the maildir below a data directory. */
export async function readMails(dataDirectory: string): Promise<readonly ReceivedMail[]> {
  const folder = join(dataDirectory, 'mail', 'new');
  const names = await readdir(folder).catch(() => []);
  return Promise.all(
    names.map(async (name) => {
      const { to, subject, text } = await simpleParser(await readFile(join(folder, name)));
      const [token] = /^[0-9a-f]{72}$/m.exec(text ?? '') ?? [''];
      return { to: [to].flat()[0]?.text ?? '', subject: subject ?? '', token };
    }),
  );
}
