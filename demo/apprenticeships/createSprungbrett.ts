import { type DemoAnswer, json } from '../DemoAnswer.ts';
import { distanceKm } from '../distance.ts';
import type { DemoVacancy } from './createDemoVacancies.ts';
import { findPlace } from './findPlace.ts';

export const SPRUNGBRETT_PATH = '/ajax/app-search-internships';
const PAGE_SIZE = 20;
/** The upstream takes no radius from anybody: this is what it means by near. */
const NEAR_KM = 30;

/** Sprungbrett's search by place, `?location=86150&page=1`. Numbers are sent as strings, except in the pager. */
export function createSprungbrett(vacancies: readonly DemoVacancy[]): (url: URL) => DemoAnswer | undefined {
  const own = vacancies.filter(({ feed }) => feed === 'sprungbrett');

  return ({ pathname, searchParams }) => {
    if (pathname !== SPRUNGBRETT_PATH) {
      return undefined;
    }
    const place = findPlace(searchParams.get('location') ?? '');
    const found = own
      .map((vacancy) => ({
        vacancy,
        km: place === undefined ? Infinity : distanceKm(place, vacancy.workplaces[0].position),
      }))
      .filter(({ km }) => km <= NEAR_KM)
      .sort((one, two) => one.km - two.km);
    const max = Math.max(1, Math.ceil(found.length / PAGE_SIZE));
    const asked = Number(searchParams.get('page') ?? 1);
    const current = Number.isInteger(asked) && asked > 0 ? asked : 1;
    return json({
      total: String(found.length),
      pager: { current, max },
      results: found
        .slice((current - 1) * PAGE_SIZE, current * PAGE_SIZE)
        .map(({ vacancy, km }) => toWireResult(vacancy, km)),
    });
  };
}

function toWireResult({ number, kind, occupation, company, workplaces: [workplace], shape }: DemoVacancy, km: number) {
  const isInternship = kind === 'internship';
  const { municipality, street, houseNumber, position } = workplace;
  return {
    title: isInternship ? `Praktikum: ${occupation.title}` : `Ausbildung ${occupation.title}`,
    // An item that is neither of the two is an internship as well.
    apprenticeship: isInternship ? '0' : '1',
    employment: isInternship && shape % 2 === 0 ? '1' : '0',
    zip: municipality.postcode,
    city: municipality.town,
    lat: position.latitude.toFixed(6),
    lon: position.longitude.toFixed(6),
    distance: String(km),
    url: `https://sprungbrett.demo.example/angebot/${number}`,
    ...(shape < 8 || !isInternship ? { company, street: `${street} ${houseNumber}` } : {}),
  };
}
