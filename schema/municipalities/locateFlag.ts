import type { Reason } from '../features/reasons.ts';
import { NOT_PROVIDED, type Provided } from './buildSnapshot.ts';
import { decideFlag, timeZoneOf } from './decideFlag.ts';
import type { Layer } from './Layer.ts';
import type { MunicipalitySnapshot } from './Municipality.ts';
import { defaultsFileSchema, municipalityFileSchema, profileFileSchema } from './municipalityFile.ts';
import { kindOf, type Layers, type SourceFile } from './readLayers.ts';
import { type Position, readYaml } from './readYaml.ts';

/** Where the entry stands that decides a flag, and of which flag it is: a part of a module may just follow its module. */
export type FlagOrigin = { readonly decidedBy: string; readonly reason: Reason } & (
  | ({
      readonly source: 'own' | 'profile' | 'defaults';
      readonly file: string;
      /** Where the entry has dates: when the value began and ends. */
      readonly since?: Date;
      readonly until?: Date;
    } & Position)
  | { readonly source: 'provider' }
  /** Nothing mentions the module: off. */
  | { readonly source: 'none' }
);

export interface FlagSources {
  readonly layers: Layers;
  readonly provided: Provided | undefined;
  /** Made of the two. */
  readonly snapshot: MunicipalitySnapshot;
  /** The texts that the layers were read from. */
  readonly files: readonly SourceFile[];
}

/** Finds what decides a flag of a municipality that the snapshot holds. */
export function locateFlag(
  { layers, provided, snapshot, files }: FlagSources,
  { slug, flag }: { slug: string; flag: string },
): FlagOrigin {
  const { index } = layers;
  const chain = layers.municipalities.get(slug)?.chain ?? [];
  const timeZone = timeZoneOf(chain);
  const modules = snapshot.municipalities.get(slug)?.modules;
  const number = index.numbers.get(flag) ?? -1;
  const module = index.moduleOf[number] ?? number;
  const moduleName = index.flags[module] ?? flag;
  const reason = modules?.reasonOf(flag) ?? 'DEFAULT';

  const hasOwnSay = number === module || (modules?.isOn(moduleName) === true && says(number));
  const deciding = hasOwnSay ? number : module;
  const decidedBy = hasOwnSay ? flag : moduleName;
  if (isProvided(deciding)) {
    return { decidedBy, reason, source: 'provider' };
  }
  const { layer, since, until } = decide(deciding);
  if (layer === undefined) {
    return { decidedBy, reason, source: 'none' };
  }
  return {
    decidedBy,
    reason,
    source: sourceOf(layer),
    file: layer.file,
    ...positionOf(layer, decidedBy),
    ...(since === undefined ? {} : { since: new Date(since) }),
    ...(until === undefined ? {} : { until: new Date(until) }),
  };

  function says(part: number): boolean {
    return isProvided(part) || decide(part).layer !== undefined;
  }

  function isProvided(of: number): boolean {
    return provided !== undefined && provided.states.get(slug)?.[of] !== NOT_PROVIDED;
  }

  function decide(of: number) {
    return decideFlag(chain, of, { now: snapshot.loadedAt.getTime(), timeZone });
  }

  function sourceOf(layer: Layer): 'own' | 'profile' | 'defaults' {
    const kind = kindOf(fileOf(layer));
    return kind === 'municipality' ? 'own' : kind;
  }

  function fileOf({ file }: Layer): SourceFile {
    return files.find((source) => source.file === file) ?? { file, text: '' };
  }

  function positionOf(layer: Layer, decided: string): Position {
    const source = fileOf(layer);
    const schemas = { defaults: defaultsFileSchema, profile: profileFileSchema, municipality: municipalityFileSchema };
    const reading = readYaml(source.file, source.text, schemas[kindOf(source)](index.modules));
    if (reading.kind === 'refused') {
      return { line: 1, column: 1 };
    }
    const path = [
      'modules',
      moduleName,
      ...(decided === moduleName ? [] : ['flags', decided.slice(moduleName.length + 1)]),
    ];
    const entry = path.reduce<unknown>((value, key) => Reflect.get(Object(value), key), reading.value);
    return reading.positionOf(typeof entry === 'boolean' ? path : [...path, 'enabled']);
  }
}
