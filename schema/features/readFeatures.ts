import { type ConstDirectiveNode, Kind, parse } from 'graphql';

/** One `@feature` of the supergraph. */
export interface Feature {
  /** Dotted; the first part names the module. */
  readonly flag: string;
  /** The path to the deciding slug that the directive names, if it names one. */
  readonly municipalityPath: string | undefined;
}

/** Everything that is gated in a supergraph. */
export interface FeatureMap {
  /** By `Type.field`. */
  readonly fields: ReadonlyMap<string, Feature>;
  /** By type name. */
  readonly types: ReadonlyMap<string, Feature>;
  /** Every flag, sorted. */
  readonly flags: readonly string[];
}

/** Reads the `@feature` directives that composition carried into the supergraph. */
export function readFeatures(supergraphSdl: string): FeatureMap {
  const fields = new Map<string, Feature>();
  const types = new Map<string, Feature>();
  for (const definition of parse(supergraphSdl, { noLocation: true }).definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION) {
      continue;
    }
    const onType = featureOf(definition.directives);
    if (onType !== undefined) {
      types.set(definition.name.value, onType);
    }
    for (const field of definition.fields ?? []) {
      const onField = featureOf(field.directives);
      if (onField !== undefined) {
        fields.set(`${definition.name.value}.${field.name.value}`, onField);
      }
    }
  }
  const flags = new Set([...fields.values(), ...types.values()].map(({ flag }) => flag));
  return { fields, types, flags: [...flags].sort() };
}

/** The module that a flag belongs to: `housing` for `housing.contact`. */
export function moduleOf(flag: string): string {
  return flag.split('.', 1)[0] ?? flag;
}

function featureOf(directives: readonly ConstDirectiveNode[] | undefined): Feature | undefined {
  const directive = directives?.find(({ name }) => name.value === 'feature');
  const flag = textArgument(directive, 'flag');
  return flag === undefined ? undefined : { flag, municipalityPath: textArgument(directive, 'municipality') };
}

/** The text that a directive is given for an argument; undefined when it is given none. */
export function textArgument(directive: ConstDirectiveNode | undefined, name: string): string | undefined {
  const value = directive?.arguments?.find((argument) => argument.name.value === name)?.value;
  return value?.kind === Kind.STRING ? value.value : undefined;
}
