import {
  type GraphQLLeafType,
  type GraphQLOutputType,
  getNamedType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
} from 'graphql';

import type { OutputField } from '../../response/OutputSelection.ts';
import type { ObjectPlace, Places, PlaceTarget, Position, Slot, SlotValue } from './places.ts';

/**
 * Writes the program of the fast path for one operation. Its state is the text being scanned (`t`) and the place in it (`i`);
 * scanning is synchronous, so one program serves many executions at once. Names from outside are in it only as string
 * literals made by `JSON.stringify`.
 *
 * - `raw<n>(L)` checks an object whose text is taken as it is. The nodes in it are added to the pieces `P`, each after the text
 *   since `mark`.
 * - `node<n>(L)` reads an object into a node; nodes that later requests complete are put into the list of their place in `L`.
 * - `class N<n>` is such a node, with a slot for every field and `write()` for its JSON text.
 * - `collect<r>_<c>(L)` gathers the representations of an entity call.
 * - `request<r>(text, root, calls, L)` reads the answer to a request.
 */
export function spliceCode(places: Places): string {
  const slotNames = new Map<ObjectPlace, ReadonlyMap<string, string>>(
    places.all.map((place) => [
      place,
      new Map([...new Set([...place.slots.keys(), ...storedNames(place)])].map((name, i) => [name, `s${i}`])),
    ]),
  );
  const writer = new CodeWriter(slotNames, findRuns(places), places);
  return [
    '"use strict";let t="",i=0,str=plainString,P=[],mark=0;',
    'const at=(s)=>{if(!t.startsWith(s,i))throw DOUBT;i+=s.length;};',
    'const text=(v)=>typeof v==="string"?v:v.write();',
    'const orNull=(v)=>v===undefined?"null":typeof v==="string"?v:v.write();',
    'const must=(v)=>{if(v===undefined)throw DOUBT;return typeof v==="string"?v:v.write();};',
    ...places.all.map((place) =>
      place.isTransparent ? writer.rawFunction(place) : writer.nodeClass(place) + writer.nodeFunction(place),
    ),
    ...places.requests.flatMap((request, r) =>
      request.kind === 'root'
        ? [writer.rootRequest(r, request.slots, places.root)]
        : [...request.calls.map((targets, c) => writer.collect(r, c, targets)), writer.entityRequest(r, request.calls)],
    ),
    'const begin=(text)=>{t=text;i=0;str=text.includes("\\\\")?escapedString:plainString;};',
    'const end=()=>{at("}}");if(i!==t.length)throw DOUBT;t="";};',
    `return{createRoot:()=>new N${places.root.id}(),requests:[${places.requests
      .map((request, r) =>
        request.kind === 'root'
          ? `{read:request${r},collect:[]}`
          : `{read:request${r},collect:[${request.calls.map((_, c) => `collect${r}_${c}`).join(',')}]}`,
      )
      .join(',')}]};`,
  ].join('\n');
}

/** Slots that follow each other in an answer as they do in the client's: their text is one piece, names included. */
type Run = readonly Slot[];

/** Runs by the name of the first slot, for each place. A slot that something else looks at stands alone. */
function findRuns(places: Places): ReadonlyMap<ObjectPlace, ReadonlyMap<string, Run>> {
  const runs = new Map(places.all.map((place) => [place, new Map<string, Run>()]));
  const targets = places.requests.flatMap((request) => (request.kind === 'root' ? [] : request.calls.flat()));
  for (const place of places.all) {
    const here = targets.filter((target) => target.place === place);
    const answers = [place.own, ...here.map((target) => target.slots)];
    const isAlone = ({ name, value }: Slot): boolean =>
      here.some((target) => target.required.includes(name)) ||
      answers.filter((slots) => slots.some((slot) => slot.name === name)).length > 1 ||
      (value.kind === 'objects' && !isRaw(value.position));
    for (const slots of place === places.root ? [] : answers) {
      for (let k = 0; k < slots.length; k++) {
        const run = runAt(place, slots.slice(k), isAlone);
        const [first] = run;
        if (first !== undefined && run.length > 1) {
          runs.get(place)?.set(first.name, run);
          k += run.length - 1;
        }
      }
    }
  }
  return runs;
}

function runAt({ output }: ObjectPlace, slots: readonly Slot[], isAlone: (slot: Slot) => boolean): Run {
  const start = output.findIndex((field) => field.storedName === slots[0]?.name);
  if (start === -1) {
    return [];
  }
  const end = slots.findIndex((slot, k) => {
    const field = output[start + k];
    return isAlone(slot) || field?.storedName !== slot.name || field.outputName !== slot.name;
  });
  return end === -1 ? slots : slots.slice(0, end);
}

function storedNames(place: ObjectPlace): readonly string[] {
  return place.output.map((field) => field.storedName);
}

/** The variable that a slot is read into. */
type IntoSlot = (slot: Slot, k: number) => string;

const literal = (text: string): string => JSON.stringify(text);

class CodeWriter {
  readonly #slotNames: ReadonlyMap<ObjectPlace, ReadonlyMap<string, string>>;
  readonly #runs: ReadonlyMap<ObjectPlace, ReadonlyMap<string, Run>>;
  readonly #root: ObjectPlace;
  readonly #count: number;
  #next = 0;

  constructor(
    slotNames: ReadonlyMap<ObjectPlace, ReadonlyMap<string, string>>,
    runs: ReadonlyMap<ObjectPlace, ReadonlyMap<string, Run>>,
    { root, all }: Places,
  ) {
    this.#count = all.length;
    this.#slotNames = slotNames;
    this.#runs = runs;
    this.#root = root;
  }

  rawFunction(place: ObjectPlace): string {
    return `function raw${place.id}(L){${this.#objectBody(place.own, place, undefined)}}`;
  }

  nodeClass(place: ObjectPlace): string {
    const names = [...(this.#slotNames.get(place)?.values() ?? [])];
    const parts: string[] = [];
    for (let i = 0; i < place.output.length; i++) {
      const separator = i === 0 ? '{' : ',';
      const run = this.#runs.get(place)?.get(place.output[i]?.storedName ?? '');
      if (run === undefined) {
        parts.push(...place.output.slice(i, i + 1).map((field) => this.#writeField(place, field, separator)));
      } else {
        parts.push(this.#writeRun(place, place.output.slice(i, i + run.length), separator));
        i += run.length - 1;
      }
    }
    const isCached = isShared(place);
    const body = parts.length === 0 ? `"{}"` : `${parts.join('+')}+"}"`;
    return `class N${place.id}{constructor(){${names.map((name) => `this.${name}=undefined;`).join('')}this.x=0;${isCached ? 'this.w=undefined;' : ''}}write(){return ${isCached ? `this.w??=${body}` : body};}}`;
  }

  /** An expression for the name and the value of a field. */
  #writeField(place: ObjectPlace, field: OutputField, separator: string): string {
    const start = `${separator}${literal(field.outputName)}:`;
    if (field.kind !== 'field') {
      return literal(start + literal(place.typeName));
    }
    const value = `this.${this.#slot(place, field.storedName)}`;
    const isAlwaysThere = place !== this.#root && place.own.some(({ name }) => name === field.storedName);
    return `${literal(start)}+${isAlwaysThere ? 'text' : isNonNullType(field.type) ? 'must' : 'orNull'}(${value})`;
  }

  /** The same for fields that came in one piece, or not at all. */
  #writeRun(place: ObjectPlace, fields: readonly OutputField[], separator: string): string {
    const value = `this.${this.#slot(place, fields[0]?.storedName ?? '')}`;
    const canBeMissing = fields.every((field) => field.kind === 'field' && !isNonNullType(field.type));
    const missing = fields.map((field) => `${literal(field.outputName)}:null`).join(',');
    if (place.own.some(({ name }) => name === fields[0]?.storedName)) {
      return `${literal(separator)}+${value}`;
    }
    return `${literal(separator)}+${canBeMissing ? `(${value}??${literal(missing)})` : `must(${value})`}`;
  }

  nodeFunction(place: ObjectPlace): string {
    const body = this.#objectBody(place.own, place, (slot) => `n.${this.#slot(place, slot.name)}`);
    const list = place.isTarget ? `(L[${place.id}]??=[]).push(n);` : '';
    if (!isShared(place)) {
      return `function node${place.id}(L){const n=new N${place.id}();${body}${list}return n;}`;
    }
    // Checked first, and read only when it is the first of its text.
    const check = this.#objectBody(place.own, place, undefined);
    return `function node${place.id}(L){const from=i;${check}const k=t.slice(from,i),m=L[${place.id + this.#count}]??=new Map();let n=m.get(k);if(n===undefined){i=from;n=new N${place.id}();m.set(k,n);${body}${list}}return n;}`;
  }

  rootRequest(r: number, slots: readonly Slot[], root: ObjectPlace): string {
    const body = this.#fields(slots, root, (slot) => `root.${this.#slot(root, slot.name)}`);
    return `function request${r}(text,root,calls,L){begin(text);at('{"data":{');${body}end();}`;
  }

  /** Representations as text, unique; waiting nodes by place and representation. */
  collect(r: number, c: number, targets: readonly PlaceTarget[]): string {
    const loops = targets.map(({ place, required, mayLack }, p) => {
      const slots = required.map((name) => this.#slot(place, name));
      const missing = slots.map((slot) => `n.${slot}===undefined`).join('||') || 'false';
      const fields = required.map((name, k) => `${literal(`,${literal(name)}:`)}+n.${slots[k]}+`).join('');
      const representation = `${literal(`{"__typename":${literal(place.typeName)}`)}+${fields}"}"`;
      // Mostly one field tells entities apart; comparing the others is cheaper than writing all of them out.
      const differs = slots.slice(0, -1).map((slot) => `f.${slot}!==n.${slot}`);
      return `const m${p}=new Map();for(const n of L[${place.id}]??[]){if(${missing}){${mayLack ? 'throw DOUBT;' : 'continue;'}}
const f=m${p}.get(${slots.length === 0 ? '""' : `n.${slots[slots.length - 1]}`});let x;if(f!==undefined&&!(${differs.join('||') || 'false'}))x=f.x;else{
const k=${representation};x=all.get(k);if(x===undefined){x=reps.push(k)-1;all.set(k,x);}n.x=x;m${p}.set(${slots.length === 0 ? '""' : `n.${slots[slots.length - 1]}`},n);}
const w=waiting[${p}];if(w[x]===undefined)w[x]=[n];else w[x].push(n);}`;
    });
    return `function collect${r}_${c}(L){const all=new Map(),reps=[],waiting=[${targets.map(() => '[]').join(',')}];${loops.join('\n')}return{reps,waiting};}`;
  }

  entityRequest(r: number, calls: readonly (readonly PlaceTarget[])[]): string {
    const functions = calls.flatMap((targets, c) => targets.map((target, p) => this.#entityFunction(r, c, p, target)));
    const body = calls.map((targets, c) => {
      const scans = targets.map(
        (_, p) =>
          `const w${p}=calls[${c}].waiting[${p}][k];if(w${p}!==undefined){i=from;entity${r}_${c}_${p}(w${p},L);}`,
      );
      return `at(${c === 0 ? `'{"data":{'` : `','`});at(calls[${c}].key);
for(let k=0;k<calls[${c}].reps.length;k++){at(k===0?'[':',');if(t.startsWith('null',i)){i+=4;continue;}const from=i;${scans.join('')}}
if(calls[${c}].reps.length===0)at('[');at(']');`;
    });
    return `${functions.join('\n')}\nfunction request${r}(text,root,calls,L){begin(text);${body.join('')}end();}`;
  }

  /** Reads an entity once and puts it into all the nodes that wait for it. */
  #entityFunction(r: number, c: number, p: number, { place, slots, required }: PlaceTarget): string {
    const body = this.#objectBody(slots, place, (_, k) => `v${k}`);
    const assign = slots.map((slot, k) => {
      const name = this.#slot(place, slot.name);
      // What identifies the entity must come back as it was sent; the full algorithm knows how to compare it.
      const echo = required.includes(slot.name) ? `if(n.${name}!==v${k})throw DOUBT;` : '';
      return `${echo}n.${name}=v${k};`;
    });
    const declare = slots.length === 0 ? '' : `let ${slots.map((_, k) => `v${k}`).join(',')};`;
    return `function entity${r}_${c}_${p}(w,L){${declare}${body}for(const n of w){${assign.join('')}}}`;
  }

  #slot(place: ObjectPlace, name: string): string {
    const slot = this.#slotNames.get(place)?.get(name);
    if (slot !== undefined) {
      return slot;
    }
    // A required field that nothing brings: it stays undefined, as in the full algorithm.
    return 'missing';
  }

  /** Code that reads an object into the variables that `into` names, or only checks it. */
  #objectBody(slots: readonly Slot[], place: ObjectPlace, into: IntoSlot | undefined): string {
    return slots.length === 0 ? `at('{}');` : `at('{');${this.#fields(slots, place, into)}at('}');`;
  }

  #fields(slots: readonly Slot[], place: ObjectPlace, into: IntoSlot | undefined): string {
    const name = (slot: Slot, k: number): string => `at(${literal(`${k === 0 ? '' : ','}${literal(slot.name)}:`)});`;
    let code = '';
    let end = 0;
    slots.forEach((slot, k) => {
      const run = into === undefined ? undefined : this.#runs.get(place)?.get(slot.name);
      if (k < end) {
        return;
      }
      if (into === undefined) {
        code += name(slot, k) + this.#check(slot.value, place);
      } else if (run === undefined) {
        code += name(slot, k) + this.#read(slot, place, into(slot, k));
      } else {
        const start = `a${this.#next++}`;
        const checks = run.map((one, r) => name(one, r) + this.#check(one.value, place)).join('');
        code += `${k === 0 ? '' : `at(',');`}const ${start}=i;${checks}${into(slot, k)}=t.slice(${start},i);`;
        end = k + run.length;
      }
    });
    return code;
  }

  /** Code that reads a value into a variable. */
  #read(slot: Slot, place: ObjectPlace, into: string): string {
    const { value } = slot;
    if (value.kind === 'typename') {
      return `at(${literal(literal(place.typeName))});${into}=${literal(literal(place.typeName))};`;
    }
    const n = this.#next++;
    const check = this.#check(value, place);
    if (value.kind !== 'objects' || isRaw(value.position)) {
      return `const a${n}=i;${check}${into}=t.slice(a${n},i);`;
    }
    return `const p${n}=P,m${n}=mark;P=[];mark=i;${check}P.push(t.slice(mark,i));${into}=new Pieces(P);P=p${n};mark=m${n};`;
  }

  /** Code that checks a value and goes past it; nodes in it become pieces. */
  #check(value: SlotValue, place: ObjectPlace): string {
    switch (value.kind) {
      case 'typename':
        return `at(${literal(literal(place.typeName))});`;
      case 'leaf':
        return value.type === undefined ? 'i=any(t,i);' : checkType(value.type, leafCheck);
      case 'objects':
        return checkType(value.type, () => objectCall(value.position));
    }
  }
}

/** Objects of equal text become one node, where that text is small: what comes to one of them comes to all. */
function isShared(place: ObjectPlace): boolean {
  return place.isTarget && place.own.every(({ value }) => value.kind !== 'objects');
}

function isRaw(position: Position): boolean {
  return position.places.every((place) => place.isWhole);
}

function objectCall({ isAbstract, places }: Position): string {
  const call = (place: ObjectPlace): string =>
    place.isTransparent ? `raw${place.id}(L);` : `P.push(t.slice(mark,i),node${place.id}(L));mark=i;`;
  return isAbstract ? `{${byTypename(places, (place) => `${call(place)}break;`)}}` : places.map(call).join('');
}

/** Below an abstract type the planner asks for `__typename` first. */
function byTypename(places: readonly ObjectPlace[], then: (place: ObjectPlace) => string): string {
  const prefix = '{"__typename":"';
  return `if(!t.startsWith(${literal(prefix)},i))throw DOUBT;switch(t.slice(i+${prefix.length},t.indexOf('"',i+${prefix.length}))){${places
    .map((place) => `case ${literal(place.typeName)}:${then(place)}`)
    .join('')}default:throw DOUBT;}`;
}

function checkType(type: GraphQLOutputType, check: (type: GraphQLOutputType) => string): string {
  if (isNonNullType(type)) {
    return checkPresent(type.ofType, check);
  }
  return `if(t.startsWith('null',i))i+=4;else{${checkPresent(type, check)}}`;
}

function checkPresent(type: GraphQLOutputType, check: (type: GraphQLOutputType) => string): string {
  if (!isListType(type)) {
    return check(type);
  }
  return `at('[');if(t.charCodeAt(i)===93)i++;else for(;;){${checkType(type.ofType, check)}const d=t.charCodeAt(i++);if(d===93)break;if(d!==44)throw DOUBT;}`;
}

function leafCheck(type: GraphQLOutputType): string {
  const named = getNamedType(type);
  if (!isLeafType(named)) {
    throw new Error(`${named.name} is no leaf type.`);
  }
  if (isEnumType(named)) {
    const names = named.getValues().map(({ name }) => `case ${literal(name)}:`);
    return `{const e=str(t,i);switch(t.slice(i+1,e-1)){${names.join('')}break;default:throw DOUBT;}i=e;}`;
  }
  const scanner = scannerOf(named);
  return `${scanner === 'any' ? `if(t.startsWith('null',i))throw DOUBT;` : ''}i=${scanner}(t,i);`;
}

function scannerOf(type: GraphQLLeafType): string {
  switch (type.name) {
    case 'ID':
    case 'String':
      return 'str';
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
