import type { PlannedRequest, TakenField } from '../../model/CompiledPlan.ts';
import { isJsonObject, type JsonObject, ownValue } from '../../model/Json.ts';
import type { SubgraphAnswer } from '../../model/SubgraphFetch.ts';

/** Not in the form that is expected, and not only in how it is written. */
class Deviation extends Error {}

/**
 * The body of an answer as the fast path expects it: no white space, the fields that were asked for in the order in which they
 * were asked for, nothing else. Undefined where its content differs too: errors, missing fields, lists of another length.
 * Types are not looked at. What stands behind a variable that is `off` was not asked for.
 */
export function restoreAnswer(
  { work }: PlannedRequest,
  { data, errors }: SubgraphAnswer,
  counts: readonly number[],
  off: readonly string[],
): Buffer | undefined {
  if (errors !== undefined || !isJsonObject(data)) {
    return undefined;
  }
  try {
    const fields =
      work.kind === 'root'
        ? fieldTexts(work.fields, data, off)
        : work.calls.map(({ responseName, fields: asked }, c) => {
            const entities = ownValue(data, responseName);
            if (!Array.isArray(entities) || entities.length !== counts[c]) {
              throw new Deviation();
            }
            const texts = entities.map((entity) => (entity === null ? 'null' : objectText(asked, entity, off)));
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

function objectText(fields: readonly TakenField[], value: unknown, off: readonly string[]): string {
  if (!isJsonObject(value)) {
    throw new Deviation();
  }
  return `{${fieldTexts(fields, value, off).join(',')}}`;
}

/** Names and values of fields, each once. */
function fieldTexts(fields: readonly TakenField[], value: JsonObject, off: readonly string[]): readonly string[] {
  const texts = new Map<string, string>();
  const typename = ownValue(value, '__typename');
  for (const { responseName, onTypes, behind, fields: below } of fields) {
    if (behind !== 'various' && behind.some((variable) => off.includes(variable))) {
      continue;
    }
    if (onTypes !== undefined && typeof typename === 'string' && !onTypes.has(typename)) {
      continue;
    }
    const field = ownValue(value, responseName);
    if (field === undefined) {
      throw new Deviation();
    }
    if (!texts.has(responseName)) {
      texts.set(responseName, `${JSON.stringify(responseName)}:${valueText(below, field, off)}`);
    }
  }
  return [...texts.values()];
}

function valueText(fields: readonly TakenField[] | undefined, value: unknown, off: readonly string[]): string {
  if (fields === undefined || value === null) {
    return JSON.stringify(value);
  }
  return Array.isArray(value)
    ? `[${value.map((item) => valueText(fields, item, off)).join(',')}]`
    : objectText(fields, value, off);
}
