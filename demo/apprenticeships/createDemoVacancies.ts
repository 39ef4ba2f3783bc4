import { DEMO_MUNICIPALITIES, type DemoMunicipality } from '../demoMunicipalities.ts';
import { distanceKm, type Position, shift } from '../distance.ts';
import { type SeededRandom, seededRandom } from '../seededRandom.ts';
import { type DemoOccupation, OCCUPATIONS } from './occupations.ts';

/** Where a vacancy is. */
export interface DemoWorkplace {
  readonly municipality: DemoMunicipality;
  readonly street: string;
  readonly houseNumber: string;
  readonly position: Position;
}

export interface DemoVacancy {
  /** Unique and stable; both feeds make their keys of it. */
  readonly number: number;
  readonly feed: 'sprungbrett' | 'jobsuche';
  readonly kind: 'apprenticeship' | 'dual-study' | 'internship' | 'job';
  readonly occupation: DemoOccupation;
  readonly company: string;
  readonly workplaces: readonly [DemoWorkplace, ...DemoWorkplace[]];
  /** Days before the first of the year's last quarter on which it was published. */
  readonly age: number;
  /** Decides which optional fields are missing: from 0 to 11. */
  readonly shape: number;
}

const OWNERS = [
  'Achenbach',
  'Brandner',
  'Cordes',
  'Dirksen',
  'Ebeling',
  'Feldkamp',
  'Gerlach',
  'Hollmann',
  'Imhof',
  'Jansen',
  'Kerner',
  'Lohmeyer',
  'Marquardt',
  'Niehaus',
  'Oswald',
  'Petzold',
  'Reuther',
  'Sander',
  'Thalmann',
  'Uhlig',
  'Vossberg',
  'Wiegand',
  'Yilmaz',
  'Zander',
] as const;
const FORMS = ['GmbH', 'GmbH & Co. KG', 'KG', 'e. K.', 'OHG'] as const;
const STREETS = [
  'Industriestraße',
  'Werkstraße',
  'Hauptstraße',
  'Am Bahnhof',
  'Lange Gasse',
  'Mühlenweg',
  'Gewerbepark',
  'Kirchstraße',
] as const;
const PER_MUNICIPALITY: readonly (readonly [feed: DemoVacancy['feed'], kind: DemoVacancy['kind'], count: number])[] = [
  ['jobsuche', 'apprenticeship', 7],
  ['jobsuche', 'dual-study', 1],
  ['jobsuche', 'job', 1],
  ['sprungbrett', 'apprenticeship', 2],
  ['sprungbrett', 'internship', 2],
];

/** Everything that is open around the municipalities; invented, and the same on every start. */
export function createDemoVacancies(): readonly DemoVacancy[] {
  return DEMO_MUNICIPALITIES.flatMap((municipality, index) => {
    const random = seededRandom(`vacancies ${municipality.slug}`);
    const neighbour = nearestOther(municipality);
    let number = 10_000 + index * 100;
    const vacancies = PER_MUNICIPALITY.flatMap(([feed, kind, count]) =>
      Array.from({ length: count }, () => {
        number += 1;
        return createVacancy({ number, feed, kind, municipality, neighbour, random });
      }),
    );
    return [...vacancies, ...twinOf(vacancies, number + 1)];
  });
}

/** One place a municipality is announced in both feeds, by the same company. */
function twinOf([first]: readonly DemoVacancy[], number: number): readonly DemoVacancy[] {
  return first === undefined ? [] : [{ ...first, number, feed: 'sprungbrett', workplaces: [first.workplaces[0]] }];
}

function createVacancy({
  number,
  feed,
  kind,
  municipality,
  neighbour,
  random,
}: Pick<DemoVacancy, 'number' | 'feed' | 'kind'> & {
  municipality: DemoMunicipality;
  /** Where a company has its other workplaces. */
  neighbour: DemoMunicipality;
  random: SeededRandom;
}): DemoVacancy {
  const occupation = random.pick(OCCUPATIONS);
  const main = createWorkplace(municipality, random);
  const hasBranch = kind === 'apprenticeship' && random.chance(0.25);
  return {
    number,
    feed,
    kind,
    occupation,
    company: `${occupation.branch} ${random.pick(OWNERS)} ${random.pick(FORMS)}`,
    workplaces: hasBranch ? [main, createWorkplace(neighbour, random), createWorkplace(municipality, random)] : [main],
    age: random.integer(75),
    shape: random.integer(12),
  };
}

function createWorkplace(municipality: DemoMunicipality, random: SeededRandom): DemoWorkplace {
  const reachKm = municipality.isDistrict ? 12 : 5;
  const position = shift(municipality, (random.next() - 0.5) * 2 * reachKm, (random.next() - 0.5) * 2 * reachKm);
  return { municipality, street: random.pick(STREETS), houseNumber: String(1 + random.integer(120)), position };
}

function nearestOther(municipality: DemoMunicipality): DemoMunicipality {
  const [nearest] = DEMO_MUNICIPALITIES.filter(({ town }) => town !== municipality.town)
    .map((other) => ({ other, km: distanceKm(municipality, other) }))
    .sort((one, two) => one.km - two.km);
  return nearest?.other ?? municipality;
}
