import type { FastifyInstance } from 'fastify';

import { ERRORS } from '../../schema/errorCodes.ts';
import { isKnownVersion } from './isKnownVersion.ts';

export const SCHEMA_PATH = '/schema';

/** The SDL that one municipality's clients see, and the strong ETag of its text. */
export interface MunicipalitySdl {
  readonly sdl: string;
  /** As it stands in the header, quotes included. */
  readonly etag: string;
}

/** Serves `GET /schema/<slug>`: the API schema as that municipality has it, revalidated by ETag. */
export function serveMunicipalitySchemas(
  server: FastifyInstance,
  schemaOf: (slug: string) => MunicipalitySdl | undefined,
): void {
  server.get<{ Params: { municipality: string } }>(`${SCHEMA_PATH}/:municipality`, async (request, reply) => {
    const slug = request.params.municipality.normalize('NFC');
    const found = schemaOf(slug);
    void reply.header('cache-control', 'no-cache');
    if (found === undefined) {
      const { message, extensions } = ERRORS.MUNICIPALITY_UNKNOWN.create(
        `No municipality has the slug ${JSON.stringify(slug)}.`,
        { slug },
      );
      return reply
        .status(404)
        .type('application/json; charset=utf-8')
        .send({ errors: [{ message, extensions: { ...extensions, requestId: request.id } }] });
    }
    void reply.header('etag', found.etag);
    if (isKnownVersion(request.headers['if-none-match'], found.etag)) {
      return reply.status(304).send();
    }
    return reply.type('text/plain; charset=utf-8').send(found.sdl);
  });
}
