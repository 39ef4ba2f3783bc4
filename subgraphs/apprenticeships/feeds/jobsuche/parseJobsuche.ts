import { z } from 'zod';

/** Enum values by which the upstream says that nobody answered. */
const NO_ANSWER: ReadonlySet<string> = new Set(['KEINE_ANGABE', 'KEINE_ANGABEN', 'NICHT_RELEVANT']);
/** Kinds of offers that are no training, should the upstream ever ignore what it was asked for. */
const NO_TRAINING: ReadonlySet<string> = new Set(['ARBEIT', 'SELBSTAENDIGKEIT']);

const textOrNumber = z.union([z.string(), z.number()]).nullish();
const answer = z
  .string()
  .nullish()
  .transform((value) => (value === null || value === undefined || NO_ANSWER.has(value.trim()) ? null : value));
const period = z.object({ von: textOrNumber, bis: textOrNumber }).nullish();

const place = z.object({
  adresse: z
    .object({
      plz: textOrNumber,
      ort: answer,
      region: answer,
      land: answer,
      strasse: answer,
      hausnummer: textOrNumber,
    })
    .nullish(),
  breite: textOrNumber,
  laenge: textOrNumber,
});

/** The key as a string. A number above 2^53 has lost digits on its way through JSON and would name another item. */
const key = z
  .union([z.string().trim().min(1), z.number().int('the key is not a whole number that is exact')])
  .transform(String);

/** One item of `ergebnisliste`; fields that only the details have are read where they occur. */
export const jobsucheItem = z
  .object({
    referenznummer: key,
    stellenangebotsTitel: answer,
    hauptberuf: answer,
    firma: answer,
    stellenangebotsBeschreibung: answer,
    stellenangebotsart: answer.refine((value) => value === null || !NO_TRAINING.has(value), 'is no training place'),
    ausbildungsart: answer,
    studiengang: answer,
    geforderterBildungsabschluss: answer,
    stellenlokationen: z.array(place).nullish(),
    datumErsteVeroeffentlichung: textOrNumber,
    veroeffentlichungszeitraum: period,
    eintrittszeitraum: period,
    aenderungsdatum: z.string().nullish(),
    externeURL: answer,
  })
  .refine(({ stellenangebotsTitel, hauptberuf }) => `${stellenangebotsTitel ?? ''}${hauptberuf ?? ''}`.trim() !== '', {
    message: 'neither title nor occupation',
  });

export type JobsucheItem = z.output<typeof jobsucheItem>;
export type JobsuchePlace = z.output<typeof place>;

/** The key of an item that may be broken otherwise. */
export function keyOfJobsuche(item: unknown): string | undefined {
  const value = typeof item === 'object' && item !== null && 'referenznummer' in item ? item.referenznummer : undefined;
  return key.safeParse(value).data;
}
