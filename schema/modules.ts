import { z } from 'zod';

import { type ModuleOption, readModuleOptions, toOptionSchema } from './features/moduleOptions.ts';
import { moduleOf, readFeatures } from './features/readFeatures.ts';

/** A module that municipalities can switch: its flags below it, and the options that its YAML entry takes. */
export interface KnownModule {
  readonly name: string;
  /** Flags below the module, without the module's name: `contact` for `housing.contact`. */
  readonly flags: readonly string[];
  readonly options: z.ZodRawShape;
}

/** Options of our own modules; a partner's module declares its own in SDL. */
const OPTIONS: ReadonlyMap<string, z.ZodRawShape> = new Map([
  ['events', {}],
  ['locations', {}],
  ['news', {}],
  ['offers', {}],
  [
    'apprenticeships',
    {
      radiusKm: z
        .number()
        .min(1)
        .max(200)
        .optional()
        .describe('How far around the municipality places are shown, in km. Default 25.'),
      sources: z
        .array(z.string().regex(/^[a-z0-9-]{1,60}$/, 'expected the id of a source, such as sprungbrett'))
        .max(50)
        .optional()
        .describe('Only places from these sources. Default: all.'),
    },
  ],
  [
    'housing',
    {
      maxDurationDays: z
        .number()
        .int()
        .min(3)
        .max(30)
        .optional()
        .describe('For how many days an offer may be published at most, 3 to 30. Default 30.'),
      moderation: z
        .union([z.literal(false), z.email('expected an e-mail address, such as wohnen@example.org')])
        .optional()
        .describe(
          'The e-mail address of whoever looks at each new offer before it is published, or false: nobody does. Default false.',
        ),
    },
  ],
]);

/** The modules of a supergraph, with their flags and options. */
export function readModules(supergraphSdl: string): readonly KnownModule[] {
  return knownModules(readFeatures(supergraphSdl).flags, readModuleOptions(supergraphSdl));
}

/** Our modules in their own order, then those that only the flags name, with the options that their subgraphs declare. */
export function knownModules(flags: readonly string[], declared: readonly ModuleOption[] = []): readonly KnownModule[] {
  const names = new Set([...OPTIONS.keys(), ...flags.map(moduleOf)]);
  return [...names].map((name) => ({
    name,
    flags: flags.filter((flag) => flag.startsWith(`${name}.`)).map((flag) => flag.slice(name.length + 1)),
    options: OPTIONS.get(name) ?? declaredOptions(name),
  }));

  function declaredOptions(module: string): z.ZodRawShape {
    const own = declared.filter((option) => option.module === module);
    return Object.fromEntries(own.map((option) => [option.name, toOptionSchema(option)]));
  }
}
