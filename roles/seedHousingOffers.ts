import { DEMO_HOUSING_OFFERS, housingInputAt } from '../demo/housingOffers.ts';
import type { Mailer, MailMessage } from '../platform/mail/Mailer.ts';
import type { Parts } from './openParts.ts';
import { createSubgraphOf, type SubgraphParts } from './startSubgraphs.ts';

/** An offer as a frontend would send it. */
export interface HousingSeed {
  readonly municipality: string;
  readonly input: object;
}

const CREATE = `mutation ($municipality: ID!, $input: CreateHousingOfferInput!) {
  createHousingOffer(municipality: $municipality, input: $input) { offer { id } userErrors { field message } }
}`;
const CONFIRM = `mutation ($municipality: ID!, $token: String!) {
  confirmHousingOffer(municipality: $municipality, token: $token) { userErrors { field message } }
}`;

/** The demo's offers; those that are there already stay as they are. */
export function seedDemoOffers(parts: Parts, subgraphParts: Omit<SubgraphParts, 'mailer'>): Promise<void> {
  const now = new Date(parts.clock.now());
  const seeds = DEMO_HOUSING_OFFERS.map((offer) => ({
    municipality: offer.municipality,
    input: housingInputAt(offer, now),
  }));
  return seedHousingOffers(seeds, parts, subgraphParts);
}

/** Puts demo offers in the way citizens do: created, and confirmed with the token of the e-mail that was sent. */
export async function seedHousingOffers(
  seeds: readonly HousingSeed[],
  parts: Parts,
  subgraphParts: Omit<SubgraphParts, 'mailer'>,
): Promise<void> {
  const { logger } = parts;
  const sent: MailMessage[] = [];
  const mailer: Mailer = {
    send: async (message) => {
      sent.push(message);
    },
    close: async () => {},
  };
  const housing = await createSubgraphOf('housing', parts, { ...subgraphParts, mailer });
  let published = 0;
  let known = 0;
  for (const { municipality, input } of seeds) {
    const created = await housing.execute({ query: CREATE, variables: { municipality, input } });
    const token = /^[0-9a-f]{72}$/m.exec(sent.pop()?.text ?? '')?.[0];
    if (token === undefined) {
      if (isOffer(created.data?.createHousingOffer)) {
        known += 1; // the key of the offer was used before, so nothing was created and nothing sent
        continue;
      }
      logger.warn({ municipality, answer: created.data ?? created.errors }, 'a demo offer was refused');
      continue;
    }
    await housing.execute({ query: CONFIRM, variables: { municipality, token } });
    published += 1;
  }
  logger.info({ published, known, of: seeds.length }, 'demo housing offers published');
}

function isOffer(payload: unknown): boolean {
  return typeof payload === 'object' && payload !== null && 'offer' in payload && payload.offer !== null;
}
