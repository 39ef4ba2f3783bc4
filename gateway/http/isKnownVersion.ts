/** Whether the client has this version already: If-None-Match, compared weakly (RFC 9110, section 13.1.2). */
export function isKnownVersion(header: string | undefined, etag: string): boolean {
  const listed = header?.split(',').map((one) => one.trim().replace(/^W\//, '')) ?? [];
  return listed.includes('*') || listed.includes(etag);
}
