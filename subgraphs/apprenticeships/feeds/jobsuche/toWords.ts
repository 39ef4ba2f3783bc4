/** Regions whose enum value lost a letter; the others need upper and lower case alone. */
const REGIONS: ReadonlyMap<string, string> = new Map([
  ['BADEN_WUERTTEMBERG', 'Baden-Württemberg'],
  ['BAYERN', 'Bayern'],
  ['BERLIN', 'Berlin'],
  ['BRANDENBURG', 'Brandenburg'],
  ['BREMEN', 'Bremen'],
  ['HAMBURG', 'Hamburg'],
  ['HESSEN', 'Hessen'],
  ['MECKLENBURG_VORPOMMERN', 'Mecklenburg-Vorpommern'],
  ['NIEDERSACHSEN', 'Niedersachsen'],
  ['NORDRHEIN_WESTFALEN', 'Nordrhein-Westfalen'],
  ['RHEINLAND_PFALZ', 'Rheinland-Pfalz'],
  ['SAARLAND', 'Saarland'],
  ['SACHSEN', 'Sachsen'],
  ['SACHSEN_ANHALT', 'Sachsen-Anhalt'],
  ['SCHLESWIG_HOLSTEIN', 'Schleswig-Holstein'],
  ['THUERINGEN', 'Thüringen'],
]);

/** Countries that training places near the border and abroad have been seen in. */
const COUNTRIES: ReadonlyMap<string, string> = new Map([
  ['DEUTSCHLAND', 'DE'],
  ['OESTERREICH', 'AT'],
  ['SCHWEIZ', 'CH'],
  ['LIECHTENSTEIN', 'LI'],
  ['LUXEMBURG', 'LU'],
  ['BELGIEN', 'BE'],
  ['NIEDERLANDE', 'NL'],
  ['DAENEMARK', 'DK'],
  ['FRANKREICH', 'FR'],
  ['POLEN', 'PL'],
  ['TSCHECHISCHE_REPUBLIK', 'CZ'],
  ['TSCHECHIEN', 'CZ'],
]);

/** `NORDRHEIN_WESTFALEN` as people write it. A region that is not in the list is spelled like any enum. */
export function toRegionName(region: string | null): string | null {
  if (region === null || region.trim() === '') {
    return null;
  }
  return REGIONS.get(toEnumValue(region)) ?? toWords(region);
}

/** ISO 3166-1 alpha-2 of a country's enum value or name; a German region without a country lies in Germany. */
export function toCountryCode(country: string | null, { region }: { region: string | null }): string | null {
  if (country === null || country.trim() === '') {
    return region !== null && REGIONS.has(toEnumValue(region)) ? 'DE' : null;
  }
  const value = toEnumValue(country);
  return /^[A-Z]{2}$/.test(value) ? value : (COUNTRIES.get(value) ?? null);
}

/** `MITTLERE_REIFE` as words: "Mittlere Reife". Text that is no enum value stays. */
export function toWords(value: string): string {
  const trimmed = value.trim();
  if (!/^[A-ZÄÖÜ0-9_]+$/.test(trimmed)) {
    return trimmed.replace(/\s+/g, ' ');
  }
  const words = trimmed
    .toLowerCase()
    .split('_')
    .filter((word) => word !== '');
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ');
}

function toEnumValue(text: string): string {
  return text
    .trim()
    .toUpperCase()
    .replace(/Ä/g, 'AE')
    .replace(/Ö/g, 'OE')
    .replace(/Ü/g, 'UE')
    .replace(/[\s-]+/g, '_');
}
