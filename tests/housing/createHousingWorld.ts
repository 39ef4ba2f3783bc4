import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Clock } from '../../platform/clock/Clock.ts';
import type { LogFields, Logger } from '../../platform/logger/Logger.ts';
import { MailError, type Mailer, type MailFailure, type MailMessage } from '../../platform/mail/Mailer.ts';
import type { SqlDatabase } from '../../platform/sql/SqlDatabase.ts';
import { knownModules } from '../../schema/modules.ts';
import type { Municipality, MunicipalityRegister, MunicipalitySlug } from '../../schema/municipalities/Municipality.ts';
import { readMunicipalityFiles } from '../../schema/municipalities/readMunicipalityFiles.ts';
import { createHousingSubgraph } from '../../subgraphs/housing/createHousingSubgraph.ts';
import type { Subgraph, SubgraphReply } from '../../subgraphs/kit/Subgraph.ts';
import { modulesOf } from '../support/modulesOf.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

export interface FakeClock extends Clock {
  advance(milliseconds: number): void;
}

export function createFakeClock(start = '2031-05-03T12:00:00Z'): FakeClock {
  let now = Date.parse(start);
  return {
    now: () => now,
    advance: (milliseconds) => {
      now += milliseconds;
    },
  };
}

/** Keeps what it is given; `failWith` makes the next messages fail. */
export interface RecordingMailer extends Mailer {
  readonly messages: MailMessage[];
  failWith: MailFailure | undefined;
  /** Awaited before a message counts as sent. */
  gate: Promise<void>;
}

export function createRecordingMailer(): RecordingMailer {
  const mailer: RecordingMailer = {
    messages: [],
    failWith: undefined,
    gate: Promise.resolve(),
    send: async (message) => {
      await mailer.gate;
      if (mailer.failWith !== undefined) {
        throw new MailError(mailer.failWith, 'The mail server of the test said no.');
      }
      mailer.messages.push(message);
    },
    close: async () => {},
  };
  return mailer;
}

/** Every line that was logged, as JSON text with the errors in it spelled out. */
export interface RecordingLogger extends Logger {
  readonly lines: string[];
}

export function createRecordingLogger(lines: string[] = [], base: LogFields = {}): RecordingLogger {
  const write = (level: string) => (fields: LogFields, message: string) => {
    lines.push(JSON.stringify({ level, message, ...base, ...fields }, (_, value: unknown) => spellOut(value)));
  };
  return {
    lines,
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (fields) => createRecordingLogger(lines, { ...base, ...fields }),
  };
}

function spellOut(value: unknown): unknown {
  if (!(value instanceof Error)) {
    return value;
  }
  const own = Object.fromEntries(Object.getOwnPropertyNames(value).map((name) => [name, Reflect.get(value, name)]));
  return { ...own, name: value.name };
}

function createMunicipality(slug: string, name: string, country = 'DE'): Municipality {
  return {
    slug: slug as MunicipalitySlug,
    name,
    prefix: undefined,
    country,
    timeZone: 'Europe/Berlin',
    adminCodes: [],
    postcode: undefined,
    location: { latitude: 47.55, longitude: 9.69 },
    hidden: false,
    cmsRegion: undefined,
    languages: [],
    modules: modulesOf(
      { housing: slug !== 'switched-off' },
      slug === 'short-stay' ? { housing: { maxDurationDays: 10 } } : {},
    ),
  };
}

const MUNICIPALITIES = [
  createMunicipality('musterstadt', 'Musterstadt'),
  createMunicipality('beispielheim', 'Beispielheim'),
  createMunicipality('zuerichberg', 'Zürichberg', 'CH'),
  createMunicipality('switched-off', 'Ausdorf'),
  createMunicipality('short-stay', 'Kurzheim'),
];

export interface TestRegister extends MunicipalityRegister {
  /** Takes a municipality out. */
  remove(slug: string): void;
  /** Puts a municipality in, or another in its place, as its YAML file says. */
  write(slug: string, text: string): void;
}

/** The register of the tests. */
export function createRegister(): TestRegister {
  let municipalities = new Map(MUNICIPALITIES.map((municipality) => [String(municipality.slug), municipality]));
  return {
    current: () => ({ id: 'test', loadedAt: new Date(0), municipalities }),
    problems: () => [],
    refusals: () => ({ count: 0 }),
    onChange: () => () => {},
    close: async () => {},
    remove: (slug) => {
      municipalities = new Map([...municipalities].filter(([each]) => each !== slug));
    },
    write: (slug, text) => {
      const modules = knownModules(['housing', 'housing.contact']);
      const reading = readMunicipalityFiles([{ file: `${slug}.yaml`, text }], { modules, loadedAt: new Date(0) });
      if (reading.kind === 'refused') {
        throw new Error(JSON.stringify(reading.problems));
      }
      municipalities = new Map([...municipalities, ...reading.value.municipalities]);
    },
  };
}

export interface UserError {
  readonly field: string | null;
  readonly message: string;
  readonly code: string;
}

export interface HousingWorld {
  readonly subgraph: Subgraph;
  readonly clock: FakeClock;
  readonly mailer: RecordingMailer;
  readonly logger: RecordingLogger;
  readonly municipalities: TestRegister;
  execute(query: string, variables?: Record<string, unknown>): Promise<SubgraphReply>;
  create(changes?: Record<string, unknown>, municipality?: string): Promise<SubgraphReply>;
  /** Creates an offer and takes the token out of the e-mail. */
  place(
    changes?: Record<string, unknown>,
    municipality?: string,
  ): Promise<{ readonly id: string; readonly token: string }>;
  confirm(token: string, municipality?: string): Promise<SubgraphReply>;
  withdraw(token: string, municipality?: string): Promise<SubgraphReply>;
  /** Places and confirms. */
  publish(
    changes?: Record<string, unknown>,
    municipality?: string,
  ): Promise<{ readonly id: string; readonly token: string }>;
  /** The ids on the first page. */
  listed(municipality?: string, args?: string): Promise<readonly string[]>;
  rows(): Promise<readonly Record<string, unknown>[]>;
}

export const TYPE_DEFS = readFileSync(join(process.cwd(), 'schema', 'subgraphs', 'housing.graphql'), 'utf8');

export const CREATE = `
  mutation ($municipality: ID!, $input: CreateHousingOfferInput!) {
    createHousingOffer(municipality: $municipality, input: $input) {
      offer { id status publishedAt expiresAt totalRentCents currency }
      userErrors { field message code }
    }
  }`;

const byToken = (mutation: string) => `
  mutation ($municipality: ID!, $token: String!) {
    ${mutation}(municipality: $municipality, token: $token) {
      offer { id status publishedAt expiresAt landlord { name } }
      userErrors { field message code }
    }
  }`;

/** The answer to every token that does not fit. */
export const TOKEN_UNKNOWN = {
  offer: null,
  userErrors: [
    {
      field: 'token',
      code: 'TOKEN_UNKNOWN',
      message: 'No offer of this municipality has this code, or its time is over.',
    },
  ],
};

export function validInput(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    title: 'Helle Wohnung am Stadtpark',
    baseRentCents: 48_000,
    areaSquareMetres: 54,
    totalRooms: 2,
    landlord: { name: 'Mara Muster', email: 'mara.muster@example.org', phone: '+49 8382 000000' },
    agreedToDataProtection: true,
    ...changes,
  };
}

let addresses = 0;

/** An address that no other offer of the tests has, so that the daily limit does not meet them. */
export function freshAddress(): string {
  addresses += 1;
  return `person-${addresses}@example.org`;
}

export async function createHousingWorld(
  database: SqlDatabase,
  options: { readonly publicUrl?: string; readonly mailer?: Mailer; readonly clock?: FakeClock } = {},
): Promise<HousingWorld> {
  const clock = options.clock ?? createFakeClock();
  const mailer = createRecordingMailer();
  const logger = createRecordingLogger();
  const municipalities = createRegister();
  const subgraph = await createHousingSubgraph({
    typeDefs: TYPE_DEFS,
    database,
    municipalities,
    mailer: options.mailer ?? mailer,
    clock,
    publicUrl: options.publicUrl,
    logger,
  });
  await database.query('delete from housing_offer');

  const world: HousingWorld = {
    subgraph,
    clock,
    mailer,
    logger,
    municipalities,
    execute: (query, variables = {}) => subgraph.execute({ query, variables }),
    create: (changes, municipality = 'musterstadt') =>
      world.execute(CREATE, { municipality, input: validInput(changes) }),
    place: async (changes = {}, municipality = 'musterstadt') => {
      const landlord = { name: 'Mara Muster', email: freshAddress() };
      const reply = await world.create({ landlord, ...changes }, municipality);
      const id = readId(reply);
      return { id, token: readToken(mailer.messages.at(-1)) };
    },
    confirm: (token, municipality = 'musterstadt') =>
      world.execute(byToken('confirmHousingOffer'), { municipality, token }),
    withdraw: (token, municipality = 'musterstadt') =>
      world.execute(byToken('withdrawHousingOffer'), { municipality, token }),
    publish: async (changes, municipality) => {
      const placed = await world.place(changes, municipality);
      await world.confirm(placed.token, municipality);
      return placed;
    },
    listed: async (municipality = 'musterstadt', args = '(first: 100)') => {
      const page = await readPage(world, municipality, args);
      return page.nodes.map(({ id }) => id);
    },
    rows: async () => (await database.query('select * from housing_offer order by created_at, id')).rows,
  };
  return world;
}

export interface Page {
  readonly totalCount: number;
  readonly nodes: readonly { readonly id: string; readonly title: string }[];
  readonly edges: readonly { readonly cursor: string }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

const listing = (args: string) => `
  query ($representations: [_Any!]!) {
    _entities(representations: $representations) {
      ... on Municipality {
        slug
        housingOffers${args} {
          totalCount
          nodes { id title }
          edges { cursor }
          pageInfo { hasNextPage endCursor }
        }
      }
    }
  }`;

/** Asks as the gateway does: by an entity fetch. */
export async function askForPages(
  world: HousingWorld,
  slugs: readonly string[],
  args = '',
): Promise<SubgraphReply & { readonly pages: readonly (Page | null)[] }> {
  const representations = slugs.map((slug) => ({ __typename: 'Municipality', slug }));
  const reply = await world.execute(listing(args), { representations });
  const entities = (reply.data?._entities ?? []) as readonly ({ readonly housingOffers: Page | null } | null)[];
  return { ...reply, pages: entities.map((entity) => entity?.housingOffers ?? null) };
}

export async function readPage(world: HousingWorld, slug: string, args = ''): Promise<Page> {
  const { pages, errors } = await askForPages(world, [slug], args);
  const [page] = pages;
  if (page === undefined || page === null) {
    throw new Error(`No page: ${JSON.stringify(errors)}`);
  }
  return page;
}

/** `HousingOffer` by id, as the gateway asks for it; null where nobody may see it. */
export async function resolveOffers(world: HousingWorld, ids: readonly string[]): Promise<readonly unknown[]> {
  const reply = await world.execute(
    `query ($representations: [_Any!]!) {
      _entities(representations: $representations) { ... on HousingOffer { id title landlord { name phone } } }
    }`,
    { representations: ids.map((id) => ({ __typename: 'HousingOffer', id })) },
  );
  return (reply.data?._entities ?? []) as readonly unknown[];
}

export function payloadOf(reply: SubgraphReply): {
  readonly offer: Record<string, unknown> | null;
  readonly userErrors: readonly UserError[];
} {
  const payload = Object.values(reply.data ?? {})[0];
  if (typeof payload !== 'object' || payload === null) {
    throw new Error(`No payload: ${JSON.stringify(reply)}`);
  }
  return payload as ReturnType<typeof payloadOf>;
}

export function codesOf(reply: SubgraphReply): readonly string[] {
  return payloadOf(reply).userErrors.map(({ field, code }) => `${field}: ${code}`);
}

export function readId(reply: SubgraphReply): string {
  const { offer } = payloadOf(reply);
  if (typeof offer?.id !== 'string') {
    throw new Error(`No offer: ${JSON.stringify(reply)}`);
  }
  return offer.id;
}

export function readToken(message: MailMessage | undefined): string {
  const token = /^[0-9a-f]{72}$/m.exec(message?.text ?? '')?.[0];
  if (token === undefined) {
    throw new Error('The e-mail holds no token on a line of its own.');
  }
  return token;
}
