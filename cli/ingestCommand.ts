import { Command } from 'commander';

import { createRunLog } from '../platform/ingest/createRunLog.ts';
import { createSources, runSource } from '../roles/ingest.ts';
import { createParts, openDatabase, openMunicipalities } from '../roles/openParts.ts';
import { readConfig } from '../roles/readConfig.ts';
import type { Surroundings } from './Surroundings.ts';

interface Options {
  readonly source?: readonly string[];
  readonly municipality?: readonly string[];
  readonly acceptShrunken: boolean;
}

export function ingestCommand({
  root,
  environment,
  writeError,
  isTerminal,
  setExitCode,
  onStopSignal,
}: Surroundings): Command {
  const command = new Command('ingest').description('Pull content and feeds into the store.');
  command
    .command('run')
    .description(
      'Run sources once and show what they did. Exit code 1 when a part failed; what was stored before stays.',
    )
    .option('--source <name...>', 'only these sources; default: all that have an address')
    .option('--municipality <slug...>', 'only these municipalities; default: all')
    .option(
      '--accept-shrunken',
      'believe sources that became empty or much shorter; they are kept as they were otherwise',
      false,
    )
    .action(async ({ source: wanted, municipality: slugs, acceptShrunken }: Options) => {
      const config = readConfig(
        'ingest',
        { ...environment, LOG_LEVEL: environment.LOG_LEVEL ?? 'warn' },
        { root, isTerminal },
      );
      const parts = createParts(config);
      const stop = new AbortController();
      onStopSignal(() => stop.abort());
      try {
        const municipalities = await openMunicipalities(parts);
        const unknown = (slugs ?? []).filter((slug) => !municipalities.current().municipalities.has(slug));
        if (unknown.length > 0) {
          throw new Error(`No municipality has the slug ${unknown.map((slug) => `"${slug}"`).join(' or ')}.`);
        }
        const database = await openDatabase(parts, { statementTimeoutMs: 30_000 });
        const sources = createSources(parts, { database, municipalities }, config);
        const names = sources.map(({ name }) => name);
        const missing = (wanted ?? []).filter((name) => !names.includes(name));
        if (names.length === 0 || missing.length > 0) {
          throw new Error(
            names.length === 0
              ? 'No source has an address: set CMS_URL, SPRUNGBRETT_URL or JOBSUCHE_URL.'
              : `No source is called "${missing.join('" or "')}"; configured are ${names.join(', ')}.`,
          );
        }
        const runs = await createRunLog(database);
        for (const source of sources.filter(({ name }) => wanted?.includes(name) ?? true)) {
          const report = await runSource(parts, {
            source,
            runs,
            signal: stop.signal,
            acceptShrunken,
            ...(slugs === undefined ? {} : { municipalities: slugs }),
            onProgress: ({ done, total, label }) =>
              writeError(
                isTerminal
                  ? `\r${source.name} ${done}/${total} ${label}\u001B[K`
                  : `${source.name} ${done}/${total} ${label}\n`,
              ),
          });
          const { accepted, changed, removed, rejections, failures } = report;
          writeError(
            `${isTerminal ? '\r\u001B[K' : ''}${source.name}: ${accepted} accepted, ${changed} changed, ${removed} removed, ${rejections.length} rejected, ${failures.length} parts failed\n`,
          );
          for (const { part, key, reason } of rejections.slice(0, 50)) {
            writeError(`  rejected ${part} ${key}: ${reason}\n`);
          }
          for (const { part, reason } of failures) {
            writeError(`  failed ${part}: ${reason}\n`);
          }
          if (failures.length > 0) {
            setExitCode(1);
          }
        }
      } finally {
        await parts.closers.closeAll();
      }
    });
  return command;
}
