import { toStateByte } from '../../schema/features/reasons.ts';
import { knownModules } from '../../schema/modules.ts';
import { createFlagIndex } from '../../schema/municipalities/FlagIndex.ts';
import { ModuleStates } from '../../schema/municipalities/ModuleStates.ts';

/** The modules of a municipality that no file describes: those of these flags that are true are on. */
export function modulesOf(
  flags: Readonly<Record<string, boolean>>,
  options: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {},
): ModuleStates {
  const names = Object.keys(flags);
  const index = createFlagIndex(knownModules(names).filter(({ name }) => names.includes(name)));
  const states = Uint8Array.from(index.flags, (flag) => toStateByte(flags[flag] ?? false, 'STATIC'));
  const details = Object.entries(options).map(
    ([name, own]) => [name, { options: own, since: undefined, until: undefined }] as const,
  );
  return new ModuleStates(index, states, new Map(details));
}
