import { type ConstDirectiveNode, Kind, parse, valueFromASTUntyped } from 'graphql';
import { z } from 'zod';

export const OPTION_DIRECTIVE = 'moduleOption';

/** What a partner's module lets municipalities set, as its subgraph declares it with `@moduleOption`. */
export interface ModuleOption {
  readonly module: string;
  /** The key beside `enabled`. */
  readonly name: string;
  readonly type: (typeof TYPES)[number];
  /** Of whole numbers. */
  readonly min?: number | null | undefined;
  readonly max?: number | null | undefined;
  /** The only texts that are allowed. */
  readonly values?: readonly string[] | null | undefined;
  readonly description?: string | null | undefined;
}

export type OptionReading =
  | { readonly kind: 'read'; readonly option: ModuleOption }
  | { readonly kind: 'invalid'; readonly message: string };

const TYPES = ['Boolean', 'Int', 'String', '[Boolean]', '[Int]', '[String]'] as const;
/** Keys that every module's entry has. */
const TAKEN = ['enabled', 'from', 'until', 'flags', 'whenOff'];
const MAX_TEXT_LENGTH = 500;
const MAX_ITEMS = 100;
/** What a GraphQL Int holds. */
const INT_MIN = -(2 ** 31);
const INT_MAX = 2 ** 31 - 1;
const int = z.number().int().min(INT_MIN).max(INT_MAX);

const WrittenOption = z
  .strictObject({
    module: z.string(),
    name: z
      .string()
      .regex(
        /^[a-z][A-Za-z0-9]{0,59}$/,
        'expected letters and digits that begin with a small letter, such as maxCourses',
      )
      .refine((name) => !TAKEN.includes(name), `expected another name than ${TAKEN.join(', ')}`),
    type: z.enum(TYPES),
    min: int.nullish(),
    max: int.nullish(),
    values: z.array(z.string().min(1).max(MAX_TEXT_LENGTH)).min(1).max(MAX_ITEMS).nullish(),
    description: z.string().max(MAX_TEXT_LENGTH).nullish(),
  })
  .check(({ value: { type, min, max, values }, issues }) => {
    const report = (path: string, message: string) =>
      issues.push({ code: 'custom', input: undefined, path: [path], message });
    if (!type.includes('Int') && (min ?? max ?? undefined) !== undefined) {
      report((min ?? undefined) === undefined ? 'max' : 'min', 'goes with the types Int and [Int] alone');
    }
    if (typeof min === 'number' && typeof max === 'number' && min > max) {
      report('max', 'expected at least "min"');
    }
    if (!type.includes('String') && (values ?? undefined) !== undefined) {
      report('values', 'goes with the types String and [String] alone');
    }
  });

/** Reads one `@moduleOption`; a message names the argument that is wrong. */
export function readModuleOption({ arguments: given = [] }: ConstDirectiveNode): OptionReading {
  const written = Object.fromEntries(given.map(({ name, value }) => [name.value, valueFromASTUntyped(value)]));
  const parsed = WrittenOption.safeParse(written);
  if (parsed.success) {
    return { kind: 'read', option: parsed.data };
  }
  const messages = parsed.error.issues.map(({ path, message }) => `"${path.join('.')}": ${message}`);
  return { kind: 'invalid', message: messages.join('; ') };
}

/** The `@moduleOption` directives of a schema definition and its extensions. */
export function findModuleOptions(definitions: ReturnType<typeof parse>['definitions']): readonly ConstDirectiveNode[] {
  return definitions
    .flatMap((definition) =>
      definition.kind === Kind.SCHEMA_DEFINITION || definition.kind === Kind.SCHEMA_EXTENSION
        ? (definition.directives ?? [])
        : [],
    )
    .filter(({ name }) => name.value === OPTION_DIRECTIVE);
}

/** The options that composition carried into the supergraph. Throws when one cannot be read: our composition refuses it. */
export function readModuleOptions(supergraphSdl: string): readonly ModuleOption[] {
  return findModuleOptions(parse(supergraphSdl, { noLocation: true }).definitions).map((directive) => {
    const reading = readModuleOption(directive);
    if (reading.kind === 'invalid') {
      throw new TypeError(`The supergraph holds a @${OPTION_DIRECTIVE} that cannot be read: ${reading.message}.`);
    }
    return reading.option;
  });
}

/** What the municipalities' files may say of an option. */
export function toOptionSchema({ type, min, max, values, description }: ModuleOption): z.ZodType {
  const schema = type.startsWith('[') ? z.array(itemSchema()).max(MAX_ITEMS) : itemSchema();
  return schema.optional().describe(description ?? '');

  function itemSchema(): z.ZodType {
    if (type.includes('Boolean')) {
      return z.boolean();
    }
    if (type.includes('Int')) {
      return z
        .number()
        .int()
        .min(min ?? INT_MIN)
        .max(max ?? INT_MAX);
    }
    return values ? z.enum(values) : z.string().max(MAX_TEXT_LENGTH);
  }
}
