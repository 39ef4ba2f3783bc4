import type { Municipality } from '../../schema/municipalities/Municipality.ts';
import type { HousingOffer } from './HousingOffer.ts';

const SEPARATOR = '\n\n--------------------\n\n';

/** Texts of one e-mail in several languages, one below the other. */
export function joinLanguages(texts: readonly string[]): string {
  return `${texts.join(SEPARATOR)}\n`;
}

/** A page of the frontend for one municipality; undefined where no frontend is known. */
export function frontendPage(publicUrl: string | undefined, { slug }: Municipality, page: string): string | undefined {
  return publicUrl === undefined
    ? undefined
    : `${publicUrl.replace(/\/+$/, '')}/${encodeURIComponent(slug)}/housing/${page}`;
}

/** An instant by the clock of the municipality. */
export function formatInstant(instant: Date, locale: string, { timeZone }: Municipality): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone }).format(instant);
}

/** Numbers alone, enough to tell one's own offers apart. */
export function describeFlat(
  { areaSquareMetres, totalRooms, totalRentCents, currency }: HousingOffer,
  locale: string,
): string {
  const number = new Intl.NumberFormat(locale);
  const money = new Intl.NumberFormat(locale, { style: 'currency', currency });
  const [rooms, month] = locale === 'de' ? ['Zimmer', 'im Monat'] : ['rooms', 'a month'];
  return `${number.format(areaSquareMetres)} m², ${number.format(totalRooms)} ${rooms}, ${money.format(totalRentCents / 100)} ${month}`;
}
