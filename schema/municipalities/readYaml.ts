import { closest, distance } from 'fastest-levenshtein';
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument, type YAMLMap } from 'yaml';
import type { z } from 'zod';

import type { FileProblem } from './Municipality.ts';
import { readYamlQuickly } from './readYamlQuickly.ts';

/** Largest file that is read. */
const MAX_CHARACTERS = 1024 * 1024;

export type YamlReading<T> =
  | { readonly kind: 'read'; readonly value: T; readonly positionOf: PositionOf }
  | { readonly kind: 'refused'; readonly problems: readonly FileProblem[] };

/** Where a path of keys stands in the text; its nearest enclosing node when it does not. */
export type PositionOf = (path: readonly PropertyKey[]) => Position;

/** Both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/**
 * Parses YAML 1.2 (core schema: `no` and `on` are text, no custom tags, no merge keys) and validates it.
 * Every problem has the line and column of the key or value that is wrong; a misspelt key names the nearest valid one.
 * Only a file that is wrong, or not plain, costs a whole parse; positions of a plain one cost it when they are asked for.
 */
export function readYaml<S extends z.ZodType>(file: string, text: string, schema: S): YamlReading<z.infer<S>> {
  if (text.length > MAX_CHARACTERS) {
    return refused(file, [{ line: 1, column: 1, message: `the file is larger than ${MAX_CHARACTERS} characters` }]);
  }
  const quick = schema.safeParse(readYamlQuickly(text));
  if (quick.success) {
    return { kind: 'read', value: quick.data, positionOf: (path) => positionIn(parse(text), path) };
  }
  const parsed = parse(text);
  const { document, lines } = parsed;
  const syntax = [...document.errors, ...document.warnings];
  if (syntax.length > 0) {
    return refused(
      file,
      syntax.map(({ message, pos }) => ({ ...toPosition(lines, pos[0]), message: firstSentence(message) })),
    );
  }
  const positionOf: PositionOf = (path) => positionIn(parsed, path);
  let content: unknown;
  try {
    content = document.toJS({ maxAliasCount: 100 }) ?? {};
  } catch (error) {
    return refused(file, [{ line: 1, column: 1, message: error instanceof Error ? error.message : String(error) }]);
  }
  const result = schema.safeParse(content);
  if (result.success) {
    return { kind: 'read', value: result.data, positionOf: (path) => positionIn(parse(text), path) };
  }
  return refused(
    file,
    result.error.issues.flatMap((issue) => toProblems(issue, { ...parsed, schema, positionOf, content })),
  );
}

interface Parsed {
  readonly document: Document;
  readonly lines: LineCounter;
}

function parse(text: string): Parsed {
  const lines = new LineCounter();
  return {
    document: parseDocument(text, { schema: 'core', uniqueKeys: true, lineCounter: lines, prettyErrors: true }),
    lines,
  };
}

function refused(file: string, problems: readonly Omit<FileProblem, 'file'>[]): YamlReading<never> {
  return { kind: 'refused', problems: problems.map((problem) => ({ file, ...problem })) };
}

type Issue = z.core.$ZodIssue;
interface Surroundings extends Parsed {
  readonly schema: z.ZodType;
  readonly positionOf: PositionOf;
  readonly content: unknown;
}

function toProblems(issue: Issue, around: Surroundings): Omit<FileProblem, 'file'>[] {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') {
    const valid = validKeys(around.schema, path);
    return issue.keys.map((key) => ({
      ...keyPosition(around, [...path, key]),
      message: `unknown ${path.length === 0 ? 'key' : `key below "${path.join('.')}"`} "${key}"${suggest(key, valid)}`,
    }));
  }
  if (issue.code === 'invalid_union') {
    // A switch is `true`, `false` or an object; whoever wrote an object wants to hear what is wrong inside it.
    const value = valueAt(around.content, path);
    const inner =
      typeof value === 'object' && value !== null
        ? issue.errors.find((errors) => errors.some(isAboutContent))
        : undefined;
    if (inner !== undefined) {
      return inner.flatMap((nested) => toProblems({ ...nested, path: [...path, ...nested.path] } as Issue, around));
    }
    return [{ ...around.positionOf(path), message: `${name(path)}: ${expectation(issue.errors)}, got ${show(value)}` }];
  }
  if (issue.code === 'invalid_type' && valueAt(around.content, path) === undefined) {
    return [{ ...around.positionOf(path), message: `${name(path)} is missing` }];
  }
  return [{ ...around.positionOf(path), message: `${name(path)}: ${decapitalise(issue.message)}` }];
}

/** Whether a branch of a union failed on what an object holds, rather than on not being one. */
function isAboutContent(issue: Issue): boolean {
  return issue.code === 'unrecognized_keys' || issue.path.length > 0;
}

function expectation(branches: readonly (readonly Issue[])[]): string {
  const expected = branches.flatMap((issues) =>
    issues.map((issue) =>
      issue.code === 'invalid_type' ? issue.expected : decapitalise(issue.message).replace(/^.*expected /, ''),
    ),
  );
  return `expected ${[...new Set(expected)].join(' or ')}`;
}

function suggest(key: string, valid: readonly string[]): string {
  if (valid.length === 0) {
    return '';
  }
  const nearest = closest(key, [...valid]);
  const isNear = distance(key, nearest) <= Math.max(2, Math.floor(key.length / 2));
  return isNear ? `; did you mean "${nearest}"?` : `; valid are ${valid.join(', ')}`;
}

/** The keys that an object of the schema takes at a path. */
function validKeys(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  let candidates: unknown[] = unwrap(schema);
  for (const step of path) {
    candidates = candidates.flatMap((candidate) => unwrap(shapeOf(candidate)?.[String(step)]));
  }
  return candidates.flatMap((candidate) => Object.keys(shapeOf(candidate) ?? {}));
}

function shapeOf(schema: unknown): Record<string, unknown> | undefined {
  return (schema as { def?: { shape?: Record<string, unknown> } } | undefined)?.def?.shape;
}

/** The schemas inside optional, described and union wrappers. */
function unwrap(schema: unknown): unknown[] {
  const def = (schema as { def?: { innerType?: unknown; options?: readonly unknown[] } } | undefined)?.def;
  if (def?.innerType !== undefined) {
    return unwrap(def.innerType);
  }
  return def?.options === undefined ? [schema] : def.options.flatMap(unwrap);
}

function positionIn({ document, lines }: Parsed, path: readonly PropertyKey[]): Position {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    const start = isNode(node) ? node.range?.[0] : undefined;
    if (start !== undefined) {
      return toPosition(lines, start);
    }
  }
  return { line: 1, column: 1 };
}

function toPosition(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

function keyPosition({ document, lines, positionOf }: Surroundings, path: readonly PropertyKey[]): Position {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const start = isMap(parent) ? findKey(parent, String(path.at(-1)))?.range?.[0] : undefined;
  return start === undefined ? positionOf(path) : toPosition(lines, start);
}

function findKey(map: YAMLMap, key: string) {
  const found = map.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key)?.key;
  return isScalar(found) ? found : undefined;
}

function valueAt(content: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, step) => (typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined),
    content,
  );
}

function name(path: readonly PropertyKey[]): string {
  return path.length === 0 ? 'the file' : `"${path.map(String).join('.')}"`;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function firstSentence(message: string): string {
  return (message.split('\n', 1)[0] ?? message).replace(/ at line \d+, column \d+:?$/, '');
}

function decapitalise(message: string): string {
  return message.replace(/^Invalid input: /, '').replace(/^([A-Z])(?=[a-z])/, (letter) => letter.toLowerCase());
}
