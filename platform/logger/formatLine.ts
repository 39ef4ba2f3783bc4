/** Turns a JSON line of the log into one for people: time, level, message, fields; a stack goes below it. */
export function formatLine(line: string): string {
  let entry: Record<string, unknown>;
  try {
    entry = JSON.parse(line);
  } catch {
    return line;
  }
  const { time, level, message, err, ...fields } = entry;
  const at = typeof time === 'string' ? time.slice(11, 19) : '--:--:--';
  const facts = Object.entries(fields).map(([name, value]) => `${name}=${toText(value)}`);
  const error = isObject(err) ? err : undefined;
  const head = [at, String(level).toUpperCase().padEnd(5), toText(message ?? ''), ...facts, ...causesOf(error)];
  const stack = level === 'error' && typeof error?.stack === 'string' ? `\n${indent(error.stack)}` : '';
  return `${head.join(' ')}${stack}\n`;
}

/** The messages of an error and its causes, each once. */
function causesOf(error: Record<string, unknown> | undefined): readonly string[] {
  const messages: string[] = [];
  for (let each = error; each !== undefined; each = isObject(each.cause) ? each.cause : undefined) {
    messages.push(`(${String(each.type)}: ${toText(each.message)})`);
  }
  return messages;
}

/** As it stands; quoted where the value would not end visibly or holds control characters, which could forge lines. */
function toText(value: unknown): string {
  if (typeof value !== 'string') {
    return JSON.stringify(value) ?? '';
  }
  return /\p{Cc}/u.test(value) ? JSON.stringify(value) : value;
}

function indent(stack: string): string {
  return stack
    .split('\n')
    .slice(1)
    .map((frame) => `    ${frame.trim()}`)
    .join('\n');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
