import { createHash } from 'node:crypto';

import { buildSchema, type GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';

import { municipalitySchema } from '../schema/features/municipalitySchema.ts';
import { readFeatures } from '../schema/features/readFeatures.ts';
import { isFlagOn, type MunicipalityRegister } from '../schema/municipalities/Municipality.ts';
import type { MunicipalitySdl } from './http/serveMunicipalitySchemas.ts';

/** The API schema as one municipality has it, as text and, made when it is first asked for, as an object. */
export interface MunicipalitySchema extends MunicipalitySdl {
  schema(): GraphQLSchema;
}

/** Texts kept at once. Municipalities with equal flags share one, so this is far more than a federation has. */
const MAX_SCHEMAS = 200;

/** Reads the API schema as a municipality has it now; undefined: no municipality has the slug. */
export function createSchemaOf({
  supergraphSdl,
  apiSchema,
  municipalities,
}: {
  supergraphSdl: string;
  apiSchema: GraphQLSchema;
  municipalities: MunicipalityRegister;
}): (slug: string) => MunicipalitySchema | undefined {
  const features = readFeatures(supergraphSdl);
  const kept = new LRUCache<string, MunicipalitySchema>({ max: MAX_SCHEMAS });
  return (slug) => {
    const municipality = municipalities.current().municipalities.get(slug);
    if (municipality === undefined) {
      return undefined;
    }
    // A municipality's flags are all that its schema depends on; they stand in a fixed order.
    const key = features.flags.map((flag) => (isFlagOn(municipality, flag) ? '1' : '0')).join('');
    const known = kept.get(key);
    if (known !== undefined) {
      return known;
    }
    const sdl = municipalitySchema(apiSchema, features, municipality);
    let schema: GraphQLSchema | undefined;
    const made = {
      sdl,
      etag: `"${createHash('sha256').update(sdl).digest('base64url').slice(0, 22)}"`,
      schema: () => {
        schema ??= buildSchema(sdl);
        return schema;
      },
    };
    kept.set(key, made);
    return made;
  };
}
