import { randomBytes } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';

import { AnswerBytes } from '../../gateway/engine/splice/AnswerBytes.ts';
import { OutputBytes } from '../../gateway/engine/splice/OutputBytes.ts';
import { giveBackBytes } from '../../platform/bytes/bytePool.ts';

const textOf = (length: number): Buffer =>
  Buffer.from(
    randomBytes(length / 2 + 1)
      .toString('hex')
      .slice(0, length),
  );

/** Writes pieces of a source one after the other, from its start. */
function write(output: OutputBytes, source: Buffer, lengths: readonly number[]): Buffer {
  const answer = new AnswerBytes(source);
  let at = 0;
  for (const length of lengths) {
    output.copy(answer, at, at + length);
    at += length;
  }
  return output.take();
}

describe('the bytes that an answer is written to', () => {
  it.each([
    ['few', [10, 20, 30]],
    ['one long piece between short ones', [12, 3_000_000, 2]],
    ['short pieces without end', Array.from({ length: 20_000 }, (_, i) => i % 40)],
    ['long pieces', [70_000, 200_000, 900_000, 5_000_000, 70_000]],
  ])('hold what was written: %s', (_what, lengths) => {
    const output = new OutputBytes();
    const total = lengths.reduce((sum, length) => sum + length, 0);
    const source = textOf(total);
    for (let time = 0; time < 3; time++) {
      const written = write(output, source, lengths);
      expect(written.equals(source)).toBe(true);
      giveBackBytes(written);
    }
  });

  it('are those of one answer alone until they are given back, however long it is', () => {
    const output = new OutputBytes();
    const lengths = [500, 2_000_000, 300, 2_000_000, 100_000, 100_000, 400];
    const sources = lengths.map(textOf);
    const written = sources.map((source) => write(output, source, [source.length]));

    expect(written.map((bytes, i) => sources[i]?.equals(bytes))).toEqual(lengths.map(() => true));
  });
});
