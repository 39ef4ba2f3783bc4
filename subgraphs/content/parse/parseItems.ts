import type { z } from 'zod';

import type { IngestRejection } from '../../../platform/ingest/IngestSource.ts';
import { PayloadError } from './readJson.ts';

export interface ParsedItems<Item> {
  readonly items: readonly Item[];
  readonly rejections: readonly IngestRejection[];
}

export interface ParseOptions {
  /** Stands in the rejections, for example `augsburg/de/pages`. */
  readonly part: string;
  /** Region and language that were asked for; an item whose path lies elsewhere is refused. */
  readonly region: string;
  readonly language: string;
}

/** Reads a list item by item: one that does not fit is one rejection. Throws `PayloadError` when there is no list. */
export function parseItems<Item extends { readonly path?: string | undefined }>(
  payload: unknown,
  schema: z.ZodType<Item>,
  { part, region, language }: ParseOptions,
): ParsedItems<Item> {
  if (!Array.isArray(payload)) {
    throw new PayloadError(`expected a list, got ${describe(payload)}`);
  }
  const items: Item[] = [];
  const rejections: IngestRejection[] = [];
  payload.forEach((raw: unknown, index) => {
    const reading = schema.safeParse(raw);
    if (!reading.success) {
      rejections.push({ part, key: keyOf(raw, index), reason: explain(reading.error) });
    } else if (reading.data.path !== undefined && !isBelow(reading.data.path, region, language)) {
      rejections.push({ part, key: keyOf(raw, index), reason: `path: does not lie below /${region}/${language}/` });
    } else {
      items.push(reading.data);
    }
  });
  return { items, rejections };
}

/** The problems of one value in one line: `event.start: Invalid input; title: ...`. */
export function explain(error: z.ZodError): string {
  return error.issues
    .slice(0, 5)
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`))
    .join('; ');
}

/** What the editors would recognise the item by. */
function keyOf(raw: unknown, index: number): string {
  if (typeof raw === 'object' && raw !== null) {
    for (const name of ['path', 'alias', 'id'] as const) {
      const value: unknown = Reflect.get(raw, name);
      if ((typeof value === 'string' && value !== '') || typeof value === 'number') {
        return String(value).slice(0, 200);
      }
    }
  }
  return `#${index}`;
}

function isBelow(path: string, region: string, language: string): boolean {
  const [, ownRegion = '', ownLanguage = ''] = path.split('/');
  return ownRegion.normalize('NFC') === region.normalize('NFC') && ownLanguage.toLowerCase() === language.toLowerCase();
}

function describe(payload: unknown): string {
  return payload === null ? 'null' : typeof payload;
}
