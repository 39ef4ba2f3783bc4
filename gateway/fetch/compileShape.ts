import { type DocumentNode, Kind, type SelectionSetNode } from 'graphql';

import { createBareObject, isJsonObject, type JsonObject } from '../model/Json.ts';

/** The response names that a selection asks for, and below each what it asks for there. */
export interface Shape {
  /**
   * What is asked of an object of a type: two fragments may ask different fields of different types under one name. A type
   * that no fragment tells apart, or that is not known, is asked for all.
   */
  fieldsOf(type: unknown): ReadonlyMap<string, ShapeField>;
  /** Whether objects can be of this type and no other. */
  isConcrete(type: string): boolean;
  /** What is asked of each entity, where the operation asks for entities: a client may call any other field `_entities`. */
  readonly entity?: Shape | undefined;
}

interface ShapeField {
  readonly below: Shape | undefined;
  /** Each entry is one place where the field stands; it counts when all of its conditions hold. Empty entry: always. */
  readonly conditions: readonly (readonly Condition[])[];
}

interface Condition {
  readonly variable: string;
  readonly expected: boolean;
}

/** The concrete types of a type condition; of a concrete type itself alone. */
type ConcreteTypes = (condition: string) => readonly string[];

/** Reads the shape of a fetch's answer off its operation. */
export function compileShape(document: DocumentNode, concreteTypes: ConcreteTypes): Shape {
  const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (operation?.kind !== Kind.OPERATION_DEFINITION) {
    return toShape([], concreteTypes);
  }
  const shape = toShape([{ selections: operation.selectionSet, conditions: [] }], concreteTypes);
  const [first] = operation.selectionSet.selections;
  const asksEntities = first?.kind === Kind.FIELD && first.name.value === '_entities';
  return asksEntities ? { ...shape, entity: shape.fieldsOf(undefined).get('_entities')?.below } : shape;
}

interface Part {
  readonly selections: SelectionSetNode;
  readonly conditions: readonly Condition[];
}

function toShape(parts: readonly Part[], concreteTypes: ConcreteTypes): Shape {
  /** The types that some fragment is for. */
  const told = new Set<string>();
  const ofAll = read(undefined);
  const ofTypes = new Map<string, ReadonlyMap<string, ShapeField>>();
  return {
    isConcrete: (type) => concreteTypes(type).every((each) => each === type),
    fieldsOf(type) {
      if (typeof type !== 'string' || !told.has(type)) {
        return ofAll;
      }
      const fields = ofTypes.get(type) ?? read(type);
      ofTypes.set(type, fields);
      return fields;
    },
  };

  function read(type: string | undefined): ReadonlyMap<string, ShapeField> {
    const found = new Map<string, { below: Part[]; conditions: (readonly Condition[])[] }>();
    const visit = ({ selections, conditions }: Part): void => {
      for (const selection of selections.selections) {
        const own = [...conditions, ...conditionsOf(selection.directives ?? [])];
        if (selection.kind === Kind.INLINE_FRAGMENT) {
          if (isFor(type, selection.typeCondition?.name.value)) {
            visit({ selections: selection.selectionSet, conditions: own });
          }
        } else if (selection.kind === Kind.FIELD) {
          const name = selection.alias?.value ?? selection.name.value;
          const entry = found.get(name) ?? { below: [], conditions: [] };
          found.set(name, entry);
          entry.conditions.push(own);
          if (selection.selectionSet !== undefined) {
            entry.below.push({ selections: selection.selectionSet, conditions: own });
          }
        }
      }
    };
    parts.forEach(visit);
    return new Map(
      [...found].map(([name, { below, conditions }]) => [
        name,
        { below: below.length === 0 ? undefined : toShape(below, concreteTypes), conditions },
      ]),
    );
  }

  function isFor(type: string | undefined, condition: string | undefined): boolean {
    if (condition === undefined) {
      return true;
    }
    // Behind an `@interfaceObject` a subgraph names the interface as if it were a type.
    const types = [condition, ...concreteTypes(condition)];
    if (type === undefined) {
      for (const each of types) {
        told.add(each);
      }
    }
    return type === undefined || types.includes(type);
  }
}

function conditionsOf(
  directives: NonNullable<SelectionSetNode['selections'][number]['directives']>,
): readonly Condition[] {
  return directives.flatMap(({ name, arguments: given }) => {
    const value = given?.[0]?.value;
    const isCondition = (name.value === 'include' || name.value === 'skip') && value?.kind === Kind.VARIABLE;
    return isCondition ? [{ variable: value.name.value, expected: name.value === 'include' }] : [];
  });
}

/**
 * A copy of what a subgraph sent that holds only what was asked of it: names nobody selected, and names excluded by a
 * variable, are left out, so that no subgraph can write into another one's fields. `type`: what an object was asked for
 * as, whatever it says of itself.
 */
export function pruneTo(
  shape: Shape,
  value: unknown,
  variables: Readonly<Record<string, unknown>>,
  type?: unknown,
): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => pruneTo(shape, item, variables, type));
  }
  return isJsonObject(value) ? pruneObject(shape, value, variables, type ?? value.__typename) : value;
}

function pruneObject(
  shape: Shape,
  value: JsonObject,
  variables: Readonly<Record<string, unknown>>,
  type: unknown,
): JsonObject {
  const kept = createBareObject();
  for (const [name, { below, conditions }] of shape.fieldsOf(type)) {
    if (
      Object.hasOwn(value, name) &&
      conditions.some((each) => each.every(({ variable, expected }) => variables[variable] !== !expected))
    ) {
      kept[name] = below === undefined ? value[name] : pruneTo(below, value[name], variables);
    }
  }
  return kept;
}
