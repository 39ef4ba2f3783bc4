import type { PlannedRequest, PlanPath } from '../../model/CompiledPlan.ts';
import { type JsonObject, ownValue } from '../../model/Json.ts';
import type { GateValues } from '../../model/SubgraphFetch.ts';
import { toBytes } from '../../model/toBytes.ts';

/** The parts of a request's body that never change, as UTF-8 in Latin-1 strings. */
export interface BodyTemplate {
  readonly path: PlanPath;
  readonly start: string;
  readonly variables: readonly string[];
  /** The variable with the representations of each call, and the text before those. */
  readonly calls: readonly string[];
  readonly representations: readonly string[];
}

export function bodyTemplate({ operation, operationName, variables, work }: PlannedRequest): BodyTemplate {
  const calls = work.kind === 'entities' ? work.calls : [];
  const name = operationName === undefined ? '' : `,"operationName":${JSON.stringify(operationName)}`;
  return {
    path: work.kind === 'root' ? work.path : (calls[0]?.targets[0]?.path ?? []),
    start: toBytes(`{"query":${JSON.stringify(operation)}${name}`),
    variables,
    calls: calls.map((call) => call.variable),
    representations: calls.map((call) => `${JSON.stringify(call.variable)}:[`),
  };
}

/** The JSON body of a request. `representations` are JSON texts, by call. */
export function bodyText(
  template: BodyTemplate,
  clientVariables: JsonObject,
  representations: readonly (readonly string[])[],
  gate?: GateValues,
): string {
  let variables = '';
  for (const name of template.variables) {
    const value = ownValue(clientVariables, name);
    if (value !== undefined && gate?.unsent.includes(name) !== true) {
      variables += `${variables === '' ? '' : ','}${JSON.stringify(name)}:${toBytes(JSON.stringify(value))}`;
    }
  }
  for (const name of gate?.on ?? []) {
    variables += `${variables === '' ? '' : ','}${JSON.stringify(name)}:true`;
  }
  for (const name of gate?.off ?? []) {
    variables += `${variables === '' ? '' : ','}${JSON.stringify(name)}:false`;
  }
  for (let c = 0; c < representations.length; c++) {
    variables += `${variables === '' ? '' : ','}${template.representations[c]}${representations[c]?.join(',')}]`;
  }
  return variables === '' ? `${template.start}}` : `${template.start},"variables":{${variables}}}`;
}

/** The variables of a body, as values. */
export function readVariables(
  template: BodyTemplate,
  clientVariables: JsonObject,
  representations: readonly (readonly string[])[],
): JsonObject {
  const variables: JsonObject = {};
  for (const name of template.variables) {
    const value = ownValue(clientVariables, name);
    if (value !== undefined) {
      variables[name] = value;
    }
  }
  template.calls.forEach((call, c) => {
    variables[call] = JSON.parse(Buffer.from(`[${representations[c]?.join(',')}]`, 'latin1').toString('utf8'));
  });
  return variables;
}
