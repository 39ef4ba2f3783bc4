import { type ConstDirectiveNode, type ConstObjectFieldNode, type ConstValueNode, Kind, parse, visit } from 'graphql';

import { type EntityKeys, readEntityKeys } from './entityKeys.ts';
import { type IsNonNullIn, readNonNullFields } from './nonNullFields.ts';
import type { PlannerFields } from './prepareDocument.ts';

/** Reads from the join directives of a supergraph which fields the planner can add on its own, and the override labels. */
export function plannerFields(supergraphSdl: string): {
  readonly fields: PlannerFields;
  readonly keysOf: EntityKeys;
  readonly isNonNullIn: IsNonNullIn;
  readonly overrideLabels: readonly string[];
} {
  const names = new Set(['__typename']);
  const withArguments = new Set<string>();
  const overrideLabels = new Set<string>();
  const addFieldSet = (fieldSet: string): void => {
    visit(parse(fieldSet.trim().startsWith('{') ? fieldSet : `{${fieldSet}}`, { noLocation: true }), {
      Field(field) {
        names.add(field.name.value);
        if ((field.arguments?.length ?? 0) > 0) {
          withArguments.add(field.name.value);
        }
      },
    });
  };
  visit(parse(supergraphSdl, { noLocation: true }), {
    Directive(node) {
      if (node.name.value !== 'join__type' && node.name.value !== 'join__field') {
        return;
      }
      for (const argument of (node as ConstDirectiveNode).arguments ?? []) {
        switch (argument.name.value) {
          case 'key':
          case 'requires':
          case 'provides':
            for (const fieldSet of strings(argument.value)) {
              addFieldSet(fieldSet);
            }
            break;
          case 'contextArguments':
            for (const selection of contextSelections(argument.value)) {
              addFieldSet(selection);
            }
            break;
          case 'overrideLabel':
            for (const label of strings(argument.value)) {
              overrideLabels.add(label);
            }
            break;
        }
      }
    },
  });
  return {
    fields: { names, withArguments },
    keysOf: readEntityKeys(supergraphSdl),
    isNonNullIn: readNonNullFields(supergraphSdl),
    overrideLabels: [...overrideLabels],
  };
}

function strings(value: ConstValueNode): readonly string[] {
  return value.kind === Kind.STRING ? [value.value] : [];
}

/** `contextArguments: [{ context, name, type, selection }]`: the selections start at a type condition or a field. */
function contextSelections(value: ConstValueNode): readonly string[] {
  if (value.kind !== Kind.LIST) {
    return [];
  }
  const fields = value.values.flatMap((item): readonly ConstObjectFieldNode[] =>
    item.kind === Kind.OBJECT ? item.fields : [],
  );
  return fields.filter((field) => field.name.value === 'selection').flatMap((field) => strings(field.value));
}
