import { isUrl } from '../../kit/scalars.ts';

/**
 * An absolute http(s) URL, else null. `www.example.org` gets a scheme, `/media/x.png` the host of `base`; letters beyond
 * ASCII stay as they are, what no URL may hold is encoded.
 */
export function toUrl(text: string | undefined, base?: string): string | null {
  if (text === undefined || text === '') {
    return null;
  }
  if (isUrl(text)) {
    return text;
  }
  const candidate = /^www\.[^\s/]+\.[a-z]{2,}/i.test(text) ? `https://${text}` : text;
  const isRelative = /^\/(?!\/)/.test(candidate);
  if (isRelative && base === undefined) {
    return null;
  }
  try {
    const url = isRelative ? new URL(candidate, base) : new URL(candidate);
    return isUrl(url.href) ? url.href : null;
  } catch {
    return null;
  }
}
