import { createServer } from 'node:net';

// Message formats: PostgreSQL documentation, "Frontend/Backend Protocol".
const SSL_REQUEST = 80877103;
const GSS_ENCRYPTION_REQUEST = 80877104;
const CANCEL_REQUEST = 80877102;
const PROTOCOL_3_0 = 196608;
const HEADER_BYTES = 5;
/** Largest message from a client; a page of the CMS with all its content is far below. */
const MAX_MESSAGE_BYTES = 256 * 1024 * 1024;

const PASSWORD = 0x70; // p
const QUERY = 0x51; // Q
const SYNC = 0x53; // S
const FLUSH = 0x48; // H
const FUNCTION_CALL = 0x46; // F
const TERMINATE = 0x58; // X

/**
 * @typedef {object} ServeOptions
 * @property {(message: Uint8Array, onData: (data: Uint8Array) => void) => Promise<void>} execute One protocol message.
 * @property {() => boolean} isInTransaction Whether a transaction block is open in the backend.
 * @property {Int32Array} activity [number of the group, 1 while it runs], read by the thread that watches over us.
 * @property {string} password
 * @property {number} idleInTransactionMs How long an idle transaction may make others wait.
 * @property {(message: string) => void} onWarning
 * @property {string} [socketPath]
 */

/**
 * @typedef {object} Client
 * @property {import('node:net').Socket} socket
 * @property {Buffer[]} chunks
 * @property {number} buffered
 * @property {'startup' | 'password' | 'ready'} phase
 * @property {Uint8Array[]} messages What has arrived of a group that is not complete yet.
 */

/**
 * Serves one PostgreSQL backend to any number of clients.
 *
 * The backend has one session. A group (a simple query; or everything up to Sync, which shares the unnamed statement
 * and portal) therefore runs to its end before a message of another client is looked at, and a client in a
 * transaction keeps the backend until it commits or rolls back. PGLiteSocketServer 0.2.17 interleaves the messages of
 * groups that come in several TCP segments and then answers with another client's statement; hence this server.
 *
 * Shared by all clients, as there is one session: SET, temporary tables, named prepared statements, advisory locks.
 *
 * @param {ServeOptions} options
 */
export async function servePostgresProtocol({
  execute,
  isInTransaction,
  activity,
  password,
  idleInTransactionMs,
  onWarning,
  socketPath,
}) {
  /** @type {Set<Client>} */
  const clients = new Set();
  /** @type {{ client: Client, messages: Uint8Array[] }[]} */
  let waiting = [];
  /** @type {Client | undefined} The client whose transaction or unfinished group holds the backend. */
  let owner;
  let idleSince = 0;
  let running = false;
  const greeting = await readGreeting(execute);

  const server = createServer((socket) => {
    /** @type {Client} */
    const client = { socket, chunks: [], buffered: 0, phase: 'startup', messages: [] };
    clients.add(client);
    socket.setNoDelay(true);
    socket.on('error', () => {}); // 'close' follows
    socket.on('close', () => {
      clients.delete(client);
      waiting = waiting.filter((group) => group.client !== client);
      void run();
    });
    socket.on('data', (chunk) => {
      client.chunks.push(chunk);
      client.buffered += chunk.length;
      try {
        readMessages(client);
      } catch (error) {
        fail(client, '08P01', error instanceof Error ? error.message : String(error));
      }
    });
  });

  /** @param {Client} client */
  function readMessages(client) {
    for (;;) {
      const headerBytes = client.phase === 'startup' ? 4 : HEADER_BYTES;
      const header = peek(client, headerBytes);
      if (header === undefined) {
        return;
      }
      const length = client.phase === 'startup' ? header.readInt32BE(0) : header.readInt32BE(1) + 1;
      if (length < headerBytes || length > MAX_MESSAGE_BYTES) {
        throw new Error(`A message of ${length} bytes is not acceptable.`);
      }
      const message = peek(client, length);
      if (message === undefined) {
        return;
      }
      drop(client, length);
      accept(client, message);
    }
  }

  /**
   * @param {Client} client
   * @param {Buffer} message
   */
  function accept(client, message) {
    if (client.phase === 'startup') {
      const code = message.length < 8 ? 0 : message.readInt32BE(4);
      if (code === SSL_REQUEST || code === GSS_ENCRYPTION_REQUEST) {
        client.socket.write('N');
      } else if (code === CANCEL_REQUEST) {
        client.socket.destroy(); // a running statement blocks this thread: there is nobody who could cancel it
      } else if (code === PROTOCOL_3_0) {
        client.socket.write(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3])); // AuthenticationCleartextPassword
        client.phase = 'password';
      } else {
        throw new Error('Only version 3.0 of the protocol is served.');
      }
      return;
    }
    const type = message[0];
    if (client.phase === 'password') {
      if (type !== PASSWORD || message.toString('utf8', HEADER_BYTES, message.length - 1) !== password) {
        fail(client, '28P01', 'The password is wrong.');
        return;
      }
      client.socket.write(greeting);
      client.phase = 'ready';
      return;
    }
    if (type === TERMINATE) {
      client.socket.end();
      return;
    }
    client.messages.push(Uint8Array.from(message));
    if (type === QUERY || type === SYNC || type === FLUSH || type === FUNCTION_CALL) {
      waiting.push({ client, messages: client.messages });
      client.messages = [];
      void run();
    }
  }

  async function run() {
    if (running) {
      return;
    }
    running = true;
    for (;;) {
      if (owner !== undefined && !clients.has(owner)) {
        await abandon();
        continue;
      }
      const at = owner === undefined ? 0 : waiting.findIndex((group) => group.client === owner);
      const group = waiting[at];
      if (group === undefined) {
        break;
      }
      waiting.splice(at, 1);
      await runGroup(group.client, group.messages);
      await new Promise((resolve) => setImmediate(resolve)); // let the sockets be read between two groups
    }
    running = false;
  }

  /**
   * @param {Client} client
   * @param {Uint8Array[]} messages
   */
  async function runGroup(client, messages) {
    /** @type {Uint8Array[]} */
    const answer = [];
    Atomics.add(activity, 0, 1);
    Atomics.store(activity, 1, 1);
    try {
      for (const message of messages) {
        await execute(message, (data) => {
          answer.push(Uint8Array.from(data));
        });
      }
    } finally {
      Atomics.store(activity, 1, 0);
    }
    if (client.socket.writable) {
      client.socket.write(Buffer.concat(answer));
    }
    const isOpen = messages.at(-1)?.[0] === FLUSH || isInTransaction();
    owner = isOpen ? client : undefined;
    idleSince = performance.now();
  }

  /** Ends what a client that is gone has left open. */
  async function abandon() {
    owner = undefined;
    await execute(Uint8Array.from([SYNC, 0, 0, 0, 4]), () => {});
    if (isInTransaction()) {
      await execute(toQuery('ROLLBACK'), () => {});
    }
  }

  const idleCheck = setInterval(
    () => {
      if (
        owner !== undefined &&
        !running &&
        waiting.length > 0 &&
        performance.now() - idleSince > idleInTransactionMs
      ) {
        onWarning(`A transaction that was idle for ${idleInTransactionMs} ms while others waited was rolled back.`);
        fail(owner, '25P03', 'terminating connection due to idle-in-transaction timeout');
      }
    },
    Math.min(500, idleInTransactionMs),
  );

  /**
   * @param {Client} client
   * @param {string} code SQLSTATE
   * @param {string} message
   */
  function fail(client, code, message) {
    const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${message}\0\0`, 'utf8');
    const header = Buffer.alloc(HEADER_BYTES);
    header.write('E', 0);
    header.writeInt32BE(fields.length + 4, 1);
    client.socket.end(Buffer.concat([header, fields]));
    clients.delete(client);
    waiting = waiting.filter((group) => group.client !== client);
    void run();
  }

  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('listening', () => resolve(undefined));
    if (socketPath === undefined) {
      server.listen(0, '127.0.0.1');
    } else {
      server.listen(socketPath);
    }
  });
  const address = server.address();
  return {
    port: address !== null && typeof address === 'object' ? address.port : undefined,
    async close() {
      clearInterval(idleCheck);
      const closed = new Promise((resolve) => server.close(resolve));
      for (const { socket } of clients) {
        socket.destroy();
      }
      await closed;
      while (running) {
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}

/**
 * What a server says after authentication (parameters, key, ReadyForQuery), asked of the backend once.
 *
 * @param {ServeOptions['execute']} execute
 */
async function readGreeting(execute) {
  const text = Buffer.from('user\0postgres\0database\0postgres\0client_encoding\0UTF8\0\0', 'utf8');
  const startup = Buffer.alloc(8 + text.length);
  startup.writeInt32BE(startup.length, 0);
  startup.writeInt32BE(PROTOCOL_3_0, 4);
  text.copy(startup, 8);
  /** @type {Uint8Array[]} */
  const answer = [];
  await execute(Uint8Array.from(startup), (data) => {
    answer.push(Uint8Array.from(data));
  });
  return Buffer.concat(answer);
}

/** @param {string} text */
function toQuery(text) {
  const body = Buffer.from(`${text}\0`, 'utf8');
  const message = Buffer.alloc(HEADER_BYTES + body.length);
  message.write('Q', 0);
  message.writeInt32BE(body.length + 4, 1);
  body.copy(message, HEADER_BYTES);
  return Uint8Array.from(message);
}

/**
 * The first bytes of what has arrived, or undefined while there are fewer.
 *
 * @param {Client} client
 * @param {number} length
 */
function peek(client, length) {
  if (client.buffered < length) {
    return undefined;
  }
  const [first] = client.chunks;
  if (first !== undefined && first.length >= length) {
    return first.subarray(0, length);
  }
  const all = Buffer.concat(client.chunks);
  client.chunks = [all];
  return all.subarray(0, length);
}

/**
 * Forgets the first bytes, which `peek` has just found to be in the first chunk.
 *
 * @param {Client} client
 * @param {number} length
 */
function drop(client, length) {
  const [first, ...others] = client.chunks;
  const rest = first?.subarray(length) ?? Buffer.alloc(0);
  client.chunks = rest.length === 0 ? others : [rest, ...others];
  client.buffered -= length;
}
