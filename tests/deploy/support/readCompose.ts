import { readFile } from 'node:fs/promises';

import { parse } from 'yaml';

export interface Service {
  readonly image: string;
  readonly build?: string;
  readonly restart?: string;
  readonly user?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly privileged?: boolean;
  readonly profiles?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly networks?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[]; readonly interval: string; readonly timeout: string };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string; readonly required?: boolean }>>;
}

export interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>;
}

/** The file as Compose reads it: merge keys applied, variables filled in. A required variable that is missing throws. */
export async function readCompose(path: string, variables: Readonly<Record<string, string>>): Promise<Compose> {
  return fill(parse(await readFile(path, 'utf8'), { merge: true }), variables) as Compose;
}

function fill(value: unknown, variables: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string') {
    return fillText(value, variables);
  }
  if (Array.isArray(value)) {
    return value.map((each) => fill(each, variables));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, fill(each, variables)]));
  }
  return value;
}

function fillText(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(/\$\$|\$\{(\w+)(?::([-?])([^}]*))?\}/g, (whole, name?: string, kind?: string, rest = '') => {
    if (name === undefined) {
      return '$';
    }
    const given = variables[name];
    if (given !== undefined && given !== '') {
      return given;
    }
    if (kind !== '-') {
      throw new Error(kind === '?' ? `${name}: ${rest}` : `${whole} has no value`);
    }
    return rest;
  });
}
