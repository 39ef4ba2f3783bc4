import type { Clock } from '../../platform/clock/Clock.ts';

import { DAY_MS, type Day, dayInBerlin, mondayOf, toIsoDay } from '../berlinTime.ts';
import { type DemoAnswer, htmlNotFound, json } from '../DemoAnswer.ts';
import { distanceKm } from '../distance.ts';
import type { DemoVacancy, DemoWorkplace } from './createDemoVacancies.ts';
import { findPlace } from './findPlace.ts';

export const JOBSUCHE_PATH = '/jobboerse/jobsuche-service';
const MAX_SIZE = 100;
const DEFAULT_SIZE = 25;
const DEFAULT_RADIUS_KM = 25;
/** The `angebotsart` of each kind; 1 is what the upstream searches when nothing is asked for. */
const OFFER_KINDS: Readonly<Record<DemoVacancy['kind'], string>> = {
  job: '1',
  apprenticeship: '4',
  'dual-study': '4',
  internship: '34',
};

/**
 * The employment agency's job search, version 6, and its details. Older lists are gone.
 * Without the X-API-Key header nothing is answered; any key will do.
 */
export function createJobsuche(
  vacancies: readonly DemoVacancy[],
  clock: Clock,
): (url: URL, headers: { readonly apiKey: string | undefined }) => DemoAnswer | undefined {
  const own = vacancies.filter(({ feed }) => feed === 'jobsuche');
  const byReference = new Map(own.map((vacancy) => [toReference(vacancy), vacancy]));

  return ({ pathname, searchParams }, { apiKey }) => {
    if (!pathname.startsWith(`${JOBSUCHE_PATH}/`)) {
      return undefined;
    }
    if (apiKey === undefined || apiKey === '') {
      return json({ message: 'Missing X-API-Key' }, 403);
    }
    const path = pathname.slice(JOBSUCHE_PATH.length);
    const today = dayInBerlin(clock.now());
    if (path === '/pc/v6/jobs') {
      return search(own, searchParams, today);
    }
    const [, encoded] = /^\/pc\/v4\/jobdetails\/((?:[\w+=-]|%2B|%2F|%3D)+)$/i.exec(path) ?? [];
    return encoded === undefined ? htmlNotFound() : details(byReference, encoded, today);
  };
}

function search(vacancies: readonly DemoVacancy[], query: URLSearchParams, today: Day): DemoAnswer {
  const page = positive(query.get('page') ?? '1');
  const size = positive(query.get('size') ?? String(DEFAULT_SIZE));
  const radiusKm = Number(query.get('umkreis') ?? DEFAULT_RADIUS_KM);
  const hasEmpty = [...query.values()].includes('');
  if (hasEmpty || page === undefined || size === undefined || size > MAX_SIZE || !(radiusKm >= 0)) {
    return json({ messages: [{ code: 'INVALID_PARAMETER', message: 'Ein Parameter ist leer oder ungültig.' }] }, 400);
  }
  const kind = query.get('angebotsart') ?? '1';
  const words = query.get('was')?.toLowerCase();
  const where = query.get('wo');
  const place = where === null ? undefined : findPlace(where);
  const found = vacancies
    .filter((vacancy) => OFFER_KINDS[vacancy.kind] === kind)
    .filter(
      ({ occupation, company }) =>
        words === undefined || `${occupation.title} ${company}`.toLowerCase().includes(words),
    )
    .map((vacancy) => ({ vacancy, km: place === undefined ? undefined : nearestKm(vacancy, place) }))
    .filter(({ km }) => (km === undefined ? where === null : km <= radiusKm))
    .sort((one, two) => (one.km ?? 0) - (two.km ?? 0));
  return json({
    ergebnisliste: found.slice((page - 1) * size, page * size).map(({ vacancy, km }) => ({
      ...toWireItem(vacancy, today),
      ...(km === undefined ? {} : { entfernung: Math.round(km) }),
    })),
    maxErgebnisse: found.length,
    page,
    size,
    facetten: {},
  });
}

function details(byReference: ReadonlyMap<string, DemoVacancy>, encoded: string, today: Day): DemoAnswer {
  const vacancy = byReference.get(Buffer.from(decodeURIComponent(encoded), 'base64').toString());
  if (vacancy === undefined) {
    return json({ messages: [{ code: 'STELLENANGEBOT_NICHT_GEFUNDEN' }] }, 404);
  }
  const { company, occupation } = vacancy;
  return json({
    ...toWireItem(vacancy, today),
    stellenangebotsBeschreibung: `${company} bildet aus!\n\nDeine Aufgaben:\n- ${occupation.tasks}\n- im Team  arbeiten\n\nBewirb dich gern mit einem kurzen Lebenslauf.`,
    verguetungsangabe: 'KEINE_ANGABEN',
    geforderterBildungsabschluss: vacancy.shape % 3 === 0 ? 'MITTLERE_REIFE' : 'KEINE_ANGABE',
    arbeitszeitVollzeit: true,
    allianzpartnerName: '',
    allianzpartnerUrl: '',
  });
}

/** One item of the list. `shape` decides what the company left out. */
function toWireItem(vacancy: DemoVacancy, today: Day) {
  const { occupation, company, kind, workplaces, shape, number } = vacancy;
  const published = mondayOf(today) - vacancy.age * DAY_MS;
  const publishedDay = toIsoDay(published);
  const isJob = kind === 'job';
  return {
    stellenangebotsTitel: toTitle(vacancy, today),
    ...(shape === 1 ? {} : { hauptberuf: occupation.names[0], alleBerufe: occupation.names }),
    // Two spaces as the upstream has them in many names.
    ...(shape === 2 ? {} : { firma: shape === 3 ? company.replace(' ', '  ') : company }),
    referenznummer: toReference(vacancy),
    stellenangebotsart: isJob ? 'ARBEIT' : 'AUSBILDUNG',
    ...(isJob ? {} : { ausbildungsart: kind === 'dual-study' ? 'DUALES_STUDIUM' : 'AUSBILDUNG' }),
    ...(kind === 'dual-study'
      ? { studienform: 'AUSBILDUNGSINTEGRIEREND', studiengang: 'Wirtschaftsingenieurwesen' }
      : {}),
    stellenlokationen:
      shape === 4 && kind === 'job' ? [] : workplaces.map((workplace) => toWireWorkplace(workplace, shape)),
    datumErsteVeroeffentlichung: publishedDay,
    veroeffentlichungszeitraum: { von: publishedDay },
    ...(shape === 5 ? {} : { eintrittszeitraum: { von: toStart(vacancy, today) } }),
    aenderungsdatum: `${publishedDay}T0${6 + (number % 4)}:${10 + (number % 50)}:07.${100 + (number % 900)}`,
    vertragsdauer: isJob ? 'UNBEFRISTET' : 'KEINE_ANGABE',
    quereinstiegGeeignet: shape % 4 === 0,
    ...(shape < 8 ? {} : { externeURL: `https://karriere.demo.example/stellen/${number}` }),
  };
}

function toWireWorkplace({ municipality, street, houseNumber, position }: DemoWorkplace, shape: number) {
  return {
    adresse: {
      plz: municipality.postcode,
      ort: municipality.town,
      region: shape === 6 ? 'KEINE_ANGABE' : municipality.state,
      land: 'DEUTSCHLAND',
      ...(shape === 7 ? { strasse: 'KEINE_ANGABE' } : shape === 9 ? {} : { strasse: street, hausnummer: houseNumber }),
    },
    ...(shape === 8 ? {} : { breite: position.latitude, laenge: position.longitude }),
  };
}

function toTitle({ kind, occupation }: DemoVacancy, today: Day): string {
  switch (kind) {
    case 'job':
      return `${occupation.names[0]} (m/w/d) in Vollzeit`;
    case 'dual-study':
      return `Duales Studium mit Ausbildung ${occupation.title} (m/w/d)`;
    default:
      return `Ausbildung ${occupation.title} ${startYear(today)} (m/w/d)`;
  }
}

/** Training begins in August or September, jobs on the first of next month. */
function toStart({ kind, number }: DemoVacancy, today: Day): string {
  if (kind === 'job') {
    const date = new Date(today);
    return toIsoDay(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1));
  }
  return `${startYear(today)}-${kind === 'dual-study' ? '10' : number % 3 === 0 ? '08' : '09'}-01`;
}

/** From June on companies look for next year. */
function startYear(today: Day): number {
  const date = new Date(today);
  return date.getUTCFullYear() + (date.getUTCMonth() >= 5 ? 1 : 0);
}

/** The key that the upstream gives; `S` is its last letter for offers of companies. */
function toReference({ number }: DemoVacancy): string {
  return `10000-12${String(number).padStart(8, '0')}-S`;
}

function nearestKm({ workplaces }: DemoVacancy, place: Parameters<typeof distanceKm>[0]): number {
  return Math.min(...workplaces.map(({ position }) => distanceKm(place, position)));
}

function positive(text: string): number | undefined {
  const number = Number(text);
  return Number.isInteger(number) && number > 0 ? number : undefined;
}
