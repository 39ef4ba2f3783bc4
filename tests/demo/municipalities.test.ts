import { existsSync, readdirSync, readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { CMS_REGIONS } from '../../demo/cms/CmsRegion.ts';
import { DEMO_MUNICIPALITIES } from '../../demo/demoMunicipalities.ts';
import { readModules } from '../../schema/modules.ts';
import { formatProblem } from '../../schema/municipalities/Municipality.ts';
import { readMunicipalityFiles } from '../../schema/municipalities/readMunicipalityFiles.ts';

const GEONAMES = '../shared/sources/regions/geonames-plz.extract.json';
const DISTRICTS = '../shared/sources/regions/landkreise.extract.json';
const isThere = existsSync(GEONAMES) && existsSync(DISTRICTS);
const describeSources = isThere ? describe : describe.skip;

const snapshot = readSnapshot();
const municipalities = [...snapshot.municipalities.values()];
const agsOf = (slug: string) => codeOf(slug, 'AGS');

describe('municipalities/*.yaml', () => {
  it('are 45 over all 16 states', () => {
    expect(municipalities).toHaveLength(45);
    expect(new Set(municipalities.map(({ slug }) => agsOf(slug)?.slice(0, 2))).size).toBe(16);
  });

  it('have an AGS of 8 digits each, none twice', () => {
    const codes = municipalities.map(({ slug }) => agsOf(slug));

    expect(codes.every((code) => /^(?:0[1-9]|1[0-6])\d{6}$/.test(code ?? ''))).toBe(true);
    expect(new Set(codes).size).toBe(codes.length);
  });

  it('have slugs in ASCII and names that begin with their prefix', () => {
    for (const { slug, name, prefix } of municipalities) {
      expect(slug).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
      expect(name.startsWith(prefix === undefined ? '' : `${prefix} `)).toBe(true);
    }
  });

  it('differ in their modules', () => {
    const on = (slug: string) =>
      [...(snapshot.municipalities.get(slug)?.modules.values() ?? [])]
        .filter(({ enabled }) => enabled)
        .map(({ name }) => name);

    expect(on('augsburg')).toEqual(['events', 'locations', 'news', 'offers', 'apprenticeships', 'housing']);
    expect(on('schwerin')).toEqual(['events']);
    expect(on('bremerhaven')).toEqual([]);
    expect(snapshot.municipalities.get('koeln')?.modules.isOn('housing.contact')).toBe(false);
    expect(municipalities.filter(({ hidden }) => hidden).map(({ slug }) => slug)).toEqual(['jena']);
    expect(municipalities.filter(({ cmsRegion }) => cmsRegion === undefined).map(({ slug }) => slug)).toEqual([
      'emsland',
    ]);
  });

  it('name the regions and the places that the demo upstreams know', () => {
    const known = municipalities.map(({ slug, cmsRegion, name, postcode, location }) => ({
      slug,
      cmsRegion,
      name,
      postcode,
      location,
    }));

    expect(sortBySlug(known)).toEqual(
      sortBySlug(
        DEMO_MUNICIPALITIES.map(({ slug, cms, prefix, name, postcode, latitude, longitude }) => ({
          slug,
          cmsRegion: cms,
          name: `${prefix} ${name}`.trim(),
          postcode,
          location: { latitude, longitude },
        })),
      ),
    );
    expect(municipalities.every(({ cmsRegion }) => cmsRegion === undefined || CMS_REGIONS.has(cmsRegion))).toBe(true);
  });
});

describeSources(
  `municipalities/*.yaml beside public sources${isThere ? '' : ' (skipped: ../shared is absent)'}`,
  () => {
    it('have the postcode and the position of their town', () => {
      const towns = z
        .array(
          z.object({
            zipcode: z.string(),
            place: z.string(),
            latitude: z.coerce.number(),
            longitude: z.coerce.number(),
          }),
        )
        .parse(JSON.parse(readFileSync(GEONAMES, 'utf8')));
      let checked = 0;

      for (const { slug, postcode, location } of municipalities) {
        // Companies have entries of their own under a town's postcode.
        const town = DEMO_MUNICIPALITIES.find((known) => known.slug === slug)?.town;
        const found = towns.find((entry) => entry.zipcode === postcode && entry.place === town);
        if (found !== undefined) {
          checked += 1;
          expect(Math.abs(found.latitude - (location?.latitude ?? 0))).toBeLessThan(0.02);
          expect(Math.abs(found.longitude - (location?.longitude ?? 0))).toBeLessThan(0.02);
        }
      }
      expect(checked).toBeGreaterThanOrEqual(6);
    });

    it('have the AGS and NUTS 3 code of their district', () => {
      const districts = z
        .array(z.object({ AGS: z.union([z.string(), z.number()]), NUTS3: z.string() }))
        .parse(JSON.parse(readFileSync(DISTRICTS, 'utf8')));
      const nutsByAgs = new Map(districts.map(({ AGS, NUTS3 }) => [String(AGS).padStart(5, '0'), NUTS3]));
      const covered = municipalities.filter(({ slug }) => nutsByAgs.has(agsOf(slug)?.slice(0, 5) ?? ''));

      expect(covered.length).toBeGreaterThanOrEqual(6);
      for (const { slug } of covered) {
        expect([slug, codeOf(slug, 'NUTS3')]).toEqual([slug, nutsByAgs.get(agsOf(slug)?.slice(0, 5) ?? '')]);
      }
    });
  },
);

function readSnapshot() {
  const files = readdirSync('municipalities')
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => ({ file: `municipalities/${name}`, text: readFileSync(`municipalities/${name}`, 'utf8') }));
  const modules = readModules(readFileSync('schema/supergraph.graphql', 'utf8'));
  const reading = readMunicipalityFiles(files, { modules, loadedAt: new Date(0) });
  if (reading.kind === 'refused') {
    throw new Error(reading.problems.map(formatProblem).join('\n'));
  }
  return reading.value;
}

function codeOf(slug: string, scheme: 'AGS' | 'NUTS3'): string | undefined {
  return snapshot.municipalities.get(slug)?.adminCodes.find((code) => code.scheme === scheme)?.value;
}

function sortBySlug<Entry extends { readonly slug: string }>(entries: readonly Entry[]): readonly Entry[] {
  return [...entries].sort((one, two) => one.slug.localeCompare(two.slug));
}
