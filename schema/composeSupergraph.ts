import { composeServices } from '@apollo/composition';
import { printSchema } from '@apollo/federation-internals';
import { type GraphQLError, parse } from 'graphql';

/** A subgraph to compose: its name in the supergraph, where it listens, its SDL. */
export interface SubgraphSource {
  readonly name: string;
  readonly url: string;
  readonly sdl: string;
}

export interface CompositionProblem {
  /** The composition rule, such as `INVALID_FIELD_SHARING`, or `SYNTAX`. */
  readonly code: string;
  readonly message: string;
}

export type Composition =
  | {
      readonly kind: 'composed';
      readonly supergraphSdl: string;
      readonly apiSdl: string;
      readonly hints: readonly string[];
    }
  | { readonly kind: 'failed'; readonly problems: readonly CompositionProblem[] };

/** Composes subgraph SDLs into the supergraph and the API schema that clients see (Apollo Federation 2 composition). */
export function composeSupergraph(subgraphs: readonly SubgraphSource[]): Composition {
  const services = [];
  const problems: CompositionProblem[] = [];
  for (const { name, url, sdl } of subgraphs) {
    try {
      services.push({ name, url, typeDefs: parse(sdl) });
    } catch (error) {
      const { message, locations } = error as GraphQLError;
      const at = locations?.[0];
      problems.push({
        code: 'SYNTAX',
        message: `[${name}] ${at === undefined ? '' : `${at.line}:${at.column} `}${message}`,
      });
    }
  }
  if (problems.length > 0) {
    return { kind: 'failed', problems };
  }
  const result = composeServices(services);
  if (result.errors !== undefined) {
    return {
      kind: 'failed',
      problems: result.errors.map((error) => ({
        code: String(error.extensions.code ?? 'COMPOSITION'),
        message: error.message,
      })),
    };
  }
  return {
    kind: 'composed',
    supergraphSdl: result.supergraphSdl,
    apiSdl: printSchema(result.schema.toAPISchema()),
    hints: result.hints.map((hint) => hint.toString()),
  };
}
