/** Where in the answer: response names and list positions (GraphQL specification, section 7.1.2). */
export type ResponsePath = readonly (string | number)[];

/** One entry of `errors` in the answer, ready to be written as JSON. */
export interface ResponseError {
  readonly message: string;
  readonly path?: ResponsePath;
  readonly extensions: Readonly<Record<string, unknown>>;
}

/** Most errors that one answer carries; what comes after tells a reader nothing new. */
export const MAX_ERRORS = 100;
