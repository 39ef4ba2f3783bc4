// What JSON.stringify escapes: quotation mark, backslash, control characters, lone surrogates (all surrogates are left to it).
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const NEEDS_ESCAPE = /["\\\u0000-\u001f\ud800-\udfff]/;

/** JSON text of a string; a test is cheaper than the general serializer for the texts that need no escape. */
export function quoteJson(text: string): string {
  return NEEDS_ESCAPE.test(text) ? JSON.stringify(text) : `"${text}"`;
}
