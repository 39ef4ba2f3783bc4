import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Command, InvalidArgumentError } from 'commander';

import { composeSupergraph, describeProblem, type SubgraphSource } from '../schema/composeSupergraph.ts';
import { SUBGRAPHS } from '../schema/subgraphs.ts';
import type { Surroundings } from './Surroundings.ts';

interface Options {
  readonly subgraph?: readonly SubgraphFile[];
  readonly out?: string;
  readonly api?: string;
}

export function composeCommand({ root, write, writeError, setExitCode }: Surroundings): Command {
  return new Command('compose')
    .description('Compose our subgraphs, and partner subgraphs if any are named, into a supergraph.')
    .option(
      '--subgraph <name=url=file...>',
      'a further subgraph: its name, the URL where it listens, the file of its SDL',
      readSubgraphOption,
    )
    .option('--out <file>', 'write the supergraph there instead of to standard output')
    .option('--api <file>', 'write the API schema that clients see there as well')
    .action(async ({ subgraph = [], out, api }: Options) => {
      const own = SUBGRAPHS.map(({ name, url }) => ({
        name,
        url,
        file: join(root, 'schema', 'subgraphs', `${name}.graphql`),
      }));
      const sources: SubgraphSource[] = [];
      for (const { name, url, file } of [...own, ...subgraph]) {
        sources.push({ name, url, sdl: await readSdl(file), file });
      }
      const composition = composeSupergraph(sources);
      if (composition.kind === 'failed') {
        for (const problem of composition.problems) {
          writeError(`${describeProblem(problem)}\n`);
        }
        setExitCode(1);
        return;
      }
      for (const warning of composition.warnings) {
        writeError(`warning: ${describeProblem(warning)}\n`);
      }
      for (const hint of composition.hints) {
        writeError(`hint: ${hint}\n`);
      }
      if (api !== undefined) {
        await writeFile(api, `${composition.apiSdl}\n`);
      }
      if (out === undefined) {
        write(`${composition.supergraphSdl}\n`);
      } else {
        await writeFile(out, `${composition.supergraphSdl}\n`);
        writeError(`${sources.length} subgraphs composed into ${out}\n`);
      }
    });
}

interface SubgraphFile {
  readonly name: string;
  readonly url: string;
  readonly file: string;
}

function readSubgraphOption(text: string, earlier: readonly SubgraphFile[] = []): readonly SubgraphFile[] {
  const [, name, url, file] = /^([\w-]+)=(https?:\/\/[^=]+)=(.+)$/.exec(text) ?? [];
  if (name === undefined || url === undefined || file === undefined) {
    throw new InvalidArgumentError(
      'It takes name=url=file, such as courses=http://127.0.0.1:4100/graphql=courses.graphql.',
    );
  }
  return [...earlier, { name, url, file }];
}

async function readSdl(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new Error(`The SDL file ${file} cannot be read.`, { cause: error });
  }
}
