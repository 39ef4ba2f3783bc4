import { randomBytes } from 'node:crypto';

import DataLoader from 'dataloader';

import type { Clock } from '../../platform/clock/Clock.ts';
import type { Logger } from '../../platform/logger/Logger.ts';
import type { Mailer } from '../../platform/mail/Mailer.ts';
import type { SqlDatabase } from '../../platform/sql/SqlDatabase.ts';
import { ERRORS } from '../../schema/errorCodes.ts';
import type { Resolvers } from '../../schema/generated/housing.ts';
import type { Municipality, MunicipalityRegister } from '../../schema/municipalities/Municipality.ts';
import type { Connection } from '../kit/connection.ts';
import { createSubgraph } from '../kit/createSubgraph.ts';
import { createStoreGuard } from '../kit/guardStore.ts';
import type { Subgraph } from '../kit/Subgraph.ts';
import { DateScalar, DateTimeScalar } from '../kit/scalars.ts';
import { createOfferConfirmation } from './confirmOffer.ts';
import { createOfferCreation } from './createOffer.ts';
import type { HousingOffer } from './HousingOffer.ts';
import { type HousingTables, migrateHousing } from './housingTables.ts';
import { isHousingOfferId, parseToken, type RandomBytes } from './housingToken.ts';
import { TOKEN_UNKNOWN } from './OfferPayload.ts';
import { createOfferStore } from './OfferStore.ts';
import { type Listing, readListing, readPublishedOffers, toListing } from './readListing.ts';
import { createOfferReview } from './reviewOffer.ts';

export interface HousingSubgraphOptions {
  /** schema/subgraphs/housing.graphql */
  readonly typeDefs: string;
  readonly database: SqlDatabase;
  readonly municipalities: MunicipalityRegister;
  readonly mailer: Mailer;
  readonly clock: Clock;
  /** Default: the operating system's. */
  readonly random?: RandomBytes;
  /** Where a frontend serves `/<slug>/housing/confirm`, `/withdraw` and `/review/<id>`; without it e-mails hold the code alone. */
  readonly publicUrl?: string | undefined;
  /** Which data protection statement landlords consent to; stored with each consent. Default `1`. */
  readonly consentVersion?: string;
  readonly logger: Logger;
}

interface Context {
  listing(slug: string, listing: Listing): Promise<Connection<HousingOffer>>;
  published(id: string): Promise<HousingOffer | null>;
}

/**
 * The housing exchange. Which municipalities take part is the gateway's to decide; this subgraph knows only which exist.
 * Withdrawing asks not even that, so that personal data can be erased after a municipality has left.
 */
export async function createHousingSubgraph({
  typeDefs,
  database,
  municipalities,
  mailer,
  clock,
  random = randomBytes,
  publicUrl,
  consentVersion = '1',
  logger,
}: HousingSubgraphOptions): Promise<Subgraph> {
  await migrateHousing(database);
  const guard = createStoreGuard({ name: 'housing', logger, isPersonal: true });
  const store = createOfferStore(database, guard);
  const createOffer = createOfferCreation({ store, mailer, clock, random, publicUrl, consentVersion, logger });
  const confirmOffer = createOfferConfirmation({ store, mailer, clock, random, publicUrl, logger });
  const reviewOffer = createOfferReview({ store, mailer, clock, logger });

  const resolvers: Resolvers<Context> = {
    DateTime: DateTimeScalar,
    Date: DateScalar,
    Municipality: {
      __resolveReference: ({ slug }) =>
        findMunicipality(slug) === undefined ? null : { __typename: 'Municipality', slug },
      housingOffers: (municipality, args, context) => context.listing(municipality.slug, toListing(args)),
    },
    HousingOffer: {
      __resolveReference: ({ id }, context) => context.published(id),
    },
    Mutation: {
      createHousingOffer: (_, { municipality, input }) => createOffer(getMunicipality(municipality), input),
      confirmHousingOffer: (_, { municipality, token }) => confirmOffer(getMunicipality(municipality), token),
      reviewHousingOffer: (_, { municipality, ...review }) => reviewOffer(getMunicipality(municipality), review),
      withdrawHousingOffer: async (_, { municipality, token: text }) => {
        const token = parseToken(text);
        const offer = token === undefined ? undefined : await store.erase(municipality, token);
        if (offer === undefined) {
          return TOKEN_UNKNOWN;
        }
        // The record of erasures: after a restore from a backup, these ids are to be deleted once more.
        logger.info({ offer: offer.id }, 'housing offer erased');
        return { offer, userErrors: [] };
      },
    },
  };

  return createSubgraph<Context>({
    name: 'housing',
    typeDefs,
    resolvers,
    createContext,
    isReady: async () => {
      await database.query('select 1');
      return true;
    },
    logger,
  });

  function findMunicipality(slug: string): Municipality | undefined {
    return municipalities.current().municipalities.get(slug);
  }

  function getMunicipality(slug: string): Municipality {
    const municipality = findMunicipality(slug);
    if (municipality === undefined) {
      throw ERRORS.MUNICIPALITY_UNKNOWN.create('No municipality has this slug.', { slug: slug.slice(0, 100) });
    }
    return municipality;
  }

  function createContext(): Context {
    const db = database.as<HousingTables>();
    const now = clock.now(); // one instant for all that a request reads
    const listings = new Map<string, DataLoader<string, Connection<HousingOffer>>>();
    const offers = new DataLoader<string, HousingOffer | null>(async (ids) => {
      const found = await guard(() => readPublishedOffers(db, ids, now));
      return ids.map((id) => {
        const offer = found.get(id);
        return offer !== undefined && findMunicipality(offer.municipality.slug) !== undefined ? offer : null;
      });
    });
    return {
      listing: (slug, listing) => {
        const key = JSON.stringify(listing);
        const loader =
          listings.get(key) ??
          new DataLoader<string, Connection<HousingOffer>>(async (slugs) => {
            const pages = await guard(() => readListing(db, slugs, listing, now));
            return slugs.map((each) => pages.get(each) ?? new Error('A page is missing.'));
          });
        listings.set(key, loader);
        return loader.load(slug);
      },
      published: async (id) => (isHousingOfferId(id) ? offers.load(id) : null),
    };
  }
}
