import { isNonNullType } from 'graphql';

import type { OutputField } from '../../response/OutputSelection.ts';
import { literal, putCode } from './byteCode.ts';
import { AGAIN, type Piece, type PlaceLayout, RECORD } from './layout.ts';
import type { ObjectPlace } from './places.ts';
import { mayLack } from './readCode.ts';

/**
 * Writes the half of a program that writes the client's answer to the output `W`.
 *
 * - `holes(x, a, b, k, e)` copies a piece of the answer `x`; the objects with records between `k` and `e` of its tape are
 *   written in their places.
 * - `write<n>` writes an object: from its entity, or from its answer and the place of its record.
 */
export class WriteCode {
  readonly #layouts: ReadonlyMap<ObjectPlace, PlaceLayout>;

  constructor(layouts: ReadonlyMap<ObjectPlace, PlaceLayout>) {
    this.#layouts = layouts;
  }

  holesFunction(): string {
    const cases = [...this.#layouts.values()]
      .filter(({ kind }) => kind !== 'text')
      .map(({ place, kind }) =>
        kind === 'entity'
          ? `case ${place.id}:write${place.id}(S.lists[${place.id}][T[r+${RECORD.entity}]]);break;`
          : `case ${place.id}:write${place.id}(x,T,r);break;`,
      );
    return `function holes(x,a,b,k,e){const T=x.tape;while(k<e){W.copy(x,a,T[k+${RECORD.from}]);const r=T[k]===${AGAIN}?T[k+${RECORD.entity}]:k;switch(T[r]){${cases.join('')}}a=T[k+${RECORD.to}];k=T[k+${RECORD.next}];}W.copy(x,a,b);}`;
  }

  rootFunction(root: ObjectPlace): string {
    return `function write(state){S=state;W.at=0;const n=state.root;${this.#object(root, '{"data":', '}}')}S=undefined;return W.take();}`;
  }

  objectFunction(place: ObjectPlace): string {
    const layout = this.#layouts.get(place);
    if (layout === undefined || layout.kind === 'text') {
      return '';
    }
    if (layout.kind === 'entity') {
      return `function write${place.id}(n){if(n.out!==-1){W.again(n.out,n.outEnd);return;}const from=W.at;${this.#object(place)}n.out=from;n.outEnd=W.at;}`;
    }
    const entity = place.isTarget ? `const n=S.lists[${place.id}][T[r+${RECORD.entity}]];` : '';
    return `function write${place.id}(x,T,r){if(T[r+${RECORD.out}]!==-1){W.again(T[r+${RECORD.out}],T[r+${RECORD.outEnd}]);return;}const from=W.at;${entity}${this.#object(place)}T[r+${RECORD.out}]=from;T[r+${RECORD.outEnd}]=W.at;}`;
  }

  #object(place: ObjectPlace, before = '', after = '}'): string {
    const layout = this.#layouts.get(place);
    if (layout === undefined) {
      throw new Error(`No layout for ${place.typeName}.`);
    }
    const parts: Part[] = [];
    let constant = `${before}{`;
    for (let i = 0; i < place.output.length; ) {
      const field = place.output[i];
      if (field === undefined) {
        break;
      }
      const separator = i === 0 ? '' : ',';
      const piece = layout.pieceOf(field.storedName);
      if (field.kind !== 'field' || piece?.kind === 'typename') {
        constant += `${separator}${literal(field.outputName)}:${literal(place.typeName)}`;
        i++;
        continue;
      }
      const fields = piece === undefined ? [field] : place.output.slice(i, i + piece.slots.length);
      const isRun = fields.length > 1;
      parts.push({ constant: `${constant}${separator}${isRun ? '' : `${literal(field.outputName)}:`}`, fields, piece });
      constant = '';
      i += fields.length;
    }
    return parts.map((part) => this.#part(part, layout)).join('') + putCode(`${constant}${after}`);
  }

  #part({ constant, fields, piece }: Part, layout: PlaceLayout): string {
    const missing = this.#missing(fields);
    if (piece === undefined) {
      return `${putCode(constant)}${missing}`;
    }
    const slot = `n.${layout.nameOf(piece.name)}`;
    const fromEntity =
      piece.kind === 'holes'
        ? `holes(${slot}x,${slot}a,${slot}b,${slot}k,${slot}e);`
        : `W.copy(${slot}x,${slot}a,${slot}b);`;
    const at = layout.offsets.get(piece.name);
    const own = layout.own.find(({ name }) => name === piece.name);
    const isSure = own !== undefined && !mayLack(own);
    if (at !== undefined && own !== undefined && layout.kind === 'record') {
      const fromRecord =
        piece.kind === 'holes'
          ? `holes(x,T[r+${at}],T[r+${at + 1}],T[r+${at + 2}],T[r+${at + 3}]);`
          : `W.copy(x,T[r+${at}],T[r+${at + 1}]);`;
      const fromOwn = isSure ? fromRecord : `if(T[r+${at}]!==-1){${fromRecord}}else{${missing}}`;
      return layout.brought.has(piece.name)
        ? `${putCode(constant)}if(${slot}x!==undefined){${fromEntity}}else{${fromOwn}}`
        : `${putCode(constant)}${fromOwn}`;
    }
    return isSure
      ? `${putCode(constant)}${fromEntity}`
      : `${putCode(constant)}if(${slot}x!==undefined){${fromEntity}}else{${missing}}`;
  }

  /** What stands for fields that no answer brought. */
  #missing(fields: readonly OutputField[]): string {
    if (fields.some((field) => field.kind === 'field' && isNonNullType(field.type))) {
      return 'throw DOUBT;';
    }
    const [first] = fields;
    return fields.length === 1 && first !== undefined
      ? putCode('null')
      : putCode(fields.map((field) => `${literal(field.outputName)}:null`).join(','));
  }
}

/** Constant text, then the value of one field or of several that came together. */
interface Part {
  readonly constant: string;
  readonly fields: readonly OutputField[];
  readonly piece: Piece | undefined;
}
