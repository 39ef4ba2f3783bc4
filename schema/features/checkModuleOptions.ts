import { parse, Source } from 'graphql';

import type { FeatureRule } from './checkFeatures.ts';
import { suggestModule } from './flagName.ts';
import { findModuleOptions, OPTION_DIRECTIVE, readModuleOption, readModuleOptions } from './moduleOptions.ts';
import { type SdlPosition, type SubgraphSdl, type TypeDeclaration, toSdlPosition } from './readDeclarations.ts';
import { moduleOf } from './readFeatures.ts';

/** One `@moduleOption` that breaks a rule. */
export interface OptionFault {
  readonly rule: FeatureRule;
  readonly position: SdlPosition;
  readonly message: string;
}

/**
 * Checks that municipalities can set what subgraphs declare: each option once, readable, and of a module that the same
 * subgraph gates something by. `modules` are ours, whose options are not declared in SDL.
 */
export function findOptionFaults({
  subgraphs,
  supergraphSdl,
  types,
  modules,
}: {
  subgraphs: readonly SubgraphSdl[];
  supergraphSdl: string;
  types: readonly TypeDeclaration[];
  modules: readonly string[];
}): readonly OptionFault[] {
  const faults: OptionFault[] = [];
  const declared = new Map<string, SdlPosition>();
  const written = subgraphs.flatMap(({ name, sdl, file }) =>
    findModuleOptions(parse(new Source(sdl, file ?? name)).definitions).map((directive) => ({
      reading: readModuleOption(directive),
      position: toSdlPosition({ name, file }, directive.loc),
    })),
  );
  for (const { reading, position } of written) {
    const refuse = (rule: FeatureRule, message: string) => faults.push({ rule, position, message });
    if (reading.kind === 'invalid') {
      refuse('FEATURE_OPTION_INVALID', `@${OPTION_DIRECTIVE} cannot be read: ${reading.message}.`);
      continue;
    }
    const { module, name } = reading.option;
    const gated = modulesGatedBy(types, position.subgraph);
    if (modules.includes(module)) {
      refuse(
        'FEATURE_OPTION_MODULE',
        `"${module}" is a module of ours, whose options are fixed. Name your own module.`,
      );
    } else if (!gated.includes(module)) {
      const near = suggestModule(module, gated);
      const mend = near === undefined ? `Give a field @feature(flag: "${module}").` : `Did you mean "${near}"?`;
      refuse(
        'FEATURE_OPTION_MODULE',
        `This subgraph gates nothing by the module "${module}", so its option "${name}" has no owner. ${mend}`,
      );
    }
    const first = declared.get(`${module}.${name}`);
    if (first !== undefined) {
      const place = `${first.file ?? first.subgraph}:${first.line}:${first.column}`;
      refuse(
        'FEATURE_OPTION_TWICE',
        `The option "${name}" of "${module}" is declared at ${place} already. Leave one out.`,
      );
    }
    declared.set(`${module}.${name}`, first ?? position);
  }
  const carried =
    faults.length > 0
      ? undefined
      : new Set(readModuleOptions(supergraphSdl).map(({ module, name }) => `${module}.${name}`));
  for (const [option, position] of declared) {
    if (carried?.has(option) === false) {
      const message = `The option "${option}" does not reach the supergraph, so no municipality could set it. Give the schema @link(url: "https://civigraph.org/feature/v1.0", import: ["@feature", "@${OPTION_DIRECTIVE}"]) and @composeDirective(name: "@${OPTION_DIRECTIVE}").`;
      faults.push({ rule: 'FEATURE_NOT_COMPOSED', position, message });
    }
  }
  return faults;
}

function modulesGatedBy(types: readonly TypeDeclaration[], subgraph: string): readonly string[] {
  const features = types
    .filter(({ position }) => position.subgraph === subgraph)
    .flatMap(({ feature, fields }) => [feature, ...fields.map((field) => field.feature)]);
  return [...new Set(features.flatMap((feature) => (feature?.flag === undefined ? [] : moduleOf(feature.flag))))];
}
