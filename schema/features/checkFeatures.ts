import {
  buildASTSchema,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  parse,
  type SelectionSetNode,
  type TypeNode,
} from 'graphql';

import { findOptionFaults } from './checkModuleOptions.ts';
import { impliesFlag, isFlagName, suggestFlagName, suggestModule } from './flagName.ts';
import { findLiftingFaults } from './liftingFaults.ts';
import { bindField, findPathFault, findWays, isRootType } from './municipalityBinding.ts';
import {
  type FieldDeclaration,
  readDeclarations,
  type SdlPosition,
  type SubgraphSdl,
  type TypeDeclaration,
  type WrittenFeature,
} from './readDeclarations.ts';
import { type Feature, type FeatureMap, moduleOf, readFeatures } from './readFeatures.ts';

/** The rules for `@feature`; docs/composition-rules.md explains each. Codes are never renamed or reused. */
export type FeatureRule =
  | 'FEATURE_FLAG_INVALID'
  | 'FEATURE_MODULE_MISSPELT'
  | 'FEATURE_NOT_COMPOSED'
  | 'FEATURE_FIELD_NOT_NULLABLE'
  | 'FEATURE_TYPE_NOT_NULLABLE'
  | 'FEATURE_IN_KEY'
  | 'FEATURE_COPIES_DIFFER'
  | 'FEATURE_INTERFACE_MISMATCH'
  | 'FEATURE_REQUIRES_MISMATCH'
  | 'FEATURE_PATH_INVALID'
  | 'FEATURE_UNBOUND'
  | 'FEATURE_MUNICIPALITY_KEY'
  | 'FEATURE_OPTION_INVALID'
  | 'FEATURE_OPTION_MODULE'
  | 'FEATURE_OPTION_TWICE'
  | 'FEATURE_PARTLY_BOUND'
  | 'FEATURE_INTERFACE_WEAKER'
  | 'FEATURE_TYPE_IN_ABSTRACT';

/** One place that breaks a rule; the message says what is wrong and how to mend it. */
export interface FeatureFinding extends SdlPosition {
  readonly rule: FeatureRule;
  readonly message: string;
}

export interface FeatureFindings {
  /** The supergraph must not be used. */
  readonly problems: readonly FeatureFinding[];
  /** Works, but perhaps not as it was meant; or only the response stage protects. */
  readonly warnings: readonly FeatureFinding[];
  /** Worth knowing, nothing to mend. */
  readonly notes: readonly string[];
}

/** What every rule is given, and where it reports. */
interface Check {
  readonly schema: GraphQLSchema;
  readonly features: FeatureMap;
  readonly types: readonly TypeDeclaration[];
  /** Fields as their subgraphs resolve them: external and overridden copies left out. By `Type.field`. */
  readonly fields: ReadonlyMap<string, readonly FieldDeclaration[]>;
  readonly mutationType: string | undefined;
  readonly refuse: (rule: FeatureRule, position: SdlPosition, message: string) => void;
  readonly warn: (rule: FeatureRule, position: SdlPosition, message: string) => void;
}

/** Checks that everything that `@feature` gates can be gated (DESIGN.md, section 5). `modules` are the known ones. */
export function checkFeatures({
  subgraphs,
  supergraphSdl,
  modules,
}: {
  subgraphs: readonly SubgraphSdl[];
  supergraphSdl: string;
  modules: readonly string[];
}): FeatureFindings {
  const types = readDeclarations(subgraphs);
  const schema = buildASTSchema(parse(supergraphSdl, { noLocation: true }), { assumeValid: true });
  const problems = new Map<string, FeatureFinding>();
  const warnings = new Map<string, FeatureFinding>();
  const reportTo =
    (findings: Map<string, FeatureFinding>): Check['refuse'] =>
    (rule, position, message) => {
      const finding = { ...position, rule, message };
      findings.set(JSON.stringify(finding), finding);
    };
  const check: Check = {
    schema,
    features: readFeatures(supergraphSdl),
    types,
    fields: resolvedFields(types),
    mutationType: schema.getMutationType()?.name,
    refuse: reportTo(problems),
    warn: reportTo(warnings),
  };
  checkFlags(check, modules);
  checkNullability(check);
  checkKeys(check);
  checkCopies(check);
  checkInterfaces(check);
  checkRequires(check);
  checkBinding(check);
  for (const { rule, position, message } of findOptionFaults({ subgraphs, supergraphSdl, types, modules })) {
    check.refuse(rule, position, message);
  }
  // Only worth telling once the bindings themselves are right.
  if (problems.size === 0) {
    checkLifting(check);
  }
  const order = new Map(subgraphs.map(({ name }, index) => [name, index]));
  const inOrder = (findings: ReadonlyMap<string, FeatureFinding>): readonly FeatureFinding[] =>
    [...findings.values()].sort(
      (left, right) =>
        (order.get(left.subgraph) ?? 0) - (order.get(right.subgraph) ?? 0) ||
        left.line - right.line ||
        left.column - right.column,
    );
  return { problems: inOrder(problems), warnings: inOrder(warnings), notes: noteModules(check, modules) };
}

function checkFlags({ types, features, refuse }: Check, modules: readonly string[]): void {
  for (const { feature, coordinate, isGatedInSupergraph } of writtenFeatures()) {
    const { flag, position } = feature;
    if (flag === undefined || !isFlagName(flag)) {
      const suggestion = flag === undefined ? undefined : suggestFlagName(flag);
      refuse(
        'FEATURE_FLAG_INVALID',
        position,
        `${flag === undefined ? `@feature on ${coordinate} names no flag` : `"${flag}" is no flag`}: a flag is a module and parts of it in lower-case words, such as "housing" or "housing.contact".${suggestion === undefined ? '' : ` Write "${suggestion}".`}`,
      );
      continue;
    }
    const module = suggestModule(flag, modules);
    if (module !== undefined) {
      refuse(
        'FEATURE_MODULE_MISSPELT',
        position,
        `The flag "${flag}" names the unknown module "${moduleOf(flag)}". Did you mean "${module}${flag.slice(moduleOf(flag).length)}"? A module of your own needs a name less like it.`,
      );
    }
    if (!isGatedInSupergraph) {
      refuse(
        'FEATURE_NOT_COMPOSED',
        position,
        `@feature on ${coordinate} does not reach the supergraph, so nothing would be gated. Give the schema @link(url: "https://civigraph.org/feature/v1.0", import: ["@feature"]) and @composeDirective(name: "@feature").`,
      );
    }
  }

  function* writtenFeatures() {
    for (const type of types) {
      if (type.feature !== undefined) {
        yield { feature: type.feature, coordinate: type.name, isGatedInSupergraph: features.types.has(type.name) };
      }
      for (const { feature, coordinate } of type.fields) {
        if (feature !== undefined) {
          yield { feature, coordinate, isGatedInSupergraph: features.fields.has(coordinate) };
        }
      }
    }
  }
}

function checkNullability(check: Check): void {
  const { fields, mutationType, refuse, warn } = check;
  for (const field of [...fields.values()].flat()) {
    const { type, coordinate, node, position, feature } = field;
    const isRequired = node.type.kind === Kind.NON_NULL_TYPE;
    // A disabled mutation refuses the operation before it runs (docs/decisions/0001), so its payload may be required.
    if (feature !== undefined && isRequired && type !== mutationType) {
      refuse(
        'FEATURE_FIELD_NOT_NULLABLE',
        position,
        `${coordinate} is gated by "${feature.flag}" and must be null where the flag is off. Take the last "!" off its type.`,
      );
    }
    const returned = namedTypeOf(node.type);
    const flag = check.features.types.get(returned)?.flag;
    const own = [feature?.flag, check.features.types.get(type)?.flag];
    if (flag !== undefined && isRequired && !own.some((each) => each !== undefined && impliesFlag(each, flag))) {
      refuse(
        'FEATURE_TYPE_NOT_NULLABLE',
        position,
        `${coordinate} returns ${returned}, which is gated by "${flag}", and must be null where the flag is off. Take the last "!" off its type${type === mutationType ? ', or gate the mutation with the same flag' : ''}.`,
      );
    }
    const abstract = check.schema.getType(returned);
    if (isAbstractType(abstract) && hasRequiredPosition(node.type)) {
      for (const possible of check.schema.getPossibleTypes(abstract)) {
        const possibleFlag = check.features.types.get(possible.name)?.flag;
        if (possibleFlag !== undefined) {
          warn(
            'FEATURE_TYPE_IN_ABSTRACT',
            position,
            `${coordinate} may return ${possible.name}, which is gated by "${possibleFlag}". Where the flag is off, a null in its place takes what encloses it along. Take every "!" off its type, or @feature off ${possible.name}.`,
          );
        }
      }
    }
  }
}

function checkKeys({ schema, types, features, refuse }: Check): void {
  for (const { name, keys } of types) {
    for (const key of keys) {
      for (const [parent, field] of selectedFields(schema, name, key)) {
        const coordinate = `${parent}.${field}`;
        const returned = returnedType(schema, parent, field);
        const message = `A key of ${name} ("${key}") holds ${coordinate}, so entities of ${name} could not be found where the flag is off. Take @feature off`;
        for (const position of features.fields.has(coordinate) ? writtenOn(coordinate) : []) {
          refuse('FEATURE_IN_KEY', position, `${message} ${coordinate}, or leave the field out of the key.`);
        }
        for (const position of features.types.has(returned) ? writtenOn(returned) : []) {
          refuse('FEATURE_IN_KEY', position, `${message} ${returned}, or leave the field out of the key.`);
        }
      }
    }
  }

  function writtenOn(coordinate: string): readonly SdlPosition[] {
    return types
      .flatMap((type) => [
        type.name === coordinate ? type.feature : undefined,
        ...type.fields.map((field) => (field.coordinate === coordinate ? field.feature : undefined)),
      ])
      .flatMap((feature) => feature?.position ?? []);
  }
}

function checkCopies({ types, fields, refuse }: Check): void {
  for (const [coordinate, copies] of fields) {
    const first = copies.find(({ feature }) => feature !== undefined);
    for (const copy of copies) {
      if (first !== undefined && copy.feature?.flag !== first.feature?.flag) {
        refuse(
          'FEATURE_COPIES_DIFFER',
          copy.feature?.position ?? copy.position,
          `${coordinate} is gated by "${first.feature?.flag}" in the subgraph ${first.position.subgraph}, and ${copy.feature === undefined ? 'not gated' : `by "${copy.feature.flag}"`} here. Give every copy the same @feature(flag: "${first.feature?.flag}").`,
        );
      }
    }
  }
  // The flag of a type stands for all subgraphs, so one is enough; two that differ are not.
  const gated = new Map<string, WrittenFeature>();
  for (const { name, feature } of types) {
    const first = gated.get(name);
    if (feature !== undefined && first !== undefined && first.flag !== feature.flag) {
      refuse(
        'FEATURE_COPIES_DIFFER',
        feature.position,
        `${name} is gated by "${first.flag}" in the subgraph ${first.position.subgraph}, and by "${feature.flag}" here. Agree on one flag.`,
      );
    } else if (feature !== undefined) {
      gated.set(name, feature);
    }
  }
}

function checkInterfaces(check: Check): void {
  const { schema, features, fields, refuse, warn } = check;
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isInterfaceType(type)) {
      continue;
    }
    const { interfaces, objects } = schema.getImplementations(type);
    for (const implementation of [...interfaces, ...objects]) {
      for (const name of Object.keys(type.getFields())) {
        const onInterface = features.fields.get(`${type.name}.${name}`)?.flag;
        const coordinate = `${implementation.name}.${name}`;
        const onImplementation = features.fields.get(coordinate)?.flag;
        const carried = [onImplementation, features.types.get(implementation.name)?.flag];
        for (const { position, feature } of fields.get(coordinate) ?? []) {
          if (
            onInterface !== undefined &&
            !carried.some((flag) => flag !== undefined && impliesFlag(flag, onInterface))
          ) {
            refuse(
              'FEATURE_INTERFACE_MISMATCH',
              feature?.position ?? position,
              `${coordinate} implements ${type.name}.${name}, which is gated by "${onInterface}", and is ${onImplementation === undefined ? 'not gated' : `gated by "${onImplementation}"`}. Give it @feature(flag: "${onInterface}").`,
            );
          } else if (
            onImplementation !== undefined &&
            (onInterface === undefined || !impliesFlag(onInterface, onImplementation))
          ) {
            warn(
              'FEATURE_INTERFACE_WEAKER',
              feature?.position ?? position,
              `${coordinate} is gated by "${onImplementation}", ${type.name}.${name} is ${onInterface === undefined ? 'not gated' : `gated by "${onInterface}"`}: asked for through the interface, the field is null for some of its types, and each is asked apart. Give ${type.name}.${name} the same @feature if that is not meant.`,
            );
          }
        }
      }
    }
  }
}

function checkRequires({ schema, features, fields, refuse }: Check): void {
  for (const { coordinate, type, node, position, requires } of [...fields.values()].flat()) {
    const own = [
      features.fields.get(coordinate)?.flag,
      features.types.get(type)?.flag,
      features.types.get(namedTypeOf(node.type))?.flag,
    ];
    for (const [parent, name] of requires === undefined ? [] : selectedFields(schema, type, requires)) {
      for (const flag of [
        features.fields.get(`${parent}.${name}`)?.flag,
        features.types.get(returnedType(schema, parent, name))?.flag,
      ]) {
        if (flag !== undefined && !own.some((each) => each !== undefined && impliesFlag(each, flag))) {
          refuse(
            'FEATURE_REQUIRES_MISMATCH',
            position,
            `${coordinate} requires ${parent}.${name}, which is gated by "${flag}" and not there where the flag is off. Give ${coordinate} @feature(flag: "${flag}") or a flag below it.`,
          );
        }
      }
    }
  }
}

function checkBinding(check: Check): void {
  const { schema, features, types, fields, refuse, warn } = check;
  const ways = findWays(schema);
  for (const { name, feature } of types) {
    checkPath(feature, name, undefined);
  }
  for (const { type, name, coordinate, node, position, feature } of [...fields.values()].flat()) {
    const field = fieldOf(schema, type, name);
    checkPath(feature, type, field);
    const returned = namedTypeOf(node.type);
    const onType = features.types.get(returned);
    if ((feature === undefined && onType === undefined) || isPathNamed(check, type, coordinate, onType)) {
      continue;
    }
    const flag = feature?.flag ?? onType?.flag;
    const what = feature === undefined ? `${coordinate}, which returns ${returned},` : coordinate;
    const mend = `Ask for it below Municipality, give the root field a "municipality" argument (String or ID), or name the path to the slug: @feature(flag: "${flag}", municipality: "municipality.slug")`;
    const binding = bindField(schema, ways, type, field);
    if (binding.kind === 'unbound') {
      refuse(
        'FEATURE_UNBOUND',
        feature?.position ?? position,
        `${what} is gated by "${flag}", but no municipality is known where it is asked for (${binding.freeWay}). ${mend}.`,
      );
    } else if (binding.kind === 'partly') {
      warn(
        'FEATURE_PARTLY_BOUND',
        feature?.position ?? position,
        `${what} is gated by "${flag}", but on some ways to it no municipality is known (${binding.freeWay}), and there it is always null. ${mend}.`,
      );
    }
  }

  function checkPath(
    feature: WrittenFeature | undefined,
    type: string,
    field: GraphQLField<unknown, unknown> | undefined,
  ): void {
    const path = feature?.municipalityPath;
    const fault = path === undefined ? undefined : findPathFault(schema, path, type, field);
    if (feature !== undefined && fault !== undefined) {
      refuse(
        'FEATURE_PATH_INVALID',
        feature.position,
        `@feature names the municipality by "${path}", but ${fault}. Name a path from ${type} to a String or an ID, such as "municipality.slug", or an argument of the field, such as "$municipality".`,
      );
    }
  }
}

/** What the gate asks for behind a fetch, it asks for by a key: the subgraph must have one. */
function checkLifting({ schema, features, types, refuse }: Check): void {
  for (const { rule, position, message } of findLiftingFaults(schema, features, types)) {
    refuse(rule, position, message);
  }
}

/**
 * Whether a path says which municipality decides over a field, where nothing around it does: its own path, else its type's;
 * of an ungated field that of the type it returns. A root type leads nowhere: there only an argument can be named.
 */
function isPathNamed(
  { features, schema }: Check,
  type: string,
  coordinate: string,
  onType: Feature | undefined,
): boolean {
  const own = features.fields.get(coordinate);
  if (own === undefined) {
    return onType?.municipalityPath !== undefined && type !== schema.getMutationType()?.name;
  }
  const path = own.municipalityPath ?? features.types.get(type)?.municipalityPath;
  return path !== undefined && (path.startsWith('$') || !isRootType(schema, type));
}

/** One note for each module that is not ours: partners add modules, so that is no fault. */
function noteModules({ features }: Check, modules: readonly string[]): readonly string[] {
  const added = new Set(features.flags.filter(isFlagName).map(moduleOf));
  return [...added]
    .filter((module) => !modules.includes(module) && suggestModule(module, modules) === undefined)
    .map((module) => `The module "${module}" is not one of ours; municipalities switch it by that name.`);
}

function resolvedFields(types: readonly TypeDeclaration[]): ReadonlyMap<string, readonly FieldDeclaration[]> {
  const all = types.flatMap(({ fields }) => fields);
  const overridden = new Set(
    all.flatMap(({ coordinate, overrides }) => (overrides === undefined ? [] : `${coordinate} ${overrides}`)),
  );
  const fields = new Map<string, FieldDeclaration[]>();
  for (const field of all) {
    if (!field.isExternal && !overridden.has(`${field.coordinate} ${field.position.subgraph}`)) {
      fields.set(field.coordinate, [...(fields.get(field.coordinate) ?? []), field]);
    }
  }
  return fields;
}

/** Every field that the selection of a `@key` or `@requires` holds, with its parent type. */
function selectedFields(
  schema: GraphQLSchema,
  type: string,
  selection: string,
): readonly (readonly [string, string])[] {
  const [definition] = parse(`{ ${selection} }`, { noLocation: true }).definitions;
  return definition?.kind === Kind.OPERATION_DEFINITION ? collect(definition.selectionSet, type) : [];

  function collect({ selections }: SelectionSetNode, parent: string): (readonly [string, string])[] {
    return selections.flatMap((node) => {
      if (node.kind === Kind.INLINE_FRAGMENT) {
        return collect(node.selectionSet, node.typeCondition?.name.value ?? parent);
      }
      if (node.kind !== Kind.FIELD) {
        return [];
      }
      const name = node.name.value;
      const inner =
        node.selectionSet === undefined ? [] : collect(node.selectionSet, returnedType(schema, parent, name));
      return [[parent, name] as const, ...inner];
    });
  }
}

function fieldOf(schema: GraphQLSchema, type: string, name: string): GraphQLField<unknown, unknown> | undefined {
  const parent = schema.getType(type);
  return isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
}

/** Empty when there is no such field. */
function returnedType(schema: GraphQLSchema, type: string, name: string): string {
  const field = fieldOf(schema, type, name);
  return field === undefined ? '' : getNamedType(field.type).name;
}

function namedTypeOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedTypeOf(type.type);
}

function hasRequiredPosition(type: TypeNode): boolean {
  return type.kind === Kind.NON_NULL_TYPE || (type.kind === Kind.LIST_TYPE && hasRequiredPosition(type.type));
}
