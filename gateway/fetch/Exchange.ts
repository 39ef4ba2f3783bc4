import type { GraphQLError } from 'graphql';

import { giveBackBytes } from '../../platform/bytes/bytePool.ts';
import { readRetryAfter } from '../../platform/outbound/readRetryAfter.ts';
import { ERRORS } from '../../schema/errorCodes.ts';
import type { TraceHeaders } from '../model/RequestTrace.ts';
import type { BytesAnswer, BytesRequest, TransportAnswer } from '../model/SubgraphTransport.ts';
import type { Admission, Breaker } from './createBreaker.ts';
import type { Bulkhead, Waiting } from './createBulkhead.ts';
import type { RetryBudget } from './createRetryBudget.ts';
import type { Watch, Watched } from './createWatch.ts';
import { type HttpCall, type HttpClient, HttpFailure, type HttpHead, type Sending } from './HttpClient.ts';
import { readAnswer } from './readAnswer.ts';

/** What all requests to one subgraph have in common. */
export interface ExchangeRules {
  readonly subgraph: string;
  readonly client: HttpClient;
  readonly bulkhead: Bulkhead;
  /** Longest wait for a place in the bulkhead, in milliseconds. */
  readonly queueMs: number;
  readonly breaker: Breaker;
  readonly budget: RetryBudget;
  readonly watch: Watch;
}

/**
 * One request to a subgraph from the queue to the answer: a place in the bulkhead, leave of the breaker, perhaps a second
 * try, one deadline over all of it. One object does it all, because this is made for every fetch.
 */
export class Exchange implements HttpCall, Watched, Waiting {
  readonly body: string;
  readonly trace: TraceHeaders | undefined;
  timeLeftMs = 0;
  isFresh: boolean;
  readonly #rules: ExchangeRules;
  readonly #request: BytesRequest;
  readonly #resolve: (answer: BytesAnswer) => void;
  readonly #reject: (error: GraphQLError) => void;
  place = 0;
  readonly #startedAt = performance.now();
  #isRetried = false;
  #head: HttpHead | undefined;
  /** While it has a place. */
  #admission: Admission | undefined;
  #sending: Sending | undefined;

  constructor(
    rules: ExchangeRules,
    request: BytesRequest,
    resolve: (answer: BytesAnswer) => void,
    reject: (error: GraphQLError) => void,
  ) {
    this.#rules = rules;
    this.#request = request;
    this.#resolve = resolve;
    this.#reject = reject;
    this.body = request.body;
    this.trace = request.trace;
    this.isFresh = request.kind === 'mutation';
  }

  start(): void {
    const { bulkhead, watch } = this.#rules;
    if (this.#request.signal.aborted) {
      this.#reject(this.#unavailable('was not asked: the client has left'));
      return;
    }
    switch (bulkhead.enter(this)) {
      case 'inside':
        watch.add(this);
        this.#begin(this.#startedAt);
        break;
      case 'waiting':
        watch.add(this);
        break;
      case 'full':
        this.#reject(this.#unavailable('has too many requests waiting'));
    }
  }

  onPlace(): void {
    this.#begin(performance.now());
  }

  #begin(now: number): void {
    const { breaker, budget } = this.#rules;
    this.#admission = breaker.admit();
    if (this.#admission === undefined) {
      this.#rules.watch.delete(this);
      this.#rules.bulkhead.leave();
      this.#reject(this.#unavailable('is not answering at the moment'));
      return;
    }
    budget.earn();
    this.#send(now);
  }

  #send(now: number): void {
    this.timeLeftMs = Math.max(1, Math.floor(this.#startedAt + this.#request.timeoutMs - now));
    this.#sending = this.#rules.client.send(this);
  }

  check(now: number | undefined): void {
    if (this.#request.signal.aborted) {
      this.#callOff('leave', this.#unavailable('is no longer waited for: the client has left'));
    } else if (now === undefined) {
      return;
    } else if (now >= this.#startedAt + this.#request.timeoutMs) {
      const { subgraph } = this.#rules;
      const message = `The subgraph "${subgraph}" did not answer within ${Math.round(this.#request.timeoutMs)} ms.`;
      this.#callOff('fail', ERRORS.SUBGRAPH_TIMEOUT.create(message, { subgraph }));
    } else if (this.#sending === undefined && now >= this.#startedAt + this.#rules.queueMs) {
      this.#callOff('leave', this.#unavailable('has too many requests waiting'));
    }
  }

  onHead(head: HttpHead): Error | undefined {
    this.#head = head;
    return this.#refusalOf(head);
  }

  onAnswer(bytes: Buffer): void {
    if (this.#head !== undefined) {
      this.#end('succeed');
      this.#resolve(new HttpAnswer(bytes, this.#head, this.#rules));
    }
  }

  onFailure(error: Error): void {
    if (this.#isWorthRetry(error)) {
      this.#isRetried = true;
      this.isFresh = true;
      this.#head = undefined;
      this.#send(performance.now());
      return;
    }
    this.#end('fail');
    this.#reject(this.#toRegistered(error));
  }

  /** A query whose connection ended before its answer did. On a kept connection that was just closing it never arrived. */
  #isWorthRetry(error: Error): boolean {
    return (
      error instanceof HttpFailure &&
      !this.#isRetried &&
      this.#request.kind === 'query' &&
      !this.#request.signal.aborted &&
      performance.now() < this.#startedAt + this.#request.timeoutMs &&
      (error.kind === 'stale' || (error.kind === 'broken' && this.#rules.budget.spend()))
    );
  }

  #callOff(outcome: 'fail' | 'leave', error: GraphQLError): void {
    if (this.#admission === undefined) {
      this.#rules.watch.delete(this);
      this.#rules.bulkhead.forget(this);
    } else {
      this.#sending?.cancel(this);
      this.#end(outcome);
    }
    this.#reject(error);
  }

  /** Tells the breaker, and gives the place to the next. */
  #end(outcome: 'succeed' | 'fail' | 'leave'): void {
    const { breaker, bulkhead, watch } = this.#rules;
    const admission = this.#admission ?? 'closed';
    if (outcome === 'fail') {
      breaker.fail(admission, this.#waitMs());
    } else {
      breaker[outcome](admission);
    }
    watch.delete(this);
    bulkhead.leave();
  }

  /** How long the subgraph asks not to be asked. */
  #waitMs(): number {
    const { statusCode = 0, retryAfter = '' } = this.#head ?? {};
    return statusCode === 429 || statusCode === 503 ? (readRetryAfter(retryAfter || null, Date.now()) ?? 0) : 0;
  }

  /** Why an answer is refused by its head alone. */
  #refusalOf({ statusCode, contentType, contentEncoding }: HttpHead): GraphQLError | undefined {
    if (statusCode >= 500 || statusCode === 429) {
      return this.#unavailable(`answered with status ${statusCode}`);
    }
    if (statusCode >= 300 && statusCode < 400) {
      return this.#invalid(`answered with the redirect ${statusCode}, which is not followed`);
    }
    if (!/^application\/(?:graphql-response\+)?json\b/i.test(contentType)) {
      return this.#invalid(`answered with status ${statusCode} and something that is not JSON`);
    }
    return contentEncoding === '' || contentEncoding.toLowerCase() === 'identity'
      ? undefined
      : this.#invalid('compressed its answer, which was not asked for');
  }

  #toRegistered(error: Error): GraphQLError {
    if (!(error instanceof HttpFailure)) {
      return error as GraphQLError; // of #refusalOf
    }
    switch (error.kind) {
      case 'malformed':
        return this.#invalid('answered something that is not HTTP');
      case 'too-large':
        return this.#invalid('answered with too many bytes');
      default:
        return this.#unavailable('could not be reached', error);
    }
  }

  #unavailable(what: string, cause?: Error): GraphQLError {
    const { subgraph } = this.#rules;
    return ERRORS.SUBGRAPH_UNAVAILABLE.create(`The subgraph "${subgraph}" ${what}.`, { subgraph }, { cause });
  }

  #invalid(what: string): GraphQLError {
    const { subgraph } = this.#rules;
    return ERRORS.SUBGRAPH_INVALID_RESPONSE.create(`The subgraph "${subgraph}" ${what}.`, { subgraph });
  }
}

const NOTHING = Buffer.alloc(0);

/** Bytes that came in time, from a subgraph that counts as answering until somebody finds that they are no answer. */
class HttpAnswer implements BytesAnswer {
  bytes: Buffer;
  readonly #head: HttpHead;
  readonly #rules: ExchangeRules;
  #holders = 1;
  #isRetracted = false;

  constructor(bytes: Buffer, head: HttpHead, rules: ExchangeRules) {
    this.bytes = bytes;
    this.#head = head;
    this.#rules = rules;
  }

  read(): TransportAnswer {
    const { statusCode, cacheControl } = this.#head;
    try {
      return readAnswer({ bytes: this.bytes, statusCode, cacheControl }, this.#rules.subgraph);
    } catch (error) {
      // Whoever holds the answer may read it, again and again; it is one failure.
      if (!this.#isRetracted) {
        this.#isRetracted = true;
        this.#rules.breaker.retract();
      }
      throw error;
    }
  }

  shareAmong(holders: number): void {
    this.#holders = holders;
  }

  release(): void {
    this.#holders -= 1;
    if (this.#holders === 0) {
      giveBackBytes(this.bytes);
      this.bytes = NOTHING;
    }
  }
}
