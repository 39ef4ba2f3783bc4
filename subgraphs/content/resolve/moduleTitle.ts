/** Our own modules in the languages that most newcomers and their helpers read. */
const TITLES: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map([
  ['events', { de: 'Veranstaltungen', en: 'Events', ar: 'فعاليات', uk: 'Події' }],
  ['locations', { de: 'Orte', en: 'Locations', ar: 'أماكن', uk: 'Місця' }],
  ['news', { de: 'Nachrichten', en: 'News', ar: 'أخبار', uk: 'Новини' }],
  ['offers', { de: 'Angebote', en: 'Offers', ar: 'عروض', uk: 'Пропозиції' }],
  [
    'apprenticeships',
    { de: 'Ausbildungsplätze', en: 'Apprenticeships', ar: 'فرص التدريب المهني', uk: 'Професійне навчання' },
  ],
  ['housing', { de: 'Wohnungen', en: 'Housing', ar: 'السكن', uk: 'Житло' }],
]);

/** The title in the first of the languages that has one, else in English, else the name: partners' modules have no other. */
export function moduleTitle(name: string, languages: readonly string[]): string {
  const titles = TITLES.get(name);
  if (titles === undefined) {
    return name;
  }
  const primary = [...languages, 'en'].map((tag) => tag.toLowerCase().split('-')[0] ?? '');
  const match = primary.find((language) => Object.hasOwn(titles, language));
  return (match === undefined ? undefined : titles[match]) ?? name;
}
