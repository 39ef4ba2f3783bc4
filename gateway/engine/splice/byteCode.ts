/** Code about a constant text: it is compared and written as numbers of four bytes. */

export const literal = (text: string): string => JSON.stringify(text);

/** A condition that holds where `text` does not stand at `at` in the view `d`. */
export function differsCode(text: string, at: string): string {
  const bytes = Buffer.from(text, 'utf8');
  const conditions: string[] = [];
  let k = 0;
  for (; k + 4 <= bytes.length; k += 4) {
    conditions.push(`d.getInt32(${at}+${k},true)!==${bytes.readInt32LE(k)}`);
  }
  if (k + 2 <= bytes.length) {
    conditions.push(`d.getUint16(${at}+${k},true)!==${bytes.readUInt16LE(k)}`);
    k += 2;
  }
  if (k < bytes.length) {
    conditions.push(`d.getUint8(${at}+${k})!==${bytes.readUInt8(k)}`);
  }
  return conditions.join('||');
}

/** Code that goes past `text`, or doubts. */
export function expectCode(text: string): string {
  return `if(${differsCode(text, 'i')})throw DOUBT;i+=${Buffer.byteLength(text)};`;
}

/** Code that writes `text` to the output `W`. */
export function putCode(text: string): string {
  const bytes = Buffer.from(text, 'utf8');
  const padded = Buffer.concat([bytes, Buffer.alloc(4)]);
  let code = `if(W.at+${bytes.length}>W.room)W.grow(${bytes.length});{const o=W.view,j=W.at;`;
  for (let k = 0; k < bytes.length; k += 4) {
    code += `o.setInt32(j+${k},${padded.readInt32LE(k)},true);`;
  }
  return `${code}W.at=j+${bytes.length};}`;
}
