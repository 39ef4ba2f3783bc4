import { types } from 'pg';

const INT8 = types.builtins.INT8;
const DATE = types.builtins.DATE;

/** How `pg` reads columns; see SqlDatabase for the promise. Given to each pool, the driver's globals stay untouched. */
export const columnTypes = { getTypeParser };

function getTypeParser(oid: number, format?: 'text' | 'binary'): (text: string) => unknown {
  if (format !== 'binary') {
    if (oid === INT8) {
      return toNumberWhereExact;
    }
    if (oid === DATE) {
      return (text) => text; // the driver's own parser makes a Date at midnight of the machine's zone
    }
  }
  return types.getTypeParser(oid, format);
}

function toNumberWhereExact(text: string): number | string {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : text;
}
