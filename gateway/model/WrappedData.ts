import { giveBackBytes } from '../../platform/bytes/bytePool.ts';

const BEFORE = '{"data":'.length;
const AFTER = '}'.length;

/** Data in bytes, as the body of an answer that holds nothing else. */
export class WrappedData {
  /** `{"data":…}` in UTF-8, of the byte pool. */
  readonly body: Buffer;
  #holders = 1;

  constructor(body: Buffer) {
    this.body = body;
  }

  shareAmong(holders: number): void {
    this.#holders = holders;
  }

  /** Its holder has sent it. After the last one the bytes may be overwritten. */
  release(): void {
    this.#holders -= 1;
    if (this.#holders === 0) {
      giveBackBytes(this.body);
    }
  }

  /** The JSON text of the data alone. */
  text(): string {
    return this.body.toString('utf8', BEFORE, this.body.length - AFTER);
  }
}
