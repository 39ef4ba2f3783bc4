import { moduleOf } from './readFeatures.ts';

const FLAG_NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*(?:\.[a-z][a-z0-9]*(?:-[a-z0-9]+)*)*$/;

/** Whether a flag is written as flags are: `module`, `module.part`, each in lower-case words joined by hyphens. */
export function isFlagName(flag: string): boolean {
  return FLAG_NAME.test(flag);
}

/** The flag that was probably meant by one that is not written as flags are; undefined when nothing is left of it. */
export function suggestFlagName(flag: string): string | undefined {
  const suggestion = flag
    .split('.')
    .map((part) =>
      part
        .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^[-0-9]+|-+$/g, ''),
    )
    .filter((part) => part !== '')
    .join('.');
  return isFlagName(suggestion) ? suggestion : undefined;
}

/** Whether what one flag gates is never there without the other: `housing.contact` implies `housing`. */
export function impliesFlag(flag: string, other: string): boolean {
  return flag === other || flag.startsWith(`${other}.`);
}

/** The known module that a flag's module is probably a misspelling of; undefined: it is known, or like none. */
export function suggestModule(flag: string, modules: readonly string[]): string | undefined {
  const module = moduleOf(flag);
  if (modules.includes(module)) {
    return undefined;
  }
  // Short names are near to too many others to allow two differences.
  const [nearest] = modules
    .map((name) => ({ name, distance: editDistance(module, name) }))
    .filter(({ name, distance }) => distance <= (name.length < 7 ? 1 : 2))
    .sort((left, right) => left.distance - right.distance);
  return nearest?.name;
}

/** How many letters must be put in, left out, replaced or swapped with their neighbour (optimal string alignment). */
export function editDistance(left: string, right: string): number {
  const width = right.length + 1;
  const cost = new Uint16Array((left.length + 1) * width);
  const at = (row: number, column: number): number => cost[row * width + column] ?? 0;
  for (let row = 0; row <= left.length; row++) {
    for (let column = 0; column <= right.length; column++) {
      if (row === 0 || column === 0) {
        cost[row * width + column] = row + column;
        continue;
      }
      const differs = left[row - 1] === right[column - 1] ? 0 : 1;
      let best = Math.min(at(row - 1, column) + 1, at(row, column - 1) + 1, at(row - 1, column - 1) + differs);
      if (row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]) {
        best = Math.min(best, at(row - 2, column - 2) + 1);
      }
      cost[row * width + column] = best;
    }
  }
  return at(left.length, right.length);
}
