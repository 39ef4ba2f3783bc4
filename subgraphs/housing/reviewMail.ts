import type { MailMessage } from '../../platform/mail/Mailer.ts';
import type { Municipality } from '../../schema/municipalities/Municipality.ts';
import { type HousingOffer, REVIEW_DAYS } from './HousingOffer.ts';
import { describeFlat, frontendPage, joinLanguages } from './mailParts.ts';

export interface ReviewMail {
  /** The address that the municipality's file names. */
  readonly to: string;
  readonly token: string;
  readonly offer: HousingOffer;
  readonly municipality: Municipality;
  /** Where a frontend serves `/<slug>/housing/review/<id>`. */
  readonly publicUrl: string | undefined;
}

interface Wording {
  readonly locale: string;
  readonly text: (facts: {
    readonly place: string;
    readonly offer: string;
    readonly link: string;
    readonly id: string;
    readonly token: string;
  }) => string;
}

const SUBJECT = 'Ein Wohnungsangebot wartet auf Ihre Prüfung / A housing offer waits for your review';

const GERMAN: Wording = {
  locale: 'de',
  text: ({ place, offer, link, id, token }) => `Guten Tag,

für ${place} wurde ein Wohnungsangebot eingestellt und per E-Mail bestätigt.
Es erscheint erst, wenn Sie es freigeben. Nach ${REVIEW_DAYS} Tagen ohne Entscheidung
wird es gelöscht. Alles hinter ">" hat die anbietende Person geschrieben:

${offer}
${link === '' ? '' : `\nFreigeben oder ablehnen:\n${link}\n`}
Nummer des Angebots:
${id}
Ihr Code zum Freigeben oder Ablehnen:
${token}

Mit demselben Code können Sie das Angebot auch nach der Freigabe löschen.
Geben Sie ihn nicht weiter.`,
};

const ENGLISH: Wording = {
  locale: 'en-GB',
  text: ({ place, offer, link, id, token }) => `Hello,

a housing offer for ${place} was placed and confirmed by e-mail.
It appears only when you approve it. After ${REVIEW_DAYS} days without a decision
it is erased. Everything behind ">" was written by the person who offers:

${offer}
${link === '' ? '' : `\nApprove or reject:\n${link}\n`}
Number of the offer:
${id}
Your code to approve or reject:
${token}

The same code can still erase the offer after you have approved it.
Do not pass it on.`,
};

/**
 * The e-mail with which a moderator decides, in German and English. What the landlord wrote is quoted line by line, so
 * that it cannot pass for the text or a link of the e-mail itself. The token stands in the fragment of the link.
 */
export function composeReviewMail({ to, token, offer, municipality, publicUrl }: ReviewMail): MailMessage {
  const page = frontendPage(publicUrl, municipality, `review/${offer.id}`);
  const texts = [GERMAN, ENGLISH].map(({ locale, text }) =>
    text({
      place: municipality.name,
      offer: quote(offer, locale),
      link: page === undefined ? '' : `${page}#${token}`,
      id: offer.id,
      token,
    }),
  );
  return { to, subject: SUBJECT, text: joinLanguages(texts) };
}

function quote(offer: HousingOffer, locale: string): string {
  const { title, description, place, landlord } = offer;
  const town = [place?.postcode, place?.town].filter(isGiven).join(' ');
  const address = [place?.street, town].filter(isGiven).join(', ');
  const person = [landlord?.name, landlord?.phone].filter(isGiven).join(', ');
  return [title, describeFlat(offer, locale), address, person, description]
    .filter(isGiven)
    .flatMap((part) => part.split(/[\n\u2028\u2029]/))
    .map((line) => `> ${line}`)
    .join('\n');
}

function isGiven(text: string | null | undefined): text is string {
  return text !== null && text !== undefined && text !== '';
}
