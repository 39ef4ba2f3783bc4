import {
  type DefinitionNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  type InputValueDefinitionNode,
  type InterfaceTypeDefinitionNode,
  isInterfaceType,
  isTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  print,
  printSchema,
  type TypeDefinitionNode,
  type TypeNode,
} from 'graphql';

import { isFlagOn, type Municipality } from '../municipalities/Municipality.ts';
import type { FeatureMap } from './readFeatures.ts';

type Composite = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

/**
 * The SDL of the API schema as one municipality has it: without the gated fields, mutations and object types that are
 * off for it, and without the types that nothing leads to any more. Always a valid schema.
 *
 * Fields of Query stay, gated or not: they take any municipality, and a schema needs one; such a field goes only with
 * its type. Should that leave no field at all, the whole API schema is the answer.
 */
export function municipalitySchema(apiSchema: GraphQLSchema, features: FeatureMap, municipality: Municipality): string {
  const whole = printSchema(apiSchema);
  const { definitions } = parse(whole, { noLocation: true });
  const queryType = apiSchema.getQueryType()?.name ?? 'Query';
  const isOff = (flag: string | undefined) => flag !== undefined && !isFlagOn(municipality, flag);

  const types = new Map<string, TypeDefinitionNode>();
  for (const definition of definitions) {
    if (isTypeDefinitionNode(definition) && !isOff(features.types.get(definition.name.value)?.flag)) {
      types.set(definition.name.value, withoutFields(definition));
    }
  }
  while (dropWhatIsBroken(types, apiSchema)) {
    // one pass can break what another type leans on
  }
  if (!types.has(queryType)) {
    return whole;
  }
  const reached = reach(types, definitions, apiSchema);
  return `${definitions
    .map((definition) => shown(definition))
    .filter((definition) => definition !== undefined)
    .map((definition) => print(definition))
    .join('\n\n')}\n`;

  function shown(definition: DefinitionNode): DefinitionNode | undefined {
    if (definition.kind === Kind.SCHEMA_DEFINITION) {
      const operationTypes = definition.operationTypes.filter(({ type }) => reached.has(type.name.value));
      return { ...definition, operationTypes };
    }
    if (!isTypeDefinitionNode(definition)) {
      return definition;
    }
    const { value } = definition.name;
    return reached.has(value) ? types.get(value) : undefined;
  }

  function withoutFields(type: TypeDefinitionNode): TypeDefinitionNode {
    const { value } = type.name;
    return isComposite(type) && value !== queryType
      ? withFields(type, ({ name }) => !isOff(features.fields.get(`${value}.${name.value}`)?.flag))
      : type;
  }
}

/** One pass over all types: drops fields and members whose type is gone, then types with nothing left. True: it did. */
function dropWhatIsBroken(types: Map<string, TypeDefinitionNode>, apiSchema: GraphQLSchema): boolean {
  let hasChanged = false;
  for (const [name, type] of types) {
    const next = withoutMissing(type, types);
    if (next === undefined || (next.kind === Kind.INTERFACE_TYPE_DEFINITION && hasLostAll(name, types, apiSchema))) {
      types.delete(name);
      hasChanged = true;
    } else if (next !== type) {
      types.set(name, next);
      hasChanged = true;
    }
  }
  return hasChanged;
}

/** The same node when nothing of it is missing; undefined when nothing of it is left. */
function withoutMissing(
  type: TypeDefinitionNode,
  types: ReadonlyMap<string, TypeDefinitionNode>,
): TypeDefinitionNode | undefined {
  const isThere = (name: string) => types.has(name) || isBuiltIn(name);
  if (type.kind === Kind.UNION_TYPE_DEFINITION) {
    const members = type.types?.filter((member) => isThere(member.name.value)) ?? [];
    return members.length === 0
      ? undefined
      : members.length === type.types?.length
        ? type
        : { ...type, types: members };
  }
  if (!isComposite(type)) {
    return type;
  }
  // An implementation without the field would break the interface, and asking the interface would ask for what is off.
  const implementations = type.kind === Kind.INTERFACE_TYPE_DEFINITION ? implementationsOf(type.name.value, types) : [];
  const next = withFields(
    type,
    (field) =>
      isThere(nameOf(field.type)) &&
      implementations.every(({ fields }) => fields?.some(({ name }) => name.value === field.name.value)),
  );
  const interfaces = next.interfaces?.filter((one) => isThere(one.name.value)) ?? [];
  if (next.fields?.length === 0) {
    return undefined;
  }
  return interfaces.length === (next.interfaces?.length ?? 0) ? next : { ...next, interfaces };
}

/** Whether an interface had object types that implement it, and has none now: nothing can stand in its place. */
function hasLostAll(name: string, types: ReadonlyMap<string, TypeDefinitionNode>, apiSchema: GraphQLSchema): boolean {
  const before = apiSchema.getType(name);
  const objects = isInterfaceType(before) ? apiSchema.getPossibleTypes(before) : [];
  return objects.length > 0 && !objects.some((object) => types.has(object.name));
}

/** Names of all types that an operation can come to, by fields, arguments, or what is possible in a field's place. */
function reach(
  types: ReadonlyMap<string, TypeDefinitionNode>,
  definitions: readonly DefinitionNode[],
  apiSchema: GraphQLSchema,
): ReadonlySet<string> {
  const reached = new Set<string>();
  // An interface that is merely implemented stands in the schema, but does not lead to its other implementations.
  const implemented = new Set<string>();
  for (const root of [apiSchema.getQueryType(), apiSchema.getMutationType(), apiSchema.getSubscriptionType()]) {
    if (root) {
      visit(root.name);
    }
  }
  for (const definition of definitions) {
    if (definition.kind === Kind.DIRECTIVE_DEFINITION) {
      visitInputs(definition.arguments);
    }
  }
  return new Set([...reached, ...implemented]);

  function visit(name: string): void {
    const type = types.get(name);
    if (type === undefined || reached.has(name)) {
      return;
    }
    reached.add(name);
    if (type.kind === Kind.UNION_TYPE_DEFINITION) {
      for (const member of type.types ?? []) {
        visit(member.name.value);
      }
    } else if (type.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION) {
      visitInputs(type.fields);
    } else if (isComposite(type)) {
      visitFields(type.fields);
      for (const one of type.interfaces ?? []) {
        addImplemented(one.name.value);
      }
      for (const implementation of implementationsOf(name, types)) {
        visit(implementation.name.value);
      }
    }
  }

  function visitFields(fields: readonly FieldDefinitionNode[] | undefined): void {
    for (const { type, arguments: parameters } of fields ?? []) {
      visit(nameOf(type));
      visitInputs(parameters);
    }
  }

  function visitInputs(inputs: readonly InputValueDefinitionNode[] | undefined): void {
    for (const { type } of inputs ?? []) {
      visit(nameOf(type));
    }
  }

  function addImplemented(name: string): void {
    const type = types.get(name);
    if (type?.kind === Kind.INTERFACE_TYPE_DEFINITION && !implemented.has(name)) {
      implemented.add(name);
      visitFields(type.fields);
      for (const one of type.interfaces ?? []) {
        addImplemented(one.name.value);
      }
    }
  }
}

function implementationsOf(name: string, types: ReadonlyMap<string, TypeDefinitionNode>): readonly Composite[] {
  return [...types.values()]
    .filter(isComposite)
    .filter(({ interfaces }) => interfaces?.some((one) => one.name.value === name));
}

function withFields<T extends Composite>(type: T, isKept: (field: FieldDefinitionNode) => boolean): T {
  const fields = type.fields?.filter(isKept) ?? [];
  return fields.length === type.fields?.length ? type : { ...type, fields };
}

function isComposite(type: TypeDefinitionNode): type is Composite {
  return type.kind === Kind.OBJECT_TYPE_DEFINITION || type.kind === Kind.INTERFACE_TYPE_DEFINITION;
}

function isBuiltIn(name: string): boolean {
  return ['Int', 'Float', 'String', 'Boolean', 'ID'].includes(name);
}

function nameOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type);
}
