import type { LanguageRecord } from '../ContentRecord.ts';

/**
 * The language that a tag asks for, in any case: the same tag or CMS code, else the one that shares the most leading
 * subtags (RFC 4647, section 3.4, in both directions: `de-AT` finds `de`, `de` finds `de-DE`). The earlier wins a tie.
 */
export function matchLanguage(languages: readonly LanguageRecord[], wanted: string): LanguageRecord | undefined {
  const asked = subtagsOf(wanted);
  let best: LanguageRecord | undefined;
  let bestScore = 0;
  for (const language of languages) {
    const score = Math.max(...[language.tag, language.code].map((name) => scoreOf(asked, subtagsOf(name))));
    if (score > bestScore) {
      best = language;
      bestScore = score;
    }
  }
  return best;
}

/** Shared leading subtags count two each, a complete match one more; 0 where not even the language is the same. */
function scoreOf(asked: readonly string[], offered: readonly string[]): number {
  const differing = asked.findIndex((subtag, n) => subtag !== offered[n]);
  const shared = differing === -1 ? asked.length : differing;
  return shared === 0 ? 0 : shared * 2 + (shared === asked.length && shared === offered.length ? 1 : 0);
}

function subtagsOf(tag: string): readonly string[] {
  return tag.toLowerCase().split('-');
}
