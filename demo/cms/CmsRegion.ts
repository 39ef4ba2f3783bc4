import { DEMO_MUNICIPALITIES } from '../demoMunicipalities.ts';
import { seededRandom } from '../seededRandom.ts';
import type { LanguageCode } from './languages.ts';

/** A region of the demo CMS with everything that its editors chose. */
export interface CmsRegion {
  readonly id: number;
  readonly slug: string;
  readonly prefix: string;
  /** Without the prefix. */
  readonly name: string;
  readonly fullName: string;
  readonly town: string;
  readonly postcode: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly isDistrict: boolean;
  readonly live: boolean;
  /** Active and visible ones; German, the default language, first. */
  readonly languages: readonly LanguageCode[];
  /** Whether untranslated events and locations are delivered in German. */
  readonly hasFallback: boolean;
  readonly hasImprint: boolean;
  readonly switches: {
    readonly events: boolean;
    readonly pois: boolean;
    readonly push: boolean;
    readonly external: boolean;
  };
  readonly offers: readonly ('ihk-lehrstellenboerse' | 'lehrstellen-radar' | 'sprungbrett' | 'hilfe-formular')[];
  readonly aliases: Readonly<Record<string, { readonly latitude: number; readonly longitude: number }>>;
  readonly street: string;
  readonly phone: string;
  readonly mail: string;
}

/** What a region without a line of its own offers: one of these, in turn. */
const USUAL: readonly (readonly LanguageCode[])[] = [
  ['de', 'en', 'ar', 'uk'],
  ['de', 'en', 'uk'],
  ['de', 'en', 'ar'],
];
const LANGUAGES: ReadonlyMap<string, readonly LanguageCode[]> = new Map([
  ['augsburg', ['de', 'en', 'ar', 'uk', 'fa', 'tr', 'fr']],
  ['berlin', ['de', 'en', 'ar', 'uk', 'fa', 'tr', 'fr']],
  ['hamburg', ['de', 'en', 'ar', 'uk', 'fa', 'tr']],
  ['koln', ['de', 'en', 'ar', 'uk', 'tr', 'fr']],
  ['nurnberg', ['de', 'en', 'ar', 'uk', 'tr']],
  ['stuttgart', ['de', 'en', 'ar', 'uk', 'tr']],
  ['munster', ['de', 'en', 'ar', 'uk', 'fa']],
  ['saarbrucken', ['de', 'en', 'ar', 'uk', 'fr']],
  ['trier', ['de', 'en', 'ar', 'uk', 'fr']],
  ['hof', ['de', 'en']],
  ['schwerin', ['de', 'en']],
  ['lindau', ['de', 'en']],
  ['ostalbkreis', ['de', 'en']],
  ['vorschau', ['de', 'en']],
]);

const ALIASES: ReadonlyMap<string, CmsRegion['aliases']> = new Map([
  [
    'lkaugsburg',
    {
      Königsbrunn: { latitude: 48.2751, longitude: 10.8918 },
      Neusäß: { latitude: 48.3925, longitude: 10.8333 },
      Gersthofen: { latitude: 48.4243, longitude: 10.8727 },
    },
  ],
  ['neuburgschrobenhausen', { Schrobenhausen: { latitude: 48.5607, longitude: 11.2607 } }],
  ['lkheidenheim', { Niederstotzingen: { latitude: 48.5413, longitude: 10.2351 } }],
  ['nurnberg', { Nuernberg: { latitude: 49.4541, longitude: 11.0768 } }],
]);

/** Listed by the CMS, but `live: false`. The second one is known to nobody else. */
const HIDDEN: ReadonlySet<string> = new Set(['jena', 'vorschau']);

const PREVIEW = {
  slug: 'vorschau',
  cms: 'vorschau',
  prefix: '',
  name: 'Vorschau',
  town: 'Augsburg',
  postcode: '00000',
  latitude: 48.3673,
  longitude: 10.8921,
  isDistrict: false,
};

/** Every region that the demo CMS lists, by its slug. */
export const CMS_REGIONS: ReadonlyMap<string, CmsRegion> = new Map(
  [...DEMO_MUNICIPALITIES, PREVIEW].flatMap(({ cms, slug: _, ...known }, index) => {
    if (cms === undefined) {
      return [];
    }
    const random = seededRandom(`region ${cms}`);
    const region: CmsRegion = {
      ...known,
      id: index + 1,
      slug: cms,
      fullName: known.prefix === '' ? known.name : `${known.prefix} ${known.name}`,
      live: !HIDDEN.has(cms),
      languages: LANGUAGES.get(cms) ?? USUAL[index % USUAL.length] ?? [],
      hasFallback: cms !== 'nurnberg',
      hasImprint: cms !== 'schwerin',
      switches: {
        events: cms !== 'ostalbkreis',
        pois: cms !== 'nurnberg' && cms !== 'schwerin',
        push: cms !== 'mainz',
        external: cms === 'augsburg' || random.chance(0.6),
      },
      offers: toOffers(cms, random.integer(3)),
      aliases: ALIASES.get(cms) ?? {},
      street: `${random.pick(['Rathausplatz', 'Marktplatz', 'Am Stadtgarten', 'Bahnhofstraße'])} ${1 + random.integer(12)}`,
      // 030 23125 is a range that the regulator keeps free for films and examples.
      phone: `030 23125 ${100 + random.integer(900)}`,
      mail: `integration@${cms}.example.org`,
    };
    return [[cms, region] as const];
  }),
);

function toOffers(slug: string, fewer: number): CmsRegion['offers'] {
  if (slug === 'schwerin' || slug === 'vorschau') {
    return [];
  }
  const all = ['sprungbrett', 'lehrstellen-radar', 'ihk-lehrstellenboerse', 'hilfe-formular'] as const;
  return slug === 'augsburg' ? all : all.slice(0, all.length - 1 - fewer);
}
