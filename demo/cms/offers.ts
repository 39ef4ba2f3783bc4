import type { CmsRegion } from './CmsRegion.ts';
import { CMS_HOST } from './RegionText.ts';

const THUMBNAILS = `${CMS_HOST}/media/offers`;

/** An offer as the CMS sends it: a link with the region's postcode, or a form that posts it. */
export function toOffer(alias: CmsRegion['offers'][number], { postcode }: CmsRegion) {
  switch (alias) {
    case 'ihk-lehrstellenboerse':
      return {
        name: 'IHK Lehrstellenbörse',
        alias,
        url: `https://ihk-lehrstellen.demo.example/angebote/suche?distance=1&location=${postcode}`,
        post: null,
        thumbnail: `${THUMBNAILS}/ihk.png`,
      };
    case 'lehrstellen-radar':
      return {
        name: 'Lehrstellenradar',
        alias,
        url: 'https://lehrstellenradar.demo.example/5100,90,lsrlist.html',
        post: { 'search-ls': '1', 'search-pr': '1', 'search-radius': '50', 'search-plz': postcode },
        thumbnail: `${THUMBNAILS}/radar.jpg`,
      };
    case 'sprungbrett':
      return {
        name: 'Sprungbrett',
        alias,
        url: `https://sprungbrett.demo.example/app-search-internships?location=${postcode}`,
        post: null,
        thumbnail: `${THUMBNAILS}/sprungbrett.jpg`,
      };
    case 'hilfe-formular':
      return {
        name: 'Hilfe anfragen',
        alias,
        url: '',
        thumbnail: '',
        post: { 'form-id': 'hilfe', 'zammad-url': 'https://tickets.demo.example' },
      };
  }
}
