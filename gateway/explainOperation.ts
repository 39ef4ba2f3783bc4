import { systemClock } from '../platform/clock/Clock.ts';
import { createCompiledEngine } from './createCompiledEngine.ts';
import type { JsonObject } from './model/Json.ts';
import type { ExplainedOperation } from './model/OperationEngine.ts';
import type { FetchDescription, FetchRun, PlanDescription, PlanTree } from './model/PlanDescription.ts';
import { DEFAULT_LIMITS } from './operation/limitOperation.ts';
import { createPlanner } from './plan/createPlanner.ts';

export interface OperationToExplain {
  readonly supergraphSdl: string;
  readonly text: string;
  readonly operationName?: string | undefined;
  readonly variables: JsonObject;
}

/** Plans an operation as the gateway does, gates included, and sends nothing. */
export async function explainOperation({
  supergraphSdl,
  text,
  operationName,
  variables,
}: OperationToExplain): Promise<ExplainedOperation> {
  const engine = createCompiledEngine({
    supergraphSdl,
    supergraphId: 'explained',
    planner: createPlanner(supergraphSdl),
    inProcess: new Map(),
    subgraphUrls: new Map(),
    clock: systemClock,
    limits: DEFAULT_LIMITS,
    isGated: true,
  });
  try {
    return (await engine.explain?.(text, operationName, variables)) ?? { kind: 'refused', errors: [] };
  } finally {
    await engine.close();
  }
}

/** Prints a plan as a tree, then the requests that do its work. */
export function printPlan({ conditions, tree, requests }: PlanDescription): string {
  if (tree === undefined) {
    return 'No subgraph is needed.\n';
  }
  const values = Object.entries(conditions).map(([name, value]) => `$${name}: ${value}`);
  const merged = requests.length === 1 ? '1 request' : `${requests.length} requests`;
  return [
    `${merged}${values.length === 0 ? '' : ` when ${values.join(', ')}`}`,
    '',
    ...printTree(tree, '', ''),
    '',
    ...requests.flatMap(({ number, subgraph, kind, operation, after, fetches, run }) => [
      `[${number}] ${[
        kind === 'mutation' ? `${subgraph}, mutation` : subgraph,
        ...(after.length === 0 ? [] : [`after ${after.map((other) => `[${other}]`).join(' ')}`]),
        ...(fetches > 1 ? [`${fetches} fetches`] : []),
        ...(run === undefined ? [] : [printRun(run)]),
      ].join(', ')}`,
      `    ${operation}`,
    ]),
    '',
  ].join('\n');
}

function printTree(node: PlanTree, first: string, others: string): string[] {
  switch (node.kind) {
    case 'Fetch':
      return [`${first}${printFetch(node)}`];
    case 'Condition': {
      const branches = [
        ...(node.whenTrue === undefined ? [] : [['if', node.whenTrue] as const]),
        ...(node.whenFalse === undefined ? [] : [['unless', node.whenFalse] as const]),
      ];
      return branches.flatMap(([word, branch], index) => [
        `${index === 0 ? first : others}${word} $${node.variable}`,
        ...printTree(branch, `${others}└─ `, `${others}   `),
      ]);
    }
    default:
      return [
        `${first}${node.kind}`,
        ...node.nodes.flatMap((child, index) =>
          index === node.nodes.length - 1
            ? printTree(child, `${others}└─ `, `${others}   `)
            : printTree(child, `${others}├─ `, `${others}│  `),
        ),
      ];
  }
}

function printFetch({ subgraph, path, request, isFolded, gated, run }: FetchDescription): string {
  const where = path === '' ? subgraph : `${subgraph} at ${path}`;
  const by = request === undefined ? 'left out' : isFolded ? `folded into [${request}]` : `[${request}]`;
  const flags = gated.map((each) => `${each.fields.join(' ')} if ${each.flags.join(' and ')} is on`);
  return [
    `${by} ${where}`,
    ...(flags.length === 0 ? [] : [flags.join('; ')]),
    ...(run === undefined ? [] : [printRun(run)]),
  ].join(', ');
}

function printRun({ atMs, ms, entities, from, bytes, code }: FetchRun): string {
  const what = entities === 0 ? '' : `${entities} ${entities === 1 ? 'entity' : 'entities'}, `;
  return `${what}${bytes} B from ${from === 'failed' ? `nowhere (${code ?? 'failed'})` : FROM[from]}, ${ms} ms from ${atMs} ms on`;
}

const FROM: Readonly<Record<Exclude<FetchRun['from'], 'failed'>, string>> = {
  subgraph: 'the subgraph',
  store: 'the store',
  part: 'the store in part',
  'in flight': 'an equal request in flight',
  off: 'nowhere (off)',
};
