import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FlagdCore } from '@openfeature/flagd-core';
import {
  type EvaluationContext,
  type JsonValue,
  OpenFeatureEventEmitter,
  type Provider,
  ProviderEvents,
  type ResolutionDetails,
} from '@openfeature/server-sdk';

import { loadProvider, openFlagProvider } from '../../roles/municipalities/openFlagProvider.ts';
import type { MunicipalityRegisterOptions } from '../../roles/municipalities/openMunicipalityRegister.ts';
import type { MunicipalityRegister } from '../../schema/municipalities/Municipality.ts';
import { runCivigraph } from '../cli/support/runCivigraph.ts';
import { createFolder, type Folder, recordErrors, until } from './support/createFolder.ts';

let folder: Folder;
beforeEach(async () => {
  folder = await createFolder({
    '_defaults.yaml': 'modules: { events: true, housing: true }\n',
    'profiles/by.yaml': 'country: DE\nlanguages: [de, uk]\n',
    'a.yaml': 'name: A\nextends: by\nags: "09761000"\n',
    'b.yaml': 'name: B\ncountry: AT\nmodules: { news: { enabled: true, from: 2000-01-01 } }\n',
  });
});
afterEach(() => folder.close());

const stateOf = (register: MunicipalityRegister, slug: string, flag: string) => {
  const modules = register.current().municipalities.get(slug)?.modules;
  return `${modules?.isOn(flag) === true ? 'on' : 'off'} ${modules?.reasonOf(flag)}`;
};

/** flagd's own evaluation in this process, over a text of flags. */
function createFlagd(text: string) {
  const core = new FlagdCore();
  core.setConfigurations(text);
  const events = new OpenFeatureEventEmitter();
  const unused = async <T>(_: string, value: T): Promise<ResolutionDetails<T>> => ({ value });
  const provider: Provider = {
    metadata: { name: 'flagd-core' },
    runsOn: 'server',
    events,
    resolveBooleanEvaluation: async (flag, value, context) => core.resolveBooleanEvaluation(flag, value, context),
    resolveStringEvaluation: unused,
    resolveNumberEvaluation: unused,
    resolveObjectEvaluation: unused,
  };
  return {
    provider,
    change: (next: string) => {
      core.setConfigurations(next);
      events.emit(ProviderEvents.ConfigurationChanged);
    },
  };
}

/** A provider that answers as a function says. */
function createScripted(answer: (flag: string, context: EvaluationContext) => Promise<ResolutionDetails<boolean>>) {
  const { provider } = createFlagd('{"flags":{}}');
  const events = new OpenFeatureEventEmitter();
  return {
    provider: {
      ...provider,
      metadata: { name: 'scripted' },
      events,
      resolveBooleanEvaluation: (flag: string, _: boolean, context: EvaluationContext) => answer(flag, context),
    } satisfies Provider,
    change: () => events.emit(ProviderEvents.ConfigurationChanged),
  };
}

const flag = (variant: boolean, targeting?: JsonValue, state = 'ENABLED') => ({
  state,
  variants: { on: true, off: false },
  defaultVariant: variant ? 'on' : 'off',
  ...(targeting === undefined ? {} : { targeting }),
});
const flags = (all: Record<string, object>) => JSON.stringify({ flags: all });

async function open(
  provider: Provider,
  options: Partial<MunicipalityRegisterOptions> & { deadlineMs?: number } = {},
): Promise<MunicipalityRegister> {
  const { deadlineMs = 5_000, ...rest } = options;
  return folder.open({ provider: await openFlagProvider(provider, { deadlineMs }), retryMs: 50, ...rest });
}

describe('a provider of OpenFeature', () => {
  it('comes before the files where it has an answer, with its reason (flagd-core)', async () => {
    const { provider } = createFlagd(
      flags({
        housing: flag(false, { if: [{ '==': [{ var: 'country' }, 'AT'] }, 'on', 'off'] }),
        offers: flag(true),
        events: flag(false, undefined, 'DISABLED'),
        'housing.contact': flag(true),
      }),
    );

    const register = await open(provider);

    expect(stateOf(register, 'a', 'housing')).toBe('off TARGETING_MATCH');
    expect(stateOf(register, 'b', 'housing')).toBe('on TARGETING_MATCH');
    expect(stateOf(register, 'a', 'offers')).toBe('on STATIC');
    // The provider has it, but not in use: the files decide. So they do where it does not know the flag.
    expect(stateOf(register, 'a', 'events')).toBe('on STATIC');
    expect(stateOf(register, 'b', 'news')).toBe('on TARGETING_MATCH');
    expect(stateOf(register, 'a', 'news')).toBe('off DEFAULT');
    // A part never without its module.
    expect(stateOf(register, 'a', 'housing.contact')).toBe('off TARGETING_MATCH');
    expect(stateOf(register, 'b', 'housing.contact')).toBe('on STATIC');
  });

  it('sees the municipality as its evaluation context', async () => {
    const contexts = new Map<unknown, EvaluationContext>();
    const { provider } = createScripted(async (_, context) => {
      contexts.set(context.targetingKey, context);
      return { value: false };
    });
    await open(provider);
    expect(contexts.get('a')).toMatchObject({
      targetingKey: 'a',
      name: 'A',
      country: 'DE',
      timeZone: 'Europe/Berlin',
      languages: ['de', 'uk'],
      ags: '09761000',
    });
    expect(contexts.get('b')).toMatchObject({ country: 'AT', languages: [] });
  });

  it('switches when it says that something has changed, without a change of files', async () => {
    const { provider, change } = createFlagd(flags({ housing: flag(true) }));
    const register = await open(provider);
    expect(stateOf(register, 'a', 'housing')).toBe('on STATIC');
    for (const value of [false, true, false]) {
      change(flags({ housing: flag(value) }));
      await until(() => stateOf(register, 'a', 'housing') === `${value ? 'on' : 'off'} STATIC`);
    }
  });

  it('is asked before a snapshot is built, and never when one is read', async () => {
    let asked = 0;
    const { provider } = createScripted(async () => {
      asked += 1;
      return { value: true };
    });
    const register = await open(provider);
    await delay(200);
    const before = asked;
    for (let n = 0; n < 1_000; n += 1) {
      stateOf(register, 'a', 'housing');
    }
    expect(asked).toBe(before);
  });

  it('keeps its last answer, marked as stale, while it fails, and is asked again until it does not', async () => {
    let isBroken = false;
    const { logger, errors } = recordErrors();
    const { provider, change } = createScripted(async (name) => {
      if (isBroken) {
        throw new Error('the flags are away');
      }
      return { value: name !== 'events', reason: 'TARGETING_MATCH' };
    });
    const register = await open(provider, { logger });
    expect(stateOf(register, 'a', 'events')).toBe('off TARGETING_MATCH');

    isBroken = true;
    change();
    await until(() => stateOf(register, 'a', 'events') === 'off STALE');
    expect(stateOf(register, 'a', 'offers')).toBe('on STALE');
    expect(register.problems()).toEqual([
      expect.objectContaining({ file: 'FLAG_PROVIDER', message: expect.stringContaining('the flags are away') }),
    ]);
    expect(errors.length).toBeGreaterThan(0);

    // Files go on meanwhile; a municipality that the provider was never asked about has nothing on.
    await folder.write({ 'c.yaml': 'name: C\n', 'a.yaml': 'name: Stadt A\n' });
    await until(() => register.current().municipalities.has('c'));
    expect(register.current().municipalities.get('a')?.name).toBe('Stadt A');
    expect(stateOf(register, 'a', 'offers')).toBe('on STALE');
    expect(stateOf(register, 'c', 'offers')).toBe('off ERROR');

    isBroken = false;
    await until(() => stateOf(register, 'c', 'offers') === 'on TARGETING_MATCH');
    expect(stateOf(register, 'a', 'events')).toBe('off TARGETING_MATCH');
    expect(register.problems()).toEqual([]);
  });

  it('does not hold up files while it hangs', async () => {
    let hangs = false;
    const { provider, change } = createScripted(async () => {
      await (hangs ? new Promise(() => {}) : undefined);
      return { value: true };
    });
    const register = await open(provider, { deadlineMs: 30_000 });
    hangs = true;
    change();
    await folder.write({ 'a.yaml': 'name: Stadt A\n' });
    await until(() => register.current().municipalities.get('a')?.name === 'Stadt A', 10_000);
  });

  it.each([
    ['throws', async () => Promise.reject(new Error('no')), /scripted has no answer for ".*" of [ab]: GENERAL no/],
    [
      'has text in the place of a value',
      async () => ({ value: 'on' as unknown as boolean, errorCode: 'TYPE_MISMATCH' }) as ResolutionDetails<boolean>,
      /TYPE_MISMATCH/,
    ],
    ['hangs', () => new Promise<never>(() => {}), /did not answer for all municipalities within 300 ms/],
  ])('that %s keeps a process from starting', async (_what, answer, message) => {
    const { provider } = createScripted(answer as () => Promise<ResolutionDetails<boolean>>);
    await expect(open(provider, { deadlineMs: 300 })).rejects.toThrow(message);
  });

  it('that never becomes ready keeps a process from starting', async () => {
    const { provider } = createScripted(async () => ({ value: true }));
    const slow = { ...provider, initialize: () => new Promise<void>(() => {}) };
    await expect(open(slow, { deadlineMs: 200 })).rejects.toThrow('scripted was not ready within 200 ms');
    const broken = { ...provider, initialize: async () => Promise.reject(new Error('no address')) };
    await expect(open(broken)).rejects.toThrow('no address');
  });

  it('is read from a module, whose mistakes are named', async () => {
    const path = join(folder.directory, 'provider.mjs');
    await writeFile(
      path,
      "export default () => ({ metadata: { name: 'mine' }, resolveBooleanEvaluation: async () => ({ value: true, reason: 'SPLIT' }) });\n",
    );
    expect((await loadProvider(path)).metadata.name).toBe('mine');

    const surroundings = { environment: { MUNICIPALITIES_DIR: folder.directory, FLAG_PROVIDER: path } };
    const { out } = await runCivigraph(folder.directory, ['flags', 'explain', 'a', 'news'], surroundings);
    expect(out).toBe('news  on  SPLIT  -  the provider of flags says so\n');

    const wrong = join(folder.directory, 'wrong.mjs');
    await writeFile(wrong, 'export default {};\n');
    await expect(loadProvider(wrong)).rejects.toThrow('exports no server-side provider');
  });
});
