import { type ApolloServerPlugin, type GraphQLResponse, HeaderMap } from '@apollo/server';
import {
  execute,
  type FormattedExecutionResult,
  type GraphQLError,
  type GraphQLSchema,
  getVariableValues,
} from 'graphql';

import { ERRORS } from '../schema/errorCodes.ts';
import { checkRestricted, introspectionIn } from './flags/checkRestricted.ts';
import { MUNICIPALITY_HEADER } from './http/shortWay.ts';
import type { GatewayContext } from './model/GatewayContext.ts';
import { maskError } from './response/maskError.ts';

/**
 * Requests with the header `x-municipality` see the schema of that municipality and nothing else: other fields are unknown to
 * them, and introspection tells of none. `schemaOf`: undefined for a slug that no municipality has.
 */
export function restrictRequests(
  schemaOf: (slug: string) => { schema(): GraphQLSchema } | undefined,
): ApolloServerPlugin<GatewayContext> {
  return {
    async requestDidStart() {
      return {
        async responseForOperation({ request, document, operation, contextValue: { state } }) {
          const slug = request.http?.headers.get(MUNICIPALITY_HEADER)?.normalize('NFC');
          if (slug === undefined || state.snapshot === undefined) {
            return null;
          }
          const schema = schemaOf(slug)?.schema();
          if (schema === undefined) {
            const message = `No municipality has the slug ${JSON.stringify(slug)}.`;
            return refusal([ERRORS.MUNICIPALITY_UNKNOWN.create(message, { slug })]);
          }
          const sent = request.variables ?? {};
          const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], sent, { maxErrors: 10 });
          const restricted = { document, operation, variables: coerced ?? sent };
          const errors = checkRestricted(restricted, { slug, schema });
          if (errors.length > 0) {
            return refusal(errors);
          }
          switch (introspectionIn(restricted)) {
            case 'nothing':
              return null;
            case 'part':
              return refusal([
                ERRORS.GRAPHQL_VALIDATION_FAILED.create(
                  `With the header ${MUNICIPALITY_HEADER}, introspection stands in an operation of its own.`,
                ),
              ]);
            case 'all': {
              const { operationName } = request;
              const { data = null, errors: failed = [] } = await execute({
                schema,
                document,
                variableValues: sent,
                operationName: operationName ?? null,
              });
              return failed.length > 0 ? refusal(failed) : single({ data });
            }
          }
        },
      };
    },
  };
}

function refusal(errors: readonly GraphQLError[]): GraphQLResponse {
  return single({ errors: errors.map((error) => maskError(error.toJSON())) });
}

/** Apollo Server passes it on as it is. */
function single(singleResult: FormattedExecutionResult): GraphQLResponse {
  return { http: { headers: new HeaderMap() }, body: { kind: 'single', singleResult } };
}
