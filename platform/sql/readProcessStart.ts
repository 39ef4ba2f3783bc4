import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';

/** When a process began, in words of the system that only have to be equal; undefined where it does not say. */
export async function readProcessStart(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') {
    try {
      const [boot, stat] = await Promise.all([
        readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
        readFile(`/proc/${pid}/stat`, 'utf8'),
      ]);
      // proc(5): the second field, the name in parentheses, may hold anything; the 22nd is the start time.
      const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
      return ticks === undefined ? undefined : `${boot.trim()}:${ticks}`;
    } catch {
      return undefined;
    }
  }
  if (process.platform === 'win32') {
    return undefined;
  }
  return new Promise((resolve) => {
    execFile(
      'ps',
      ['-o', 'lstart=', '-p', String(pid)],
      { env: { PATH: '/bin:/usr/bin', LC_ALL: 'C' } },
      (error, stdout) => {
        const text = stdout.trim();
        resolve(error === null && text !== '' ? text : undefined);
      },
    );
  });
}
