import { z } from 'zod';

import type { KnownModule } from '../modules.ts';
import { WAYS_OFF } from './Municipality.ts';
import { isWallTime, wallTimeAt } from './wallTime.ts';

/** Keys that `_defaults.yaml`, profiles and every municipality's file share. */
function sharedShape(modules: readonly KnownModule[]) {
  return {
    country: z
      .string()
      .regex(/^[A-Z]{2}$/, 'expected two capital letters (ISO 3166-1), such as DE')
      .optional()
      .describe('ISO 3166-1 alpha-2 code of the country.'),
    timeZone: z
      .string()
      .refine(isTimeZone, 'expected an IANA time zone, such as Europe/Berlin')
      .optional()
      .describe('IANA time zone; event times, opening hours and the dates of modules are in it.'),
    languages: z
      .array(z.string().refine(isLanguageTag, 'expected a language tag (BCP 47), such as de or zh-Hans'))
      .max(100)
      .optional()
      .describe('Languages that are spoken of here, BCP 47; providers of flags may go by them.'),
    changedBy: z.string().trim().min(1).max(120).optional().describe('Who changed this file last; for the audit log.'),
    modules: z
      .strictObject(Object.fromEntries(modules.map((module) => [module.name, moduleEntry(module).optional()])))
      .optional()
      .describe('Which modules are on. A module that no file mentions is off.'),
  };
}

const profileName = z.string().regex(/^[\w-]{1,60}$/, 'expected the name of a file in profiles/, without its ending');

const date = z.string().refine(isWallTime, 'expected a day, such as 2027-03-01, or a minute, such as 2027-03-01T08:00');

/** A switch, and when it holds: outside of its dates the opposite holds. */
function switchShape(what: string) {
  return {
    enabled: z.boolean().optional().describe(`Whether ${what} is on.`),
    from: date
      .optional()
      .describe('First day or minute at which "enabled" holds, in the time zone; before it the opposite.'),
    until: date.optional().describe('Last day, or the minute at which it ends to hold; after it the opposite.'),
  };
}

interface DatedEntry {
  readonly enabled?: boolean | undefined;
  readonly from?: string | undefined;
  readonly until?: string | undefined;
}

function checkDates({ value, issues }: z.core.ParsePayload<DatedEntry>): void {
  const { enabled, from, until } = value;
  const dated = from === undefined ? 'until' : 'from';
  if (enabled === undefined && (from !== undefined || until !== undefined)) {
    issues.push({ code: 'custom', input: value, path: [dated], message: 'needs "enabled" beside it' });
  }
  if (from !== undefined && until !== undefined && wallTimeAt(from, 'from') >= wallTimeAt(until, 'until')) {
    issues.push({ code: 'custom', input: value, path: ['until'], message: `expected to lie after "from" (${from})` });
  }
}

function moduleEntry({ name, flags, options }: KnownModule) {
  const object = z
    .strictObject({
      ...switchShape('the module'),
      ...(flags.length === 0
        ? {}
        : {
            flags: z
              .strictObject(Object.fromEntries(flags.map((flag) => [flag, partEntry().optional()])))
              .optional()
              .describe('Parts of the module; on with the module unless switched off here.'),
          }),
      whenOff: z
        .enum(WAYS_OFF)
        .optional()
        .describe(
          'What an answer says where the module or a part of it is off: silent (nothing), extensions (a note; the default), errors (an error as well), reject (no data at all).',
        ),
      ...options,
    })
    .check(checkDates);
  return z
    .union([z.boolean(), object])
    .describe(`Module ${name}: true, false, or an object with "enabled", dates and options.`);
}

function partEntry() {
  const { enabled, ...dates } = switchShape('the part');
  return z.union([
    z.boolean(),
    z.strictObject({ enabled: enabled.unwrap().describe('Whether the part is on.'), ...dates }).check(checkDates),
  ]);
}

/** The validating schema of `_defaults.yaml`. */
export function defaultsFileSchema(modules: readonly KnownModule[]) {
  return z.strictObject(sharedShape(modules));
}

/** The validating schema of `profiles/<name>.yaml`. */
export function profileFileSchema(modules: readonly KnownModule[]) {
  return z.strictObject({
    extends: profileName.optional().describe('A further profile, which holds where this one says nothing.'),
    ...sharedShape(modules),
  });
}

/** The validating schema of `<slug>.yaml`; the JSON Schema for editors is generated from it. */
export function municipalityFileSchema(modules: readonly KnownModule[]) {
  return z.strictObject({
    slug: z
      .string()
      .regex(SLUG, SLUG_HELP)
      .optional()
      .describe('Name in URLs and queries. Default: the name of the file.'),
    name: z.string().trim().min(1).max(120).describe('Full name with prefix, such as "Stadt Augsburg".'),
    extends: profileName
      .optional()
      .describe('A profile, such as the federal state: profiles/<name>.yaml holds where this file says nothing.'),
    prefix: z.string().trim().min(1).max(60).optional().describe('Leading part of the name, such as "Stadt".'),
    ags: z
      .string()
      .regex(/^\d{8}$|^\d{5}$/, 'expected 8 digits in quotes (or 5 for a county), such as "09761000"')
      .optional()
      .describe('Amtlicher Gemeindeschlüssel, in quotes.'),
    ars: z
      .string()
      .regex(/^\d{12}$/, 'expected 12 digits in quotes')
      .optional()
      .describe('Regionalschlüssel, in quotes.'),
    nuts3: z
      .string()
      .regex(/^[A-Z]{2}[0-9A-Z]{3}$/, 'expected a NUTS 3 code, such as DE271')
      .optional()
      .describe('NUTS 3 code.'),
    lau: z.string().min(1).max(20).optional().describe('Local administrative unit code outside Germany.'),
    postcode: z.string().min(3).max(10).optional().describe('One postcode, in quotes.'),
    location: z
      .strictObject({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) })
      .optional()
      .describe('Centre, WGS 84.'),
    cms: z
      .union([z.string().regex(SLUG, SLUG_HELP), z.literal(false)])
      .optional()
      .describe('Slug of the region in the CMS (default: the slug here), or false when the CMS has none.'),
    hidden: z.boolean().optional().describe('true: readable by slug, but not listed.'),
    ...sharedShape(modules),
  });
}

export const SLUG = /^[\p{Ll}\p{N}]+(?:[-_][\p{Ll}\p{N}]+)*$/u;
export const SLUG_HELP = 'expected lower-case letters, digits and single hyphens, such as neuburg-schrobenhausen';

export type DefaultsFile = z.infer<ReturnType<typeof defaultsFileSchema>>;
export type ProfileFile = z.infer<ReturnType<typeof profileFileSchema>>;
export type MunicipalityFile = z.infer<ReturnType<typeof municipalityFileSchema>>;

/** The JSON Schema (2020-12) that editors use through the `$schema` comment of each file. */
export function editorSchema(modules: readonly KnownModule[]): object {
  return {
    $comment: 'Generated by `npm run generate`; do not edit.',
    title: 'A municipality of Civigraph',
    ...z.toJSONSchema(municipalityFileSchema(modules), { io: 'input' }),
  };
}

/** The same for profiles. */
export function profileEditorSchema(modules: readonly KnownModule[]): object {
  return {
    $comment: 'Generated by `npm run generate`; do not edit.',
    title: 'A profile that municipalities of Civigraph extend',
    ...z.toJSONSchema(profileFileSchema(modules), { io: 'input' }),
  };
}

function isLanguageTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
