import { ERRORS } from '../../../schema/errorCodes.ts';
import type {
  ApprenticeshipKind,
  ApprenticeshipOrder,
  MunicipalityApprenticeshipsArgs,
} from '../../../schema/generated/apprenticeships.ts';
import { type CursorValues, decodeCursor, readFirst } from '../../kit/connection.ts';
import { isDate } from '../../kit/scalars.ts';
import { foldText } from '../foldText.ts';

const MAX_TEXT_LENGTH = 200;
const MAX_WORDS = 10;
/** The database counts no year 0. */
const FIRST_DAY = '0001-01-01';

/** What a client asks of a list, checked, whatever the municipality. Equal criteria are answered by one statement. */
export interface ListCriteria {
  readonly order: ApprenticeshipOrder;
  readonly first: number;
  readonly after: ListCursor | undefined;
  /** Folded; every one must occur. */
  readonly words: readonly string[];
  readonly kinds: readonly ApprenticeshipKind[] | undefined;
  readonly occupation: { readonly code: string; readonly folded: string } | undefined;
  readonly startsFrom: string | undefined;
  readonly startsTo: string | undefined;
}

/** The last row of the page before: the value that the list is ordered by, and the id. */
export interface ListCursor {
  readonly value: string | number | null;
  readonly id: string;
}

export function toListCriteria({
  filter,
  orderBy,
  first,
  after,
}: Partial<MunicipalityApprenticeshipsArgs>): ListCriteria {
  const order = orderBy ?? 'NEWEST';
  const occupation = (filter?.occupation ?? '').replaceAll('\0', ' ').trim();
  return {
    order,
    first: readFirst(first),
    after: readCursor(after, order),
    words: readWords(filter?.text ?? ''),
    kinds: filter?.kinds ?? undefined,
    occupation: occupation === '' ? undefined : { code: occupation, folded: foldText(checkLength(occupation)) },
    startsFrom: toServerDay(filter?.startsFrom),
    startsTo: toServerDay(filter?.startsTo),
  };
}

/** A cursor names its order, so that one of another order is refused instead of skipping rows. */
export function toCursorValues(order: ApprenticeshipOrder, { value, id }: ListCursor): CursorValues {
  return [order, value, id];
}

function readCursor(after: string | null | undefined, order: ApprenticeshipOrder): ListCursor | undefined {
  const values = decodeCursor(after, 3);
  if (values === undefined) {
    return undefined;
  }
  const [orderOfCursor, value = null, id] = values;
  if (orderOfCursor !== order || typeof id !== 'string' || id.includes('\0') || !isOrderValue(order, value)) {
    throw ERRORS.BAD_USER_INPUT.create(`"after" is not a cursor of this connection in the order ${order}.`);
  }
  return { value, id };
}

function isOrderValue(order: ApprenticeshipOrder, value: string | number | null): boolean {
  const isDay = typeof value === 'string' && isDate(value) && value >= FIRST_DAY;
  switch (order) {
    case 'NEWEST':
      return isDay;
    case 'STARTS_ON':
      return isDay || value === null;
    case 'DISTANCE':
      return value === null || (Number.isInteger(value) && Number(value) >= 0 && Number(value) < 2 ** 31);
  }
}

function toServerDay(day: string | null | undefined): string | undefined {
  return typeof day === 'string' && day < FIRST_DAY ? FIRST_DAY : (day ?? undefined);
}

function readWords(text: string): readonly string[] {
  const words = foldText(checkLength(text))
    .split(/[ \0]/)
    .filter((word) => word !== '');
  if (words.length > MAX_WORDS) {
    throw ERRORS.BAD_USER_INPUT.create(`"text" must hold at most ${MAX_WORDS} words, got ${words.length}.`);
  }
  return words;
}

function checkLength(text: string): string {
  if (text.length > MAX_TEXT_LENGTH) {
    throw ERRORS.BAD_USER_INPUT.create(
      `Search text must be at most ${MAX_TEXT_LENGTH} characters long, got ${text.length}.`,
    );
  }
  return text;
}
