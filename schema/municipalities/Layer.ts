import type { Municipality } from './Municipality.ts';
import type { Position } from './readYaml.ts';

/** What one file says of itself: a municipality's own, a profile, or the defaults. Flags stand under their number. */
export interface Layer {
  readonly file: string;
  /** The profile, and where it is named. */
  readonly extended: { readonly name: string; readonly at: () => Position } | undefined;
  /** Who changed the file last, as the file says. */
  readonly changedBy: string | undefined;
  readonly country: string | undefined;
  readonly timeZone: string | undefined;
  readonly languages: readonly string[] | undefined;
  /** By flag number: 0 when the file does not mention the flag, else MENTIONED_OFF or MENTIONED_ON. */
  readonly mentioned: Uint8Array;
  /** By flag number: the flags among the mentioned ones that have dates. */
  readonly dated: ReadonlyMap<number, Switch>;
  /** By module: what stands beside its switch. */
  readonly options: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
}

export const MENTIONED_OFF = 1;
export const MENTIONED_ON = 2;

/** `enabled` holds from `from` until `until`, the opposite before and after. Days or minutes of the municipality's clock. */
export interface Switch {
  readonly enabled: boolean;
  readonly from: string | undefined;
  readonly until: string | undefined;
}

/** What only a municipality's own file can say. */
export type OwnFacts = Pick<
  Municipality,
  'name' | 'prefix' | 'adminCodes' | 'postcode' | 'location' | 'hidden' | 'cmsRegion'
>;
