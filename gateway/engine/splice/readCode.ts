import {
  type GraphQLLeafType,
  type GraphQLOutputType,
  getNamedType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
} from 'graphql';

import { differsCode, expectCode, literal } from './byteCode.ts';
import { AGAIN, type Piece, type PlaceLayout, RECORD, SHORT_RECORD } from './layout.ts';
import type { EntityCallPlaces, ObjectPlace, PlaceTarget, Position, Slot, SlotValue } from './places.ts';

const QUOTE_BYTES = 1;

/**
 * Writes the half of a program that reads answers.
 *
 * - `text<n>(i)` goes past an object whose bytes are taken as they are.
 * - `object<n>(i)` goes past an object with a record and puts the record on the tape.
 * - `class E<n>` is an entity of a place: for every piece that comes to it the answer (`x`), start and end (`a`, `b`), and the
 *   part of the tape with the records in it (`k`, `e`); for a required slot its text (`v`).
 * - `collect<r>_<c>(S)` gathers the representations of an entity call.
 * - `request<r>(S, answer, calls, off)` reads the answer to a request; what stands behind a variable whose bit is in `off` is not
 *   there, and its local variables are -1.
 */
export class ReadCode {
  readonly #layouts: ReadonlyMap<ObjectPlace, PlaceLayout>;
  readonly #variables: readonly string[];
  readonly #tellsPositions: boolean;
  #next = 0;

  constructor(layouts: ReadonlyMap<ObjectPlace, PlaceLayout>, variables: readonly string[], tellsPositions: boolean) {
    this.#layouts = layouts;
    this.#variables = variables;
    this.#tellsPositions = tellsPositions;
  }

  #layout(place: ObjectPlace): PlaceLayout {
    const layout = this.#layouts.get(place);
    if (layout === undefined) {
      throw new Error(`No layout for ${place.typeName}.`);
    }
    return layout;
  }

  entityClass(place: ObjectPlace): string {
    const layout = this.#layout(place);
    const names = new Set([
      ...layout.brought,
      ...(layout.kind === 'entity' ? layout.own.map((piece) => piece.name) : []),
    ]);
    const fields = [...names].map((name) => {
      const slot = layout.nameOf(name);
      const part = layout.pieceOf(name)?.kind === 'holes' ? `this.${slot}k=0;this.${slot}e=0;` : '';
      return `this.${slot}x=undefined;this.${slot}a=0;this.${slot}b=0;${part}`;
    });
    const texts = layout.required.map((name) => `this.${layout.nameOf(name)}v=undefined;`);
    return `class E${place.id}{constructor(x,index,from,to){this.x=x;this.index=index;this.from=from;this.to=to;this.follower=undefined;${this.#tellsPositions ? 'this.at=undefined;' : ''}this.out=-1;this.outEnd=0;${fields.join('')}${texts.join('')}}}`;
  }

  objectFunction(place: ObjectPlace): string {
    const layout = this.#layout(place);
    switch (layout.kind) {
      case 'text':
        return `function text${place.id}(i){const d=D;${this.#object(place.own, place)}return i;}`;
      case 'entity':
        return this.#entityFunction(layout);
      case 'record':
        return this.#recordFunction(layout);
    }
  }

  /** Objects of equal text are one entity; mostly an object is followed by what followed it the last time. */
  #entityFunction(layout: PlaceLayout): string {
    const { place, own, ownRequired } = layout;
    const n = place.id;
    const { code, locals } = this.#readObject(own, place);
    const set = own.map((piece) => this.#intoEntity(piece, layout, locals)).join('');
    const texts = ownRequired.map((name) => this.#requiredText(name, layout, locals)).join('');
    return `function object${n}(i){const d=D,f=i;let n=last${n}===undefined?undefined:last${n}.follower??last${n};
if(n!==undefined&&same(d,f,n.from,n.to))i+=n.to-n.from;
else{${code}const key=A.text(f,i);n=(known${n}??=new Map()).get(key);
if(n===undefined){const list=S.lists[${n}]??=[];n=new E${n}(A,list.length,f,i);list.push(n);known${n}.set(key,n);${set}${texts}}
if(last${n}!==undefined)last${n}.follower=n;}
last${n}=n;${this.#note('n')}room(${SHORT_RECORD});T[k]=${n};T[k+${RECORD.next}]=k+${SHORT_RECORD};T[k+${RECORD.from}]=f;T[k+${RECORD.to}]=i;T[k+${RECORD.entity}]=n.index;k+=${SHORT_RECORD};return i;}`;
  }

  #recordFunction(layout: PlaceLayout): string {
    const { place, own, offsets, size } = layout;
    const n = place.id;
    const { code, locals } = this.#readObject(own, place);
    const set = own.map(({ name, kind }) => {
      const at = offsets.get(name) ?? 0;
      const local = locals.get(name);
      const ends = `T[r+${at}]=a${local};T[r+${at + 1}]=b${local};`;
      const part = kind === 'holes' ? `T[r+${at + 2}]=k${local};T[r+${at + 3}]=e${local};` : '';
      return kind === 'typename' ? '' : ends + part;
    });
    const entity = place.isTarget ? this.#recordEntity(layout, locals) : '';
    const isAround = place.own.some(({ value }) => this.#holdsTargets(value));
    const again = `${place.isTarget ? this.#note(`S.lists[${n}][T[p+${RECORD.entity}]]`) : ''}${this.#tellsPositions && isAround ? 'S.isLost=true;' : ''}`;
    return `function object${n}(i){const d=D,f=i;let p=last${n};if(p!==-1&&T[p+${RECORD.follower}]!==-1)p=T[p+${RECORD.follower}];
if(p!==-1&&same(d,f,T[p+${RECORD.from}],T[p+${RECORD.to}])){i+=T[p+${RECORD.to}]-T[p+${RECORD.from}];room(${SHORT_RECORD});
T[k]=${AGAIN};T[k+${RECORD.next}]=k+${SHORT_RECORD};T[k+${RECORD.from}]=f;T[k+${RECORD.to}]=i;T[k+${RECORD.entity}]=p;k+=${SHORT_RECORD};last${n}=p;${again}return i;}
room(${size});const r=k;k+=${size};${code}
T[r]=${n};T[r+${RECORD.next}]=k;T[r+${RECORD.from}]=f;T[r+${RECORD.to}]=i;T[r+${RECORD.out}]=-1;T[r+${RECORD.follower}]=-1;${set.join('')}
if(last${n}!==-1)T[last${n}+${RECORD.follower}]=r;last${n}=r;${entity}return i;}`;
  }

  /** Objects with equal representations are one entity, whatever else came with them. */
  #recordEntity(layout: PlaceLayout, locals: ReadonlyMap<string, string>): string {
    const n = layout.place.id;
    const texts = layout.ownRequired.map((name, q) => {
      const local = locals.get(name);
      return `const v${q}=A.text(a${local},b${local});`;
    });
    const key = layout.ownRequired.map((_, q) => `v${q}`).join('+"\\n"+') || '""';
    const set = layout.ownRequired.map((name, q) => `n.${layout.nameOf(name)}v=v${q};`).join('');
    return `${texts.join('')}const key=${key};let n=(known${n}??=new Map()).get(key);
if(n===undefined){const list=S.lists[${n}]??=[];n=new E${n}(A,list.length,f,i);list.push(n);known${n}.set(key,n);${set}}
T[r+${RECORD.entity}]=n.index;${this.#note('n')}`;
  }

  /** Notes for an entity where the object stands that was read just now. */
  #note(entity: string): string {
    return this.#tellsPositions ? `if(P!==undefined)(${entity}.at??=[]).push(P.slice(0,L));` : '';
  }

  /** Whether requests complete objects in a value. */
  #holdsTargets(value: SlotValue): boolean {
    return (
      value.kind === 'objects' &&
      value.position.places.some((place) => place.isTarget || place.own.some((slot) => this.#holdsTargets(slot.value)))
    );
  }

  #intoEntity(piece: Piece, layout: PlaceLayout, locals: ReadonlyMap<string, string>): string {
    const { name, kind } = piece;
    if (kind === 'typename') {
      return '';
    }
    const [slot, local] = [layout.nameOf(name), locals.get(name)];
    const part = kind === 'holes' ? `n.${slot}k=k${local};n.${slot}e=e${local};` : '';
    const put = `n.${slot}x=A;n.${slot}a=a${local};n.${slot}b=b${local};${part}`;
    return mayLack(piece) ? `if(a${local}!==-1){${put}}` : put;
  }

  #requiredText(name: string, layout: PlaceLayout, locals: ReadonlyMap<string, string>): string {
    const local = locals.get(name);
    return `n.${layout.nameOf(name)}v=A.text(a${local},b${local});`;
  }

  rootRequest(r: number, slots: readonly Slot[], root: ObjectPlace): string {
    const layout = this.#layout(root);
    const pieces = layout.piecesOf(slots);
    const { code, locals } = this.#readFields(pieces, root);
    const set = pieces.map((piece) => this.#intoEntity(piece, layout, locals)).join('');
    return `function request${r}(state,answer,calls,off){begin(state,answer,off);${this.#tellsPositions ? 'P=[];' : ''}const d=D,n=state.root;let i=0;${expectCode('{"data":{')}${code}${set}end(i);}`;
  }

  /** Representations as text, unique; waiting entities by place and representation. */
  collect(r: number, c: number, { targets }: EntityCallPlaces): string {
    const loops = targets.map(({ place, required, mayLack }, p) => {
      const layout = this.#layout(place);
      const texts = required.map((name) => `n.${layout.nameOf(name)}v`);
      const missing = texts.map((text) => `${text}===undefined`).join('||') || 'false';
      const fields = required.map((name, k) => `${literal(`,${literal(name)}:`)}+${texts[k]}+`).join('');
      const representation = `${literal(`{"__typename":${literal(place.typeName)}`)}+${fields}"}"`;
      return `for(const n of S.lists[${place.id}]??[]){if(${missing}){${mayLack ? 'throw DOUBT;' : 'continue;'}}
const key=${representation};let x=all.get(key);if(x===undefined){x=reps.push(key)-1;all.set(key,x);}
const w=waiting[${p}];if(w[x]===undefined)w[x]=[n];else w[x].push(n);}`;
    });
    return `function collect${r}_${c}(S){const all=new Map(),reps=[],waiting=[${targets.map(() => '[]').join(',')}];${loops.join('\n')}return{reps,waiting};}`;
  }

  entityRequest(r: number, calls: readonly EntityCallPlaces[]): string {
    const functions = calls.flatMap(({ targets }, c) =>
      targets.map((target, p) => this.#broughtFunction(`entity${r}_${c}_${p}`, target)),
    );
    const body = calls.map(({ targets, responseName }, c) => {
      const reads = targets.map(
        (_, p) =>
          `{const w=calls[${c}].waiting[${p}][x];if(w!==undefined){i=entity${r}_${c}_${p}(${targets.length > 1 ? 'from' : 'i'},w);}}`,
      );
      return `${expectCode(`${c === 0 ? '{"data":{' : ','}${literal(responseName)}:[`)}
for(let x=0,count=calls[${c}].reps.length;x<count;x++){if(x>0){${expectCode(',')}}if(d.getUint8(i)===110){i=none(d,i);continue;}${targets.length > 1 ? 'const from=i;' : ''}${reads.join('')}}
${expectCode(']')}`;
    });
    return `${functions.join('\n')}\nfunction request${r}(state,answer,calls,off){begin(state,answer,off);const d=D;let i=0;${body.join('')}end(i);}`;
  }

  /** Reads what an answer brings to an entity, for all that wait for it. */
  #broughtFunction(name: string, { place, slots, required }: PlaceTarget): string {
    const layout = this.#layout(place);
    const pieces = layout.piecesOf(slots);
    const { code, locals } = this.#readObject(
      pieces.map((piece) => withoutWitness(piece, required)),
      place,
    );
    const texts = pieces.filter((piece) => layout.required.includes(piece.name));
    const declare = texts.map((piece) => {
      const local = locals.get(piece.name);
      return `const v${local}=A.text(a${local},b${local});`;
    });
    const assign = pieces.map((piece) => {
      const text = texts.includes(piece) ? `v${locals.get(piece.name)}` : undefined;
      const slot = `n.${layout.nameOf(piece.name)}v`;
      // What identifies the entity must come back as it was sent; the full algorithm knows how to compare it.
      const echo = required.includes(piece.name) ? `if(${slot}!==${text})throw DOUBT;` : '';
      return `${echo}${text === undefined ? '' : `${slot}=${text};`}${this.#intoEntity(piece, layout, locals)}`;
    });
    return `function ${name}(i,w){const d=D;${code}${declare.join('')}for(let q=0;q<w.length;q++){const n=w[q];${assign.join('')}}return i;}`;
  }

  /** Code that reads an object, and the local variables that hold its pieces: `a` and `b`, `k` and `e`, with these endings. */
  #readObject(pieces: readonly Piece[], place: ObjectPlace): { code: string; locals: ReadonlyMap<string, string> } {
    if (pieces.length === 0) {
      return { code: expectCode('{}'), locals: new Map() };
    }
    const { code, locals } = this.#readFields(pieces, place, '{');
    return { code: `${code}${expectCode('}')}`, locals };
  }

  #readFields(
    pieces: readonly Piece[],
    place: ObjectPlace,
    before = '',
  ): { code: string; locals: ReadonlyMap<string, string> } {
    const locals = new Map<string, string>();
    let code = '';
    let separator = before;
    // Whether a comma comes next is then known only while the answer is read, in the variable `c` with this ending.
    let comma: string | undefined;
    for (const piece of pieces) {
      const { name, kind, slots } = piece;
      const local = String(this.#next++);
      locals.set(name, local);
      const [first] = slots;
      if (first === undefined) {
        continue;
      }
      if (mayLack(piece)) {
        if (separator !== ',' && comma === undefined) {
          comma = local;
          code += `${separator === '' ? '' : expectCode(separator)}let c${comma}=false;`;
          separator = '';
        }
        const known = separator === ',' ? expectCode(',') : '';
        code += this.#readIfThere(first, kind, local, known, comma, place);
        continue;
      }
      if (comma !== undefined) {
        code += `if(c${comma}){${expectCode(',')}}`;
        comma = undefined;
      }
      const start = `${separator}${literal(name)}:`;
      separator = ',';
      if (kind === 'typename') {
        code += expectCode(`${start}${literal(place.typeName)}`);
      } else if (slots.length === 1) {
        const tape = kind === 'holes' ? [`const k${local}=k;`, `const e${local}=k;`] : ['', ''];
        code += `${expectCode(start)}const a${local}=i;${tape[0]}${this.#check(first.value, place)}const b${local}=i;${tape[1]}`;
      } else {
        // Names are part of the piece, but not the separator before it.
        const rest = slots.map(
          (slot, s) => `${expectCode(`${s === 0 ? '' : ','}${literal(slot.name)}:`)}${this.#check(slot.value, place)}`,
        );
        const lead = start.slice(0, start.length - literal(name).length - 1);
        code += `${lead === '' ? '' : expectCode(lead)}const a${local}=i;${rest.join('')}const b${local}=i;`;
      }
    }
    return { code, locals };
  }

  /** Code that reads a slot where the variables that it is behind are true. */
  #readIfThere(
    { name, value, behind }: Slot,
    kind: Piece['kind'],
    local: string,
    knownComma: string,
    comma: string | undefined,
    place: ObjectPlace,
  ): string {
    const bits = behind.reduce((mask, variable) => mask | (1 << this.#variables.indexOf(variable)), 0);
    const separator = comma === undefined ? knownComma : `if(c${comma}){${expectCode(',')}}c${comma}=true;`;
    const [tape, start, end] =
      kind === 'holes' ? [`,k${local}=0,e${local}=0`, `k${local}=k;`, `e${local}=k;`] : ['', '', ''];
    return `let a${local}=-1,b${local}=-1${tape};if((O&${bits})===0){${separator}${expectCode(`${literal(name)}:`)}a${local}=i;${start}${this.#check(value, place)}b${local}=i;${end}}`;
  }

  /** Code that goes past an object whose bytes are taken as they are. */
  #object(slots: readonly Slot[], place: ObjectPlace): string {
    if (slots.length === 0) {
      return expectCode('{}');
    }
    const fields = slots.map(({ name, value }, k) => {
      const start = `${k === 0 ? '{' : ','}${literal(name)}:`;
      return value.kind === 'typename'
        ? expectCode(`${start}${literal(place.typeName)}`)
        : `${expectCode(start)}${this.#check(value, place)}`;
    });
    return `${fields.join('')}${expectCode('}')}`;
  }

  /** Code that checks a value and goes past it. */
  #check(value: SlotValue, place: ObjectPlace): string {
    switch (value.kind) {
      case 'typename':
        return expectCode(literal(place.typeName));
      case 'leaf': {
        const code = value.type === undefined ? 'i=any(d,i);' : checkType(value.type, leafCheck);
        return value.isWitness ? `{const w=i;${code}if(!S.isKnown(d,w,i))throw STRANGER;}` : code;
      }
      case 'objects':
        return checkType(
          value.type,
          () => this.#objectCall(value.position),
          this.#tellsPositions && this.#holdsTargets(value),
        );
    }
  }

  #objectCall({ isAbstract, places }: Position): string {
    const call = (place: ObjectPlace): string => `i=${place.isTransparent ? 'text' : 'object'}${place.id}(i);`;
    return isAbstract ? byTypename(places, call) : places.map(call).join('');
  }
}

/** Whether a gate may leave it out. */
export function mayLack({ slots: [first] }: Piece): boolean {
  return first !== undefined && first.behind.length > 0;
}

/** What must come back as it was sent is known already. */
function withoutWitness(piece: Piece, echoed: readonly string[]): Piece {
  return echoed.includes(piece.name)
    ? {
        ...piece,
        slots: piece.slots.map((slot) => ({
          ...slot,
          value: slot.value.kind === 'leaf' ? { ...slot.value, isWitness: false } : slot.value,
        })),
      }
    : piece;
}

/** Below an abstract type the planner asks for `__typename` first. */
function byTypename(places: readonly ObjectPlace[], then: (place: ObjectPlace) => string): string {
  const prefix = '{"__typename":"';
  const branches = places.map(
    (place) => `if(!(${differsCode(`${place.typeName}"`, `i+${prefix.length}`)})){${then(place)}}else `,
  );
  return `if(${differsCode(prefix, 'i')})throw DOUBT;${branches.join('')}throw DOUBT;`;
}

/** `counts`: the index in each list is kept in `P`. */
function checkType(type: GraphQLOutputType, check: (type: GraphQLOutputType) => string, counts = false): string {
  if (isNonNullType(type)) {
    return checkPresent(type.ofType, check, counts);
  }
  return `if(d.getUint8(i)===110)i=none(d,i);else{${checkPresent(type, check, counts)}}`;
}

function checkPresent(type: GraphQLOutputType, check: (type: GraphQLOutputType) => string, counts: boolean): string {
  if (!isListType(type)) {
    return check(type);
  }
  if (counts) {
    const item = checkType(type.ofType, check, counts);
    return `if(d.getUint8(i++)!==91)throw DOUBT;if(d.getUint8(i)===93)i++;else{const z=L++;for(let q=0;;q++){if(P!==undefined)P[z]=q;${item}const c=d.getUint8(i++);if(c===93)break;if(c!==44)throw DOUBT;}L=z;}`;
  }
  return `if(d.getUint8(i++)!==91)throw DOUBT;if(d.getUint8(i)===93)i++;else for(;;){${checkType(type.ofType, check)}const c=d.getUint8(i++);if(c===93)break;if(c!==44)throw DOUBT;}`;
}

function leafCheck(type: GraphQLOutputType): string {
  const named = getNamedType(type);
  if (!isLeafType(named)) {
    throw new Error(`${named.name} is no leaf type.`);
  }
  if (isEnumType(named)) {
    const cases = named
      .getValues()
      .map(
        ({ name }) => `if(!(${differsCode(`${name}"`, `i+${QUOTE_BYTES}`)}))i+=${name.length + 2 * QUOTE_BYTES};else `,
      );
    return `if(d.getUint8(i)!==34)throw DOUBT;${cases.join('')}throw DOUBT;`;
  }
  const scanner = scannerOf(named);
  return `${scanner === 'any' ? `if(d.getUint8(i)===110)throw DOUBT;` : ''}i=${scanner}(d,i);`;
}

function scannerOf(type: GraphQLLeafType): string {
  switch (type.name) {
    case 'ID':
    case 'String':
      return 'string';
    case 'Int':
      return 'int';
    case 'Float':
      return 'float';
    case 'Boolean':
      return 'boolean';
    default:
      return 'any';
  }
}
