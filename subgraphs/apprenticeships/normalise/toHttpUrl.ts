import { toUrl } from '../../../platform/url/toUrl.ts';

/** Longer ones break servers and are no link that a person shares. */
const MAX_URL_LENGTH = 2_000;
/** What URL parsing leaves as it is in a query, though RFC 3986 does not allow it. */
const UNENCODED = /[\s<>"\\^`{|}]/g;

/** The address in its normal form when it is absolute, http or https, and carries no password; else undefined. */
export function toHttpUrl(text: string): string | undefined {
  const trimmed = text.trim();
  const url = trimmed.length > MAX_URL_LENGTH ? undefined : toUrl(trimmed);
  if (url === undefined) {
    return undefined;
  }
  const isSafe = (url.protocol === 'http:' || url.protocol === 'https:') && url.username === '' && url.password === '';
  return isSafe ? url.href.replace(UNENCODED, encodeURIComponent) : undefined;
}
