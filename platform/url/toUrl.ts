/**
 * The parsed address, or undefined. Instead of `URL.canParse`, which in Node 20 and 22 takes every text with a letter
 * of Latin-1 such as ä for wrong once it has been called some thousand times and V8 has compiled the call.
 */
export function toUrl(text: string, base?: string): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}
