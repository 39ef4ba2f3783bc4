import { CMS_LANGUAGES, DEFAULT_LANGUAGE, type LanguageCode } from './languages.ts';
import { CMS_HOST } from './RegionText.ts';

/** All categories of the installation; regions share them. */
const CATEGORIES = [
  { key: 'advice', icon: 'advice', color: '#07DC03' },
  { key: 'office', icon: 'office', color: '#1DC6C6' },
  { key: 'education', icon: 'education', color: '#7A4FE0' },
  { key: 'health', icon: 'medical_aid', color: '#D60B4A' },
  { key: 'leisure', icon: 'leisure', color: '#2E98FB' },
  { key: 'shopping', icon: 'shopping', color: '#FFA321' },
  { key: 'meeting', icon: 'meeting_point', color: '#E0357E' },
  { key: 'other', icon: 'other', color: '#585858' },
] as const;

export function toCategories(code: LanguageCode) {
  return CATEGORIES.map(({ key }) => toCategory(key, code));
}

export function toCategory(key: string, code: LanguageCode) {
  const index = CATEGORIES.findIndex((category) => category.key === key);
  const category = CATEGORIES[index];
  if (category === undefined) {
    return null;
  }
  const { icon, color } = category;
  return {
    id: index + 1,
    name: CMS_LANGUAGES[code].texts.categories[key] ?? CMS_LANGUAGES[DEFAULT_LANGUAGE].texts.categories[key] ?? key,
    color,
    icon,
    icon_url: `${CMS_HOST}/static/svg/poi-category-icons/${icon}.svg`,
    icon_color: `${icon}_${color}`,
  };
}
