import { giveBackBytes, takeBytes } from '../../../platform/bytes/bytePool.ts';
import type { AnswerBytes } from './AnswerBytes.ts';

const START_BYTES = 64 * 1024;
const MAX_KEPT_BYTES = 1024 * 1024;
/** Room behind a long piece for what follows it, mostly a few literals: without it they would move the piece once more. */
const MARGIN = 64 * 1024;
/** Literals and short pieces are written four bytes at a time, which may go beyond their end. */
const SLACK = 8;
/** From this length on the native copy is the faster one. */
const LONG = 160;

/** Where the text of an answer is written: one for all programs, since writing is never interrupted. */
export class OutputBytes {
  #bytes: Buffer = takeBytes(START_BYTES);
  view: DataView = viewOf(this.#bytes);
  /** How far it is written. */
  at = 0;
  /** How far it can be written without more room. */
  room: number = START_BYTES - SLACK;

  /** Makes room for `length` more bytes. */
  grow(length: number): void {
    const longer = takeBytes(Math.max(this.#bytes.length * 2, this.at + length + MARGIN));
    this.#bytes.copy(longer, 0, 0, this.at);
    giveBackBytes(this.#bytes);
    this.#use(longer);
  }

  /** Writes a part of an answer. */
  copy({ bytes, view }: AnswerBytes, from: number, to: number): void {
    const length = to - from;
    if (this.at + length > this.room) {
      this.grow(length);
    }
    if (length >= LONG || to + SLACK > view.byteLength) {
      bytes.copy(this.#bytes, this.at, from, to);
    } else {
      const out = this.view;
      for (let i = from, at = this.at; i < to; i += 4, at += 4) {
        out.setInt32(at, view.getInt32(i, true), true);
      }
    }
    this.at += length;
  }

  /** Writes once more what stands between two places. */
  again(from: number, to: number): void {
    const length = to - from;
    if (this.at + length > this.room) {
      this.grow(length);
    }
    if (length >= LONG || to + SLACK > this.at) {
      this.#bytes.copyWithin(this.at, from, to);
    } else {
      const out = this.view;
      for (let i = from, at = this.at; i < to; i += 4, at += 4) {
        out.setInt32(at, out.getInt32(i, true), true);
      }
    }
    this.at += length;
  }

  /** What is written, in bytes of the pool; then it is empty again. */
  take(): Buffer {
    const isMostlyEmpty = this.at < this.#bytes.length / 4;
    const taken = isMostlyEmpty ? this.#copied() : this.#handedOver();
    this.at = 0;
    return taken;
  }

  #copied(): Buffer {
    const taken = takeBytes(this.at);
    this.#bytes.copy(taken, 0, 0, this.at);
    return taken;
  }

  /** Goes on in a block of the same size: answers that follow are like those before. */
  #handedOver(): Buffer {
    const taken = this.#bytes.subarray(0, this.at);
    this.#use(takeBytes(Math.min(this.#bytes.length, MAX_KEPT_BYTES)));
    return taken;
  }

  #use(bytes: Buffer): void {
    this.#bytes = bytes;
    this.view = viewOf(bytes);
    this.room = bytes.length - SLACK;
  }
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

export const output: OutputBytes = new OutputBytes();
