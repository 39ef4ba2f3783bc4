import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { generate } from '../../scripts/generate.ts';

const root = join(import.meta.dirname, '..', '..');

describe('generated files', () => {
  it('are what the generator writes (npm run generate)', async () => {
    for (const [path, text] of await generate()) {
      expect({ path, isCurrent: readFileSync(join(root, path), 'utf8') === text }).toEqual({ path, isCurrent: true });
    }
  });
});
