import type { PlannedRequest, PlanPath } from '../../model/CompiledPlan.ts';
import { type JsonObject, ownValue } from '../../model/Json.ts';

/** The parts of a request's body that never change, as UTF-8 in Latin-1 strings. */
export interface BodyTemplate {
  readonly path: PlanPath;
  readonly start: string;
  readonly variables: readonly string[];
  /** Before the representations of each call. */
  readonly representations: readonly string[];
  /** Before the entities of each call in the answer. */
  readonly keys: readonly string[];
}

export function bodyTemplate({ operation, operationName, variables, work }: PlannedRequest): BodyTemplate {
  const calls = work.kind === 'entities' ? work.calls : [];
  const name = operationName === undefined ? '' : `,"operationName":${JSON.stringify(operationName)}`;
  return {
    path: work.kind === 'root' ? work.path : (calls[0]?.targets[0]?.path ?? []),
    start: toBytes(`{"query":${JSON.stringify(operation)}${name}`),
    variables,
    representations: calls.map((call) => `${JSON.stringify(call.variable)}:[`),
    keys: calls.map((call) => `${JSON.stringify(call.responseName)}:`),
  };
}

/** The JSON body of a request. `representations` are JSON texts, by call. */
export function bodyText(
  template: BodyTemplate,
  clientVariables: JsonObject,
  representations: readonly (readonly string[])[],
): string {
  let variables = '';
  for (const name of template.variables) {
    const value = ownValue(clientVariables, name);
    if (value !== undefined) {
      variables += `${variables === '' ? '' : ','}${JSON.stringify(name)}:${toBytes(JSON.stringify(value))}`;
    }
  }
  for (let c = 0; c < representations.length; c++) {
    variables += `${variables === '' ? '' : ','}${template.representations[c]}${representations[c]?.join(',')}]`;
  }
  return variables === '' ? `${template.start}}` : `${template.start},"variables":{${variables}}}`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: everything that is one byte in UTF-8
const ASCII = /^[\u0000-\u007f]*$/;

/** Text as UTF-8 in a Latin-1 string, one character a byte. */
export function toBytes(text: string): string {
  return ASCII.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}
