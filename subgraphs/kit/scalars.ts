import { GraphQLScalarType, Kind } from 'graphql';
import { toUrl } from '../../platform/url/toUrl.ts';
import { ERRORS } from '../../schema/errorCodes.ts';

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DATE_TIME = /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?(?:[Zz]|[+-](\d{2}):(\d{2}))$/;
/** RFC 5646, section 2.1: subtags of up to eight letters and digits, a language first. */
const LANGUAGE_TAG = /^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8}){0,7}$/;
const COUNTRY_CODE = /^[A-Z]{2}$/;
/** What WHATWG URL parsing would repair silently: spaces, quotes, angle brackets, control characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
const NOT_IN_URL = /[\s<>"\\^`{|}\u0000-\u001f\u007f]/;

/** Whether text is a day that exists, as YYYY-MM-DD. */
export function isDate(text: string): boolean {
  const [, year, month, day] = DATE.exec(text) ?? [];
  if (year === undefined) {
    return false;
  }
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  return date.getUTCMonth() + 1 === Number(month) && date.getUTCDate() === Number(day);
}

/** Whether text is an instant: an existing day, a time, and a zone offset or Z (RFC 3339; the seconds may be left out). */
export function isDateTime(text: string): boolean {
  const [, date, hour, minute, second = '0', offsetHour = '0', offsetMinute = '0'] = DATE_TIME.exec(text) ?? [];
  return (
    date !== undefined &&
    isDate(date) &&
    Number(hour) <= 23 &&
    Number(minute) <= 59 &&
    Number(second) <= 59 &&
    Number(offsetHour) <= 14 &&
    Number(offsetMinute) <= 59
  );
}

/** Whether text is a well-formed BCP 47 language tag; whether the subtags are registered is not asked. */
export function isLanguageTag(text: string): boolean {
  return LANGUAGE_TAG.test(text);
}

/** Whether text is an absolute http or https URL. Letters beyond ASCII may stand unencoded (RFC 3987). */
export function isUrl(text: string): boolean {
  if (NOT_IN_URL.test(text) || !/^https?:\/\//i.test(text)) {
    return false;
  }
  return toUrl(text) !== undefined;
}

/** An instant. In: a `Date`. Out: a `Date` as UTC, or text that keeps the zone it was written in. */
export const DateTimeScalar: GraphQLScalarType<Date, string> = createScalar({
  name: 'DateTime',
  expected: 'an instant such as "2030-01-31T18:00:00Z"',
  isValid: isDateTime,
  read: (text) => new Date(text),
  write: (value) => (value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : value),
});

/** A day without a zone. In and out: YYYY-MM-DD. */
export const DateScalar = createTextScalar('Date', 'a day such as "2030-01-31"', isDate);

/** In and out: a well-formed BCP 47 tag, unchanged. */
export const LanguageTagScalar = createTextScalar(
  'LanguageTag',
  'a language tag such as "de" or "zh-Hans"',
  isLanguageTag,
);

/** In and out: two capital letters. */
export const CountryCodeScalar = createTextScalar('CountryCode', 'two capital letters such as "DE"', (text) =>
  COUNTRY_CODE.test(text),
);

/** In and out: an absolute http or https URL, unchanged. */
export const UrlScalar = createTextScalar('URL', 'an absolute URL such as "https://example.org/"', isUrl);

interface ScalarOptions<T> {
  readonly name: string;
  readonly expected: string;
  readonly isValid: (text: string) => boolean;
  readonly read: (text: string) => T;
  readonly write: (value: unknown) => unknown;
}

function createTextScalar(name: string, expected: string, isValid: (text: string) => boolean) {
  return createScalar({ name, expected, isValid, read: (text) => text, write: (value) => value });
}

function createScalar<T>({ name, expected, isValid, read, write }: ScalarOptions<T>): GraphQLScalarType<T, string> {
  function readInput(value: unknown): T {
    if (typeof value !== 'string' || !isValid(value)) {
      throw ERRORS.BAD_USER_INPUT.create(`${name} must be ${expected}, got ${describe(value)}.`);
    }
    return read(value);
  }
  return new GraphQLScalarType<T, string>({
    name,
    parseValue: readInput,
    parseLiteral: (node) => readInput(node.kind === Kind.STRING ? node.value : undefined),
    serialize: (value) => {
      const text = write(value);
      if (typeof text !== 'string' || !isValid(text)) {
        // Our own mistake, so no code of the register: it leaves masked.
        throw new TypeError(`${name} must be ${expected}, got ${describe(value)}.`);
      }
      return text;
    },
  });
}

function describe(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 60)) : typeof value;
}
