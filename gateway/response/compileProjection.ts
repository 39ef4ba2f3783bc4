import {
  type GraphQLCompositeType,
  type GraphQLLeafType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';

import type { JsonObject } from '../model/Json.ts';
import { runtimeType } from './completeResponse.ts';
import type { OutputField, OutputSelection } from './OutputSelection.ts';
import { quoteJson } from './quoteJson.ts';

/** Writes the JSON text of a merged answer, or undefined where something in it is not as the schema says. */
export type Projection = (data: JsonObject) => string | undefined;

type WriteObject = (object: JsonObject) => string;
type WriteAbstract = (object: JsonObject) => string;

/** Thrown, without a stack, to leave the writing for the full algorithm. */
const DOUBT = Symbol('doubt');

/**
 * Compiles a selection into functions that write the answer straight as JSON text, in the order that the client asked for: one
 * function per object type and selection, made when the first object of it is met. They know only answers in which every value
 * is of its type or a permitted null; anything else is left to `completeResponse`.
 */
export function compileProjection(
  schema: GraphQLSchema,
  rootType: string,
  selection: OutputSelection,
  onCode: (characters: number) => void,
): Projection {
  let write: WriteObject | undefined;
  return (data) => {
    try {
      write ??= compileObject({ schema, onCode }, rootType, selection);
      return write(data);
    } catch (error) {
      if (error === DOUBT) {
        return undefined;
      }
      throw error;
    }
  };
}

interface ProjectionContext {
  readonly schema: GraphQLSchema;
  readonly onCode: (characters: number) => void;
}

/** Collects what the generated code refers to; names of the code are positions in `values`. */
interface Code {
  readonly values: unknown[];
  next: number;
}

function compileObject(context: ProjectionContext, typeName: string, selection: OutputSelection): WriteObject {
  const code: Code = { values: [], next: 0 };
  const statements: string[] = [];
  selection.fieldsOf(typeName).forEach((field, i) => {
    const start = `${i === 0 ? '{' : ','}${JSON.stringify(field.outputName)}:`;
    statements.push(fieldStatements(context, typeName, field, start, code));
  });
  const body = `"use strict";return function(o){let s='';${statements.join('')}return s+${statements.length === 0 ? "'{}'" : "'}'"};}`;
  return instantiate(body, code, context);
}

function fieldStatements(
  context: ProjectionContext,
  typeName: string,
  field: OutputField,
  start: string,
  code: Code,
): string {
  switch (field.kind) {
    case 'typename':
      return isObjectType(context.schema.getType(typeName))
        ? `s+=${JSON.stringify(start + JSON.stringify(typeName))};`
        : `throw doubt;`;
    case 'introspection':
      return `s+=${JSON.stringify(start)}+JSON.stringify(o[${JSON.stringify(field.storedName)}]??null);`;
    case 'field': {
      const value = `v${code.next++}`;
      return `s+=${JSON.stringify(start)};const ${value}=o[${JSON.stringify(field.storedName)}];${valueStatement(context, field.type, value, field.selection, code)}`;
    }
  }
}

/** A statement that appends the value in the variable `value` to `s`. */
function valueStatement(
  context: ProjectionContext,
  type: GraphQLOutputType,
  value: string,
  selection: OutputSelection | undefined,
  code: Code,
): string {
  if (isNonNullType(type)) {
    return `if(${value}==null)throw doubt;${presentStatement(context, type.ofType, value, selection, code)}`;
  }
  return `if(${value}==null)s+='null';else{${presentStatement(context, type, value, selection, code)}}`;
}

function presentStatement(
  context: ProjectionContext,
  type: GraphQLOutputType,
  value: string,
  selection: OutputSelection | undefined,
  code: Code,
): string {
  if (isListType(type)) {
    const index = `i${code.next++}`;
    const item = `v${code.next++}`;
    const write = valueStatement(context, type.ofType, item, selection, code);
    return `if(!Array.isArray(${value}))throw doubt;s+='[';for(let ${index}=0;${index}<${value}.length;${index}++){if(${index}!==0)s+=',';const ${item}=${value}[${index}];${write}}s+=']';`;
  }
  if (isLeafType(type)) {
    return leafStatement(type, value, code);
  }
  if (selection === undefined || isNonNullType(type)) {
    throw new Error('A composite type without a selection.');
  }
  const writer = `a${code.values.push(objectWriter(context, type, selection)) - 1}`;
  return `if(typeof ${value}!=='object'||Array.isArray(${value}))throw doubt;s+=${writer}(${value});`;
}

/** Mirrors `completeLeaf`. */
function leafStatement(type: GraphQLLeafType, value: string, code: Code): string {
  if (isEnumType(type)) {
    const names = `a${code.values.push(new Map(type.getValues().map(({ name }) => [name, JSON.stringify(name)]))) - 1}`;
    const text = `v${code.next++}`;
    return `const ${text}=${names}.get(${value});if(${text}===undefined)throw doubt;s+=${text};`;
  }
  switch (isSpecifiedScalarType(type) ? type.name : '') {
    case 'Int':
      return `if(typeof ${value}!=='number'||(${value}|0)!==${value})throw doubt;s+=${value};`;
    case 'Float':
      return `if(typeof ${value}!=='number'||!Number.isFinite(${value}))throw doubt;s+=${value};`;
    case 'Boolean':
      return `if(typeof ${value}!=='boolean')throw doubt;s+=${value};`;
    case 'ID':
      return `if(typeof ${value}==='string')s+=quote(${value});else if(Number.isInteger(${value}))s+='"'+${value}+'"';else throw doubt;`;
    case 'String':
      return `if(typeof ${value}!=='string')throw doubt;s+=quote(${value});`;
    default:
      return `s+=JSON.stringify(${value});`;
  }
}

/** Writes an object of a type or, below an abstract type, of the type that it says it has. */
function objectWriter(
  context: ProjectionContext,
  type: GraphQLCompositeType,
  selection: OutputSelection,
): WriteAbstract {
  if (!isAbstractType(type)) {
    let write: WriteObject | undefined;
    return (object) => {
      write ??= compileObject(context, type.name, selection);
      return write(object);
    };
  }
  const writers = new Map<unknown, WriteObject>();
  return (object) => {
    const { __typename: typename } = object;
    let write = writers.get(typename);
    if (write === undefined) {
      const typeName = runtimeType(context.schema, type, typename);
      if (typeName === undefined) {
        throw DOUBT;
      }
      write = compileObject(context, typeName, selection);
      writers.set(typename, write);
    }
    return write(object);
  };
}

/**
 * Makes the function. Its text holds names only as JSON string literals, and everything that came from outside went through
 * `JSON.stringify`, so no alias can become code.
 */
function instantiate(body: string, { values }: Code, { onCode }: ProjectionContext): WriteObject {
  onCode(body.length);
  const names = values.map((_, i) => `a${i}`);
  const make = new Function('doubt', 'quote', ...names, body);
  return make(DOUBT, quoteJson, ...values) as WriteObject;
}
