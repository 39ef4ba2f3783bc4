/**
 * A value of the answer in the making: JSON text, or an object or list that later answers still add to.
 * The classes of the objects are generated for each operation.
 */
export type Spliced = string | SplicedNode | SplicedList;

export interface SplicedNode {
  /** Its JSON text, once everything has come. */
  write(): string;
  /** Slots, by the position that the compiler gave them. */
  [slot: `s${number}`]: Spliced | undefined;
}

/** A list of objects. Equal entities share their lists, so the text is made once. */
export class SplicedList {
  readonly #items: readonly Spliced[];
  #text: string | undefined;

  constructor(items: readonly Spliced[]) {
    this.#items = items;
  }

  write(): string {
    if (this.#text === undefined) {
      let text = '[';
      for (let i = 0; i < this.#items.length; i++) {
        const item = this.#items[i];
        text += `${i === 0 ? '' : ','}${typeof item === 'string' ? item : (item?.write() ?? 'null')}`;
      }
      this.#text = `${text}]`;
    }
    return this.#text;
  }
}
