/** Collects what had to be left out of a record, so that the run's report can say so. */
export interface Remarks {
  /** The value of `read(text)`, or null: silently when the feed sent nothing, with a remark when it sent nonsense. */
  optional<Value>(
    field: string,
    sent: string | number | null | undefined,
    read: (text: string) => Value | undefined,
    expected: string,
  ): Value | null;
  add(remark: string): void;
  readonly all: readonly string[];
}

export function createRemarks(): Remarks {
  const all: string[] = [];
  return {
    all,
    add: (remark) => {
      all.push(remark);
    },
    optional: (field, sent, read, expected) => {
      const text = String(sent ?? '').trim();
      if (text === '') {
        return null;
      }
      const value = read(text);
      if (value === undefined) {
        all.push(`${field} left empty: ${quote(text)} is not ${expected}`);
        return null;
      }
      return value;
    },
  };
}

/** A feed's text inside of a message: short, on one line. */
export function quote(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]+/gu, ' ');
  return JSON.stringify(line.length > 60 ? `${line.slice(0, 60)}…` : line);
}
