import { domainToASCII } from 'node:url';

/** RFC 5321, section 4.5.3.1: 64 octets before the @, 254 in all. */
const MAX_LENGTH = 254;
const LOCAL_PART = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * The address in lower case with its domain in ASCII, or undefined when mail cannot be sent to it over the internet.
 * Quoted local parts, comments, IP literals and hosts without a dot are refused: nobody's mailbox, but room for tricks.
 */
export function readEmailAddress(text: string): string | undefined {
  const address = text.trim();
  const at = address.lastIndexOf('@');
  if (address.length > MAX_LENGTH || at < 1) {
    return undefined;
  }
  const local = address.slice(0, at);
  // domainToASCII repairs what looks like a URL's host (a path, a port, a percent sign), so such text is refused first.
  const domain = /[\s%/\\?#:@[\]<>"\p{Cc}]/u.test(address.slice(at + 1)) ? '' : domainToASCII(address.slice(at + 1));
  const labels = domain.split('.');
  const isValid =
    local.length <= 64 &&
    LOCAL_PART.test(local) &&
    labels.length >= 2 &&
    labels.every((label) => LABEL.test(label)) &&
    /^(?:[a-z]{2,63}|xn--[a-z0-9-]+)$/.test(labels.at(-1) ?? '') &&
    local.length + 1 + domain.length <= MAX_LENGTH;
  return isValid ? `${local.toLowerCase()}@${domain}` : undefined;
}
