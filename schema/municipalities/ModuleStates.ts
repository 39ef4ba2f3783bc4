import { type Reason, reasonOfByte } from '../features/reasons.ts';
import type { FlagIndex } from './FlagIndex.ts';
import type { MunicipalityModule } from './Municipality.ts';

/** What a module has besides its flags. */
export interface ModuleDetails {
  readonly options: Readonly<Record<string, unknown>>;
  readonly since: Date | undefined;
  readonly until: Date | undefined;
}

const NO_DETAILS: ModuleDetails = Object.freeze({ options: Object.freeze({}), since: undefined, until: undefined });

/**
 * The modules of one municipality: a view on one byte a flag, and on the details of the modules that have any. Equal
 * bytes and equal details are one object for all municipalities of a snapshot, so that 100,000 of them stay small.
 */
export class ModuleStates implements ReadonlyMap<string, MunicipalityModule> {
  readonly #index: FlagIndex;
  readonly #states: Uint8Array;
  readonly #details: ReadonlyMap<string, ModuleDetails>;

  constructor(index: FlagIndex, states: Uint8Array, details: ReadonlyMap<string, ModuleDetails>) {
    this.#index = index;
    this.#states = states;
    this.#details = details;
  }

  /** Whether a dotted flag is on. A flag that no module has is off. */
  isOn(flag: string): boolean {
    const number = this.#index.numbers.get(flag);
    return number !== undefined && ((this.#states[number] ?? 0) & 1) === 1;
  }

  /** Why a flag is as it is; DEFAULT for one that no module has. */
  reasonOf(flag: string): Reason {
    const number = this.#index.numbers.get(flag);
    return number === undefined ? 'DEFAULT' : reasonOfByte(this.#states[number] ?? 0);
  }

  get size(): number {
    return this.#index.modules.length;
  }

  has(name: string): boolean {
    const number = this.#index.numbers.get(name);
    return number !== undefined && this.#index.moduleOf[number] === number;
  }

  get(name: string): MunicipalityModule | undefined {
    if (!this.has(name)) {
      return undefined;
    }
    const details = this.#details.get(name) ?? NO_DETAILS;
    return { name, enabled: this.isOn(name), reason: this.reasonOf(name), ...details };
  }

  *entries(): MapIterator<[string, MunicipalityModule]> {
    for (const { name } of this.#index.modules) {
      const module = this.get(name);
      if (module !== undefined) {
        yield [name, module];
      }
    }
    return undefined;
  }

  *keys(): MapIterator<string> {
    for (const { name } of this.#index.modules) {
      yield name;
    }
    return undefined;
  }

  *values(): MapIterator<MunicipalityModule> {
    for (const [, module] of this.entries()) {
      yield module;
    }
    return undefined;
  }

  forEach(callback: (module: MunicipalityModule, name: string, map: ReadonlyMap<string, MunicipalityModule>) => void) {
    for (const [name, module] of this.entries()) {
      callback(module, name, this);
    }
  }

  [Symbol.iterator](): MapIterator<[string, MunicipalityModule]> {
    return this.entries();
  }
}
