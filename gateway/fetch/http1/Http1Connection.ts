import { connect, type Socket } from 'node:net';

import { REQUEST_TIMEOUT_HEADER } from '../../../schema/requestTimeout.ts';
import type { TraceHeaders } from '../../model/RequestTrace.ts';
import { type HttpCall, HttpFailure, type Sending } from '../HttpClient.ts';
import { type BodyReader, createChunkedReader, createCloseReader, createLengthReader } from './bodyReaders.ts';
import { type Http1Head, malformed, readHead } from './readHead.ts';

/** Longest head of an answer, interim ones included. */
const MAX_HEAD_BYTES = 16 * 1024;
const READ_BYTES = 64 * 1024;

let shared: Buffer | undefined;

/**
 * Where connections read into, over and over; what is kept of it is copied out. What has been read is handled before anything
 * else is read, so that one buffer does for all, and stays in the caches of the processor; only Windows begins to read earlier.
 */
function readBuffer(): Buffer {
  if (process.platform === 'win32') {
    return Buffer.allocUnsafeSlow(READ_BYTES);
  }
  shared ??= Buffer.allocUnsafeSlow(READ_BYTES);
  return shared;
}

/** What all connections to one address have in common. */
export interface Http1Address {
  readonly host: string;
  readonly port: number;
  /** The head of every request up to the value of Content-Length. */
  readonly requestHead: string;
  readonly maxBytes: number;
  readonly connectTimeoutMs: number;
  readonly isAllowedAddress: (address: string) => boolean;
}

export interface ConnectionOwner {
  /** The connection has ended its call and can take another. */
  onIdle(connection: Http1Connection): void;
  onClosed(connection: Http1Connection): void;
}

/**
 * One connection that carries one request at a time (RFC 9112, no pipelining). What does not fit, what comes unasked and what
 * is called off closes it; only after a complete answer with nothing behind it is it used again.
 */
export class Http1Connection implements Sending {
  readonly #address: Http1Address;
  readonly #owner: ConnectionOwner;
  readonly #socket: Socket;
  #call: HttpCall | undefined;
  #head: Http1Head | undefined;
  #body: BodyReader | undefined;
  /** The part of a head that has come. */
  #partialHead: Buffer | undefined;
  #headBytes = 0;
  #isReused = false;
  #isClosed = false;
  /** How long the server keeps this connection when idle, in seconds, as it said last. */
  keptSeconds: number | undefined;
  /** Since when there is no call, by the owner's clock. */
  idleSince = 0;

  constructor(address: Http1Address, owner: ConnectionOwner, call: HttpCall) {
    this.#address = address;
    this.#owner = owner;
    this.#call = call;
    const buffer = readBuffer();
    this.#socket = connect({
      host: address.host,
      port: address.port,
      noDelay: true,
      onread: {
        buffer,
        callback: (length) => {
          this.#read(buffer, length);
          return true;
        },
      },
    });
    const timer = setTimeout(
      () => this.#fail(new HttpFailure('unreachable', `No connection within ${address.connectTimeoutMs} ms.`)),
      address.connectTimeoutMs,
    );
    this.#socket.once('connect', () => {
      clearTimeout(timer);
      this.#begin();
    });
    this.#socket.on('end', () => this.#ended());
    this.#socket.on('error', (cause) => this.#fail(this.#lost(cause)));
    this.#socket.once('close', () => {
      clearTimeout(timer);
      this.#fail(this.#lost(undefined));
    });
  }

  /** Sends another call; the connection is idle. */
  send(call: HttpCall): void {
    this.#call = call;
    this.#isReused = true;
    this.#headBytes = 0;
    this.#write(call);
  }

  cancel(call: HttpCall): void {
    if (this.#call === call) {
      this.#call = undefined;
      this.close();
    }
  }

  close(): void {
    if (!this.#isClosed) {
      this.#isClosed = true;
      this.#socket.destroy();
      this.#owner.onClosed(this);
    }
  }

  #begin(): void {
    const address = this.#socket.remoteAddress ?? '';
    if (!this.#address.isAllowedAddress(address)) {
      this.#fail(new HttpFailure('unreachable', 'The address that was reached is not one to talk to.'));
    } else if (this.#call !== undefined) {
      this.#write(this.#call);
    }
  }

  #write({ body, timeLeftMs, trace }: HttpCall): void {
    const fields = trace === undefined ? '' : traceFields(trace);
    this.#socket.write(
      `${this.#address.requestHead}${body.length}\r\n${REQUEST_TIMEOUT_HEADER}: ${timeLeftMs}\r\n${fields}\r\n${body}`,
      'latin1',
    );
  }

  #read(buffer: Buffer, length: number): void {
    if (this.#call === undefined) {
      this.close(); // nobody has asked
      return;
    }
    try {
      if (this.#body !== undefined) {
        this.#readBody(this.#body, buffer, 0, length);
      } else if (this.#partialHead === undefined) {
        this.#readHead(buffer, 0, length);
      } else {
        const joined = Buffer.concat([this.#partialHead, buffer.subarray(0, length)]);
        this.#partialHead = undefined;
        this.#readHead(joined, 0, joined.length);
      }
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #readHead(source: Buffer, from: number, to: number): void {
    const end = source.indexOf('\r\n\r\n', from, 'latin1');
    const isWhole = end !== -1 && end + 4 <= to; // behind `to` stands what was read before
    if (this.#headBytes + (isWhole ? end : to) - from > MAX_HEAD_BYTES) {
      throw malformed(`a head of more than ${MAX_HEAD_BYTES} bytes`);
    }
    if (!isWhole) {
      this.#partialHead = Buffer.from(source.subarray(from, to));
      return;
    }
    const head = readHead(source.toString('latin1', from, end));
    if (head.statusCode < 200) {
      if (head.statusCode === 101) {
        throw malformed('a switch to another protocol');
      }
      this.#headBytes += end + 4 - from;
      if (end + 4 < to) {
        this.#readHead(source, end + 4, to);
      }
      return;
    }
    const refusal = this.#call?.onHead(head);
    if (refusal !== undefined) {
      throw refusal;
    }
    this.#head = head;
    this.#body = toReader(head.body, this.#address.maxBytes);
    this.#readBody(this.#body, source, end + 4, to);
  }

  #readBody(body: BodyReader, source: Buffer, from: number, to: number): void {
    const end = body.take(source, from, to);
    if (end !== -1) {
      this.#complete(body, end === to);
    }
  }

  #complete(body: BodyReader, isClean: boolean): void {
    const call = this.#call;
    const isKept = isClean && this.#head?.isKept === true && this.#socket.writableLength === 0;
    this.keptSeconds = this.#head?.keptSeconds;
    this.#call = undefined;
    this.#head = undefined;
    this.#body = undefined;
    if (isKept) {
      this.#owner.onIdle(this);
    } else {
      this.close();
    }
    call?.onAnswer(body.bytes());
  }

  /** The server has said that nothing more comes. */
  #ended(): void {
    if (this.#head?.body === 'until close' && this.#body !== undefined) {
      this.#complete(this.#body, false);
    } else {
      this.#fail(this.#lost(undefined));
    }
  }

  #lost(cause: unknown): HttpFailure {
    const hasBegun = this.#head !== undefined || this.#partialHead !== undefined || this.#headBytes > 0;
    const kind = this.#socket.bytesRead === 0 && this.#socket.bytesWritten === 0 ? 'unreachable' : 'broken';
    return new HttpFailure(
      this.#isReused && !hasBegun ? 'stale' : kind,
      'The connection ended before the answer did.',
      cause === undefined ? undefined : { cause },
    );
  }

  #fail(error: Error): void {
    const call = this.#call;
    this.#call = undefined;
    this.close();
    call?.onFailure(error);
  }
}

function toReader(body: Http1Head['body'], maxBytes: number): BodyReader {
  switch (body) {
    case 'chunked':
      return createChunkedReader(maxBytes);
    case 'until close':
      return createCloseReader(maxBytes);
    default:
      return createLengthReader(body, maxBytes);
  }
}

function traceFields({ traceparent, tracestate }: TraceHeaders): string {
  return `traceparent: ${traceparent}\r\n${tracestate === undefined ? '' : `tracestate: ${tracestate}\r\n`}`;
}
