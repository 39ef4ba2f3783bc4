// Our own supergraph with invented data of 45 municipalities, and W3 and W4 over it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, graphqlSync } from 'graphql';

import { createSubgraphs, toFederation1 } from './createSubgraphs.mjs';
import { createDraws, LANGUAGES } from './inventedTexts.mjs';

const SCHEMA = join(import.meta.dirname, '..', '..', 'schema');
const COUNT = 45;
const SYLLABLES = ['Birken', 'Eichen', 'Falken', 'Grün', 'Hasel', 'Königs', 'Linden', 'Mühl', 'Ober'];
const ENDINGS = ['au', 'bach', 'feld', 'hausen', 'stätten'];
const PREFIXES = ['Stadt', 'Landkreis', 'Gemeinde', 'Markt'];
const TRADES = ['Gärtner/in', 'Bäcker/in', 'Köch/in für Großküchen', 'Elektroniker/in', 'Pflegefachfrau/-mann'];
const MODULES = ['events', 'locations', 'news', 'offers', 'apprenticeships', 'housing'];

const START_SCREEN = `query StartScreen($slug: ID!, $language: LanguageTag!) {
  municipality(slug: $slug) {
    slug name prefix country postcode
    location { latitude longitude }
    languages { tag nativeName direction }
    modules { name title(language: $language) enabled }
    pages(language: $language, first: 12) {
      totalCount
      nodes {
        id path title excerpt order thumbnail updatedAt
        children(first: 6) { nodes { id path title order } }
      }
      pageInfo { hasNextPage endCursor }
    }
    events(language: $language, first: 5) {
      totalCount
      nodes {
        id path title excerpt startsAt endsAt allDay thumbnail
        place { name street town location { latitude longitude } }
      }
    }
    news(language: $language, first: 5) { nodes { id title html publishedAt source } }
    offers(language: $language) { alias name url thumbnail post { key value } }
    apprenticeships(first: 5) {
      totalCount
      nodes { id kind title employer startsOn distanceKm occupation { name } places { postcode town } }
    }
    housingOffers(first: 5) {
      totalCount
      nodes { id title totalRentCents currency areaSquareMetres totalRooms rooms availableFrom place { postcode town } }
    }
  }
}`;

const COMPARISON = `query Comparison($language: LanguageTag!) {
  municipalities(first: ${COUNT}) {
    totalCount
    nodes {
      slug name
      location { latitude longitude }
      languages { tag }
      modules { name enabled }
      pages(language: $language, first: 1) { totalCount }
      events(language: $language, first: 3) { totalCount nodes { id title startsAt } }
      apprenticeships(first: 3) { totalCount nodes { id title employer distanceKm } }
      housingOffers(first: 3, orderBy: RENT) { totalCount nodes { id title totalRentCents areaSquareMetres } }
    }
  }
}`;

export function readMunicipal() {
  const sdl = Object.fromEntries(
    ['content', 'apprenticeships', 'housing'].map((name) => [
      name,
      readFileSync(join(SCHEMA, 'subgraphs', `${name}.graphql`), 'utf8'),
    ]),
  );
  const municipalities = Array.from({ length: COUNT }, (_, at) => municipality(at));
  const bySlug = new Map(municipalities.map((one) => [one.slug, one]));
  // Generated operations reach objects that no data holds: theirs have what the first has, but for the slug they are asked for by.
  const entities = ({ slug }) => bySlug.get(slug) ?? { ...municipalities[0], slug };
  const root = {
    municipality: ({ slug }) => bySlug.get(slug),
    municipalities: ({ first }) => connection(municipalities, { first }),
  };
  // What to expect comes from one schema over all data: no federation takes part in it.
  const apiSchema = buildSchema(readFileSync(join(SCHEMA, 'api.graphql'), 'utf8'));
  const workload = (title, source, variableValues) => ({
    title,
    body: JSON.stringify({ query: source, variables: variableValues }),
    expected: JSON.parse(
      JSON.stringify(expect(graphqlSync({ schema: apiSchema, rootValue: root, source, variableValues }))),
    ),
  });
  return {
    supergraphSdl: readFileSync(join(SCHEMA, 'supergraph.graphql'), 'utf8'),
    federation1Sdl: Object.fromEntries(
      Object.entries(sdl).map(([name, text]) => [
        name,
        toFederation1(text, (type) => name === 'content' || type !== 'Municipality'),
      ]),
    ),
    municipalityFiles: municipalities.map(({ slug, name }) => ({
      file: `${slug}.yaml`,
      text: `name: ${name}\nmodules:\n${MODULES.map((module) => `  ${module}: true\n`).join('')}`,
    })),
    workloads: {
      W3: workload('the start screen of one municipality, in Arabic', START_SCREEN, {
        slug: municipalities[7].slug,
        language: 'ar',
      }),
      W4: workload('the comparison of 45 municipalities, in Ukrainian', COMPARISON, { language: 'uk' }),
    },
    answer: createSubgraphs({
      content: { sdl: sdl.content, root, entities },
      apprenticeships: { sdl: sdl.apprenticeships, entities },
      housing: { sdl: sdl.housing, entities },
    }),
  };
}

function expect({ data, errors }) {
  if (errors !== undefined) {
    throw errors[0];
  }
  return data;
}

function connection(all, { first = 20 }) {
  const nodes = all.slice(0, first);
  return {
    nodes,
    edges: nodes.map((node, at) => ({ node, cursor: cursorOf(at) })),
    pageInfo: {
      hasNextPage: nodes.length < all.length,
      hasPreviousPage: false,
      startCursor: nodes.length === 0 ? null : cursorOf(0),
      endCursor: nodes.length === 0 ? null : cursorOf(nodes.length - 1),
    },
    totalCount: all.length,
  };
}

const cursorOf = (at) => Buffer.from(`position:${at}`).toString('base64url');
const instant = (day, hour) => new Date(Date.UTC(2026, 2, 1 + day, hour)).toISOString();
const day = (offset) => instant(offset, 0).slice(0, 10);
const range = (length, make) => Array.from({ length }, (_, at) => make(at));

/** One municipality with all that the three subgraphs know of it; equal at every start. */
function municipality(at) {
  const town = `${SYLLABLES[at % SYLLABLES.length]}${ENDINGS[Math.floor(at / SYLLABLES.length)]}`;
  const prefix = PREFIXES[at % PREFIXES.length];
  const slug = town.toLowerCase().replace('ä', 'ae').replace('ö', 'oe').replace('ü', 'ue');
  const { below, pick } = createDraws(slug);
  const location = { latitude: 47.5 + below(70_000) / 10_000, longitude: 7 + below(70_000) / 10_000 };
  const postcode = String(10_000 + below(89_999));
  const place = ({ below, pick }, name) => ({
    name,
    street: `${pick(SYLLABLES)}straße ${1 + below(90)}`,
    postcode,
    town,
    country: 'DE',
    location: {
      latitude: location.latitude + below(900) / 10_000,
      longitude: location.longitude + below(900) / 10_000,
    },
  });

  const page = ({ below, text }, tag, path, order, children) => ({
    id: `page:${slug}:${tag}:${path}`,
    path: `/${slug}/${tag}/${path}/`,
    title: text(tag, 1),
    excerpt: text(tag, 4),
    order,
    thumbnail: order % 3 === 0 ? `https://cms.example.org/media/${slug}/${path}.jpg` : null,
    updatedAt: instant(below(60), below(24)),
    children: (list) => connection(children, list),
  });
  /** Made at the first use, from draws of its own, so that the order of uses changes nothing. */
  const perLanguage = (part, make) => {
    const made = new Map();
    return (tag) => {
      if (!made.has(tag)) {
        made.set(tag, make(tag, createDraws(`${slug} ${part} ${tag}`)));
      }
      return made.get(tag);
    };
  };
  const pages = perLanguage('pages', (tag, draws) =>
    range(16, (root) => {
      const leaves = range(8, (leaf) => page(draws, tag, `topic-${root}/leaf-${leaf}`, leaf, []));
      return page(draws, tag, `topic-${root}`, root, leaves);
    }),
  );
  const events = perLanguage('events', (tag, { below, text, ...draws }) =>
    range(9, (event) => ({
      id: `event:${slug}:${tag}:${event}`,
      path: `/${slug}/${tag}/events/event-${event}/`,
      title: text(tag, 1),
      excerpt: text(tag, 3),
      startsAt: instant(event * 3, 8 + below(10)),
      endsAt: event % 4 === 0 ? null : instant(event * 3, 19 + below(3)),
      allDay: event % 5 === 0,
      thumbnail: null,
      place: event % 3 === 2 ? null : place({ below, ...draws }, text(tag, 1)),
    })),
  );
  const news = perLanguage('news', (tag, { below, pick, text }) =>
    range(7, (item) => ({
      id: `news:${slug}:${tag}:${item}`,
      title: text(tag, 1),
      html: `<p>${text(tag, 5)}</p>\n<p><a href="https://example.org/${slug}/${item}">„${text(tag, 1)}“</a></p>`,
      publishedAt: instant(40 - item, 6 + below(12)),
      source: pick(['LOCAL', 'TUNEWS', 'AMALNEWS']),
    })),
  );
  const offers = perLanguage('offers', (tag, { text }) =>
    range(4, (offer) => ({
      alias: `offer-${offer}`,
      name: text(tag, 1),
      url: `https://offers.example.org/${slug}/${offer}`,
      thumbnail: `https://offers.example.org/logo-${offer}.svg`,
      post: offer === 1 ? [{ key: 'plz', value: postcode }] : null,
    })),
  );
  const moduleTitles = perLanguage('modules', (tag, { text }) => MODULES.map(() => text(tag, 1)));
  const apprenticeships = range(12, (index) => ({
    id: `apprenticeship:${slug}:${index}`,
    kind: pick(['APPRENTICESHIP', 'DUAL_STUDY', 'INTERNSHIP']),
    title: `Ausbildung ${pick(TRADES)} (m/w/d)`,
    employer: `${pick(SYLLABLES)}${pick(ENDINGS)} GmbH & Co. KG`,
    startsOn: day(180 + below(30)),
    distanceKm: below(2_500) / 100,
    occupation: { name: pick(TRADES), scheme: 'KldB 2010', code: String(10_000 + below(80_000)) },
    places: range(1 + below(2), () => place({ below, pick }, null)),
  }));
  const housing = range(8, (index) => ({
    id: `housing-offer:${slug}:${index}`,
    title: `${1 + below(5)} Zimmer, ${pick(['Altbau', 'ruhig', 'großer Balkon', 'möbliert'])}, in ${town}`,
    totalRentCents: 35_000 + below(90_000),
    currency: 'EUR',
    areaSquareMetres: 18 + below(1_000) / 10,
    totalRooms: 1 + below(8) / 2,
    rooms: ['KITCHEN', 'BATH', ...range(below(3), () => 'BED')],
    availableFrom: index % 3 === 0 ? null : day(30 + below(60)),
    place: place({ below, pick }, null),
  }));
  const byRent = housing.toSorted((a, b) => a.totalRentCents - b.totalRentCents);

  return {
    __typename: 'Municipality',
    slug,
    name: `${prefix} ${town}`,
    nameWithoutPrefix: town,
    prefix,
    country: 'DE',
    postcode,
    location,
    languages: LANGUAGES,
    modules: MODULES.map((name, index) => ({
      name,
      title: ({ language = 'de' }) => moduleTitles(language)[index],
      enabled: true,
    })),
    pages: ({ language, first }) => connection(pages(language), { first }),
    events: ({ language, first }) => connection(events(language), { first }),
    news: ({ language, first }) => connection(news(language), { first }),
    offers: ({ language }) => offers(language),
    apprenticeships: ({ first }) => connection(apprenticeships, { first }),
    housingOffers: ({ first, orderBy }) => connection(orderBy === 'RENT' ? byRent : housing, { first }),
  };
}
