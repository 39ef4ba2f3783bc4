import { DAY_MS } from './berlinTime.ts';
import { DEMO_MUNICIPALITIES, type DemoMunicipality } from './demoMunicipalities.ts';
import { type Position, shift } from './distance.ts';
import { seededRandom } from './seededRandom.ts';

/** A `CreateHousingOfferInput`, in the words of schema/subgraphs/housing.graphql. */
export interface DemoHousingInput {
  readonly title: string;
  readonly description: string;
  readonly baseRentCents: number;
  readonly runningCostsCents: number;
  readonly additionalCostsCents?: number;
  readonly hotWaterInHeatingCosts: boolean;
  readonly includedServices: readonly ('HEATING' | 'WATER' | 'GARBAGE' | 'CHIMNEY' | 'OTHER')[];
  readonly additionalServices: readonly ('GARAGE' | 'OTHER')[];
  readonly areaSquareMetres: number;
  readonly totalRooms: number;
  readonly rooms: readonly Room[];
  /** Absent: at once. */
  readonly availableFrom?: string;
  readonly place: {
    readonly street: string;
    readonly postcode: string;
    readonly town: string;
    readonly location: Position;
  };
  readonly durationDays: number;
  readonly landlord: { readonly name: string; readonly email: string; readonly phone?: string };
  readonly agreedToDataProtection: true;
  /** Creating the demo offers twice makes none twice. */
  readonly idempotencyKey: string;
}

type Room = 'KITCHEN' | 'BATH' | 'WC' | 'CHILD' | 'BED' | 'LIVING' | 'HALLWAY' | 'STORE' | 'BASEMENT' | 'BALCONY';

export interface DemoHousingOffer {
  readonly municipality: string;
  /** How long one has to wait for it; absent: it is free at once. */
  readonly availableInDays?: number;
  /** Without a date, so that it never grows old. */
  readonly input: DemoHousingInput;
}

/** Municipalities whose citizens offer flats in the demo, and how dear a square metre is there, in cents. */
const RENTS: ReadonlyMap<string, number> = new Map([
  ['kiel', 990],
  ['hamburg', 1350],
  ['osnabrueck', 940],
  ['goettingen', 960],
  ['emsland', 790],
  ['bremen', 980],
  ['koeln', 1280],
  ['muenster', 1150],
  ['staedteregion-aachen', 960],
  ['kassel', 870],
  ['trier', 970],
  ['stuttgart', 1420],
  ['freiburg', 1320],
  ['heidenheim', 850],
  ['augsburg', 1140],
  ['nuernberg', 1090],
  ['bayreuth', 860],
  ['neuburg-schrobenhausen', 920],
  ['lindau', 1170],
  ['regensburg', 1160],
  ['berlin', 1290],
  ['teltow-flaeming', 880],
  ['rostock', 850],
  ['leipzig', 860],
  ['halle', 730],
]);
const OFFERS_EACH = 5;

interface Kind {
  readonly title: string;
  readonly description: string;
  readonly area: number;
  readonly totalRooms: number;
  readonly rooms: readonly Room[];
}

const KINDS: readonly [Kind, ...Kind[]] = [
  {
    title: 'Helles Zimmer in ruhiger WG',
    description:
      'Zwei Studierende suchen eine Mitbewohnerin oder einen Mitbewohner. Küche und Bad teilen wir, einmal in der Woche kochen wir zusammen.',
    area: 18,
    totalRooms: 1,
    rooms: ['BED'],
  },
  {
    title: 'Kleine Wohnung nahe am Bahnhof',
    description:
      'Ein Zimmer mit Kochnische und eigenem Bad. Zum Bahnhof sind es fünf Minuten zu Fuß, Einkaufen geht um die Ecke.',
    area: 32,
    totalRooms: 1,
    rooms: ['LIVING', 'KITCHEN', 'BATH'],
  },
  {
    title: 'Zwei Zimmer mit Balkon',
    description: 'Ruhige Wohnung im zweiten Stock, der Balkon zeigt zum Hof. Herd und Spüle bleiben in der Küche.',
    area: 54,
    totalRooms: 2,
    rooms: ['LIVING', 'BED', 'KITCHEN', 'BATH', 'BALCONY'],
  },
  {
    title: 'Drei Zimmer für eine junge Familie',
    description:
      'Kindergarten und Spielplatz liegen in derselben Straße. Im Keller gibt es einen eigenen Raum für Fahrräder.',
    area: 74,
    totalRooms: 3,
    rooms: ['LIVING', 'BED', 'CHILD', 'KITCHEN', 'BATH', 'HALLWAY', 'BASEMENT'],
  },
  {
    title: 'Vier Zimmer im Erdgeschoss mit Garten',
    description:
      'Ohne Stufen zu erreichen, breite Türen. Der Garten wird mit den Nachbarn geteilt, Gemüsebeete sind willkommen.',
    area: 96,
    totalRooms: 4,
    rooms: ['LIVING', 'BED', 'CHILD', 'CHILD', 'KITCHEN', 'BATH', 'WC', 'STORE'],
  },
  {
    title: 'Dachwohnung mit Blick über die Stadt',
    description:
      'Zweieinhalb Zimmer unter dem Dach, frisch gestrichen. Im Sommer warm, im Winter gut gedämmt. Kein Aufzug.',
    area: 61,
    totalRooms: 2.5,
    rooms: ['LIVING', 'BED', 'STORE', 'KITCHEN', 'BATH'],
  },
  {
    title: 'Großes Haus am Ortsrand',
    description:
      'Fünf Zimmer auf zwei Etagen, Schuppen und Hof. Die Bushaltestelle ist vor der Tür, der Bus fährt jede halbe Stunde.',
    area: 128,
    totalRooms: 5,
    rooms: ['LIVING', 'BED', 'CHILD', 'CHILD', 'CHILD', 'KITCHEN', 'BATH', 'WC', 'BASEMENT'],
  },
  {
    title: 'Möbliertes Apartment auf Zeit',
    description:
      'Für alle, die gerade ankommen: Bett, Tisch, Geschirr und Internet sind da. Mietdauer nach Absprache, mindestens drei Monate.',
    area: 38,
    totalRooms: 1.5,
    rooms: ['LIVING', 'BED', 'KITCHEN', 'BATH'],
  },
];
const STREETS = [
  'Birkenweg',
  'Goethestraße',
  'Feldstraße',
  'Am Mühlbach',
  'Sonnenhang',
  'Schulstraße',
  'Lerchenweg',
  'Uferstraße',
  'Lindenplatz',
  'Bergstraße',
] as const;
const FIRST_NAMES = [
  'Renate',
  'Klaus',
  'Gül',
  'Thomas',
  'Ingrid',
  'Miroslav',
  'Anja',
  'Hassan',
  'Birgit',
  'Olaf',
] as const;
const LAST_NAMES = [
  'Ahlers',
  'Bergmann',
  'Demir',
  'Fiedler',
  'Gross',
  'Horvat',
  'Klee',
  'Mansour',
  'Pohl',
  'Richter',
] as const;
const WAITS = [14, 30, 45, 60, 90, 120] as const;

/** Invented offers of invented landlords: what the demo creates and confirms through the housing subgraph. */
export const DEMO_HOUSING_OFFERS: readonly DemoHousingOffer[] = DEMO_MUNICIPALITIES.flatMap((municipality) => {
  const rent = RENTS.get(municipality.slug);
  return rent === undefined
    ? []
    : Array.from({ length: OFFERS_EACH }, (_, index) => createOffer(municipality, rent, index));
});

/**
 * The input with its day. It stays the same for a calendar month, and so does its key: repeated starts make no second
 * offer, and offers that have expired come back in the next month.
 */
export function housingInputAt({ input, availableInDays }: DemoHousingOffer, now: Date): DemoHousingInput {
  const monthStart = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1);
  const toDay = (instant: number) => new Date(instant).toISOString().slice(0, 10);
  return {
    ...input,
    ...(availableInDays === undefined ? {} : { availableFrom: toDay(monthStart + availableInDays * DAY_MS) }),
    idempotencyKey: `${input.idempotencyKey}-${toDay(monthStart).slice(0, 7)}`,
  };
}

function createOffer(municipality: DemoMunicipality, rentCents: number, index: number): DemoHousingOffer {
  const { slug, postcode, town } = municipality;
  const random = seededRandom(`housing ${slug} ${index}`);
  const kind = KINDS[(index * 3 + slug.length) % KINDS.length] ?? KINDS[0];
  const area = kind.area + random.integer(9) - 4;
  const firstName = random.pick(FIRST_NAMES);
  const lastName = random.pick(LAST_NAMES);
  const hasGarage = random.chance(0.3);
  const isLater = random.chance(0.6);
  const input: DemoHousingInput = {
    title: kind.title,
    description: kind.description,
    baseRentCents: wholeEuros(area * rentCents * (0.85 + random.next() * 0.3)),
    runningCostsCents: wholeEuros(area * 260),
    ...(hasGarage ? { additionalCostsCents: (35 + random.integer(40)) * 100 } : {}),
    hotWaterInHeatingCosts: random.chance(0.6),
    includedServices: random.chance(0.5) ? ['HEATING', 'WATER', 'GARBAGE'] : ['WATER', 'GARBAGE', 'CHIMNEY'],
    additionalServices: hasGarage ? ['GARAGE'] : [],
    areaSquareMetres: random.chance(0.2) ? area + 0.5 : area,
    totalRooms: kind.totalRooms,
    rooms: kind.rooms,
    place: {
      street: `${random.pick(STREETS)} ${1 + random.integer(60)}`,
      postcode,
      town,
      location: shift(municipality, (random.next() - 0.5) * 6, (random.next() - 0.5) * 6),
    },
    durationDays: 30,
    landlord: {
      name: `${firstName} ${lastName}`,
      email: `${slug}-${index + 1}@vermietung.example.org`,
      // Free for films and examples, like all numbers of the demo.
      ...(random.chance(0.7) ? { phone: `+49 30 23125 ${100 + random.integer(900)}` } : {}),
    },
    agreedToDataProtection: true,
    idempotencyKey: `demo-${slug}-${index + 1}`,
  };
  return { municipality: slug, input, ...(isLater ? { availableInDays: random.pick(WAITS) } : {}) };
}

function wholeEuros(cents: number): number {
  return Math.round(cents / 100) * 100;
}
