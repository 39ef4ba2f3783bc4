/** What a newcomer is offered to try: all three modules of one municipality in one answer. */
export const EXAMPLE_OPERATION = `# All modules of one municipality, from three subgraphs
{
  municipality(slug: "augsburg") {
    name
    languages { tag }
    modules { name enabled }
    pages(language: "de", first: 3) { nodes { title children { nodes { title } } } }
    events(language: "de", first: 3) { nodes { title startsAt } }
    locations(language: "ar", first: 3) { nodes { title isFallback } }
    apprenticeships(first: 3) { totalCount nodes { title employer distanceKm sources { name } } }
    housingOffers(first: 3) { nodes { title totalRentCents } }
  }
}
`;
