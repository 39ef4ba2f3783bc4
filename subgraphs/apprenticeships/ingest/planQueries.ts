import type { MunicipalitySnapshot } from '../../../schema/municipalities/Municipality.ts';
import type { Feed, FeedQuery } from '../feeds/Feed.ts';
import { MODULE, toSearchArea } from '../SearchArea.ts';

export interface PlannedQuery extends FeedQuery {
  /** The municipalities that this question is asked for. */
  readonly slugs: readonly string[];
}

/** The questions to a feed for all municipalities that have the module on and take this source; equal ones once. */
export function planQueries(feed: Feed, { municipalities }: MunicipalitySnapshot): readonly PlannedQuery[] {
  const planned = new Map<string, PlannedQuery>();
  for (const municipality of municipalities.values()) {
    const area = toSearchArea(municipality);
    const isAsked =
      municipality.modules.get(MODULE)?.enabled === true &&
      feed.countries.includes(area.country) &&
      (area.sources === undefined || area.sources.includes(feed.name));
    if (isAsked) {
      const query = feed.toQuery(area);
      planned.set(query.key, { ...query, slugs: [...(planned.get(query.key)?.slugs ?? []), area.slug] });
    }
  }
  return [...planned.values()];
}
