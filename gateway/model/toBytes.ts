// biome-ignore lint/suspicious/noControlCharactersInRegex: everything that is one byte in UTF-8
const ASCII = /^[\u0000-\u007f]*$/;

/** Text as UTF-8 in a Latin-1 string, one character a byte. */
export function toBytes(text: string): string {
  return ASCII.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}
