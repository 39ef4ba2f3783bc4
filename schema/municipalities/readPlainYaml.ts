/** What plain files hold: mappings of switches, numbers, text, and lists of them. */
export type PlainValue = string | number | boolean | readonly PlainValue[] | PlainMapping;
export interface PlainMapping {
  readonly [key: string]: PlainValue;
}

/**
 * Reads the part of YAML 1.2 that municipality files are written in: remarks, and `key: value` line by line. Undefined
 * for everything else and for everything that is wrong: the parser knows more, and says where. What is read here, the
 * parser reads in the same way, but takes ten times as long.
 */
export function readPlainYaml(text: string): PlainMapping | undefined {
  const root: Draft = {};
  const open = [{ indent: 0, mapping: root }];
  /** The entry whose value is the lines below it. */
  let parent: { readonly mapping: Draft; readonly key: string } | undefined;
  for (const line of text.split(/\r?\n/)) {
    const cursor = new Cursor(line);
    if (cursor.take(REMARK) !== undefined) {
      continue;
    }
    const indent = cursor.take(SPACES)?.length ?? 0;
    const key = cursor.take(BLOCK_KEY)?.slice(0, -1);
    if (parent !== undefined && indent > (open.at(-1)?.indent ?? 0)) {
      const mapping: Draft = {};
      parent.mapping[parent.key] = mapping;
      open.push({ indent, mapping });
      parent = undefined;
    }
    while (indent < (open.at(-1)?.indent ?? 0)) {
      open.pop();
    }
    const level = open.at(-1);
    if (key === undefined || parent !== undefined || level?.indent !== indent || !isNew(level.mapping, key)) {
      return undefined;
    }
    if (cursor.take(END) !== undefined) {
      parent = { mapping: level.mapping, key };
      continue;
    }
    cursor.take(SPACES);
    const value = readValue(cursor, 0);
    if (value === undefined || cursor.take(END) === undefined) {
      return undefined;
    }
    level.mapping[key] = value;
  }
  return parent === undefined ? root : undefined;
}

type Draft = Record<string, PlainValue>;

const REMARK = / *(?:#|$)/y;
const SPACES = / */y;
const END = / *(?:$| #)/y;
const BLOCK_KEY = /[A-Za-z][\w-]*:(?= |$)/y;
const FLOW_KEY = /[A-Za-z][\w-]*: +/y;
const COMMA = / *, */y;
const SWITCH = /(?:true|false)(?![\w./()+-])/y;
const DATE = /\d{4}-\d\d-\d\d(?:T\d\d:\d\d)?/y;
const NUMBER = /-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?/y;
const QUOTED = /"(?:[^"\\\p{C}\p{Z}]| )*"|'(?:[^'\p{C}\p{Z}]| )*'/uy;
const WORDS = /\p{L}(?:[\p{L}\p{N}./_()+-]| +(?=[\p{L}\p{N}./_()+-]))*/uy;
/** No text in YAML, in some of these spellings. */
const RESERVED = /^(?:true|false|null)$/i;
/** Of lists and mappings within one line. */
const MAX_DEPTH = 8;

/** A place in one line. */
class Cursor {
  readonly #line: string;
  #at = 0;

  constructor(line: string) {
    this.#line = line;
  }

  /** What a sticky pattern matches here; the cursor stands behind it then. */
  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#line)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }
}

function readValue(cursor: Cursor, depth: number): PlainValue | undefined {
  const flag = cursor.take(SWITCH);
  if (flag !== undefined) {
    return flag === 'true';
  }
  const words = cursor.take(WORDS);
  if (words !== undefined) {
    return RESERVED.test(words) ? undefined : words;
  }
  const quoted = cursor.take(QUOTED);
  if (quoted !== undefined) {
    return quoted.slice(1, -1);
  }
  const date = cursor.take(DATE);
  if (date !== undefined) {
    return date;
  }
  const number = cursor.take(NUMBER);
  return number === undefined ? readFlow(cursor, depth) : Number(number);
}

/** `{ key: value, … }` or `[value, …]`. */
function readFlow(cursor: Cursor, depth: number): PlainValue | undefined {
  if (depth === MAX_DEPTH) {
    return undefined;
  }
  if (cursor.take(/\{ */y) !== undefined) {
    const mapping: Draft = {};
    return readItems(cursor, / *\}/y, () => {
      const key = cursor.take(FLOW_KEY)?.replace(/: +$/, '');
      const value = key === undefined ? undefined : readValue(cursor, depth + 1);
      if (key === undefined || value === undefined || !isNew(mapping, key)) {
        return false;
      }
      mapping[key] = value;
      return true;
    })
      ? mapping
      : undefined;
  }
  if (cursor.take(/\[ */y) === undefined) {
    return undefined;
  }
  const list: PlainValue[] = [];
  return readItems(cursor, / *\]/y, () => {
    const value = readValue(cursor, depth + 1);
    return value !== undefined && list.push(value) > 0;
  })
    ? list
    : undefined;
}

/** Whether there are whole items up to the end that is looked for. */
function readItems(cursor: Cursor, end: RegExp, readItem: () => boolean): boolean {
  if (cursor.take(end) !== undefined) {
    return true;
  }
  while (readItem()) {
    if (cursor.take(end) !== undefined) {
      return true;
    }
    if (cursor.take(COMMA) === undefined) {
      return false;
    }
  }
  return false;
}

function isNew(mapping: Draft, key: string): boolean {
  return !RESERVED.test(key) && !Object.hasOwn(mapping, key);
}
