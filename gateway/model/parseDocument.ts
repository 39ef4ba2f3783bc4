import { type DocumentNode, Kind, type NameNode, parse } from 'graphql';

/** Properties whose empty list says as much as their absence. */
const OPTIONAL = new Set(['arguments', 'directives', 'variableDefinitions']);

/**
 * Parses an operation document that is kept: its nodes have no location and no property that says nothing, and equal names are one
 * node, which takes a third of the memory. Throws a GraphQLError beyond `maxTokens` lexical tokens, as `parse` does.
 */
export function parseDocument(text: string, maxTokens?: number): DocumentNode {
  const names = new Map<string, NameNode>();

  function compact(value: unknown): unknown {
    if (Array.isArray(value)) {
      return value.map(compact);
    }
    return typeof value === 'object' && value !== null ? compactNode(value) : value;
  }

  function compactNode(node: object): object {
    if (isName(node)) {
      const name = names.get(node.value) ?? { kind: node.kind, value: node.value };
      names.set(node.value, name);
      return name;
    }
    const compacted: Record<string, unknown> = {};
    for (const [property, value] of Object.entries(node)) {
      const isEmpty = OPTIONAL.has(property) && Array.isArray(value) && value.length === 0;
      if (value !== undefined && !isEmpty) {
        compacted[property] = compact(value);
      }
    }
    return compacted;
  }

  const parsed = parse(text, { noLocation: true, ...(maxTokens === undefined ? {} : { maxTokens }) });
  return compactNode(parsed) as DocumentNode;
}

function isName(node: object): node is NameNode {
  return 'kind' in node && node.kind === Kind.NAME;
}
