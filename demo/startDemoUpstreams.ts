import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

import { type Clock, systemClock } from '../platform/clock/Clock.ts';
import type { Logger } from '../platform/logger/Logger.ts';
import { toUrl } from '../platform/url/toUrl.ts';
import { createDemoVacancies } from './apprenticeships/createDemoVacancies.ts';
import { createJobsuche, JOBSUCHE_PATH } from './apprenticeships/createJobsuche.ts';
import { createSprungbrett, SPRUNGBRETT_PATH } from './apprenticeships/createSprungbrett.ts';
import { createCms } from './cms/createCms.ts';
import { type DemoAnswer, htmlNotFound, json } from './DemoAnswer.ts';

export interface DemoUpstreams {
  /** Without a path: the API is below `/api/v3/`. */
  readonly cmsUrl: string;
  /** The whole address; `?location=86150&page=1` goes behind it. */
  readonly sprungbrettUrl: string;
  /** The address above `/pc/v6/jobs`. */
  readonly jobsucheUrl: string;
  /** How many requests have been answered. */
  requests(): number;
  close(): Promise<void>;
}

/**
 * The systems that we pull from, on loopback: invented content in their real wire formats.
 *
 * Everything follows from the names of the municipalities and from the day of the clock; two starts on one day give
 * the same bytes.
 */
export async function startDemoUpstreams({
  port = 0,
  host = '127.0.0.1',
  clock = systemClock,
  logger,
}: {
  /** Default 0: any free one. */
  readonly port?: number;
  readonly host?: string;
  readonly clock?: Clock;
  readonly logger: Logger;
}): Promise<DemoUpstreams> {
  const vacancies = createDemoVacancies();
  const cms = createCms(clock);
  const sprungbrett = createSprungbrett(vacancies);
  const jobsuche = createJobsuche(vacancies, clock);
  let answered = 0;

  function answer({ method, url = '/', headers }: IncomingMessage): DemoAnswer {
    if (method !== 'GET' && method !== 'HEAD') {
      return json({ error: 'Only GET is answered here.' }, 405);
    }
    const address = toUrl(url, 'http://demo');
    if (address === undefined) {
      return json({ error: 'The address cannot be read.' }, 400);
    }
    const apiKey = headers['x-api-key']?.toString();
    return cms(address) ?? sprungbrett(address) ?? jobsuche(address, { apiKey }) ?? htmlNotFound();
  }

  function onRequest(request: IncomingMessage, response: ServerResponse): void {
    answered += 1;
    try {
      send(response, answer(request));
    } catch (error) {
      logger.error({ err: error, url: request.url }, 'A demo upstream failed');
      send(response, json({ error: 'The demo upstream failed.' }, 500));
    }
  }

  const server = createServer(onRequest);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  const actualPort = typeof address === 'object' && address !== null ? address.port : port;
  const origin = `http://${host.includes(':') ? `[${host}]` : host}:${actualPort}`;
  logger.info({ origin }, 'Demo upstreams are listening');

  return {
    cmsUrl: origin,
    sprungbrettUrl: `${origin}${SPRUNGBRETT_PATH}`,
    jobsucheUrl: `${origin}${JOBSUCHE_PATH}`,
    requests: () => answered,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

function send(response: ServerResponse, { status, contentType, body, location }: DemoAnswer): void {
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': body.byteLength,
    ...(location === undefined ? {} : { location }),
  });
  response.end(body);
}
