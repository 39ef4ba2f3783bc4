import {
  type GraphQLCompositeType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { ERRORS } from '../../schema/errorCodes.ts';
import { createBareObject, isJsonObject, type JsonObject } from '../model/Json.ts';
import { MAX_ERRORS, type ResponseError } from '../model/ResponseError.ts';
import { completeLeaf, INVALID } from './leafValues.ts';
import type { OutputField, OutputSelection } from './OutputSelection.ts';

export interface CompletedResponse {
  readonly data: JsonObject | null;
  readonly errors: readonly ResponseError[];
}

/** Null because of an error that is reported already. */
const NULLED = Symbol('nulled');
/** A non-null position without a value: the object around it becomes null. */
const BUBBLE = Symbol('bubble');

type Path = (string | number)[];
type FieldWithType = Extract<OutputField, { kind: 'field' }>;

/**
 * Completes the merged answer: selects, checks and orders what the client asked for, with nulls and errors where the GraphQL
 * specification puts them (sections 6.4.3 and 6.4.4). This is the full algorithm with paths; answers in which nothing is
 * wrong are written by the compiled projection, which gives up at the first doubt.
 *
 * `earlier` are the errors of the plan: a null that one of them explains is no second error.
 */
export function completeResponse(
  schema: GraphQLSchema,
  rootType: string,
  selection: OutputSelection,
  data: JsonObject,
  earlier: readonly ResponseError[],
): CompletedResponse {
  const errors: ResponseError[] = [];
  const path: Path = [];

  function addError(problem: string, isNull: boolean): void {
    if (errors.length < MAX_ERRORS && !(isNull && earlier.some((error) => explains(error, path)))) {
      const { message, extensions } = ERRORS.SUBGRAPH_INVALID_RESPONSE.create(problem);
      errors.push({ message, path: [...path], extensions });
    }
  }

  function completeObject(typeName: string, value: JsonObject, selected: OutputSelection): JsonObject | typeof BUBBLE {
    const object = createBareObject();
    for (const field of selected.fieldsOf(typeName)) {
      const completed = completeField(field, typeName, value);
      if (completed === BUBBLE) {
        return BUBBLE;
      }
      object[field.outputName] = completed;
    }
    return object;
  }

  function completeField(field: OutputField, typeName: string, value: JsonObject): unknown {
    path.push(field.outputName);
    try {
      switch (field.kind) {
        case 'typename':
          if (!isObjectType(schema.getType(typeName))) {
            addError(`Expected the concrete type of an object, got the interface ${typeName}.`, false);
            return BUBBLE;
          }
          return typeName;
        case 'introspection':
          return value[field.storedName] ?? null;
        case 'field': {
          const completed = completeValue(field.type, value[field.storedName], field);
          return completed === NULLED ? null : completed;
        }
      }
    } finally {
      path.pop();
    }
  }

  function completeValue(type: GraphQLOutputType, value: unknown, field: FieldWithType): unknown {
    if (!isNonNullType(type)) {
      return completeNullable(type, value, field);
    }
    const completed = completeNullable(type.ofType, value, field);
    if (completed === null) {
      addError(`Cannot return null for non-nullable field ${field.parentType}.${field.outputName}.`, true);
    }
    return completed === null || completed === NULLED ? BUBBLE : completed;
  }

  /** A value, null where there is none, or `NULLED`. */
  function completeNullable(type: GraphQLOutputType, value: unknown, field: FieldWithType): unknown {
    if (value === null || value === undefined) {
      return null;
    }
    if (isListType(type)) {
      return completeList(type.ofType, value, field);
    }
    if (isLeafType(type)) {
      const leaf = completeLeaf(type, value);
      if (leaf !== INVALID) {
        return leaf;
      }
      addError(
        `Expected a value of type ${type.name} for ${field.parentType}.${field.outputName}, got another.`,
        false,
      );
      return NULLED;
    }
    if (isCompositeType(type) && field.selection !== undefined) {
      const typeName = isJsonObject(value) ? runtimeType(schema, type, value.__typename) : undefined;
      if (!isJsonObject(value) || typeName === undefined) {
        addError(`Expected an object of type ${type.name} for ${field.parentType}.${field.outputName}.`, false);
        return NULLED;
      }
      const object = completeObject(typeName, value, field.selection);
      return object === BUBBLE ? NULLED : object;
    }
    throw new Error(`${field.parentType}.${field.outputName} is not an output type.`);
  }

  function completeList(itemType: GraphQLOutputType, value: unknown, field: FieldWithType): unknown {
    if (!Array.isArray(value)) {
      addError(`Expected a list for ${field.parentType}.${field.outputName}.`, false);
      return NULLED;
    }
    let isNulled = false;
    const list = value.map((item: unknown, i) => {
      path.push(i);
      const completed = completeValue(itemType, item, field);
      path.pop();
      isNulled ||= completed === BUBBLE;
      return completed === NULLED ? null : completed;
    });
    return isNulled ? NULLED : list;
  }

  const completed = completeObject(rootType, data, selection);
  return { data: completed === BUBBLE ? null : completed, errors };
}

/**
 * The type by which the fields of an object are collected; undefined where its `__typename` is none that clients know. An object
 * type in the schema is taken as such, whatever the subgraph calls it.
 */
export function runtimeType(schema: GraphQLSchema, type: GraphQLCompositeType, typename: unknown): string | undefined {
  if (!isAbstractType(type)) {
    return type.name;
  }
  if (typename === undefined || typename === type.name) {
    return isInterfaceType(type) ? type.name : undefined;
  }
  const concrete = typeof typename === 'string' ? schema.getType(typename) : undefined;
  return (isObjectType(concrete) || isInterfaceType(concrete)) && schema.isSubType(type, concrete)
    ? concrete.name
    : undefined;
}

/** Whether an error of a fetch accounts for a null at a path: it is there, above or below, or lists positions nobody knows. */
function explains(error: ResponseError, path: readonly (string | number)[]): boolean {
  if (error.path === undefined) {
    return true;
  }
  const hasPositions = error.path.some((step) => typeof step === 'number');
  const place = hasPositions ? path : path.filter((step) => typeof step === 'string');
  const shared = Math.min(error.path.length, place.length);
  return error.path.slice(0, shared).every((step, i) => step === place[i]);
}
