import type { Mailer, MailMessage } from '../platform/mail/Mailer.ts';
import type { Parts } from './openParts.ts';
import { createSubgraphOf, type SubgraphParts } from './startSubgraphs.ts';

/** An offer as a frontend would send it. */
export interface HousingSeed {
  readonly municipality: string;
  readonly input: object;
}

const CREATE = `mutation ($municipality: ID!, $input: CreateHousingOfferInput!) {
  createHousingOffer(municipality: $municipality, input: $input) { userErrors { field message } }
}`;
const CONFIRM = `mutation ($municipality: ID!, $token: String!) {
  confirmHousingOffer(municipality: $municipality, token: $token) { userErrors { field message } }
}`;

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
  for (const { municipality, input } of seeds) {
    const created = await housing.execute({ query: CREATE, variables: { municipality, input } });
    const token = /^[0-9a-f]{72}$/m.exec(sent.pop()?.text ?? '')?.[0];
    if (token === undefined) {
      logger.warn({ municipality, answer: created.data ?? created.errors }, 'a demo offer was refused');
      continue;
    }
    await housing.execute({ query: CONFIRM, variables: { municipality, token } });
    published += 1;
  }
  logger.info({ published, of: seeds.length }, 'demo housing offers published');
}
