import type { IncomingHttpHeaders } from 'node:http';

import { isJsonObject, type JsonObject } from '../model/Json.ts';
import type { KnownRequest } from '../model/OperationEngine.ts';

/** The text of a persisted operation; undefined when its hash is not registered. */
export type TextOfHash = (sha256Hash: string) => string | undefined;

/**
 * The request in a body of the common shape: a query, or the hash of a persisted one, perhaps a name and variables, nothing
 * else. Undefined: it is read the long way.
 */
export function readPost(body: Buffer, textOf: TextOfHash): KnownRequest | undefined {
  const value = parseObject(body.toString('utf8'));
  return value && readParts(value, textOf, true);
}

/** The request in the URL of a GET that names a persisted operation; such a request may not write. */
export function readGet(url: string, textOf: TextOfHash): KnownRequest | undefined {
  const parameters = new URLSearchParams(url.slice(url.indexOf('?') + 1));
  const parts: JsonObject = {};
  for (const [name, text] of parameters) {
    if (Object.hasOwn(parts, name)) {
      return undefined;
    }
    const value = name === 'variables' || name === 'extensions' ? parseObject(text) : text;
    if (value === undefined) {
      return undefined;
    }
    parts[name] = value;
  }
  return Object.hasOwn(parts, 'query') ? undefined : readParts(parts, textOf, false);
}

/** Whether a GET can come from a script of a foreign page without its browser asking first; Apollo Server refuses those. */
export function mayBeForged(headers: IncomingHttpHeaders): boolean {
  return (
    headers['content-type'] !== 'application/json' &&
    !headers['apollo-require-preflight'] &&
    !headers['x-apollo-operation-name']
  );
}

function readParts(parts: JsonObject, textOf: TextOfHash, mayWrite: boolean): KnownRequest | undefined {
  const { query: text, operationName = null, variables = null, extensions, ...others } = parts;
  const hash = extensions === undefined ? undefined : hashIn(extensions);
  const query = text === undefined && hash !== undefined ? textOf(hash) : extensions === undefined ? text : undefined;
  if (
    typeof query !== 'string' ||
    Object.keys(others).length > 0 ||
    (operationName !== null && typeof operationName !== 'string') ||
    (variables !== null && !isJsonObject(variables))
  ) {
    return undefined;
  }
  return { query, operationName: operationName ?? undefined, variables: variables ?? {}, mayWrite };
}

/** The hash, where it is the only extension. */
function hashIn(extensions: unknown): string | undefined {
  if (!isJsonObject(extensions) || !isJsonObject(extensions.persistedQuery)) {
    return undefined;
  }
  const { version, sha256Hash } = extensions.persistedQuery;
  return version === 1 && typeof sha256Hash === 'string' && Object.keys(extensions).length === 1
    ? sha256Hash
    : undefined;
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
