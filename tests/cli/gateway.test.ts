import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { composeSupergraph } from '../../schema/composeSupergraph.ts';
import { until } from '../municipalities/support/createFolder.ts';
import { type Printed, runCivigraph } from './support/runCivigraph.ts';

const TOKEN = 'token-of-the-courses';
const PARTNER = `
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective"])
    @link(url: "https://civigraph.org/feature/v1.0", import: ["@feature", "@moduleOption"])
    @composeDirective(name: "@feature")
    @composeDirective(name: "@moduleOption")
    @moduleOption(module: "language-courses", name: "maxCourses", type: "Int", min: 1)
  directive @feature(flag: String!, municipality: String) on FIELD_DEFINITION | OBJECT
  directive @moduleOption(module: String!, name: String!, type: String!, min: Int) repeatable on SCHEMA
  type Query { municipality(slug: ID!): Municipality }
  type Municipality @key(fields: "slug") { slug: ID! courses: Int @feature(flag: "language-courses") }
`;

let directory: string;
let supergraph: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'civigraph-gateway-'));
  supergraph = join(directory, 'supergraph.graphql');
  const composed = composeSupergraph([{ name: 'courses', url: 'http://127.0.0.1:1/', sdl: PARTNER }]);
  await writeFile(supergraph, composed.kind === 'composed' ? composed.supergraphSdl : '');
  await mkdir(join(directory, 'municipalities'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

function writeAugsburg(entry: string): Promise<void> {
  const text = `name: Augsburg\nmodules: { language-courses: ${entry} }\n`;
  return writeFile(join(directory, 'municipalities', 'augsburg.yaml'), text);
}

/** Runs `civigraph gateway` over the partner's supergraph; `stop` ends it as a signal does. */
function startGateway(environment: Record<string, string> = {}) {
  const printed: Printed = { out: '', error: '', exitCode: 0 };
  let stop = () => {};
  const done = runCivigraph(
    directory,
    ['gateway', '--supergraph', supergraph, '--municipalities', '--port', '0'],
    {
      environment: {
        MUNICIPALITIES_DIR: join(directory, 'municipalities'),
        DATA_DIR: directory,
        LOG_LEVEL: 'error',
        ...environment,
      },
      onStopSignal: (listener) => {
        stop = listener;
      },
    },
    printed,
  );
  return { done, printed, stop: () => stop() };
}

describe('civigraph gateway --municipalities', () => {
  it('knows the modules of the supergraph that it serves, and tells their options', async () => {
    await writeAugsburg('{ enabled: true, maxCourses: 4 }');
    const { done, printed, stop } = startGateway({ MODULE_TOKENS: `language-courses=${TOKEN}` });
    await until(() => printed.error.includes('listens at'));
    const [origin] = /http:\/\/[^/]+/.exec(printed.error) ?? [];

    const response = await fetch(`${origin}/modules/language-courses`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    });

    expect(await response.json()).toEqual({
      module: 'language-courses',
      municipalities: { augsburg: { enabled: true, options: { maxCourses: 4 } } },
    });
    stop();
    await done;
  });

  it('does not start when a municipality sets what the supergraph does not declare', async () => {
    await writeAugsburg('{ enabled: true, maxCourse: 4 }');

    await expect(startGateway().done).rejects.toThrow(/augsburg\.yaml:2:47 .*"maxCourse"; did you mean "maxCourses"\?/);
  });

  it('does not start with a token for a module that the supergraph has not', async () => {
    await writeAugsburg('true');

    await expect(startGateway({ MODULE_TOKENS: `language-curses=${TOKEN}` }).done).rejects.toThrow(
      'MODULE_TOKENS: the supergraph has no module "language-curses"',
    );
  });
});
