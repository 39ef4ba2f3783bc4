import { z } from 'zod';

import { readEmailAddress } from './readEmailAddress.ts';

/** Codes of `UserError`: public, so add, never rename. */
export type HousingUserErrorCode =
  | 'TOO_SHORT'
  | 'TOO_LONG'
  | 'OUT_OF_RANGE'
  | 'INVALID'
  | 'CONSENT_REQUIRED'
  | 'EMAIL_REFUSED'
  | 'TOO_MANY_MAILS'
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'TOKEN_UNKNOWN'
  | 'TOO_MANY_WAITING';

/** Something the user can mend. Messages never repeat what the user wrote. */
export interface HousingUserError {
  readonly field: string | null;
  readonly message: string;
  readonly code: HousingUserErrorCode;
}

/** 100,000 units a month: three of them still fit a GraphQL Int when they are added. */
const MAX_CENTS = 10_000_000;
/** The longest publication; a municipality may allow less. */
export const MAX_DURATION_DAYS = 30;
const YEAR_MS = 365 * 24 * 3_600_000;

/** Control characters break mails and logs, lone surrogates no UTF-8 can hold. With `u`, \p{Cs} matches lone ones alone. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u;
const UNPRINTABLE_IN_TEXT = /(?![\n\t])[\p{Cc}\p{Cs}]/u;

const line = (min: number, max: number) =>
  z
    .string()
    .trim()
    .min(min)
    .max(max, { abort: true })
    .refine((text) => !UNPRINTABLE.test(text), { error: 'Must be one line of printable characters.' })
    .normalize('NFC');

const paragraphs = (max: number) =>
  z
    .string()
    .trim()
    .max(max, { abort: true })
    .overwrite((text) => text.replace(/\r\n?/g, '\n'))
    .refine((text) => !UNPRINTABLE_IN_TEXT.test(text), { error: 'Must hold printable characters alone.' })
    .normalize('NFC');

/** Null and blank text mean the same: not given. */
const optional = <Schema extends z.ZodType<string, string>>(schema: Schema) =>
  z
    .string()
    .nullish()
    .transform((text) => (text === null || text === undefined || text.trim() === '' ? null : text))
    .pipe(schema.nullable());

const cents = z.number().int().min(0).max(MAX_CENTS);
const optionalCents = cents.nullish().transform((value) => value ?? null);
const unique = <Item>(items: readonly Item[]): readonly Item[] => [...new Set(items)];

const InputSchema = z.object({
  title: line(5, 100),
  description: optional(paragraphs(4_000)),
  baseRentCents: cents,
  runningCostsCents: optionalCents,
  additionalCostsCents: optionalCents,
  hotWaterInHeatingCosts: z.boolean(),
  includedServices: z.array(z.enum(['HEATING', 'WATER', 'GARBAGE', 'CHIMNEY', 'OTHER'])).transform(unique),
  additionalServices: z.array(z.enum(['GARAGE', 'OTHER'])).transform(unique),
  areaSquareMetres: z
    .number()
    .min(1)
    .max(10_000)
    .overwrite((area) => Math.round(area * 100) / 100),
  totalRooms: z.number().min(0.5).max(50).multipleOf(0.5, { error: 'Must be a whole or a half number.' }),
  rooms: z
    .array(z.enum(['KITCHEN', 'BATH', 'WC', 'CHILD', 'BED', 'LIVING', 'HALLWAY', 'STORE', 'BASEMENT', 'BALCONY']))
    .max(50),
  availableFrom: z
    .string()
    .nullish()
    .transform((day) => day ?? null),
  place: z
    .object({
      street: optional(line(1, 100)),
      postcode: optional(
        line(2, 12).refine((code) => /^[A-Za-z0-9][A-Za-z0-9 -]*$/.test(code), {
          error: 'Must hold letters, digits, spaces and hyphens alone.',
        }),
      ),
      town: optional(line(1, 85)),
      location: z
        .object({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) })
        .nullish()
        .transform((location) => location ?? null),
    })
    .nullish()
    .transform((place) => place ?? { street: null, postcode: null, town: null, location: null }),
  durationDays: z.number().int().min(3).max(MAX_DURATION_DAYS),
  landlord: z.object({
    name: line(2, 100),
    email: z.string().transform((text, context) => {
      const address = readEmailAddress(text);
      if (address === undefined) {
        context.issues.push({
          code: 'custom',
          input: text,
          message: 'Must be an e-mail address such as name@example.org.',
        });
        return z.NEVER;
      }
      return address;
    }),
    phone: optional(
      line(5, 40).refine((phone) => /^\+?[0-9 ()/.–-]+$/.test(phone) && (phone.match(/[0-9]/g) ?? []).length >= 5, {
        error: 'Must hold at least five digits, spaces and + ( ) / . - alone.',
      }),
    ),
  }),
  agreedToDataProtection: z.literal(true, {
    error: 'An offer can be stored only with consent to the data protection statement.',
  }),
  idempotencyKey: optional(
    z
      .string()
      .min(8)
      .max(200, { abort: true })
      .refine((key) => /^[\x20-\x7e]*$/.test(key), { error: 'Must hold printable ASCII characters alone.' }),
  ),
});

/** The input of an offer after validation: trimmed, in Unicode NFC, blanks as null. */
export type HousingInput = z.output<typeof InputSchema>;

export type HousingInputReading =
  | { readonly kind: 'valid'; readonly input: HousingInput }
  | { readonly kind: 'invalid'; readonly userErrors: readonly HousingUserError[] };

/** Checks everything at once, so that a form can show all problems after one try. Linear in the length of the texts. */
export function readHousingInput(
  input: unknown,
  { now, maxDurationDays }: { now: number; maxDurationDays: number },
): HousingInputReading {
  const parsed = InputSchema.safeParse(input);
  if (!parsed.success) {
    return { kind: 'invalid', userErrors: parsed.error.issues.map(toUserError) };
  }
  const { availableFrom, durationDays } = parsed.data;
  if (durationDays > maxDurationDays) {
    const message = `Must be at most ${maxDurationDays} in this municipality.`;
    return { kind: 'invalid', userErrors: [{ field: 'durationDays', code: 'OUT_OF_RANGE', message }] };
  }
  if (availableFrom !== null && Math.abs(Date.parse(availableFrom) - now) > 2 * YEAR_MS) {
    return {
      kind: 'invalid',
      userErrors: [
        { field: 'availableFrom', code: 'OUT_OF_RANGE', message: 'Must lie within two years before or after today.' },
      ],
    };
  }
  return { kind: 'valid', input: parsed.data };
}

const ReasonSchema = z.object({ reason: optional(paragraphs(1_000)) });

export type ReasonReading =
  | { readonly kind: 'valid'; readonly reason: string | null }
  | { readonly kind: 'invalid'; readonly userErrors: readonly HousingUserError[] };

/** Checks what a moderator tells the landlord. */
export function readReviewReason(reason: unknown): ReasonReading {
  const parsed = ReasonSchema.safeParse({ reason });
  return parsed.success
    ? { kind: 'valid', reason: parsed.data.reason }
    : { kind: 'invalid', userErrors: parsed.error.issues.map(toUserError) };
}

function toUserError(issue: z.core.$ZodIssue): HousingUserError {
  const field = issue.path.length === 0 ? null : issue.path.join('.');
  if (field === 'agreedToDataProtection') {
    return { field, code: 'CONSENT_REQUIRED', message: issue.message };
  }
  switch (issue.code) {
    case 'too_small':
      return issue.origin === 'string'
        ? { field, code: 'TOO_SHORT', message: `Must have at least ${issue.minimum} characters.` }
        : { field, code: 'OUT_OF_RANGE', message: `Must be at least ${issue.minimum}.` };
    case 'too_big':
      if (issue.origin === 'string') {
        return { field, code: 'TOO_LONG', message: `Must have at most ${issue.maximum} characters.` };
      }
      return issue.origin === 'array'
        ? { field, code: 'TOO_LONG', message: `Must have at most ${issue.maximum} entries.` }
        : { field, code: 'OUT_OF_RANGE', message: `Must be at most ${issue.maximum}.` };
    default:
      return { field, code: 'INVALID', message: issue.message };
  }
}
