/** One page of the tree that every region begins with. */
export interface PageNode {
  readonly key: string;
  /** Offers that are shown in the page, where the region has them. */
  readonly offers?: readonly string[];
  readonly children?: readonly PageNode[];
}

export const PAGE_TREE: readonly PageNode[] = [
  {
    key: 'welcome',
    children: [
      { key: 'about' },
      { key: 'first-steps', children: [{ key: 'registration' }, { key: 'bank' }] },
      { key: 'advice', offers: ['hilfe-formular'] },
    ],
  },
  {
    key: 'language',
    children: [
      { key: 'integration-course', children: [{ key: 'course-costs' }] },
      { key: 'language-cafe' },
      { key: 'interpreters' },
    ],
  },
  {
    key: 'residence',
    children: [
      { key: 'immigration-office' },
      { key: 'permit', children: [{ key: 'extension' }] },
      { key: 'asylum' },
      { key: 'citizenship' },
    ],
  },
  {
    key: 'work',
    children: [
      { key: 'job-search' },
      { key: 'recognition' },
      {
        key: 'apprenticeship',
        offers: ['sprungbrett', 'lehrstellen-radar', 'ihk-lehrstellenboerse'],
        children: [{ key: 'internship', offers: ['sprungbrett'] }],
      },
      { key: 'work-rights' },
    ],
  },
  {
    key: 'family',
    children: [{ key: 'childcare' }, { key: 'school', children: [{ key: 'enrolment' }] }, { key: 'benefits' }],
  },
  {
    key: 'health',
    children: [{ key: 'emergency' }, { key: 'doctor', children: [{ key: 'insurance' }] }, { key: 'mental-health' }],
  },
  {
    key: 'housing',
    children: [
      { key: 'flat-search' },
      { key: 'rental-contract', children: [{ key: 'running-costs' }] },
      { key: 'waste' },
    ],
  },
  {
    key: 'everyday',
    children: [{ key: 'transport' }, { key: 'library' }, { key: 'sports' }],
  },
];
