const FREQUENCIES = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'];
const PARTS = /^(?:FREQ|INTERVAL|COUNT|UNTIL|WKST|BY(?:DAY|MONTHDAY|YEARDAY|WEEKNO|MONTH|SETPOS))$/;

export interface ParsedRecurrence {
  readonly kind: 'recurrence';
  /** Undefined when the text has no DTSTART. */
  readonly startsAt: Date | undefined;
  /** Name and value of every part of the RRULE, in its order. */
  readonly parts: readonly (readonly [string, string])[];
}

export interface UnreadableRecurrence {
  readonly kind: 'unreadable';
  readonly reason: string;
}

/** Reads `DTSTART:...\nRRULE:...` of the CMS, which means UTC although it writes no Z. */
export function parseRecurrence(text: string): ParsedRecurrence | UnreadableRecurrence {
  const lines = text.split(/\r?\n|\\n/).map((line) => line.trim());
  const start = lines.find((line) => /^DTSTART[;:]/i.test(line));
  const startsAt = start === undefined ? undefined : readUtc(start.slice(start.lastIndexOf(':') + 1));
  if (start !== undefined && startsAt === undefined) {
    return unreadable(`cannot read ${start}`);
  }
  const rule = lines.find((line) => /^(?:RRULE:|FREQ=)/i.test(line))?.replace(/^RRULE:/i, '');
  const parts = (rule ?? '')
    .split(';')
    .filter(Boolean)
    .map((part): [string, string] => {
      const [name = '', value = ''] = part.split('=', 2);
      return [name.trim().toUpperCase(), value.trim().toUpperCase()];
    });
  const unknown = parts.find(([name, value]) => !PARTS.test(name) || value === '');
  if (unknown !== undefined) {
    return unreadable(`cannot read the part ${unknown.join('=')}`);
  }
  const frequency = parts.find(([name]) => name === 'FREQ')?.[1];
  if (frequency === undefined || !FREQUENCIES.includes(frequency)) {
    return unreadable(`expected one of ${FREQUENCIES.join(', ')}, got ${frequency ?? 'no frequency'}`);
  }
  const until = parts.find(([name]) => name === 'UNTIL')?.[1];
  if (until !== undefined && readUntil(until) === undefined) {
    return unreadable(`cannot read UNTIL=${until}`);
  }
  return { kind: 'recurrence', startsAt, parts };
}

/** The last instant that UNTIL allows; a bare day lasts until its end. */
export function readUntil(until: string): Date | undefined {
  return /^\d{8}$/.test(until) ? readUtc(`${until}T235959`) : readUtc(until);
}

function readUtc(text: string): Date | undefined {
  const match = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})Z?)?$/i.exec(text.trim());
  if (match === null) {
    return undefined;
  }
  const [, year, month, day, hour = '00', minute = '00', second = '00'] = match;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
  const instant = new Date(iso);
  return Number.isNaN(instant.getTime()) || instant.toISOString() !== iso.replace('Z', '.000Z') ? undefined : instant;
}

function unreadable(reason: string): UnreadableRecurrence {
  return { kind: 'unreadable', reason };
}
