import { Kind, type ValueNode } from 'graphql';

import type { Binding } from '../model/FetchGate.ts';

/** The municipality that decides; undefined where none is known. */
export function slugOf(
  binding: Binding | undefined,
  representation: unknown,
  variables: Readonly<Record<string, unknown>>,
): string | undefined {
  if (binding === undefined) {
    return undefined;
  }
  if (binding.kind === 'argument') {
    return readSlug(binding.value, variables);
  }
  for (const place of binding.places) {
    const slug = textAt(representation, place);
    if (slug !== undefined) {
      return slug;
    }
  }
  return undefined;
}

/** The slug that an argument holds: a literal, or what the client sent for its variable. */
export function readSlug(value: ValueNode, variables: Readonly<Record<string, unknown>>): string | undefined {
  if (value.kind === Kind.STRING || value.kind === Kind.INT) {
    return value.value;
  }
  const sent = value.kind === Kind.VARIABLE ? variables[value.name.value] : undefined;
  return typeof sent === 'string' ? sent : typeof sent === 'number' ? String(sent) : undefined;
}

export function textAt(value: unknown, place: readonly string[]): string | undefined {
  let found = value;
  for (const name of place) {
    found = typeof found === 'object' && found !== null && Object.hasOwn(found, name) ? Reflect.get(found, name) : null;
  }
  return typeof found === 'string' ? found : typeof found === 'number' ? String(found) : undefined;
}
