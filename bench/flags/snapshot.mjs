// Invented municipalities with 200 flags each, as layers that need no files, and the snapshot of them.
import { runInSlices } from '../../dist/platform/eventLoop/runInSlices.js';
import { buildSnapshot } from '../../dist/schema/municipalities/buildSnapshot.js';
import { createFlagIndex } from '../../dist/schema/municipalities/FlagIndex.js';

export const MODULES = Array.from({ length: 20 }, (_, m) => ({
  name: `m${m}`,
  flags: Array.from({ length: 9 }, (_, k) => `p${k}`),
  options: {},
}));
export const index = createFlagIndex(MODULES);

const NONE = new Map();

/** `isOn(slug number, flag number)`: 45 with everything on come first; the others differ, each from each. */
export function createLayers(count) {
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const defaults = layerOf('_defaults.yaml', () => 1);
  const municipalities = new Map();
  for (let n = 0; n < count; n += 1) {
    const own = layerOf(`t${n}.yaml`, n < 45 ? () => 2 : () => Math.floor(random() * 3));
    const facts = {
      name: `Town ${n}`,
      prefix: undefined,
      adminCodes: [{ scheme: 'AGS', value: String(10_000_000 + n) }],
      postcode: String(10_000 + (n % 90_000)),
      location: { latitude: 47 + random() * 7, longitude: 6 + random() * 9 },
      hidden: false,
      cmsRegion: `t${n}`,
    };
    municipalities.set(`t${n}`, { facts, chain: [own, defaults] });
  }
  return { index, layers: new Map(), municipalities };
}

function layerOf(file, mention) {
  return {
    file,
    extended: undefined,
    changedBy: undefined,
    country: 'DE',
    timeZone: undefined,
    languages: undefined,
    mentioned: Uint8Array.from(index.flags, mention),
    dated: NONE,
    options: NONE,
  };
}

export function build(layers) {
  return runInSlices(buildSnapshot(layers, { now: Date.now() }));
}
