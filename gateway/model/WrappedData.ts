const BEFORE = '{"data":'.length;
const AFTER = '}'.length;

/** Data in bytes, as the body of an answer that holds nothing else. */
export class WrappedData {
  /** `{"data":…}` in UTF-8. */
  readonly body: Buffer;

  constructor(body: Buffer) {
    this.body = body;
  }

  /** The JSON text of the data alone. */
  text(): string {
    return this.body.toString('utf8', BEFORE, this.body.length - AFTER);
  }
}
