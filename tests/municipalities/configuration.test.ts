import { describe, expect, it } from '@jest/globals';

import { ConfigError, readConfig } from '../../roles/readConfig.ts';
import { knownModules } from '../../schema/modules.ts';
import { formatProblem } from '../../schema/municipalities/Municipality.ts';
import { readMunicipalityFiles } from '../../schema/municipalities/readMunicipalityFiles.ts';

function problemsOf(environment: Record<string, string>, role = 'gateway'): readonly string[] {
  try {
    readConfig(role, environment, { root: '/nowhere', isTerminal: false });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) {
      return error.problems;
    }
    throw error;
  }
}

describe('the configuration from the environment', () => {
  it('C-12: names the variable that cannot be used, never its value', () => {
    const problems = problemsOf({
      DATABASE_URL: 'postgres//civigraph:hunter2@db/civigraph',
      REDIS_URL: 'http://:hunter2@redis',
      SMTP_URL: 'imap://hunter2',
    });
    expect(problems.map((problem) => problem.split(':', 1)[0])).toEqual(['DATABASE_URL', 'REDIS_URL', 'SMTP_URL']);
    expect(problems.join('\n')).not.toContain('hunter2');
  });

  it.each([
    ['PORT', '99999', /^PORT: .*65535/],
    ['PORT', '-1', /^PORT: .*0/],
    ['PORT', '1h30', /^PORT: /],
    ['PORT', '1e12', /^PORT: .*65535/],
    ['PORT', '80.5', /^PORT: /],
    ['METRICS_PORT', '99999', /^METRICS_PORT: .*65535/],
    ['METRICS_PORT', '-1', /^METRICS_PORT: .*0/],
    ['JOBSUCHE_URL', 'file:///etc/passwd', /^JOBSUCHE_URL: /],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'file:///x', /^OTEL_EXPORTER_OTLP_ENDPOINT: /],
    ['CMS_URL', 'file:///etc/passwd', /^CMS_URL: /],
    ['SPRUNGBRETT_URL', 'javascript:alert(1)', /^SPRUNGBRETT_URL: /],
    ['PUBLIC_URL', 'example.org', /^PUBLIC_URL: /],
    ['DATABASE_URL', 'mysql://localhost/x', /^DATABASE_URL: /],
    ['SUBGRAPH_URLS', 'content=file:///x', /^SUBGRAPH_URLS/],
    ['SUBGRAPH_NETWORKS', '10.0.0.0/8, example.org', /^SUBGRAPH_NETWORKS: expected networks/],
    ['INGEST_CRON', '15', /^INGEST_CRON: expected a cron expression/],
    ['LOG_LEVEL', 'loud', /^LOG_LEVEL: /],
    ['ENGINE', 'fast', /^ENGINE: /],
    ['MODULE_TOKENS', 'hunter2-hunter2-hunter2', /^MODULE_TOKENS: expected module=token(?!.*hunter2)/],
    ['MODULE_TOKENS', 'courses=hunter2', /^MODULE_TOKENS: expected module=token(?!.*hunter2)/],
  ])('C-13: refuses %s=%s with what it takes', (name, value, message) => {
    expect(problemsOf({ [name]: value })).toEqual([expect.stringMatching(message)]);
  });

  it('C-13: lists every problem at once', () => {
    expect(problemsOf({ PORT: 'x', CMS_URL: 'y', ENGINE: 'z' }, 'gatway')).toHaveLength(4);
  });
});

describe('the options of a module', () => {
  it.each([
    ['0', 'a.yaml:2:41 "modules.apprenticeships.radiusKm": too small: expected number to be >=1'],
    ['-1', 'a.yaml:2:41 "modules.apprenticeships.radiusKm": too small: expected number to be >=1'],
    ['1e12', 'a.yaml:2:41 "modules.apprenticeships.radiusKm": too big: expected number to be <=200'],
    ['1h30', 'a.yaml:2:41 "modules.apprenticeships.radiusKm": expected number, received string'],
    ['.inf', 'a.yaml:2:41 "modules.apprenticeships.radiusKm": '],
    ['.nan', 'a.yaml:2:41 "modules.apprenticeships.radiusKm": '],
  ])('C-13: refuse radiusKm %s with the range', (value, expected) => {
    const text = `name: A\nmodules: { apprenticeships: { radiusKm: ${value} } }\n`;
    const reading = readMunicipalityFiles([{ file: 'a.yaml', text }], {
      modules: knownModules([]),
      loadedAt: new Date(0),
    });
    const [problem] = reading.kind === 'refused' ? reading.problems.map(formatProblem) : [];
    expect(problem).toContain(expected);
  });
});
