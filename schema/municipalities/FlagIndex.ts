import type { KnownModule } from '../modules.ts';

/** Numbers of all flags, so that a municipality keeps one byte for each. Made once for a supergraph. */
export interface FlagIndex {
  readonly modules: readonly KnownModule[];
  /** Every module followed by its parts, in the order of the modules. */
  readonly flags: readonly string[];
  /** By number: the number of the module that the flag belongs to; a module's own number for the module itself. */
  readonly moduleOf: readonly number[];
  readonly numbers: ReadonlyMap<string, number>;
}

export function createFlagIndex(modules: readonly KnownModule[]): FlagIndex {
  const flags: string[] = [];
  const moduleOf: number[] = [];
  for (const { name, flags: parts } of modules) {
    const number = flags.length;
    for (const flag of [name, ...parts.map((part) => `${name}.${part}`)]) {
      flags.push(flag);
      moduleOf.push(number);
    }
  }
  return { modules, flags, moduleOf, numbers: new Map(flags.map((flag, number) => [flag, number])) };
}
