import type { FastifyInstance } from 'fastify';

import { ERRORS } from '../../schema/errorCodes.ts';
import { isKnownVersion } from './isKnownVersion.ts';

/** What municipalities set of one module, as JSON in UTF-8, and its strong ETag. */
export interface ModuleOptionsText {
  readonly json: Buffer;
  /** As it stands in the header, quotes included. */
  readonly etag: string;
}

/** Undefined: the token is not that of the module, whether or not there is such a module. */
export type OptionsOf = (module: string, token: string | undefined) => Promise<ModuleOptionsText> | undefined;

/** Serves `GET /modules/<module>` to the subgraph that owns the module, revalidated by ETag. */
export function serveModuleOptions(server: FastifyInstance, optionsOf: OptionsOf): void {
  server.get<{ Params: { module: string } }>('/modules/:module', async (request, reply) => {
    const [, token] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
    const found = await optionsOf(request.params.module, token);
    void reply.header('cache-control', 'private, no-cache');
    if (found === undefined) {
      const { message, extensions } = ERRORS.MODULE_TOKEN_REQUIRED.create(
        'Options of a module are shown to whoever sends the token of the module: authorization: Bearer <token>.',
      );
      return reply
        .status(401)
        .header('www-authenticate', 'Bearer')
        .type('application/json; charset=utf-8')
        .send({ errors: [{ message, extensions: { ...extensions, requestId: request.id } }] });
    }
    void reply.header('etag', found.etag);
    if (isKnownVersion(request.headers['if-none-match'], found.etag)) {
      return reply.status(304).send();
    }
    return reply.type('application/json; charset=utf-8').send(found.json);
  });
}
