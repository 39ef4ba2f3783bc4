/**
 * A value of the answer in the making: JSON text, or an object that later answers still add to, or text with such objects in it.
 * The classes of the objects are generated for each operation.
 */
export type Spliced = string | SplicedNode | SplicedPieces;

export interface SplicedNode {
  /** Its JSON text, once everything has come. */
  write(): string;
  /** Slots, by the position that the compiler gave them. */
  [slot: `s${number}`]: Spliced | undefined;
}

/** Text as it came, with nodes between. Equal entities share their pieces, so the text is made once. */
export class SplicedPieces {
  readonly #pieces: readonly (string | SplicedNode)[];
  #text: string | undefined;

  constructor(pieces: readonly (string | SplicedNode)[]) {
    this.#pieces = pieces;
  }

  write(): string {
    if (this.#text === undefined) {
      let text = '';
      for (const piece of this.#pieces) {
        text += typeof piece === 'string' ? piece : piece.write();
      }
      this.#text = text;
    }
    return this.#text;
  }
}
