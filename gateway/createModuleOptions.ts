import { createHash } from 'node:crypto';

import { runInSlices } from '../platform/eventLoop/runInSlices.ts';
import { readModules } from '../schema/modules.ts';
import type { MunicipalityRegister, MunicipalitySnapshot } from '../schema/municipalities/Municipality.ts';
import type { Slices } from '../schema/municipalities/slices.ts';
import { createTokenCheck } from './createTokenCheck.ts';
import type { ModuleOptionsText, OptionsOf } from './http/serveModuleOptions.ts';

/**
 * Reads what the municipalities of the current snapshot set of a module, for whoever shows the module's token. Written
 * once for a snapshot, in slices.
 */
export function createModuleOptions({
  supergraphSdl,
  municipalities,
  moduleTokens,
}: {
  supergraphSdl: string;
  municipalities: MunicipalityRegister;
  /** By module. */
  moduleTokens: ReadonlyMap<string, string>;
}): OptionsOf {
  const readers = new Map(
    readModules(supergraphSdl).map(({ name, options }) => [name, createReader(name, Object.keys(options))] as const),
  );
  const checks = new Map([...moduleTokens].map(([module, token]) => [module, createTokenCheck(token)] as const));

  return (module, token) => {
    const isAllowed = checks.get(module)?.(token) ?? false;
    return isAllowed ? readers.get(module)?.() : undefined;
  };

  function createReader(module: string, names: readonly string[]): () => Promise<ModuleOptionsText> {
    const written = new WeakMap<MunicipalitySnapshot, Promise<ModuleOptionsText>>();
    return () => {
      const snapshot = municipalities.current();
      const text = written.get(snapshot) ?? runInSlices(writeOptions(snapshot, module, names));
      written.set(snapshot, text);
      return text;
    };
  }
}

/** Characters that are turned into bytes at once. */
const PIECE = 64 * 1024;

/**
 * `{ module, municipalities: { slug: { enabled, options } } }`. A municipality that has the module off is in it when it
 * sets options, so that they are known when a date switches the module on.
 */
function* writeOptions(
  { municipalities }: MunicipalitySnapshot,
  moduleName: string,
  names: readonly string[],
): Slices<ModuleOptionsText> {
  const pieces: Buffer[] = [];
  const hash = createHash('sha256');
  let text = `{"module":${JSON.stringify(moduleName)},"municipalities":{`;
  let separator = '';
  for (const [slug, { modules }] of municipalities) {
    const { enabled = false, options: all = {} } = modules.get(moduleName) ?? {};
    const options = Object.fromEntries(
      names.filter((name) => Object.hasOwn(all, name)).map((name) => [name, all[name]]),
    );
    if (enabled || Object.keys(options).length > 0) {
      text += `${separator}${JSON.stringify(slug)}:${JSON.stringify({ enabled, options })}`;
      separator = ',';
    }
    if (text.length > PIECE) {
      add();
    }
    yield;
  }
  text += '}}';
  add();
  return { json: Buffer.concat(pieces), etag: `"${hash.digest('base64url').slice(0, 22)}"` };

  function add(): void {
    const piece = Buffer.from(text, 'utf8');
    hash.update(piece);
    pieces.push(piece);
    text = '';
  }
}
