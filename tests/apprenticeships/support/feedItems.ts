/** An item of Sprungbrett as the wire has it, with invented content. */
export function sprungbrettItem(number: number, changes: Readonly<Record<string, unknown>> = {}) {
  return {
    title: `Ausbildung Gärtnerei ${number}`,
    apprenticeship: '1',
    employment: '0',
    zip: '86150',
    city: 'Augsburg',
    lat: '48.371500',
    lon: '10.898500',
    distance: '0.6612',
    url: `https://sprungbrett.example.org/stelle/${number}`,
    ...changes,
  };
}

export function sprungbrettAnswer(results: readonly unknown[], pager: object = { current: 1, max: 1 }) {
  return { total: String(results.length), pager, results };
}

/** An item of the Jobsuche, version 6, as the wire has it, with invented content. */
export function jobsucheItem(number: number, changes: Readonly<Record<string, unknown>> = {}) {
  return {
    stellenangebotsTitel: `Ausbildung Zweiradmechatroniker/in ${number}`,
    hauptberuf: 'Zweiradmechatroniker/in',
    firma: 'Radwerk  Lechtal GmbH',
    referenznummer: `19999-${String(number).padStart(8, '0')}-S`,
    stellenlokationen: [
      {
        adresse: { plz: '86152', ort: 'Augsburg', region: 'BAYERN', land: 'DEUTSCHLAND' },
        breite: 48.3773,
        laenge: 10.8892,
      },
    ],
    entfernung: 2,
    datumErsteVeroeffentlichung: '2027-02-03',
    veroeffentlichungszeitraum: { von: '2027-02-04' },
    eintrittszeitraum: { von: '2027-09-01' },
    aenderungsdatum: '2027-02-05T10:15:00.123',
    vertragsdauer: 'KEINE_ANGABE',
    ...changes,
  };
}

export function jobsucheAnswer(items: readonly unknown[], changes: Readonly<Record<string, unknown>> = {}) {
  return { maxErgebnisse: items.length, page: 1, size: 100, facetten: {}, ergebnisliste: items, ...changes };
}
