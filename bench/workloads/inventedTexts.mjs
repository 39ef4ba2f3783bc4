import { createHash } from 'node:crypto';

// Invented words in five languages and three scripts; sentences are drawn from them by a generator with a fixed seed.
const WORDS = {
  de: 'Willkommen in der Stadt|Anmeldung beim Bürgerbüro|Deutsch lernen für Anfänger|Ärztliche Hilfe und Krankenkasse|Öffnungszeiten über die Feiertage|Beratung für Zugewanderte|Wohnen und Nebenkosten|Schule, Kita und Ausbildung|Treffpunkt im Mehrgenerationenhaus|Führerschein umschreiben|Größere Familien unterstützen|Fußball für alle am Samstag',
  en: 'Welcome to the town|Register at the citizens’ office|Learn German from the start|Doctors and health insurance|Opening hours on holidays|Advice for newcomers|Rent and running costs|School, nursery and training|Meet your neighbours|Exchange your driving licence|Help for larger families|Football for everyone on Saturday',
  ar: 'مرحباً بكم في المدينة|التسجيل في مكتب المواطنين|تعلم اللغة الألمانية للمبتدئين|الأطباء والتأمين الصحي|ساعات العمل في أيام العطل|استشارات للوافدين الجدد|السكن والتكاليف الإضافية|المدرسة والروضة والتدريب المهني|لقاء مع الجيران|تحويل رخصة القيادة|دعم للعائلات الكبيرة|كرة القدم للجميع يوم السبت',
  uk: 'Ласкаво просимо до міста|Реєстрація в бюро громадян|Вивчення німецької для початківців|Лікарі та медичне страхування|Години роботи у свята|Консультації для новоприбулих|Оренда та комунальні витрати|Школа, садок і навчання|Зустріч із сусідами|Обмін посвідчення водія|Допомога великим родинам|Футбол для всіх у суботу',
  tr: 'Şehrimize hoş geldiniz|Vatandaş bürosuna kayıt|Yeni başlayanlar için Almanca|Doktorlar ve sağlık sigortası|Tatil günlerinde çalışma saatleri|Yeni gelenler için danışmanlık|Kira ve yan giderler|Okul, kreş ve meslek eğitimi|Komşularla buluşma|Sürücü belgesi değişimi|Kalabalık ailelere destek|Cumartesi günü herkese futbol',
};

export const LANGUAGES = [
  { tag: 'de', code: 'de', nativeName: 'Deutsch', direction: 'LEFT_TO_RIGHT' },
  { tag: 'en', code: 'en', nativeName: 'English', direction: 'LEFT_TO_RIGHT' },
  { tag: 'ar', code: 'ar', nativeName: 'العربية', direction: 'RIGHT_TO_LEFT' },
  { tag: 'uk', code: 'ua', nativeName: 'Українська', direction: 'LEFT_TO_RIGHT' },
  { tag: 'tr', code: 'tr', nativeName: 'Türkçe', direction: 'LEFT_TO_RIGHT' },
];

const PHRASES = Object.fromEntries(Object.entries(WORDS).map(([tag, words]) => [tag, words.split('|')]));

/** Numbers in [0, 1) that are the same for the same text (the generator known as mulberry32). */
export function createRandom(seed) {
  let state = createHash('sha256').update(seed).digest().readInt32LE();
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Draws from a list, a whole number below a bound, and texts of so many phrases in a language; the same for the same seed. */
export function createDraws(seed) {
  const random = createRandom(seed);
  const below = (bound) => Math.floor(random() * bound);
  const pick = (list) => list[below(list.length)];
  const text = (tag, phrases) => Array.from({ length: phrases }, () => pick(PHRASES[tag])).join('. ');
  return { below, pick, text };
}
