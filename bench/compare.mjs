/** Where two JSON values differ first, in words; undefined when they are equal. The order of keys does not count. */
export function firstDifference(actual, expected, path = 'data') {
  if (Object.is(actual, expected)) {
    return undefined;
  }
  const isObject = (value) => typeof value === 'object' && value !== null;
  if (!isObject(actual) || !isObject(expected) || Array.isArray(actual) !== Array.isArray(expected)) {
    return `${path} is ${brief(actual)} instead of ${brief(expected)}`;
  }
  for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
    const difference = firstDifference(actual[key], expected[key], `${path}.${key}`);
    if (difference !== undefined) {
      return difference;
    }
  }
  return undefined;
}

/** What is wrong with an answer to a GraphQL request, given the data to expect; undefined when nothing is. */
export function wrongWith({ status, text }, expected) {
  let answer;
  try {
    answer = JSON.parse(text);
  } catch {
    return `status ${status} and no JSON: ${text.slice(0, 100)}`;
  }
  const [error] = answer.errors ?? [];
  if (error !== undefined) {
    return `status ${status} and ${answer.errors.length} errors, first: ${brief(error.message)}`;
  }
  return firstDifference(answer.data, expected);
}

function brief(value) {
  const text = JSON.stringify(value) ?? 'absent';
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
