import { type HttpClient, type HttpClientOptions, REQUEST_HEADERS } from '../HttpClient.ts';
import { type ConnectionOwner, Http1Connection } from './Http1Connection.ts';

/** Idle connections beyond this are closed, the one that waits longest first. */
const MAX_IDLE = 64;
const SWEEP_MS = 1_000;

/**
 * HTTP/1.1 over kept connections, for the one request that a gateway makes: a POST of JSON to one address, written at once.
 * The connection used last is used next, so that those not needed grow old and are closed.
 */
export function createHttp1Client({
  url,
  maxBytes,
  connectTimeoutMs,
  idleMs,
  isAllowedAddress,
}: HttpClientOptions): HttpClient {
  const address = {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? 80 : Number(url.port),
    requestHead: requestHead(url),
    maxBytes,
    connectTimeoutMs,
    isAllowedAddress,
  };
  const open = new Set<Http1Connection>();
  const idle: Http1Connection[] = [];
  let sweep: NodeJS.Timeout | undefined;
  let isClosed = false;
  let allClosed = (): void => {};

  const owner: ConnectionOwner = {
    onIdle(connection) {
      if (isClosed) {
        connection.close();
        return;
      }
      connection.idleSince = performance.now();
      idle.push(connection);
      if (idle.length > MAX_IDLE) {
        idle[0]?.close();
      }
      sweep ??= setInterval(closeOld, SWEEP_MS).unref();
    },
    onClosed(connection) {
      open.delete(connection);
      const position = idle.indexOf(connection);
      if (position !== -1) {
        idle.splice(position, 1);
      }
      if (open.size === 0) {
        allClosed();
      }
    },
  };

  function isOld({ idleSince, keptSeconds }: Http1Connection, now: number): boolean {
    // A second sooner than the server, or at half of its time where that is short.
    const keptMs = keptSeconds === undefined ? idleMs : Math.max(keptSeconds * 1_000 - 1_000, keptSeconds * 500);
    return now - idleSince >= Math.min(idleMs, keptMs);
  }

  function closeOld(): void {
    const now = performance.now();
    for (const connection of idle.filter((each) => isOld(each, now))) {
      connection.close();
    }
    if (idle.length === 0) {
      clearInterval(sweep);
      sweep = undefined;
    }
  }

  function takeIdle(): Http1Connection | undefined {
    const now = performance.now();
    for (let connection = idle.pop(); connection !== undefined; connection = idle.pop()) {
      if (!isOld(connection, now)) {
        return connection;
      }
      connection.close();
    }
    return undefined;
  }

  return {
    send(call) {
      let connection = call.isFresh ? undefined : takeIdle();
      if (connection === undefined) {
        connection = new Http1Connection(address, owner, call);
        open.add(connection);
      } else {
        connection.send(call);
      }
      return connection;
    },
    /** Idle connections close now, the others after their call. */
    close() {
      isClosed = true;
      clearInterval(sweep);
      for (const connection of [...idle]) {
        connection.close();
      }
      return open.size === 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            allClosed = resolve;
          });
    },
  };
}

/** Everything of a request's head that is the same every time. */
function requestHead({ pathname, search, host }: URL): string {
  const fields = Object.entries(REQUEST_HEADERS).map(([name, value]) => `${name}: ${value}`);
  return [`POST ${pathname}${search} HTTP/1.1`, `host: ${host}`, ...fields, 'content-length: '].join('\r\n');
}
