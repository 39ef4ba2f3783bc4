/** Five digits; leading zeros that a number lost come back. Undefined when it is none. */
export function toGermanPostcode(value: string | number | null | undefined): string | undefined {
  const digits = String(value ?? '').trim();
  if (!/^\d{4,5}$/.test(digits)) {
    return undefined;
  }
  const postcode = digits.padStart(5, '0');
  return postcode.startsWith('00') ? undefined : postcode;
}
