import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

/** Every Node.js process under measurement runs with these; `npm start` sets the same young generation. */
export const NODE_FLAGS = ['--max-semi-space-size=32'];
export const CORE_OF_PEERS = 0;
export const CORE_OF_LOAD = 1;

const TICKS = Number(spawnSync('getconf', ['CLK_TCK']).stdout) || 100;
const START_TIMEOUT_MS = 60_000;
const running = new Set();

/** Whether processes can be bound to cores. */
export const isPinned = availableParallelism() > 1 && spawnSync('taskset', ['-V']).status === 0;

process.on('exit', () => {
  for (const child of running) {
    child.kill('SIGKILL');
  }
});

/** Binds this process, which makes the load, to its core. */
export function pinSelf() {
  if (isPinned) {
    spawnSync('taskset', ['-a', '-cp', String(CORE_OF_LOAD), String(process.pid)]);
  }
}

/** Starts `servers/<file>` with options on a core; resolves once it listens, on one port or several. `log` gathers what it writes. */
export function startServer(file, options, { core, flags = [] }) {
  const command = [
    process.execPath,
    ...NODE_FLAGS,
    ...flags,
    join(import.meta.dirname, 'servers', file),
    JSON.stringify(options),
  ];
  const [program, ...args] = isPinned ? ['taskset', '-c', String(core), ...command] : command;
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  running.add(child);
  const server = { child, port: 0, ports: [], log: '' };
  const keep = (chunk) => {
    server.log = `${server.log}${chunk}`.slice(-4_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`did not start within ${START_TIMEOUT_MS / 1000} s`));
    }, START_TIMEOUT_MS);
    child.once('message', ({ port, ports = [port] }) => {
      clearTimeout(timer);
      [server.port] = ports;
      server.ports = ports;
      resolve(server);
    });
    child.once('exit', () => {
      clearTimeout(timer);
      running.delete(child);
      reject(new Error(`ended at its start: ${firstError(server.log)}`));
    });
  });
}

function firstError(log) {
  return (
    log
      .split('\n')
      .find((line) => /error|unknown|cannot/i.test(line))
      ?.trim() ?? log.trim().slice(0, 300)
  );
}

export function hasEnded({ child }) {
  return child.exitCode !== null || child.signalCode !== null;
}

export async function stopServer(server) {
  if (hasEnded(server)) {
    return;
  }
  const { child } = server;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

/** Sends a message to a server and resolves with its answer. */
export function askServer({ child }, message) {
  return new Promise((resolve) => {
    child.once('message', resolve);
    child.send(message);
  });
}

/** Seconds of processor time, user and system, that a process with all its threads has used. */
export function cpuSeconds({ child }) {
  const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** Resident memory in MB. */
export function rssMb({ child }) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024;
}
