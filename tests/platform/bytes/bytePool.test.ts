import { describe, expect, it } from '@jest/globals';

import { giveBackBytes, takeBytes } from '../../../platform/bytes/bytePool.ts';

describe('the byte pool', () => {
  it('lends what came back again, with the length that is asked for', () => {
    const first = takeBytes(70_000);
    giveBackBytes(first);
    const second = takeBytes(100_000);
    expect([first.length, second.length]).toEqual([70_000, 100_000]);
    expect(second.buffer).toBe(first.buffer);
    giveBackBytes(second);
  });

  it('lends nothing to two at once', () => {
    const buffers = Array.from({ length: 100 }, () => takeBytes(5_000));
    expect(new Set(buffers.map(({ buffer }) => buffer)).size).toBe(100);
    for (const buffer of buffers) {
      giveBackBytes(buffer);
      giveBackBytes(buffer); // once too often changes nothing
    }
    const again = Array.from({ length: 200 }, () => takeBytes(5_000));
    expect(new Set(again.map(({ buffer }) => buffer)).size).toBe(200);
  });

  it('takes nothing back that it has not lent, such as a part of a block that others use too', () => {
    const short = takeBytes(100);
    giveBackBytes(short);
    const foreign = Buffer.allocUnsafeSlow(8 * 1024);
    giveBackBytes(foreign);
    for (const length of [4_096, 8 * 1024]) {
      expect([short.buffer, foreign.buffer]).not.toContain(takeBytes(length).buffer);
    }
  });

  it('lends blocks that are little longer than what is asked for, where that is much', () => {
    for (const length of [1_100_000, 3_000_000, 10_000_000, 16 * 1024 * 1024]) {
      expect(takeBytes(length).buffer.byteLength).toBeLessThan(1.26 * length);
    }
  });

  it('keeps 64 MiB at most', () => {
    const buffers = Array.from({ length: 40 }, () => takeBytes(4 * 1024 * 1024));
    const blocks = new Set(buffers.map(({ buffer }) => buffer));
    buffers.forEach(giveBackBytes);
    const again = Array.from({ length: 40 }, () => takeBytes(4 * 1024 * 1024));
    expect(again.filter(({ buffer }) => blocks.has(buffer)).length).toBeLessThanOrEqual(16);
  });
});
