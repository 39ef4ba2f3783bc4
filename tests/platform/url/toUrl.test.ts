import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { toUrl } from '../../../platform/url/toUrl.ts';

describe('toUrl', () => {
  it.each([
    ['https://example.org/a b?c=d#e', undefined, 'https://example.org/a%20b?c=d#e'],
    ['https://bücher.example/ö', undefined, 'https://xn--bcher-kva.example/%C3%B6'],
    ['/jobs?page=2', 'http://demo', 'http://demo/jobs?page=2'],
    ['/jobs', undefined, undefined],
    ['http://', undefined, undefined],
    ['', undefined, undefined],
  ])('reads %j with the base %j as %j', (text, base, href) => {
    expect(toUrl(text, base)?.href).toBe(href);
  });

  it('still reads an address with umlauts after very many calls', () => {
    let refused = 0;
    for (let call = 0; call < 50_000; call += 1) {
      refused += toUrl('https://bücher.example/ö') === undefined ? 1 : 0;
    }
    expect(refused).toBe(0);
  });

  it('is used instead of URL.canParse, which forgets umlauts when it is hot', () => {
    const root = join(import.meta.dirname, '..', '..', '..');
    const users = ['schema', 'platform', 'gateway', 'subgraphs', 'demo', 'roles', 'cli', 'scripts'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && /\.(?:ts|js)$/.test(entry.name))
        .map((entry) => join(entry.parentPath, entry.name))
        .filter((file) => /URL\.canParse\(/.test(readFileSync(file, 'utf8'))),
    );
    expect(users).toEqual([]);
  });
});
