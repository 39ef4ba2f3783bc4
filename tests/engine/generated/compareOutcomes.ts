import type { Outcome, Outcomes } from './world.ts';

/** What differs between the ways of executing an operation; empty: nothing. */
export function differences({ apollo, withoutContexts, ours }: Outcomes): readonly string[] {
  const [first, ...others] = Object.entries(ours);
  if (first === undefined) {
    return ['Nothing was executed.'];
  }
  return [
    ...againstApollo(withoutContexts, apollo),
    ...others.flatMap(([way, outcome]) => amongOurs(way, outcome, first[0], first[1])),
  ];
}

function againstApollo(ours: Outcome, apollo: Outcome): string[] {
  const found: string[] = [];
  if (!isEqual(ours.data, apollo.data)) {
    found.push(`data: ours ${ours.data}, @apollo/gateway ${apollo.data}`);
  }
  if (ours.hasBadList !== apollo.hasBadList) {
    found.push(`lists of entities: ours ${ours.hasBadList}, @apollo/gateway ${apollo.hasBadList}`);
  }
  // Where there is no answer, ours names only what it leaves empty.
  const isFailure = (error: string): boolean => /SUBGRAPH_(?:UNAVAILABLE|INVALID_RESPONSE)$/.test(error);
  const [own, others] = inOneOnly(ours.fetchErrors, apollo.fetchErrors) ?? [[], []];
  const isAround = (error: string): boolean => {
    const [path, code] = error.split(' ');
    return [...apollo.fetchErrors].some((other) => other.startsWith(`${path}.`) && other.endsWith(` ${code}`));
  };
  const unexpected = own.filter(
    (error) => !(ours.hasBadList && error.endsWith('INVALID_RESPONSE')) && !(isFailure(error) && isAround(error)),
  );
  const missed = others.filter((error) => !isFailure(error) || ![...ours.fetchErrors].some(isFailure));
  if (unexpected.length > 0 || missed.length > 0) {
    found.push(`errors: ours alone ${unexpected.join(', ')}; @apollo/gateway alone ${missed.join(', ')}`);
  }
  // Where a fetch has said why there is no value, the missing value is not reported once more.
  const explained = [...ours.fetchErrors].map((error) => error.slice(0, error.lastIndexOf(' ')));
  const isExplained = (path: string): boolean =>
    explained.some((other) => other === 'no path' || other === path || other.startsWith(`${path}.`) || path.startsWith(`${other}.`) || isElsewhere(other, path));
  // An object without a known concrete type is the error, where @apollo/gateway names the `__typename` in it.
  const atObject = (path: string): string =>
    ours.completionErrors.has(path) ? path : path.replace(/\.__typename$/, '');
  const named = new Set([...apollo.completionErrors].map(atObject));
  const ownOnly = [...ours.completionErrors].filter((path) => !named.has(path));
  const missing = [...named].filter((path) => !ours.completionErrors.has(path) && !isExplained(path));
  if (ownOnly.length > 0 || missing.length > 0) {
    found.push(`values: ours alone ${ownOnly.join(', ')}; @apollo/gateway alone ${missing.join(', ')}`);
  }
  return found;
}

/** The error of a failed fetch names the first of several objects. */
function isElsewhere(other: string, path: string): boolean {
  const plain = (text: string): string => text.split('.').filter((step) => !/^\d+$/.test(step)).join('.');
  const [one, two] = [plain(other), plain(path)];
  return one === two || one.startsWith(`${two}.`) || two.startsWith(`${one}.`);
}

function amongOurs(way: string, outcome: Outcome, otherWay: string, other: Outcome): string[] {
  const found: string[] = [];
  if (outcome.data !== other.data) {
    found.push(`data: ${way} ${outcome.data}, ${otherWay} ${other.data}`);
  }
  for (const kind of ['fetchErrors', 'completionErrors'] as const) {
    const errors = inOneOnly(outcome[kind], other[kind]);
    if (errors !== undefined) {
      found.push(`${kind}: ${way} alone ${errors[0].join(', ')}; ${otherWay} alone ${errors[1].join(', ')}`);
    }
  }
  return found;
}

/** An answer carries 100 errors at most, so only those of smaller ones can be compared. */
function inOneOnly(one: ReadonlySet<string>, other: ReadonlySet<string>): readonly [string[], string[]] | undefined {
  const ones = [...one].filter((error) => !other.has(error));
  const others = [...other].filter((error) => !one.has(error));
  return (ones.length === 0 && others.length === 0) || Math.max(one.size, other.size) > 90 ? undefined : [ones, others];
}

/** Equal but for the order of names. */
function isEqual(one: string, other: string): boolean {
  return one === other || sorted(JSON.parse(one)) === sorted(JSON.parse(other));
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}
