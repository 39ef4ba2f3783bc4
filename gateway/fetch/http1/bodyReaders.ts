import { giveBackBytes, takeBytes } from '../../../platform/bytes/bytePool.ts';
import { HttpFailure } from '../HttpClient.ts';
import { malformed } from './readHead.ts';

/** Collects the body of one answer from what a connection reads. */
export interface BodyReader {
  /** Takes what of `source[from, to)` belongs to the body. The position behind its end, or -1 while more must come. */
  take(source: Buffer, from: number, to: number): number;
  /** What has been taken; of the byte pool. */
  bytes(): Buffer;
}

/** Reserved at once for a body whose length is announced; the rest of a longer one once so much has come, as an announcement alone may cost little. */
const MAX_RESERVED_BYTES = 1024 * 1024;
const FIRST_RESERVED_BYTES = 4 * 1024;
/** Longest line before a chunk, and longest trailer section. */
const MAX_CHUNK_LINE_BYTES = 1024;
const MAX_TRAILER_BYTES = 16 * 1024;
const CR = 0x0d;
const LF = 0x0a;

/** A body of the length that its head announces. */
export function createLengthReader(length: number, maxBytes: number): BodyReader {
  if (length > maxBytes) {
    throw tooLarge(maxBytes);
  }
  const store = new ByteStore(Math.min(length, MAX_RESERVED_BYTES), maxBytes, length);
  return {
    take(source, from, to) {
      const end = Math.min(to, from + length - store.length);
      store.add(source, from, end);
      return store.length === length ? end : -1;
    },
    bytes: () => store.bytes(),
  };
}

/** A body that lasts until the connection ends. */
export function createCloseReader(maxBytes: number): BodyReader {
  const store = new ByteStore(FIRST_RESERVED_BYTES, maxBytes);
  return {
    take(source, from, to) {
      store.add(source, from, to);
      return -1;
    },
    bytes: () => store.bytes(),
  };
}

/** A body in chunks (RFC 9112, section 7.1). Extensions and trailers are skipped. */
export function createChunkedReader(maxBytes: number): BodyReader {
  const store = new ByteStore(FIRST_RESERVED_BYTES, maxBytes);
  let state: 'line' | 'data' | 'data end' | 'trailers' = 'line';
  let line = '';
  let left = 0;
  let trailerBytes = 0;

  /** Adds to `line` up to the end of the line; the position behind it, or -1. */
  function readLine(source: Buffer, from: number, to: number, maxLength: number): number {
    const end = source.indexOf(LF, from);
    const isWhole = end !== -1 && end < to;
    line += source.toString('latin1', from, isWhole ? end + 1 : to);
    if (line.length > maxLength) {
      throw malformed('a chunk line that is too long');
    }
    if (!isWhole) {
      return -1;
    }
    if (line.charCodeAt(line.length - 2) !== CR) {
      throw malformed('a line that ends without CR LF');
    }
    return end + 1;
  }

  return {
    take(source, from, to) {
      let at = from;
      while (at < to) {
        if (state === 'data') {
          const end = Math.min(to, at + left);
          store.add(source, at, end);
          left -= end - at;
          at = end;
          state = left === 0 ? 'data end' : 'data';
          continue;
        }
        at = readLine(source, at, to, state === 'line' ? MAX_CHUNK_LINE_BYTES : MAX_TRAILER_BYTES - trailerBytes);
        if (at === -1) {
          return -1;
        }
        const whole = line;
        line = '';
        if (state === 'line') {
          left = readChunkSize(whole);
          state = left === 0 ? 'trailers' : 'data';
          store.refuse(left);
        } else if (state === 'data end') {
          if (whole !== '\r\n') {
            throw malformed('a chunk that is longer than announced');
          }
          state = 'line';
        } else if (whole === '\r\n') {
          return at;
        } else {
          trailerBytes += whole.length;
        }
      }
      return -1;
    },
    bytes: () => store.bytes(),
  };
}

/** Hexadecimal digits, perhaps extensions behind a semicolon. */
function readChunkSize(line: string): number {
  const size = /^([\da-f]{1,8})(?:[ \t]*;[\t -~\u0080-\u00ff]*)?\r\n$/i.exec(line)?.[1];
  if (size === undefined) {
    throw malformed('a chunk without a size');
  }
  return Number.parseInt(size, 16);
}

/** Bytes in one piece that grows. */
class ByteStore {
  readonly #maxBytes: number;
  readonly #announced: number;
  #bytes: Buffer;
  length = 0;

  /** `announced`: how long it will get, 0 when that is not known. */
  constructor(reserved: number, maxBytes: number, announced = 0) {
    this.#bytes = takeBytes(reserved);
    this.#maxBytes = maxBytes;
    this.#announced = announced;
  }

  /** Throws when so many more would be too many. */
  refuse(more: number): void {
    if (this.length + more > this.#maxBytes) {
      throw tooLarge(this.#maxBytes);
    }
  }

  add(source: Buffer, from: number, to: number): void {
    this.refuse(to - from);
    const length = this.length + to - from;
    if (length > this.#bytes.length) {
      const larger = takeBytes(Math.max(length, this.#announced || Math.min(2 * this.#bytes.length, this.#maxBytes)));
      this.#bytes.copy(larger, 0, 0, this.length);
      giveBackBytes(this.#bytes);
      this.#bytes = larger;
    }
    source.copy(this.#bytes, this.length, from, to);
    this.length = length;
  }

  bytes(): Buffer {
    return this.length === this.#bytes.length ? this.#bytes : this.#bytes.subarray(0, this.length);
  }
}

function tooLarge(maxBytes: number): HttpFailure {
  return new HttpFailure('too-large', `The answer has more than ${maxBytes} bytes.`);
}
