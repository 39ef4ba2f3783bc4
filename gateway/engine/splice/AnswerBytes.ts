import { isUtf8 } from 'node:buffer';

import { DOUBT } from './doubt.ts';

const NOTHING = new Int32Array(0);

/**
 * The body of a subgraph's answer, and what the program of an operation found in it: its *tape*, one record after the other in
 * the order of the text. Bytes and tape lie outside of the garbage collected heap, so that many answers in flight cost it
 * nothing.
 */
export class AnswerBytes {
  readonly bytes: Buffer;
  readonly view: DataView;
  /** Where the text ends; one line feed after it is passed over. */
  readonly end: number;
  tape: Int32Array = NOTHING;

  /** Throws `DOUBT` where the bytes are no UTF-8. */
  constructor(bytes: Buffer) {
    if (!isUtf8(bytes)) {
      throw DOUBT;
    }
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.end = bytes[bytes.length - 1] === 0x0a ? bytes.length - 1 : bytes.length;
  }

  /** A part of the text as UTF-8 in a Latin-1 string, one character a byte; it keeps nothing else in memory. */
  text(from: number, to: number): string {
    return this.bytes.toString('latin1', from, to);
  }
}

/** Numbers in the tape that all programs write to; a longer one is given up after its answer. */
const SCRATCH_NUMBERS = 64 * 1024;
/** Tapes have lengths that are powers of two from this on, so that one can be used again. */
const SHORTEST = 64;
const MAX_KEPT_PER_LENGTH = 64;

/** Tapes that no execution uses, by length. */
const unused = new Map<number, Int32Array[]>();

/** Where a tape is written before its length is known: one for all programs, since reading an answer is never interrupted. */
export const scratch = {
  tape: new Int32Array(4096),

  /** The same with room for twice as much. */
  grow(): Int32Array {
    const longer = new Int32Array(this.tape.length * 2);
    longer.set(this.tape);
    this.tape = longer;
    return longer;
  },

  /** A tape of its own that begins with the first numbers. */
  take(length: number): Int32Array {
    if (length === 0) {
      return NOTHING;
    }
    const room = Math.max(SHORTEST, 1 << (32 - Math.clz32(length - 1)));
    const tape = unused.get(room)?.pop() ?? new Int32Array(room);
    tape.set(this.tape.subarray(0, length));
    if (this.tape.length > SCRATCH_NUMBERS) {
      this.tape = new Int32Array(4096);
    }
    return tape;
  },
};

/** Gives the tape of an answer back, once its execution is over and nobody looks at it any more. */
export function giveBackTape(answer: AnswerBytes): void {
  const { tape } = answer;
  answer.tape = NOTHING;
  if (tape.length < SHORTEST || tape.length > SCRATCH_NUMBERS) {
    return;
  }
  const kept = unused.get(tape.length);
  if (kept === undefined) {
    unused.set(tape.length, [tape]);
  } else if (kept.length < MAX_KEPT_PER_LENGTH) {
    kept.push(tape);
  }
}
