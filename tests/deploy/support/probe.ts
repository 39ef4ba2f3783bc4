import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Exit code of a container's health check on this machine, against a server that answers `path` with `status`. */
export async function probe(
  command: readonly string[],
  { path, status }: { path: string; status: number | 'not listening' },
): Promise<number> {
  const server = createServer((request, response) => {
    response.writeHead(request.url === path && typeof status === 'number' ? status : 404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  if (status === 'not listening') {
    await close();
  }
  const [program = '', ...args] = command;
  if (program !== 'node') {
    throw new Error(`Not a check with node: ${command.join(' ')}`);
  }
  const code = await new Promise<number>((resolve) => {
    const child = execFile(process.execPath, args, { env: { PORT: String(port) }, timeout: 90_000 });
    child.once('close', (exitCode) => resolve(exitCode ?? -1));
  });
  if (status !== 'not listening') {
    await close();
  }
  return code;
}
