/** JSON text on its way through a pipeline that hands objects on; `writeAnswer` puts it into the answer as it is. */
export class RawJson {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }

  /** For whoever writes it in the ordinary way after all. */
  toJSON(): unknown {
    return JSON.parse(this.text);
  }
}
