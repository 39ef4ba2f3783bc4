import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import {
  ErrorCode,
  type EvaluationContext,
  OpenFeature,
  type Provider,
  ProviderEvents,
  StandardResolutionReasons,
} from '@openfeature/server-sdk';

import { isReason, toStateByte } from '../../schema/features/reasons.ts';
import { NOT_PROVIDED, type ProvidedStates } from '../../schema/municipalities/buildSnapshot.ts';
import { countryOf, languagesOf, timeZoneOf } from '../../schema/municipalities/decideFlag.ts';
import type { LayeredMunicipality, Layers } from '../../schema/municipalities/readLayers.ts';

/** A provider of OpenFeature that is asked for all flags of all municipalities at once, before a snapshot is built. */
export interface FlagProvider {
  /** As it stands in messages. */
  readonly name: string;
  /**
   * What the provider says now. A flag that it does not know, or has but not in use, is left to the files. Throws when it
   * cannot say about a single one, or does not end in time: half an answer would mix two states.
   */
  evaluate(layers: Layers): Promise<ProvidedStates>;
  /** Called when the provider says that something may have changed: its flags, or whether it can be asked. */
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}

/** How long a provider may take to be ready, and to answer for everybody. */
const DEADLINE_MS = 10_000;
/** Municipalities that are asked for at once, for providers that ask somebody else each time. */
const MAX_PARALLEL = 16;
/** How long providers that answer out of their memory may hold the event loop. */
const SLICE_MS = 10;

const EVENTS = [
  ProviderEvents.ConfigurationChanged,
  ProviderEvents.Ready,
  ProviderEvents.Stale,
  ProviderEvents.Error,
] as const;

let opened = 0;

/** Registers a provider and waits until it is ready. Throws when it fails or takes too long. */
export async function openFlagProvider(
  provider: Provider,
  { deadlineMs = DEADLINE_MS }: { deadlineMs?: number } = {},
): Promise<FlagProvider> {
  opened += 1;
  const domain = `civigraph-municipalities-${opened}`;
  const { name } = provider.metadata;
  await within(deadlineMs, OpenFeature.setProviderAndWait(domain, provider), `${name} was not ready`);
  const client = OpenFeature.getClient(domain);
  let giveUp = (): void => {};
  const closed = new Promise<never>((_, reject) => {
    giveUp = () => reject(new Error(`${name} was closed`));
  });
  closed.catch(() => {}); // nobody need be waiting

  async function ask(slug: string, municipality: LayeredMunicipality, flags: readonly string[]): Promise<Uint8Array> {
    const context = toContext(slug, municipality);
    const states = new Uint8Array(flags.length).fill(NOT_PROVIDED);
    await Promise.all(
      flags.map(async (flag, number) => {
        const { value, reason = '', errorCode, errorMessage } = await client.getBooleanDetails(flag, false, context);
        if (errorCode === ErrorCode.FLAG_NOT_FOUND || (errorCode === undefined && reason === UNUSED)) {
          return;
        }
        if (errorCode !== undefined) {
          throw new Error(`${name} has no answer for "${flag}" of ${slug}: ${errorCode} ${errorMessage ?? ''}`.trim());
        }
        states[number] = toStateByte(value, isReason(reason) ? reason : 'UNKNOWN');
      }),
    );
    return states;
  }

  return {
    name,
    evaluate: async ({ municipalities, index }) => {
      let isLate = false;
      const asking = (async () => {
        const provided = new Map<string, Uint8Array>();
        const waiting = [...municipalities];
        let end = performance.now() + SLICE_MS;
        while (waiting.length > 0 && !isLate) {
          const some = waiting.splice(-MAX_PARALLEL);
          const states = await Promise.all(some.map(([slug, municipality]) => ask(slug, municipality, index.flags)));
          some.forEach(([slug], n) => {
            provided.set(slug, states[n] ?? new Uint8Array());
          });
          if (performance.now() >= end) {
            await new Promise<void>((turn) => setImmediate(turn));
            end = performance.now() + SLICE_MS;
          }
        }
        return provided;
      })();
      const answer = Promise.race([asking, closed]);
      return within(deadlineMs, answer, `${name} did not answer for all municipalities`).finally(() => {
        isLate = true;
      });
    },
    onChange: (listener) => {
      const handler = () => listener();
      for (const event of EVENTS) {
        client.addHandler(event, handler);
      }
      return () => {
        for (const event of EVENTS) {
          client.removeHandler(event, handler);
        }
      };
    },
    close: async () => {
      giveUp();
      await within(deadlineMs, Promise.resolve(provider.onClose?.()), `${name} did not close`).catch(() => {});
    },
  };
}

const UNUSED: string = StandardResolutionReasons.DISABLED;

/** Reads the provider that a file exports as its default: the provider itself, or a function that makes it. */
export async function loadProvider(path: string): Promise<Provider> {
  const { default: exported } = (await import(pathToFileURL(resolve(path)).href)) as { default?: unknown };
  const provider: unknown = typeof exported === 'function' ? await exported() : exported;
  if (!isProvider(provider)) {
    throw new Error(
      `${path} exports no server-side provider of OpenFeature, nor a function that makes one, as its default`,
    );
  }
  return provider;
}

function isProvider(value: unknown): value is Provider {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof Reflect.get(value, 'resolveBooleanEvaluation') === 'function' &&
    typeof Reflect.get(Object(Reflect.get(value, 'metadata')), 'name') === 'string'
  );
}

/** A municipality as providers see it. */
function toContext(slug: string, { facts, chain }: LayeredMunicipality): EvaluationContext {
  return {
    targetingKey: slug,
    name: facts.name,
    country: countryOf(chain),
    timeZone: timeZoneOf(chain),
    languages: [...languagesOf(chain)],
    ...(facts.postcode === undefined ? {} : { postcode: facts.postcode }),
    ...Object.fromEntries(facts.adminCodes.map(({ scheme, value }) => [scheme.toLowerCase(), value])),
  };
}

async function within<T>(limitMs: number, work: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} within ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
