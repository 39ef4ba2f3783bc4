import type { SeededRandom } from '../seededRandom.ts';

interface WireDay {
  readonly allDay: boolean;
  readonly closed: boolean;
  readonly appointmentOnly: boolean;
  readonly timeSlots: readonly { readonly start: string; readonly end: string; readonly timezone: string }[];
}

export type HoursKind = 'office' | 'shop' | 'always' | 'afternoon' | 'pool' | 'unknown';

/** Seven days, Monday first; null where nobody entered any. */
export function toOpeningHours(kind: HoursKind, random: SeededRandom): readonly WireDay[] | null {
  switch (kind) {
    case 'unknown':
      return null;
    case 'always':
      return Array.from({ length: 7 }, () => ({ allDay: true, closed: false, appointmentOnly: false, timeSlots: [] }));
    case 'office': {
      const opening = random.pick(['08:00', '08:30', '09:00']);
      const morning = open([opening, '12:00']);
      return [
        open([opening, '12:00'], ['13:30', '16:00']),
        morning,
        random.chance(0.5) ? byAppointment() : closed(),
        open([opening, '12:00'], ['14:00', '18:00']),
        morning,
        closed(),
        closed(),
      ];
    }
    case 'shop': {
      const weekday = open(['09:00', '13:00'], ['14:00', random.pick(['18:00', '18:30', '19:00'])]);
      return [weekday, weekday, weekday, weekday, weekday, open(['09:00', '13:00']), closed()];
    }
    case 'afternoon': {
      const afternoon = open(['14:00', random.pick(['18:00', '20:00', '21:00'])]);
      return [closed(), afternoon, afternoon, afternoon, afternoon, open(['10:00', '16:00']), closed()];
    }
    case 'pool': {
      const day = open(['10:00', '21:00']);
      return [closed(), day, day, day, open(['10:00', '22:00']), open(['09:00', '19:00']), open(['08:00', '19:00'])];
    }
  }
}

function open(...slots: readonly (readonly [start: string, end: string])[]): WireDay {
  return {
    allDay: false,
    closed: false,
    appointmentOnly: false,
    timeSlots: slots.map(([start, end]) => ({ start, end, timezone: 'Europe/Berlin' })),
  };
}

function closed(): WireDay {
  return { allDay: false, closed: true, appointmentOnly: false, timeSlots: [] };
}

function byAppointment(): WireDay {
  return { allDay: false, closed: false, appointmentOnly: true, timeSlots: [] };
}
