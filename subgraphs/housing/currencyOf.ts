/** European countries whose rents are not paid in euros: ISO 3166-1 alpha-2 to ISO 4217. */
const CURRENCIES: ReadonlyMap<string, string> = new Map([
  ['AL', 'ALL'],
  ['BA', 'BAM'],
  ['CH', 'CHF'],
  ['CZ', 'CZK'],
  ['DK', 'DKK'],
  ['GB', 'GBP'],
  ['HU', 'HUF'],
  ['IS', 'ISK'],
  ['LI', 'CHF'],
  ['MD', 'MDL'],
  ['MK', 'MKD'],
  ['NO', 'NOK'],
  ['PL', 'PLN'],
  ['RO', 'RON'],
  ['RS', 'RSD'],
  ['SE', 'SEK'],
  ['TR', 'TRY'],
  ['UA', 'UAH'],
]);

/** The currency of the rents in a country. */
export function currencyOf(country: string): string {
  return CURRENCIES.get(country) ?? 'EUR';
}
