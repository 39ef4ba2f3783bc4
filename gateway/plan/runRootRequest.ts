import type { PlannedRequest } from '../model/CompiledPlan.ts';
import { askSubgraph, emptyFields } from './askSubgraph.ts';
import type { Execution } from './executePlan.ts';
import { takeFields } from './mergeAnswer.ts';
import { clientPath, subgraphErrors } from './subgraphErrors.ts';
import { locateObjects, objectsAt } from './targets.ts';

/**
 * Asks for fields of a root type. They belong at the top of the answer, or at a path where a field of another type returns the
 * root type again (`Mutation.addOffer.query`).
 */
export async function runRootRequest(
  request: PlannedRequest,
  { path, fields }: Extract<PlannedRequest['work'], { kind: 'root' }>,
  execution: Execution,
): Promise<void> {
  const targets = objectsAt(execution.data, path);
  if (targets.length === 0) {
    return;
  }
  const answer = await askSubgraph(
    request,
    {},
    path,
    execution,
    () => {
      const [first] = locateObjects(execution.data, path);
      return first === undefined ? [] : emptyFields(first.object, first.position, fields, execution.names);
    },
    () => locateObjects(execution.data, path).map(({ position }) => ({ path: position })),
  );
  if (answer === undefined) {
    return;
  }
  for (const error of subgraphErrors(answer.errors, request.subgraph)) {
    const below = clientPath(error.path ?? [], fields, execution.names);
    for (const { position } of error.path === undefined ? [] : locateObjects(execution.data, path)) {
      execution.addError({ ...error, path: [...clientPath(position, undefined, execution.names), ...below] });
    }
    if (error.path === undefined) {
      execution.addError(error);
    }
  }
  for (const target of targets) {
    takeFields(target, answer.data, fields);
  }
}
