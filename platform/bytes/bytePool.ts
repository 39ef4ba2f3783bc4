/** Shorter bytes are better taken from where Node.js cuts short buffers. */
const SHORTEST = 4 * 1024;
const LONGEST = 16 * 1024 * 1024;
/** Room for some answers of 10 MB at once, each read from one block and written to another. */
const MAX_KEPT_BYTES = 64 * 1024 * 1024;

/** From here on lengths go up in quarters of a power of two: so much more than needed would be too much. */
const LONG = 1024 * 1024;

/** Blocks that nobody uses, by length. */
const unused = new Map<number, ArrayBuffer[]>();
/** Blocks that are lent and may come back. */
const lent = new WeakSet<ArrayBufferLike>();
let keptBytes = 0;

/**
 * A buffer of that length with anything in it. Memory outside of the heap is dear: the collector counts it against the heap and
 * runs for it. What comes back with `giveBack` is lent again; what does not is collected.
 */
export function takeBytes(length: number): Buffer {
  if (length < SHORTEST) {
    return Buffer.allocUnsafe(length);
  }
  if (length > LONGEST) {
    return Buffer.allocUnsafeSlow(length);
  }
  const size = sizeFor(length);
  let block = unused.get(size)?.pop();
  if (block === undefined) {
    block = Buffer.allocUnsafeSlow(size).buffer as ArrayBuffer;
  } else {
    keptBytes -= size;
  }
  lent.add(block);
  return Buffer.from(block, 0, length);
}

function sizeFor(length: number): number {
  const power = 1 << (32 - Math.clz32(length - 1));
  const step = power / 8;
  return length <= LONG ? power : Math.ceil(length / step) * step;
}

/** Takes a buffer back that nobody reads, writes or sends any more. Others than those of `takeBytes` are let go. */
export function giveBackBytes({ buffer }: Buffer): void {
  const size = buffer.byteLength;
  if (!lent.delete(buffer) || keptBytes + size > MAX_KEPT_BYTES) {
    return;
  }
  keptBytes += size;
  const kept = unused.get(size);
  if (kept === undefined) {
    unused.set(size, [buffer as ArrayBuffer]);
  } else {
    kept.push(buffer as ArrayBuffer);
  }
}
