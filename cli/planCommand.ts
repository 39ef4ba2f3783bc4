import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stdin } from 'node:process';
import { text as readAll } from 'node:stream/consumers';

import { Command, InvalidArgumentError } from 'commander';

import { explainOperation, printPlan } from '../gateway/explainOperation.ts';
import type { Surroundings } from './Surroundings.ts';

type Variables = Readonly<Record<string, unknown>>;
type Plan = Parameters<typeof printPlan>[0];

interface Options {
  readonly supergraph?: string;
  readonly variables: Variables;
  readonly name?: string;
  readonly url?: string;
  readonly json: boolean;
}

export function planCommand({ root, environment, write, writeError, setExitCode }: Surroundings): Command {
  return new Command('plan')
    .description('Show how the gateway asks the subgraphs for an operation.')
    .argument('<operation>', 'the file of the operation; - reads standard input')
    .option('--supergraph <file>', 'another supergraph than ours')
    .option('--variables <json>', 'values of variables; a condition that has none is taken for true', readVariables, {})
    .option('--name <operation>', 'which operation of the document')
    .option('--url <url>', 'execute it at this gateway and show time, bytes and cache state too (needs PLAN_TOKEN)')
    .option('--json', 'print the plan as JSON', false)
    .action(async (file: string, { supergraph, variables, name, url, json }: Options) => {
      const text = file === '-' ? await readAll(stdin) : await readFile(file, 'utf8');
      const print = (plan: Plan): void => write(json ? `${JSON.stringify(plan, null, 2)}\n` : printPlan(plan));
      const refuse = (problems: readonly string[]): void => {
        writeError(problems.map((problem) => `${problem}\n`).join(''));
        setExitCode(1);
      };
      if (url !== undefined) {
        const token = environment.PLAN_TOKEN;
        if (token === undefined || token === '') {
          refuse(['PLAN_TOKEN must hold the token that the gateway was started with.']);
          return;
        }
        const { plan, problems } = await askForPlan(url, token, { query: text, variables, operationName: name });
        if (problems.length > 0) {
          refuse(problems);
        }
        if (plan !== undefined) {
          print(plan);
        } else if (problems.length === 0) {
          refuse([`The gateway showed no plan: PLAN_TOKEN is not its token, or its engine is not "compiled".`]);
        }
        return;
      }
      const supergraphSdl = await readFile(supergraph ?? join(root, 'schema', 'supergraph.graphql'), 'utf8');
      const explained = await explainOperation({ supergraphSdl, text, operationName: name, variables });
      if (explained.kind === 'refused') {
        refuse(explained.errors.map(({ message, locations }) => `${place(file, locations?.[0])}${message}`));
      } else {
        print(explained.plan);
      }
    });
}

function place(file: string, location: { readonly line: number; readonly column: number } | undefined): string {
  return location === undefined ? '' : `${file}:${location.line}:${location.column}: `;
}

async function askForPlan(
  url: string,
  token: string,
  request: { readonly query: string; readonly variables: Variables; readonly operationName: string | undefined },
): Promise<{ readonly plan: Plan | undefined; readonly problems: readonly string[] }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-civigraph-plan': token },
    body: JSON.stringify(request),
  });
  const answer = (await response.json()) as {
    readonly errors?: readonly { readonly message: string }[];
    readonly extensions?: { readonly plan?: Plan };
  };
  return { plan: answer.extensions?.plan, problems: (answer.errors ?? []).map(({ message }) => message) };
}

function readVariables(text: string): Variables {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Variables;
    }
  } catch {
    // said below
  }
  throw new InvalidArgumentError('expected a JSON object');
}
