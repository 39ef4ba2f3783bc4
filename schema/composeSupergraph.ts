import { composeServices } from '@apollo/composition';
import { printSchema } from '@apollo/federation-internals';
import { type ASTNode, type DocumentNode, GraphQLError, getLocation, parse, Source } from 'graphql';

import { checkFeatures, type FeatureFinding } from './features/checkFeatures.ts';
import { knownModules } from './modules.ts';

/** A subgraph to compose: its name in the supergraph, where it listens, its SDL, the file of the SDL if it has one. */
export interface SubgraphSource {
  readonly name: string;
  readonly url: string;
  readonly sdl: string;
  readonly file?: string;
}

/** What is wrong and, as far as it is known, where. Lines and columns count from 1. */
export interface CompositionProblem {
  /** The composition rule, such as `INVALID_FIELD_SHARING`, a rule for `@feature`, or `SYNTAX`. */
  readonly code: string;
  readonly message: string;
  readonly subgraph?: string | undefined;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

export type Composition =
  | {
      readonly kind: 'composed';
      readonly supergraphSdl: string;
      readonly apiSdl: string;
      /** What only the response stage of the gate protects. */
      readonly warnings: readonly CompositionProblem[];
      readonly hints: readonly string[];
    }
  | { readonly kind: 'failed'; readonly problems: readonly CompositionProblem[] };

/**
 * Composes subgraph SDLs into the supergraph and the API schema that clients see (Apollo Federation 2 composition), and
 * refuses gated fields that cannot be gated (docs/composition-rules.md).
 */
export function composeSupergraph(subgraphs: readonly SubgraphSource[]): Composition {
  const services: { name: string; url: string; typeDefs: DocumentNode }[] = [];
  const problems: CompositionProblem[] = [];
  const sources = new Map<Source, SubgraphSource>();
  for (const subgraph of subgraphs) {
    const { name, url, sdl, file } = subgraph;
    const source = new Source(sdl, file ?? name);
    sources.set(source, subgraph);
    try {
      services.push({ name, url, typeDefs: parse(source) });
    } catch (error) {
      if (!(error instanceof GraphQLError)) {
        throw error;
      }
      const [at] = error.locations ?? [];
      problems.push({ code: 'SYNTAX', message: error.message, subgraph: name, file, ...at });
    }
  }
  if (problems.length > 0) {
    return { kind: 'failed', problems };
  }
  const result = composeServices(services);
  if (result.errors !== undefined) {
    return { kind: 'failed', problems: result.errors.map((error) => toProblem(error, sources)) };
  }
  const { supergraphSdl } = result;
  const findings = checkFeatures({ subgraphs, supergraphSdl, modules: knownModules([]).map(({ name }) => name) });
  if (findings.problems.length > 0) {
    return { kind: 'failed', problems: findings.problems.map(fromFinding) };
  }
  return {
    kind: 'composed',
    supergraphSdl,
    apiSdl: printSchema(result.schema.toAPISchema()),
    warnings: findings.warnings.map(fromFinding),
    hints: [...result.hints.map((hint) => hint.toString()), ...findings.notes],
  };
}

/** A problem on one line: `file:line:column CODE [subgraph] message`, without what is not known. */
export function describeProblem({ code, message, subgraph, file, line, column }: CompositionProblem): string {
  const place = [file ?? (line === undefined ? undefined : 'line'), line, column].filter((part) => part !== undefined);
  return [place.join(':'), code, subgraph === undefined ? '' : `[${subgraph}]`, message]
    .filter((part) => part !== '')
    .join(' ');
}

function fromFinding({ rule, ...rest }: FeatureFinding): CompositionProblem {
  return { code: rule, ...rest };
}

/** The place is that of the first syntax node which the composition error carries. */
function toProblem(error: GraphQLError, sources: ReadonlyMap<Source, SubgraphSource>): CompositionProblem {
  const code = String(error.extensions.code ?? 'COMPOSITION');
  const location = error.nodes?.find(({ loc }) => loc !== undefined && sources.has(loc.source))?.loc;
  const found = location === undefined ? undefined : sources.get(location.source);
  if (location !== undefined && found !== undefined) {
    const { line, column } = getLocation(location.source, location.start);
    return {
      code,
      message: withoutName(error.message, found.name),
      subgraph: found.name,
      file: found.file,
      line,
      column,
    };
  }
  // Some errors name only their subgraph, in front of the message.
  const named = [...sources.values()].find(
    ({ name }) => error.message.startsWith(`[${name}] `) || error.nodes?.some((node) => subgraphOf(node) === name),
  );
  return named === undefined
    ? { code, message: error.message }
    : { code, message: withoutName(error.message, named.name), subgraph: named.name, file: named.file };
}

function withoutName(message: string, name: string): string {
  return message.startsWith(`[${name}] `) ? message.slice(name.length + 3) : message;
}

/** Composition writes the name of the subgraph onto the nodes of its errors. */
function subgraphOf(node: ASTNode): unknown {
  return 'subgraph' in node ? node.subgraph : undefined;
}
