import { request } from 'node:http';

import { OutboundError, type OutboundHttp } from '../../../platform/outbound/OutboundHttp.ts';

/** One GET without a second try, a redirect or a wait. */
export function createLoopbackHttp(): OutboundHttp {
  return {
    get: ({ url, headers = {}, signal }) =>
      new Promise((resolve, reject) => {
        const call = request(
          url,
          { headers, agent: false, ...(signal === undefined ? {} : { signal }) },
          (response) => {
            const chunks: Buffer[] = [];
            const status = response.statusCode ?? 0;
            response.on('data', (chunk: Buffer) => chunks.push(chunk));
            response.on('error', (cause) => reject(new OutboundError('network', 'the connection broke', { cause })));
            response.on('end', () => {
              if (status >= 300 && status < 400) {
                reject(
                  new OutboundError('redirect', `${new URL(url).host} redirects, which is not followed`, { status }),
                );
              } else if (status !== 200) {
                reject(new OutboundError('status', `${new URL(url).host} answered ${status}`, { status }));
              } else {
                const contentType = response.headers['content-type'] ?? '';
                resolve({ kind: 'modified', status, body: Buffer.concat(chunks), contentType, validators: {} });
              }
            });
          },
        );
        call.on('error', (cause) => reject(new OutboundError('network', 'no connection', { cause })));
        call.end();
      }),
  };
}
