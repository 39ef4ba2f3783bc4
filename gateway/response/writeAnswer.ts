import { RawJson } from '../model/RawJson.ts';

/** The parts of an answer (GraphQL specification, section 7.1). */
export interface AnswerParts {
  readonly data?: unknown;
  readonly errors?: readonly unknown[] | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/** The text of an answer: errors first, where a reader sees them, then data and extensions. Empty parts are left out. */
export function writeAnswer({ data, errors, extensions }: AnswerParts): string {
  const parts: string[] = [];
  if (errors !== undefined && errors.length > 0) {
    parts.push(`"errors":${JSON.stringify(errors)}`);
  }
  if (data !== undefined) {
    parts.push(`"data":${data instanceof RawJson ? data.text : JSON.stringify(data)}`);
  }
  if (extensions !== undefined && Object.keys(extensions).length > 0) {
    parts.push(`"extensions":${JSON.stringify(extensions)}`);
  }
  return `{${parts.join(',')}}`;
}
