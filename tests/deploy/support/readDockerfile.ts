import { readFile } from 'node:fs/promises';

export interface Copy {
  /** Paths of the build context, or of the stage named by `from`. */
  readonly sources: readonly string[];
  readonly target: string;
  readonly from: string | undefined;
}

export interface Stage {
  readonly name: string | undefined;
  readonly image: string;
  readonly copies: readonly Copy[];
  readonly runs: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly user: string | undefined;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  /** The command of HEALTHCHECK. */
  readonly healthcheck: readonly string[];
}

/** Reads as much of the Dockerfile's grammar as ours uses; an instruction that it does not know is an error. */
export async function readDockerfile(path: string): Promise<readonly Stage[]> {
  const text = (await readFile(path, 'utf8')).replace(/^\s*#.*\n/gm, '').replace(/\\\n\s*/g, ' ');
  const stages: (Stage & { copies: Copy[]; runs: string[]; environment: Record<string, string> })[] = [];
  const defaults = new Map<string, string>();
  for (const line of text.split('\n').filter((each) => each.trim() !== '')) {
    const [, instruction = '', rest = ''] = /^([A-Z]+) (.*)$/.exec(line) ?? [];
    const stage = stages.at(-1);
    if (instruction === 'ARG' && stage === undefined) {
      const [name = '', value = ''] = rest.split('=');
      defaults.set(name, value);
      continue;
    }
    if (instruction === 'FROM') {
      const [, image = '', name] = /^(\S+)(?: AS (\S+))?$/.exec(rest) ?? [];
      stages.push({
        name,
        image: image.replace(/\$\{(\w+)\}/, (_, variable: string) => defaults.get(variable) ?? ''),
        copies: [],
        runs: [],
        environment: {},
        user: undefined,
        entrypoint: [],
        command: [],
        healthcheck: [],
      });
      continue;
    }
    if (stage === undefined) {
      throw new Error(`Before the first FROM: ${line}`);
    }
    switch (instruction) {
      case 'COPY': {
        const words = rest.split(/\s+/);
        const [flag] = words;
        const from = flag?.startsWith('--from=') ? flag.slice('--from='.length) : undefined;
        const paths = from === undefined ? words : words.slice(1);
        stage.copies.push({ sources: paths.slice(0, -1), target: paths.at(-1) ?? '', from });
        break;
      }
      case 'RUN':
        stage.runs.push(rest);
        break;
      case 'ENV':
        for (const [, name = '', value = ''] of rest.matchAll(/(\w+)=(\S+)/g)) {
          stage.environment[name] = value;
        }
        break;
      case 'USER':
        Object.assign(stage, { user: rest });
        break;
      case 'ENTRYPOINT':
        Object.assign(stage, { entrypoint: JSON.parse(rest) });
        break;
      case 'CMD':
        Object.assign(stage, { command: JSON.parse(rest) });
        break;
      case 'HEALTHCHECK':
        Object.assign(stage, { healthcheck: JSON.parse(rest.slice(rest.indexOf('CMD ') + 'CMD '.length)) });
        break;
      case 'WORKDIR':
      case 'LABEL':
      case 'EXPOSE':
      case 'VOLUME':
      case 'STOPSIGNAL':
        break;
      default:
        throw new Error(`Not expected in the Dockerfile: ${line}`);
    }
  }
  return stages;
}
