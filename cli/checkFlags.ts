import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Supergraph } from '@apollo/federation-internals';
import { type DocumentNode, GraphQLError, type GraphQLSchema, parse, validate } from 'graphql';

import { findLostFields, type LostField } from '../schema/features/findLostFields.ts';
import { impliesFlag } from '../schema/features/flagName.ts';
import { readFeatures } from '../schema/features/readFeatures.ts';
import type { FlagSources } from '../schema/municipalities/locateFlag.ts';
import { isFlagOn } from '../schema/municipalities/Municipality.ts';
import { UnknownNameError } from './UnknownNameError.ts';

export interface FlagCheck {
  readonly text: string;
  /** Whether an operation loses something, or cannot be read. */
  readonly hasFindings: boolean;
}

interface Finding {
  readonly file: string;
  readonly lost: readonly LostField[];
  /** `line:column message` of what makes the document unusable. */
  readonly problems: readonly string[];
  readonly operations: number;
}

/** What the operations of a folder would lose if flags were switched off for a municipality. Throws UnknownNameError. */
export async function checkFlags(
  { snapshot, layers }: FlagSources,
  {
    slug,
    disable,
    directory,
    supergraphSdl,
    json,
  }: { slug: string; disable: readonly string[]; directory: string; supergraphSdl: string; json: boolean },
): Promise<FlagCheck> {
  const municipality = snapshot.municipalities.get(slug.normalize('NFC'));
  if (municipality === undefined) {
    throw new UnknownNameError('no municipality has the slug', slug, [...snapshot.municipalities.keys()]);
  }
  const { flags } = layers.index;
  for (const flag of disable) {
    if (!flags.includes(flag)) {
      throw new UnknownNameError('no module or part of one has the flag', flag, flags);
    }
  }
  const off = new Set(
    flags.filter((flag) => isFlagOn(municipality, flag) && disable.some((other) => impliesFlag(flag, other))),
  );
  const schema = Supergraph.build(supergraphSdl).apiSchema().toGraphQLJSSchema();
  const features = readFeatures(supergraphSdl);
  const findings: Finding[] = [];
  for (const file of await operationFiles(directory)) {
    const document = readDocument(await readFile(file, 'utf8'), schema);
    findings.push(
      'problems' in document
        ? { file, lost: [], problems: document.problems, operations: 0 }
        : {
            file,
            problems: [],
            lost: findLostFields(document.document, { schema, features, off, slug: municipality.slug }),
            operations: document.document.definitions.filter(({ kind }) => kind === 'OperationDefinition').length,
          },
    );
  }
  const hasFindings = findings.some(({ lost, problems }) => lost.length > 0 || problems.length > 0);
  return {
    hasFindings,
    text: json
      ? `${JSON.stringify({ municipality: municipality.slug, switchedOff: [...off], files: findings })}\n`
      : describe(findings, { slug: municipality.slug, disable, off }),
  };
}

async function operationFiles(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && /\.(?:graphql|gql)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function readDocument(text: string, schema: GraphQLSchema): { document: DocumentNode } | { problems: string[] } {
  let document: DocumentNode;
  try {
    document = parse(text);
  } catch (error) {
    return { problems: [error instanceof GraphQLError ? at(error) : String(error)] };
  }
  const errors = validate(schema, document);
  return errors.length === 0 ? { document } : { problems: errors.map(at) };
}

function at({ locations, message }: GraphQLError): string {
  const [{ line, column } = { line: 1, column: 1 }] = locations ?? [];
  return `${line}:${column} ${message}`;
}

function describe(
  findings: readonly Finding[],
  { slug, disable, off }: { slug: string; disable: readonly string[]; off: ReadonlySet<string> },
): string {
  const lines = findings.flatMap(({ file, lost, problems }) => [
    ...problems.map((problem) => `${file}:${problem}`),
    ...lost.map(
      (field) => `${file}:${field.line}:${field.column} ${field.operation ?? '(unnamed)'}: ${effectOf(field)}`,
    ),
  ]);
  const operations = findings.reduce((sum, { operations: some }) => sum + some, 0);
  const affected = new Set(
    findings.flatMap(({ file, lost }) => lost.map(({ operation }) => JSON.stringify([file, operation]))),
  );
  const already =
    off.size === 0 ? `${disable.join(', ')} ${disable.length === 1 ? 'is' : 'are'} off in ${slug} already; ` : '';
  const summary = `${already}${affected.size} of ${operations} operations lose something in ${slug}`;
  return `${[...lines, summary].join('\n')}\n`;
}

function effectOf({ path, flag, effect, taken }: LostField): string {
  const name = path.join('.');
  switch (effect) {
    case 'null':
      return `${name} becomes null (${flag})`;
    case 'refused':
      return `the whole mutation is refused, for ${name} (${flag})`;
    case 'takes-parents':
      return `${name} is lost (${flag}) and takes ${taken?.length === 0 ? 'the whole data' : taken?.join('.')} along`;
  }
}
