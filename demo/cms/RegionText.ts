import type { Text } from '../texts/LanguageTexts.ts';
import type { CmsRegion } from './CmsRegion.ts';
import { CMS_LANGUAGES, type LanguageCode } from './languages.ts';
import { escapeHtml, fill, renderHtml } from './renderHtml.ts';

/** Where the demo CMS says that it lives. Nobody answers there. */
export const CMS_HOST = 'https://cms.demo.example';

/** Writes texts of one language for one region. */
export interface RegionWriter {
  title(text: Text): string;
  html(text: Text): string;
}

const writers = new WeakMap<CmsRegion, Map<LanguageCode, RegionWriter>>();

/** The writer of a region's language; made once. */
export function writerOf(region: CmsRegion, code: LanguageCode): RegionWriter {
  let known = writers.get(region);
  if (known === undefined) {
    known = new Map();
    writers.set(region, known);
  }
  let writer = known.get(code);
  if (writer === undefined) {
    writer = createWriter(region, code);
    known.set(code, writer);
  }
  return writer;
}

function createWriter(region: CmsRegion, code: LanguageCode): RegionWriter {
  const { texts } = CMS_LANGUAGES[code];
  const names = new Map([
    ['place', region.name],
    ['name', region.fullName],
  ]);
  const inPlace = fill(region.isDistrict ? texts.inDistrict : texts.inCity, names);
  const values = new Map([
    ...names,
    ['inPlace', inPlace],
    ['InPlace', inPlace.charAt(0).toUpperCase() + inPlace.slice(1)],
    ['office', texts.office],
    ['street', `${region.street}, ${region.postcode} ${region.town}`],
    ['phone', region.phone],
    ['mail', region.mail],
  ]);
  const escaped = new Map([...values].map(([key, value]) => [key, escapeHtml(value)]));
  return {
    title: ([title]) => fill(title, values),
    html: ([, text]) => fill(templateOf(text), escaped),
  };
}

const templates = new Map<string, string>();

/** The HTML of a text with its placeholders still in it: rendered once for all regions. */
function templateOf(text: string): string {
  let template = templates.get(text);
  if (template === undefined) {
    template = renderHtml(text);
    templates.set(text, template);
  }
  return template;
}

/** A path with its slashes, and the same as an absolute address. */
export function toAddress(path: string): { readonly url: string; readonly path: string } {
  return { url: `${CMS_HOST}${path}`, path };
}
