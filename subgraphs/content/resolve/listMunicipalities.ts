import type { QueryMunicipalitiesArgs } from '../../../schema/generated/content.ts';
import { isFlagEnabled, type Municipality } from '../../../schema/municipalities/Municipality.ts';
import type { Connection } from '../../kit/connection.ts';
import type { RegionRecord } from '../ContentRecord.ts';
import { sortKeyOf } from '../normalise/plainText.ts';
import type { ContentContext } from './ContentContext.ts';
import { pageList } from './pageList.ts';
import { readNear } from './readNear.ts';

interface Candidate {
  readonly municipality: Municipality;
  readonly region: RegionRecord | null;
}

/** All municipalities of the register by name, with what the CMS adds to be found by. */
export async function listMunicipalities(
  { filter, ...page }: QueryMunicipalitiesArgs,
  context: ContentContext,
): Promise<Connection<Municipality>> {
  const all = [...context.snapshot.municipalities.values()];
  const inCms = all.filter(({ cmsRegion }) => cmsRegion !== undefined);
  const regions = await context.regions.loadMany(inCms.map(({ slug }) => slug));
  const bySlug = new Map(
    inCms.map(({ slug }, n): [string, RegionRecord | null] => {
      const region = regions[n] ?? null;
      if (region instanceof Error) {
        throw region;
      }
      return [slug, region];
    }),
  );
  const isNear = readNear(filter?.near);
  const text = filter?.text === null || filter?.text === undefined ? '' : sortKeyOf(filter.text);
  const found = all
    .map((municipality): Candidate => ({ municipality, region: bySlug.get(municipality.slug) ?? null }))
    .filter(
      ({ municipality, region }) =>
        (filter?.includeHidden === true || (!municipality.hidden && region?.live !== false)) &&
        (filter?.country === null || filter?.country === undefined || municipality.country === filter.country) &&
        (filter?.module === null ||
          filter?.module === undefined ||
          isFlagEnabled(context.snapshot, municipality.slug, filter.module)) &&
        (text === '' || textsOf({ municipality, region }).some((candidate) => sortKeyOf(candidate).includes(text))) &&
        isNear(region?.location ?? municipality.location),
    );
  return pageList(found, page, {
    orderOf: ({ municipality, region }) => [sortKeyOf(region?.name ?? municipality.name), municipality.slug],
    width: 2,
    load: ({ municipality }) => municipality,
  });
}

function textsOf({ municipality, region }: Candidate): readonly string[] {
  return [
    municipality.name,
    municipality.postcode ?? '',
    region?.name ?? '',
    region?.postcode ?? '',
    ...(region?.aliases ?? []).map(({ name }) => name),
  ];
}
