/** A trade, with the kind of company that teaches it. */
export interface DemoOccupation {
  readonly title: string;
  /** The employment agency's names, the main one first. */
  readonly names: readonly [string, ...string[]];
  readonly branch: string;
  readonly tasks: string;
}

export const OCCUPATIONS: readonly [DemoOccupation, ...DemoOccupation[]] = [
  {
    title: 'Pflegefachfrau/-mann',
    names: ['Pflegefachmann/-frau', 'Altenpfleger/in'],
    branch: 'Seniorenhaus',
    tasks: 'Menschen pflegen, begleiten und bei der Genesung unterstützen',
  },
  {
    title: 'Bäcker/in',
    names: ['Bäcker/in'],
    branch: 'Backhaus',
    tasks: 'Teige ansetzen, Brot und Gebäck backen, neue Rezepte ausprobieren',
  },
  {
    title: 'Elektroniker/in für Energie- und Gebäudetechnik',
    names: ['Elektroniker/in - Energie- und Gebäudetechnik'],
    branch: 'Elektrotechnik',
    tasks: 'Leitungen verlegen, Solaranlagen anschließen, Fehler suchen',
  },
  {
    title: 'Anlagenmechaniker/in SHK',
    names: ['Anlagenmechaniker/in - Sanitär-, Heizungs- und Klimatechnik'],
    branch: 'Haustechnik',
    tasks: 'Heizungen und Bäder einbauen, Wärmepumpen in Betrieb nehmen',
  },
  {
    title: 'Kfz-Mechatroniker/in',
    names: ['Kraftfahrzeugmechatroniker/in', 'Mechatroniker/in'],
    branch: 'Autohaus',
    tasks: 'Fahrzeuge prüfen, warten und reparieren',
  },
  {
    title: 'Tischler/in',
    names: ['Tischler/in'],
    branch: 'Schreinerei',
    tasks: 'Möbel entwerfen, Holz zuschneiden, Türen und Fenster einbauen',
  },
  {
    title: 'Köchin/Koch',
    names: ['Koch/Köchin'],
    branch: 'Gasthaus',
    tasks: 'Speisen planen und zubereiten, mit regionalen Zutaten arbeiten',
  },
  {
    title: 'Hotelfachfrau/-mann',
    names: ['Hotelfachmann/-frau'],
    branch: 'Hotel',
    tasks: 'Gäste empfangen, Zimmer vorbereiten, am Empfang mitarbeiten',
  },
  {
    title: 'Kauffrau/-mann im Einzelhandel',
    names: ['Kaufmann/-frau - Einzelhandel', 'Verkäufer/in'],
    branch: 'Frischemarkt',
    tasks: 'Kundinnen und Kunden beraten, Waren bestellen, Kasse führen',
  },
  {
    title: 'Kauffrau/-mann für Büromanagement',
    names: ['Kaufmann/-frau - Büromanagement'],
    branch: 'Bürodienste',
    tasks: 'Termine planen, Rechnungen schreiben, Anfragen beantworten',
  },
  {
    title: 'Fachinformatiker/in Systemintegration',
    names: ['Fachinformatiker/in - Systemintegration', 'IT-System-Elektroniker/in'],
    branch: 'Systemhaus',
    tasks: 'Netzwerke einrichten, Rechner warten, Kolleginnen unterstützen',
  },
  {
    title: 'Fachkraft für Lagerlogistik',
    names: ['Fachkraft - Lagerlogistik'],
    branch: 'Logistik',
    tasks: 'Waren annehmen, lagern und auf die Reise schicken',
  },
  {
    title: 'Maurer/in',
    names: ['Maurer/in'],
    branch: 'Bau',
    tasks: 'Wände mauern, Decken betonieren, alte Häuser erneuern',
  },
  {
    title: 'Maler/in und Lackierer/in',
    names: ['Maler/in und Lackierer/in'],
    branch: 'Malerbetrieb',
    tasks: 'Wände streichen, Fassaden dämmen, Farben mischen',
  },
  {
    title: 'Zahnmedizinische/r Fachangestellte/r',
    names: ['Zahnmedizinische/r Fachangestellte/r'],
    branch: 'Zahnarztpraxis',
    tasks: 'Patienten betreuen, bei Behandlungen assistieren, Termine planen',
  },
  {
    title: 'Medizinische/r Fachangestellte/r',
    names: ['Medizinische/r Fachangestellte/r'],
    branch: 'Gemeinschaftspraxis',
    tasks: 'Blut abnehmen, Verbände anlegen, Anmeldung führen',
  },
  {
    title: 'Friseur/in',
    names: ['Friseur/in'],
    branch: 'Salon',
    tasks: 'Haare schneiden, färben und pflegen, Kundschaft beraten',
  },
  {
    title: 'Gärtner/in Garten- und Landschaftsbau',
    names: ['Gärtner/in - Garten- und Landschaftsbau'],
    branch: 'Gartenbau',
    tasks: 'Gärten anlegen, Bäume pflanzen, Wege pflastern',
  },
  {
    title: 'Industriemechaniker/in',
    names: ['Industriemechaniker/in', 'Zerspanungsmechaniker/in'],
    branch: 'Maschinenbau',
    tasks: 'Bauteile fertigen, Maschinen montieren und einstellen',
  },
  {
    title: 'Erzieher/in (praxisintegriert)',
    names: ['Erzieher/in'],
    branch: 'Kinderhaus',
    tasks: 'Kinder begleiten, Spiele anleiten, mit Eltern sprechen',
  },
];
