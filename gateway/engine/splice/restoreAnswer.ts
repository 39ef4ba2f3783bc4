import type { PlannedRequest, TakenField } from '../../model/CompiledPlan.ts';
import { isJsonObject, type JsonObject, ownValue } from '../../model/Json.ts';
import type { SubgraphAnswer } from '../../model/SubgraphFetch.ts';

/** Not in the form that is expected, and not only in how it is written. */
class Deviation extends Error {}

/**
 * The body of an answer as the fast path expects it: no white space, the fields that were asked for in the order in which they
 * were asked for, nothing else. Undefined where its content differs too: errors, missing fields, lists of another length.
 * Types are not looked at. With `mayLack`, fields that are not there are null: they were left out on purpose.
 */
export function restoreAnswer(
  { work }: PlannedRequest,
  { data, errors }: SubgraphAnswer,
  counts: readonly number[],
  mayLack: boolean,
): Buffer | undefined {
  if (errors !== undefined || !isJsonObject(data)) {
    return undefined;
  }
  try {
    const fields =
      work.kind === 'root'
        ? fieldTexts(work.fields, data, mayLack)
        : work.calls.map(({ responseName, fields: asked }, c) => {
            const entities = ownValue(data, responseName);
            if (!Array.isArray(entities) || entities.length !== counts[c]) {
              throw new Deviation();
            }
            const texts = entities.map((entity) => (entity === null ? 'null' : objectText(asked, entity, mayLack)));
            return `${JSON.stringify(responseName)}:[${texts.join(',')}]`;
          });
    return Buffer.from(`{"data":{${fields.join(',')}}}`, 'utf8');
  } catch (error) {
    if (error instanceof Deviation) {
      return undefined;
    }
    throw error;
  }
}

function objectText(fields: readonly TakenField[], value: unknown, mayLack: boolean): string {
  if (!isJsonObject(value)) {
    throw new Deviation();
  }
  return `{${fieldTexts(fields, value, mayLack).join(',')}}`;
}

/** Names and values of fields, each once. */
function fieldTexts(fields: readonly TakenField[], value: JsonObject, mayLack: boolean): readonly string[] {
  const texts = new Map<string, string>();
  const typename = ownValue(value, '__typename');
  for (const { responseName, onTypes, fields: below } of fields) {
    if (onTypes !== undefined && typeof typename === 'string' && !onTypes.has(typename)) {
      continue;
    }
    const field = ownValue(value, responseName);
    if (field === undefined && !mayLack) {
      throw new Deviation();
    }
    if (!texts.has(responseName)) {
      texts.set(responseName, `${JSON.stringify(responseName)}:${valueText(below, field ?? null, mayLack)}`);
    }
  }
  return [...texts.values()];
}

function valueText(fields: readonly TakenField[] | undefined, value: unknown, mayLack: boolean): string {
  if (fields === undefined || value === null) {
    return JSON.stringify(value);
  }
  return Array.isArray(value)
    ? `[${value.map((item) => valueText(fields, item, mayLack)).join(',')}]`
    : objectText(fields, value, mayLack);
}
