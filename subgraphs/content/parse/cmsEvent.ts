import { z } from 'zod';

import { parseRecurrence } from '../schedule/parseRecurrence.ts';
import { cmsPlace } from './cmsLocation.ts';
import { anything, flag, itemShape, optionalText, toInstant, updatedAtOf } from './cmsValues.ts';

const instant = anything.transform(toInstant);

/** An event, a series of events, or one occurrence of a series (its path then ends in `$` and the day). */
export const cmsEvent = z
  .object({
    ...itemShape,
    location: cmsPlace.nullish(),
    meeting_url: optionalText,
    event: z.object({
      start: instant,
      start_date: optionalText,
      start_time: optionalText,
      end: instant,
      end_date: optionalText,
      end_time: optionalText,
      all_day: flag(false),
      timezone: optionalText,
    }),
    recurrence_rule: optionalText,
  })
  .transform((item, context) => {
    const updatedAt = updatedAtOf(item, context);
    if (item.event.start === undefined && !/^\d{4}-\d{2}-\d{2}$/.test(item.event.start_date ?? '')) {
      context.addIssue({ code: 'custom', path: ['event', 'start'], message: 'Expected a time, also in start_date' });
      return z.NEVER;
    }
    const recurrence = item.recurrence_rule === undefined ? undefined : parseRecurrence(item.recurrence_rule);
    if (recurrence?.kind === 'unreadable') {
      context.addIssue({ code: 'custom', path: ['recurrence_rule'], message: recurrence.reason });
      return z.NEVER;
    }
    return { ...item, updatedAt, recurrence };
  });

export type CmsEvent = z.infer<typeof cmsEvent>;
