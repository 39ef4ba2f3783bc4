import type { LanguageTexts } from './LanguageTexts.ts';

export const GERMAN: LanguageTexts = {
  inCity: 'in {place}',
  inDistrict: 'im {name}',
  office: 'Büro für Integration',
  contactHeading: 'Haben Sie Fragen?',
  pages: {
    welcome: [
      'Willkommen',
      `Schön, dass Sie da sind! Wer neu {inPlace} ankommt, hat viele Fragen: Wo melde ich mich an? Wie finde ich einen Sprachkurs, einen Arzt, eine Schule? Hier finden Sie kurze Antworten und die Adressen, bei denen Ihnen jemand weiterhilft.
Alle Seiten funktionieren auch ohne Internet, wenn Sie sie einmal geöffnet haben. Wählen Sie oben Ihre Sprache. Ist eine Seite noch nicht übersetzt, lesen Sie sie bitte auf Deutsch oder Englisch.`,
    ],
    about: [
      'Über {place}',
      `Menschen aus mehr als hundert Ländern leben {inPlace}. Manche sind vor Jahrzehnten zum Arbeiten gekommen, andere erst vor wenigen Wochen. Viele Vereine, Kirchen, Moscheen und Nachbarschaftstreffs freuen sich über neue Gesichter.
Ein guter erster Spaziergang führt vom Bahnhof über den Marktplatz zur Bücherei. Dort gibt es kostenloses WLAN, einen Stadtplan zum Mitnehmen und einen Aushang mit allen Festen und Kursen des Monats. Mittwochs und samstags verkaufen Höfe aus der Umgebung Obst, Gemüse und Brot auf dem Wochenmarkt.`,
    ],
    'first-steps': [
      'Die ersten Schritte',
      `In den ersten Wochen ist vieles auf einmal zu erledigen. Diese Reihenfolge hat sich bewährt:
- Wohnung oder Unterkunft beim Bürgerservice anmelden
- Krankenkasse wählen und Versichertenkarte beantragen
- Bankkonto eröffnen
- Kinder für Kita oder Schule anmelden
- Termin für die Einstufung in einen Deutschkurs vereinbaren
Heben Sie jeden Brief einer Behörde auf und notieren Sie, bis wann Sie antworten müssen. Wenn Sie etwas nicht verstehen, kommen Sie mit dem Brief in die Sprechstunde. Das kostet nichts.`,
    ],
    registration: [
      'Wohnsitz anmelden',
      `Wer {inPlace} einzieht, meldet sich innerhalb von zwei Wochen beim Bürgerservice an. Das gilt auch, wenn Sie nur innerhalb des Ortes umziehen.
Bringen Sie bitte mit:
- Pass oder Ausweis aller Familienmitglieder
- Bestätigung des Vermieters über den Einzug
- Heirats- und Geburtsurkunden, wenn Sie sie haben
Die Anmeldung ist kostenlos. Sie erhalten sofort eine Meldebescheinigung. Ihre Steuernummer kommt einige Wochen später mit der Post; Ihr Arbeitgeber braucht sie für die Abrechnung.`,
    ],
    bank: [
      'Bankkonto',
      `Miete, Lohn und Kindergeld werden in Deutschland überwiesen. Deshalb brauchen Sie ein Konto. Jede Bank muss Ihnen ein sogenanntes Basiskonto anbieten, auch wenn Sie Asyl beantragt haben oder keinen festen Wohnsitz haben.
Nehmen Sie Ihren Pass oder Aufenthaltstitel und die Meldebescheinigung mit. Fragen Sie nach den Gebühren: Zwischen null und zwölf Euro im Monat ist alles üblich. Geben Sie Ihre Geheimzahl niemandem, auch keinem freundlichen Anrufer, der sich als Bank ausgibt.`,
    ],
    advice: [
      'Migrationsberatung',
      `In der Beratung hört Ihnen jemand in Ruhe zu. Gemeinsam überlegen Sie, was als Nächstes wichtig ist: Sprachkurs, Arbeit, Familie, Schulden oder Ärger mit einem Vertrag. Die Gespräche sind kostenlos und vertraulich, auch gegenüber anderen Behörden.
Erwachsene gehen zur Migrationsberatung, junge Leute bis 27 Jahre zum Jugendmigrationsdienst. Beide beraten {inPlace} nach Terminvereinbarung und dienstags ohne Termin. Für viele Sprachen kann jemand dolmetschen; sagen Sie bei der Anmeldung Bescheid.`,
    ],
    language: [
      'Deutsch lernen',
      `Mit jedem neuen Wort wird der Alltag leichter. {InPlace} lernen Sie im Integrationskurs, in der Volkshochschule, im Sprachcafé oder zu Hause am Telefon. Viele Angebote sind kostenlos oder werden bezuschusst.
Sie wissen nicht, welcher Kurs passt? Ein kurzer Test zeigt, wo Sie stehen. Danach beraten wir Sie, welcher Weg zu Ihrer Arbeit, Ihren Kindern und Ihrem Tempo passt.`,
    ],
    'integration-course': [
      'Integrationskurs',
      `Der Integrationskurs besteht aus 600 Stunden Deutsch und 100 Stunden über das Leben in Deutschland. Am Ende stehen zwei Prüfungen: Deutsch auf Niveau B1 und ein Test mit Fragen zu Geschichte, Recht und Alltag.
Es gibt Kurse für Eltern mit Kinderbetreuung, für junge Erwachsene, am Abend und für Menschen, die erst lesen und schreiben lernen. Die Berechtigung bekommen Sie von der Ausländerbehörde, vom Jobcenter oder auf eigenen Antrag. Melden Sie sich früh an, denn die Plätze {inPlace} sind begehrt.`,
    ],
    'course-costs': [
      'Kosten und Fahrgeld',
      `Wer Bürgergeld oder Sozialhilfe bekommt, zahlt für den Integrationskurs nichts. Alle anderen zahlen einen Beitrag pro Stunde. Bestehen Sie die Prüfung innerhalb von zwei Jahren, können Sie die Hälfte zurückbekommen.
Ist der Weg zum Kurs weiter als drei Kilometer, gibt es Geld für Bus und Bahn. Den Antrag bekommen Sie in der Sprachschule. Bewahren Sie die Fahrkarten auf, bis der Bescheid da ist.`,
    ],
    'language-cafe': [
      'Sprachcafé',
      `Kaffee, Kekse und eine Stunde Deutsch: Im Sprachcafé üben Sie ohne Lehrbuch und ohne Noten. Ehrenamtliche sprechen mit Ihnen über das, was Sie gerade beschäftigt, vom Elternabend bis zum Lieblingsrezept. Niemand lacht über Fehler.
Sie brauchen keine Anmeldung. Kinder dürfen mitkommen, eine Spielecke ist da. Wer schon gut Deutsch kann, ist ebenfalls willkommen und hilft anderen beim Anfangen. Die Termine stehen unter Veranstaltungen.`,
    ],
    interpreters: [
      'Dolmetschen',
      `Bei einem Gespräch in der Schule, beim Amt oder in der Klinik ist es wichtig, dass Sie alles verstehen. {InPlace} gibt es einen Pool von geschulten Dolmetscherinnen und Dolmetschern für über dreißig Sprachen. Sie unterliegen der Schweigepflicht.
Die Stelle, die mit Ihnen sprechen will, bestellt und bezahlt den Einsatz meistens selbst. Fragen Sie mindestens eine Woche vorher danach. Kinder sollten bei schwierigen Themen nicht übersetzen müssen.`,
    ],
    residence: [
      'Aufenthalt und Recht',
      `Was Sie in Deutschland dürfen, steht in Ihrem Aufenthaltstitel: ob Sie arbeiten können, wie lange Sie bleiben dürfen und ob Ihre Familie nachkommen kann. Auf den folgenden Seiten erklären wir die wichtigsten Papiere in einfachen Worten.
Diese Seiten ersetzen keine Rechtsberatung. Wenn Sie einen ablehnenden Brief bekommen, gehen Sie noch in derselben Woche zu einer Beratungsstelle, denn für Widerspruch und Klage laufen kurze Fristen.`,
    ],
    'immigration-office': [
      'Ausländerbehörde',
      `Die Ausländerbehörde ist zuständig für Aufenthaltstitel, Duldungen, Reiseausweise und Arbeitserlaubnisse. Termine vereinbaren Sie online oder am Telefon. Ohne Termin werden nur Notfälle bearbeitet, zum Beispiel wenn Ihr Ausweis gestohlen wurde.
Kommen Sie zehn Minuten früher und bringen Sie Pass, ein aktuelles biometrisches Foto, Mietvertrag und Lohnabrechnungen mit. Sie dürfen eine Person Ihres Vertrauens mitnehmen. Teilen Sie jede neue Adresse und jede neue Arbeitsstelle mit.`,
    ],
    permit: [
      'Aufenthaltserlaubnis',
      `Eine Aufenthaltserlaubnis gilt immer für einen bestimmten Zweck: Ausbildung, Studium, Arbeit, Familie oder Schutz vor Verfolgung. Auf der Karte oder einem Zusatzblatt steht, ob Sie arbeiten dürfen. Der Satz "Erwerbstätigkeit erlaubt" bedeutet, dass Sie jede Arbeit annehmen können.
Ändert sich Ihr Leben, etwa durch eine Trennung oder eine neue Stelle, fragen Sie vor dem Wechsel nach. Für Menschen aus der Ukraine gelten eigene Regeln zum vorübergehenden Schutz.`,
    ],
    extension: [
      'Titel verlängern',
      `Stellen Sie den Antrag auf Verlängerung etwa acht Wochen, bevor Ihre Karte abläuft. Wenn der Antrag rechtzeitig eingegangen ist, gilt Ihr alter Titel weiter, bis entschieden wird. Dafür bekommen Sie eine Fiktionsbescheinigung. Mit ihr dürfen Sie weiter arbeiten wie bisher.
Legen Sie Kopien bei: Pass, Arbeitsvertrag, die letzten drei Lohnabrechnungen, Mietvertrag und Nachweise über Deutschkurse. Fehlt etwas, schreibt Ihnen die Behörde. Antworten Sie immer, auch wenn das Papier noch nicht da ist.`,
    ],
    asylum: [
      'Asylverfahren',
      `Über den Asylantrag entscheidet das Bundesamt, nicht die Gemeinde. Am wichtigsten ist die Anhörung: Dort erzählen Sie, warum Sie Ihr Land verlassen haben. Nehmen Sie sich vorher Zeit für ein Gespräch in der Verfahrensberatung. Sie können verlangen, dass eine Frau Sie anhört oder dolmetscht.
Ist die Entscheidung negativ, haben Sie oft nur eine oder zwei Wochen für eine Klage. Das Datum auf dem gelben Umschlag zählt. Werfen Sie ihn nicht weg.`,
    ],
    citizenship: [
      'Einbürgerung',
      `Wer mehrere Jahre rechtmäßig in Deutschland lebt, kann die deutsche Staatsangehörigkeit beantragen. Sie brauchen in der Regel Deutsch auf Niveau B1, einen bestandenen Einbürgerungstest und ein eigenes Einkommen. Die bisherige Staatsangehörigkeit dürfen Sie meistens behalten.
Die Bearbeitung dauert {inPlace} zurzeit viele Monate. Ein Vorgespräch hilft, damit der Antrag gleich vollständig ist. Zweimal im Jahr feiern wir alle Neubürgerinnen und Neubürger mit Musik im Rathaus.`,
    ],
    work: [
      'Arbeit und Ausbildung',
      `Eine eigene Arbeit macht unabhängig. {InPlace} suchen Pflegeheime, Handwerksbetriebe, Küchen, Logistikfirmen und Büros neue Leute, oft auch ohne perfektes Deutsch. Hier lesen Sie, wie Sie eine Stelle finden, wie Ihr Abschluss anerkannt wird und welche Rechte Sie haben.
Prüfen Sie zuerst, ob Ihr Aufenthaltstitel die Arbeit erlaubt. Bei Fragen hilft die Agentur für Arbeit auch in anderen Sprachen.`,
    ],
    'job-search': [
      'Stelle suchen',
      `Viele Stellen werden gar nicht ausgeschrieben. Erzählen Sie im Sprachcafé, im Sportverein und in der Nachbarschaft, dass Sie Arbeit suchen. Daneben lohnt sich ein Termin bei der Agentur für Arbeit oder im Jobcenter.
Zu einer Bewerbung gehören ein kurzer Brief, ein Lebenslauf und Zeugnisse. Einmal im Monat prüfen Freiwillige {inPlace} Ihre Unterlagen kostenlos und üben mit Ihnen das Vorstellungsgespräch. Bezahlen Sie nie Geld dafür, dass jemand Ihnen eine Stelle verspricht.`,
    ],
    recognition: [
      'Abschluss anerkennen',
      `Sie sind Krankenpfleger, Lehrerin oder Elektriker? Lassen Sie prüfen, ob Ihr Abschluss einem deutschen entspricht. Für manche Berufe, etwa in der Medizin, ist die Anerkennung Pflicht. In anderen verbessert sie Ihren Lohn.
Die Anerkennungsberatung findet heraus, welche Stelle zuständig ist, welche Papiere übersetzt werden müssen und wer die Kosten übernimmt. Fehlt ein Teil, können Sie ihn in einem Lehrgang oder im Betrieb nachholen. Einmal im Monat beraten wir auch per Video.`,
    ],
    apprenticeship: [
      'Ausbildung',
      `In einer Ausbildung lernen Sie zwei bis dreieinhalb Jahre im Betrieb und in der Berufsschule und verdienen dabei eigenes Geld. Es gibt über dreihundert Berufe, von der Bäckerin bis zum Mechatroniker. Eine Altersgrenze gibt es nicht.
Die meisten Ausbildungen beginnen im September. Bewerben Sie sich im Jahr davor. Freie Plätze in der Nähe finden Sie in dieser App. Wenn das Deutsch noch nicht reicht, hilft eine Einstiegsqualifizierung: ein langes Praktikum mit Bezahlung.`,
    ],
    internship: [
      'Praktikum',
      `Ein Praktikum zeigt Ihnen, wie ein Beruf wirklich ist, und der Betrieb lernt Sie kennen. Viele Ausbildungsverträge beginnen mit einer Woche Probearbeiten. Fragen Sie einfach freundlich im Laden, in der Werkstatt oder in der Praxis nach.
Mit einer Aufenthaltsgestattung oder Duldung brauchen Sie für manche Praktika eine Erlaubnis. Eine kurze Hospitation ohne Mitarbeit ist immer möglich. Lassen Sie sich am Ende eine Bescheinigung geben.`,
    ],
    'work-rights': [
      'Ihre Rechte bei der Arbeit',
      `In Deutschland gilt ein gesetzlicher Mindestlohn für fast alle, egal woher sie kommen. Sie haben Anspruch auf einen schriftlichen Vertrag, auf bezahlten Urlaub und auf Lohn, wenn Sie krank sind. Schreiben Sie selbst jeden Tag auf, wie lange Sie gearbeitet haben.
Wird der Lohn nicht bezahlt, helfen Gewerkschaften und die Beratungsstelle für faire Arbeit in vielen Sprachen. Sie müssen dafür kein Mitglied sein. Unterschreiben Sie keine Kündigung, die Sie nicht verstehen.`,
    ],
    family: [
      'Kinder und Schule',
      `Kinder lernen schnell, wenn sie früh mit anderen spielen. {InPlace} gibt es Krippen, Kindergärten, Schulen und viele Treffpunkte für Familien. Auf den nächsten Seiten steht, wann Sie Ihr Kind anmelden, was das kostet und welche Hilfen es gibt.
Elternabende sind keine Prüfung. Sie dürfen alles fragen, und wer noch wenig Deutsch spricht, kann jemanden zum Übersetzen mitbringen.`,
    ],
    childcare: [
      'Kita und Tagespflege',
      `Ab dem ersten Geburtstag hat jedes Kind Anspruch auf einen Betreuungsplatz. Melden Sie sich etwa ein Jahr vorher an und nennen Sie mehrere Einrichtungen, denn nicht jeder Wunsch lässt sich erfüllen. Für die Eingewöhnung planen Sie zwei bis vier Wochen ein, in denen Sie dabei sind.
Der Beitrag hängt von den Stunden und vom Einkommen ab. Familien mit wenig Geld zahlen oft nichts. Vor dem ersten Tag braucht das Kind eine Impfberatung und den Schutz gegen Masern.`,
    ],
    school: [
      'Schule',
      `Alle Kinder ab sechs Jahren müssen zur Schule gehen; das gilt auch, wenn Ihre Familie erst kurz hier ist. Der Besuch öffentlicher Schulen ist kostenlos. Nach der Grundschule gibt es verschiedene Wege, die sich später noch ändern lassen.
Wer ohne Deutschkenntnisse kommt, lernt zuerst in einer Klasse mit viel Sprachunterricht und geht nach und nach in die normale Klasse. Ganztagsschulen bieten Mittagessen und Hilfe bei den Hausaufgaben.`,
    ],
    enrolment: [
      'Kind in der Schule anmelden',
      `Für den Schulanfang bekommen Sie im Herbst davor einen Brief. Kommen Sie während des Schuljahres an, rufen Sie die nächste Grundschule an oder fragen Sie uns.
Das brauchen Sie:
- Geburtsurkunde oder Pass des Kindes
- Meldebescheinigung
- Nachweis der Masernimpfung
- alte Zeugnisse, auch unübersetzt
Eine Ärztin des Gesundheitsamts untersucht Augen, Ohren und Sprache. Für Schulranzen, Hefte und Ausflüge gibt es einen Zuschuss aus dem Bildungspaket.`,
    ],
    benefits: [
      'Kindergeld und Hilfen',
      `Kindergeld ist ein fester Betrag im Monat für jedes Kind. Den Antrag stellen Sie bei der Familienkasse; er wird nur für sechs Monate rückwirkend bezahlt. Nach der Geburt gibt es für einige Zeit Elterngeld, wenn ein Elternteil weniger arbeitet.
Reicht das Einkommen nicht, kommen Kinderzuschlag, Wohngeld und das Bildungspaket dazu. Ob Sie die Leistungen bekommen, hängt auch vom Aufenthaltstitel ab. Die Beratung {inPlace} rechnet es mit Ihnen durch.`,
    ],
    health: [
      'Gesundheit',
      `Wenn Sie krank sind, gehen Sie zuerst zu einer Hausärztin oder einem Hausarzt. Nur im Notfall fahren Sie ins Krankenhaus. Bringen Sie immer Ihre Versichertenkarte oder den Behandlungsschein mit.
Medikamente bekommen Sie in der Apotheke, viele nur mit Rezept. Nachts und am Sonntag hat immer eine Apotheke in der Nähe geöffnet; welche, steht an jeder Apothekentür.`,
    ],
    emergency: [
      'Notfall',
      `Bei Lebensgefahr wählen Sie die **112**. Der Anruf ist kostenlos und funktioniert auch ohne Guthaben. Sagen Sie, wo Sie sind, was passiert ist und wie viele Menschen verletzt sind. Legen Sie nicht auf, bevor die Leitstelle das Gespräch beendet.
- 112: Feuerwehr und Rettungsdienst
- 110: Polizei
- 116 117: ärztlicher Bereitschaftsdienst am Abend und am Wochenende
Bei Gewalt in der Familie beraten Hilfetelefone rund um die Uhr und in vielen Sprachen, ohne dass Sie Ihren Namen nennen.`,
    ],
    doctor: [
      'Arztbesuch',
      `Vereinbaren Sie am Telefon oder online einen Termin und sagen Sie ab, wenn Sie nicht kommen können. Die Hausarztpraxis kennt Ihre Geschichte und überweist Sie bei Bedarf zu einer Fachpraxis. Schreiben Sie vorher auf, was Ihnen weh tut und welche Medikamente Sie nehmen.
Ärztinnen und Ärzte dürfen niemandem erzählen, was Sie besprechen, auch keiner Behörde. Wenn Sie nicht arbeiten können, geht die Krankmeldung elektronisch an Ihre Kasse. Den Betrieb informieren Sie selbst, am besten vor Arbeitsbeginn.`,
    ],
    insurance: [
      'Krankenversicherung',
      `Fast alle Menschen in Deutschland sind krankenversichert. Wer arbeitet, wählt eine gesetzliche Kasse; der Beitrag wird je zur Hälfte von Ihnen und vom Arbeitgeber bezahlt. Kinder und Partner ohne eigenes Einkommen sind kostenlos mitversichert.
Während des Asylverfahrens stellt zuerst das Sozialamt Behandlungsscheine aus. Vergleichen Sie die Zusatzbeiträge und die Angebote in Ihrer Sprache. Ein Wechsel ist später möglich.`,
    ],
    'mental-health': [
      'Seelische Gesundheit',
      `Schlechter Schlaf, Angst, ständige Erinnerungen an schlimme Erlebnisse: Das ist keine Schwäche, und es gibt Hilfe. Ein erster Schritt ist das Gespräch mit dem Hausarzt oder in einer Beratungsstelle. {InPlace} treffen sich auch Gruppen, in denen man in der eigenen Sprache reden kann.
Auf einen Therapieplatz wartet man leider oft lange. Die Terminservicestelle unter 116 117 vermittelt ein Erstgespräch. In einer akuten Krise hilft jede Klinik mit psychiatrischer Abteilung sofort, Tag und Nacht.`,
    ],
    housing: [
      'Wohnen',
      `Eine bezahlbare Wohnung zu finden braucht {inPlace} Geduld. Wir erklären, wo Sie suchen können, was in einem Mietvertrag steht, welche Kosten neben der Miete dazukommen und wie man gut mit den Nachbarn auskommt.
Wer in einer Unterkunft wohnt und ausziehen darf, bespricht das vorher mit dem Sozialamt, damit die Miete auch wirklich übernommen wird.`,
    ],
    'flat-search': [
      'Wohnung suchen',
      `Suchen Sie im Internet, in der Zeitung, bei Wohnungsgesellschaften und auf unserer Wohnbörse, in der private Vermieter ihre Wohnungen direkt anbieten. Mit einem Wohnberechtigungsschein dürfen Sie günstigere, geförderte Wohnungen mieten.
Bereiten Sie eine Mappe vor: Ausweis, Lohnabrechnungen oder Bescheid, Auskunft über Schulden und ein paar Sätze über Ihre Familie. Überweisen Sie nie Geld, bevor Sie die Wohnung gesehen und den Vertrag unterschrieben haben.`,
    ],
    'rental-contract': [
      'Mietvertrag',
      `Lesen Sie den Vertrag mit jemandem, der gut Deutsch kann, bevor Sie unterschreiben. Wichtig sind Kaltmiete, Nebenkosten, Kaution und die Frage, wer kleine Reparaturen bezahlt. Die Kaution darf höchstens drei Monatsmieten betragen und in drei Raten gezahlt werden.
Beim Einzug schreiben Sie alle Schäden in ein Protokoll und machen Fotos. Kündigen können Sie mit drei Monaten Frist, immer schriftlich. Bei Streit hilft der Mieterverein.`,
    ],
    'running-costs': [
      'Heizung, Strom und Nebenkosten',
      `Zur Miete kommen Abschläge für Heizung, Wasser, Müll und Hausreinigung. Einmal im Jahr wird abgerechnet: Haben Sie mehr verbraucht, zahlen Sie nach, sonst bekommen Sie Geld zurück. Den Strom melden Sie meistens selbst an; vergleichen Sie die Preise.
So sparen Sie: kurz und kräftig lüften, nachts die Heizung herunterdrehen, volle Waschmaschine bei dreißig Grad. Ein Stromspar-Team kommt {inPlace} kostenlos nach Hause und bringt neue Lampen mit.`,
    ],
    waste: [
      'Müll trennen',
      `In Deutschland wird Abfall getrennt. Die Farben der Tonnen können je nach Ort verschieden sein:
- Papier und Karton: blaue Tonne
- Küchenabfälle und Pflanzen: braune Tonne
- Verpackungen aus Plastik und Metall: gelbe Tonne oder gelber Sack
- alles Übrige: graue oder schwarze Tonne
Glas kommt nach Farben sortiert in den Container, aber nicht nachts und nicht am Sonntag. Batterien nimmt jeder Supermarkt zurück, alte Möbel holt die Abfuhr nach Anmeldung ab. Auf Flaschen mit Pfandzeichen bekommen Sie Geld zurück.`,
    ],
    everyday: [
      'Alltag und Freizeit',
      `Bus fahren, einkaufen, Sport treiben, Bücher ausleihen: Hier finden Sie, was den Alltag {inPlace} angenehm macht und wenig kostet. Mit dem Sozialpass zahlen Sie in Schwimmbad, Museum und Theater weniger.
Sonntags sind die meisten Geschäfte geschlossen und es soll ruhig sein. Dafür ist Zeit für einen Spaziergang, für Freunde oder für eines der vielen Feste.`,
    ],
    transport: [
      'Bus, Bahn und Fahrrad',
      `Kaufen Sie Ihre Fahrkarte vor der Fahrt am Automaten oder im Telefon. Wer ohne gültige Karte fährt, zahlt mindestens sechzig Euro. Für alle, die oft fahren, lohnt sich das Deutschlandticket: Es gilt im ganzen Land in Bussen, Straßenbahnen und Regionalzügen.
Mit dem Fahrrad sind Sie {inPlace} oft schneller. Licht, Klingel und zwei Bremsen sind Pflicht. In der Fahrradwerkstatt reparieren Sie Ihr Rad unter Anleitung selbst und zahlen nur die Teile.`,
    ],
    library: [
      'Bücherei',
      `In der Bücherei sind Sie immer willkommen, auch ohne Ausweis. Sie können dort lesen, lernen, drucken und kostenlos ins Internet. Kinder und Jugendliche leihen umsonst aus, Erwachsene zahlen eine kleine Jahresgebühr.
Es gibt Bilderbücher in zwei Sprachen, Romane auf Arabisch, Ukrainisch, Türkisch und Englisch sowie Übungshefte für Deutschprüfungen. Jeden Samstagvormittag wird vorgelesen, einmal im Monat in mehreren Sprachen zugleich.`,
    ],
    sports: [
      'Sport und Vereine',
      `Ein Verein ist der schnellste Weg zu neuen Freunden. Ob Fußball, Schwimmen, Tanzen, Chor oder Garten: Zum Ausprobieren dürfen Sie zwei- oder dreimal kostenlos mitmachen. Der Beitrag ist klein, und für Kinder aus Familien mit wenig Geld bezahlt ihn das Bildungspaket.
Für Frauen gibt es {inPlace} eigene Schwimmzeiten und einen Fahrradkurs. Wer selbst etwas anbieten möchte, einen Kochabend zum Beispiel, meldet sich bei der Freiwilligenagentur.`,
    ],
  },
  events: {
    'info-evening': [
      'Infoabend für Neuzugezogene',
      `Ein Abend für alle, die in den letzten Monaten neu {inPlace} angekommen sind. Mitarbeitende aus Rathaus, Schule und Jobcenter stellen sich kurz vor und beantworten Ihre Fragen. Es gibt Tee, Saft und Brezeln. Dolmetscher für Arabisch und Ukrainisch sind da.`,
    ],
    'language-cafe': [
      'Sprachcafé',
      `Deutsch üben bei Kaffee und Kuchen. Kommen Sie, wann Sie möchten, und bleiben Sie, solange Sie Lust haben. Keine Anmeldung, keine Kosten, eine Spielecke für Kinder ist eingerichtet.`,
    ],
    homework: [
      'Hausaufgabenhilfe',
      `Freiwillige helfen Schülerinnen und Schülern von der ersten bis zur achten Klasse bei Mathe, Deutsch und Englisch. Bitte Hefte und einen Stift mitbringen. Alle vierzehn Tage, jeweils am Dienstag und am Donnerstag.`,
    ],
    breakfast: [
      'Elternfrühstück',
      `Einmal im Monat frühstücken Eltern miteinander und sprechen über ein Thema: Schlaf, Medien, Schulwege, Zweisprachigkeit. Kinder sind dabei. Wer mag, bringt eine Kleinigkeit für das Buffet mit.`,
    ],
    festival: [
      'Fest der Kulturen',
      `Den ganzen Tag Musik, Tanz, Essen aus aller Welt und Spiele für Kinder. Über vierzig Vereine {inPlace} machen mit. Der Eintritt ist frei, der Platz ist ohne Stufen erreichbar.`,
    ],
    recognition: [
      'Online-Sprechstunde: Abschluss anerkennen',
      `Sie haben im Ausland einen Beruf gelernt oder studiert? In der Videosprechstunde erfahren Sie, wie Ihr Abschluss anerkannt wird. Halten Sie Ihr Zeugnis bereit. Der Zugang öffnet fünf Minuten vor Beginn.`,
    ],
    walk: [
      'Stadtspaziergang in einfacher Sprache',
      `Wir gehen zwei Stunden zu Fuß durch den Ort und zeigen Ihnen, wo Rathaus, Bücherei, Sozialkaufhaus und die schönsten Bänke sind. Den Treffpunkt erfahren Sie bei der Anmeldung am Telefon: {phone}.`,
    ],
    exhibition: [
      'Ausstellung: Koffer erzählen',
      `Zwölf Menschen zeigen, was sie bei der Ankunft in ihrem Koffer hatten, und erzählen, warum gerade dieses Ding mitmusste. Geöffnet nur an Werktagen, Texte auf Deutsch und Englisch.`,
    ],
    bicycle: [
      'Fahrradkurs für Frauen',
      `In acht Treffen lernen Frauen sicher Rad zu fahren. Leihräder und Helme sind vorhanden. Der Kurs wird von Frauen geleitet, für Kinder gibt es währenddessen Betreuung.`,
    ],
    applications: [
      'Bewerbungs-Check',
      `Bringen Sie Lebenslauf und Zeugnisse mit. Erfahrene Leute aus Betrieben lesen Ihre Unterlagen und machen Vorschläge, die Sie gleich am Computer umsetzen können.`,
    ],
    'job-fair': [
      'Ausbildungsmesse',
      `Dreißig Betriebe aus der Region stellen ihre Berufe vor. Sprechen Sie direkt mit Auszubildenden, probieren Sie Werkzeuge aus und vereinbaren Sie ein Praktikum.`,
    ],
    choir: [
      'Offener Chor',
      `Wir singen Lieder in vielen Sprachen. Noten lesen muss niemand können. Proben jeden Montagabend, außer in den Ferien.`,
    ],
  },
  locations: {
    'integration-office': [
      'Büro für Integration',
      `Erste Anlaufstelle für alle Neuen {inPlace}. Wir hören zu, erklären Briefe und finden die richtige Adresse für Ihr Anliegen.`,
    ],
    'citizen-service': [
      'Bürgerservice',
      `Hier melden Sie Ihren Wohnsitz an und beantragen Bescheinigungen, Ausweise und Führungszeugnisse. Ziehen Sie am Eingang eine Nummer.`,
    ],
    'immigration-office': [
      'Ausländerbehörde',
      `Zuständig für Aufenthaltstitel, Verlängerungen und Reiseausweise. Bitte vereinbaren Sie vorher einen Termin.`,
    ],
    'job-centre': [
      'Jobcenter',
      `Hilfe bei der Suche nach Arbeit und Leistungen zum Lebensunterhalt. Am Empfang hilft man Ihnen beim Ausfüllen der Anträge.`,
    ],
    'adult-school': [
      'Volkshochschule',
      `Deutschkurse auf allen Stufen, Prüfungen, Computerkurse und vieles mehr. Einstufungstests nach Anmeldung.`,
    ],
    library: ['Stadtbücherei', `Bücher, Filme und Spiele in vielen Sprachen, ruhige Lernplätze und kostenloses WLAN.`],
    'health-office': [
      'Gesundheitsamt',
      `Beratung zu Impfungen, Schuluntersuchungen und Infektionskrankheiten. Vertraulich und auf Wunsch anonym.`,
    ],
    clinic: ['Klinikum', `Krankenhaus mit Notaufnahme, Geburtshilfe und Kinderklinik. Rund um die Uhr geöffnet.`],
    pharmacy: [
      'Apotheke am Markt',
      `Medikamente, Beratung und Impfungen. Das Team spricht neben Deutsch auch Englisch, Türkisch und Russisch.`,
    ],
    'family-centre': [
      'Familienzentrum',
      `Krabbelgruppen, Beratung und ein offenes Café für Eltern. Der Kinderwagen kann im Flur stehen bleiben.`,
    ],
    'youth-centre': [
      'Jugendtreff',
      `Kicker, Musikraum, Werkstatt und jemand, der zuhört. Für alle von 12 bis 21 Jahren.`,
    ],
    'food-bank': [
      'Tafel',
      `Lebensmittel für Menschen mit wenig Geld. Beim ersten Besuch bringen Sie bitte einen Bescheid über Ihr Einkommen mit.`,
    ],
    'social-shop': [
      'Sozialkaufhaus',
      `Gut erhaltene Möbel, Kleidung und Geschirr zu kleinen Preisen. Lieferung ist gegen Aufpreis möglich.`,
    ],
    'bike-workshop': [
      'Fahrradwerkstatt',
      `Hier reparieren Sie Ihr Fahrrad selbst; Werkzeug und Rat gibt es dazu. Gespendete Räder werden günstig verkauft.`,
    ],
    'sports-club': ['Sportverein', `Fußball, Turnen, Volleyball und Kinderschwimmen. Probetraining jederzeit möglich.`],
    'meeting-place': [
      'Nachbarschaftstreff',
      `Ein offenes Haus mit Garten und Küche. Gruppen können die Räume kostenlos nutzen.`,
    ],
    swimming: [
      'Hallenbad',
      `Schwimmbecken, Kinderbereich und Schwimmkurse. Sonntags von acht bis zehn nur für Frauen.`,
    ],
    'tenants-association': [
      'Mieterverein',
      `Beratung zu Mietvertrag, Kündigung und Nebenkosten. Für Mitglieder kostenlos, erste Auskunft für alle.`,
    ],
    'legal-advice': [
      'Rechtsberatung Asyl',
      `Studierende und Anwältinnen beraten kostenlos zu Asyl und Aufenthalt. Bringen Sie alle Briefe mit.`,
    ],
    'community-garden': [
      'Gemeinschaftsgarten',
      `Beete, Obstbäume und ein Lehmofen. Wer mithilft, erntet mit. Immer offen.`,
    ],
  },
  categories: {
    advice: 'Beratung',
    office: 'Behörde',
    education: 'Bildung',
    health: 'Gesundheit',
    leisure: 'Freizeit',
    shopping: 'Einkaufen',
    meeting: 'Treffpunkt',
    other: 'Sonstiges',
  },
  news: {
    closed: [
      'Bürgerservice am Freitag geschlossen',
      `Wegen einer Fortbildung bleibt der Bürgerservice am kommenden Freitag geschlossen. Bereits vereinbarte Termine werden verschoben; Sie bekommen eine Nachricht.`,
    ],
    course: [
      'Neue Abendkurse Deutsch',
      `Im nächsten Monat beginnen zwei Abendkurse auf den Stufen A2 und B1. Es gibt noch freie Plätze. Anmeldung bei der Volkshochschule.`,
    ],
    vaccination: [
      'Impftag ohne Termin',
      `Am Samstag können Sie sich und Ihre Kinder im Gesundheitsamt ohne Termin impfen lassen. Bringen Sie den Impfpass mit, wenn Sie einen haben.`,
    ],
    volunteers: [
      'Paten für Schulkinder gesucht',
      `Haben Sie eine Stunde in der Woche Zeit? Für Erst- und Zweitklässler {inPlace} suchen wir Lesepatinnen und Lesepaten.`,
    ],
    bus: [
      'Umleitung der Buslinie 4',
      `Wegen Bauarbeiten fährt die Linie 4 bis zum Monatsende eine Umleitung. Die Haltestelle am Krankenhaus wird durch eine Ersatzhaltestelle ersetzt.`,
    ],
  },
  imprint: [
    'Impressum',
    `## Herausgeber
{name}
{street}
Telefon: {phone}
E-Mail: {mail}
## Verantwortlich für den Inhalt
Das {office} der Kommune. Alle Angaben in dieser Vorführung sind erfunden; sie zeigen nur, wie ein Impressum aussehen kann.
## Haftung
Wir prüfen unsere Texte sorgfältig, können aber nicht versprechen, dass jede Angabe jederzeit aktuell ist. Für Seiten, auf die wir verweisen, sind deren Betreiber verantwortlich.`,
  ],
};
