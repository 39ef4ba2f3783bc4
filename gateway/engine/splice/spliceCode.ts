import { findLayouts } from './layout.ts';
import type { Places } from './places.ts';
import { ReadCode } from './readCode.ts';
import { WriteCode } from './writeCode.ts';

/**
 * Writes the program of the fast path for one operation. Its state is the answer being read (`A`, its view `D`, the tape `T`
 * and how far it is written, `k`) and the execution it belongs to (`S`); reading and writing are synchronous, so one program
 * serves many executions at once. Names from outside are in it only as string literals made by `JSON.stringify`, and as
 * numbers.
 *
 * `O` has a bit for each variable of the gate that is false for the answer being read.
 *
 * Where positions are told, `P` holds the indexes of the lists that are being read, `L` of them, while a root request is read.
 *
 * `last<n>` is the object of a place that was read last, `known<n>` its entities by text; both are about one answer.
 */
export function spliceCode(places: Places, tellsPositions: boolean): string {
  const layouts = findLayouts(places);
  const read = new ReadCode(layouts, places.variables, tellsPositions);
  const write = new WriteCode(layouts);
  const objects = places.all.filter((place) => place !== places.root);
  const kept = [...layouts.values()].filter(({ kind, place }) => kind !== 'text' && place !== places.root);
  const last = kept.map(({ place, kind }) => `last${place.id}=${kind === 'entity' ? 'undefined' : '-1'}`);
  const known = kept.filter(({ place }) => place.isTarget).map(({ place }) => `known${place.id}=undefined`);
  const perAnswer = [...last, ...known];
  return [
    '"use strict";let D,A,S,T,k=0,O=0;',
    tellsPositions ? 'let L=0,P;' : '',
    perAnswer.length === 0 ? '' : `let ${perAnswer.join(',')};`,
    'function room(n){if(k+n>T.length)T=scratch.grow();}',
    `function begin(state,answer,off){S=state;A=answer;D=answer.view;T=scratch.tape;k=0;O=off;${tellsPositions ? 'L=0;P=undefined;' : ''}${perAnswer.map((one) => `${one};`).join('')}}`,
    `function end(i){const d=D;if(i+2!==A.end||d.getUint16(i,true)!==32125)throw DOUBT;A.tape=scratch.take(k);A=D=S=T=undefined;${perAnswer.map((one) => `${one};`).join('')}}`,
    ...[...objects, places.root]
      .filter((place) => place.isTarget || place === places.root)
      .map((place) => read.entityClass(place)),
    ...objects.map((place) => read.objectFunction(place)),
    ...places.requests.flatMap((request, r) =>
      request.kind === 'root'
        ? [read.rootRequest(r, request.slots, places.root)]
        : [...request.calls.map((call, c) => read.collect(r, c, call)), read.entityRequest(r, request.calls)],
    ),
    write.holesFunction(),
    ...objects.map((place) => write.objectFunction(place)),
    write.rootFunction(places.root),
    `return{start:(isKnown)=>({root:new E${places.root.id}(undefined,0,0,0),lists:[],isKnown,isLost:false}),write,requests:[${places.requests
      .map((request, r) => {
        const collect = request.kind === 'root' ? [] : request.calls.map((_, c) => `collect${r}_${c}`);
        return `{read:request${r},isDivisible:${request.isDivisible},collect:[${collect.join(',')}]}`;
      })
      .join(',')}]};`,
  ].join('\n');
}
