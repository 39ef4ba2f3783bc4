import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { UsageError } from './commandLine.mjs';

const ROOT = join(import.meta.dirname, '..');

/** Installs the project's packages when they are missing, and compiles the gateway when a source is newer than its last form. */
export function prepare(say) {
  if (!existsSync('/proc/self/stat')) {
    throw new UsageError('Processor time is read from /proc, so this runs on Linux only.');
  }
  if (!existsSync(join(ROOT, 'node_modules'))) {
    say('the packages of the project are missing: npm ci');
    run('npm', ['ci', '--no-audit', '--no-fund']);
  }
  say('compiling the gateway where it has changed');
  run(process.execPath, [join(ROOT, 'scripts', 'buildForStart.js')]);
}

function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) {
    throw new UsageError(`"${command} ${args.join(' ')}" failed.`);
  }
}
