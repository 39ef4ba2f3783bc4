/** Text that PostgreSQL or a JSON reader refuses: NUL and its kin, and halves of surrogate pairs. */
const SUSPECT = /\\u(?:00[01]|007f|d[89a-f])/i;

/** Why a body is no payload; the message is safe for a report. */
export class PayloadError extends Error {
  override readonly name = 'PayloadError';
}

/** The JSON of a body in UTF-8. Control characters other than tab and line breaks are dropped from its texts. */
export function readJson(body: Uint8Array): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body); // strips a byte order mark
  } catch {
    throw new PayloadError('the answer is not UTF-8');
  }
  try {
    return SUSPECT.test(text) ? JSON.parse(text, (_, value) => cleaned(value)) : JSON.parse(text);
  } catch {
    throw new PayloadError(/^\s*</.test(text) ? 'the answer is HTML instead of JSON' : 'the answer is not JSON');
  }
}

function cleaned(value: unknown): unknown {
  return typeof value === 'string'
    ? value
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it removes
        .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '')
        .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
    : value;
}
