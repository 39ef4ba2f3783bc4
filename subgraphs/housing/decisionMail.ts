import type { MailMessage } from '../../platform/mail/Mailer.ts';
import type { Municipality } from '../../schema/municipalities/Municipality.ts';
import type { HousingOffer } from './HousingOffer.ts';
import { describeFlat, formatInstant, joinLanguages } from './mailParts.ts';

/** What the landlord is told of a moderator's decision. */
export interface DecisionMail {
  readonly to: string;
  /** `PUBLISHED` or `REJECTED` now. */
  readonly offer: HousingOffer;
  readonly municipality: Municipality;
  /** Of a rejection. */
  readonly reason: string | null;
}

/** The e-mail to the landlord, in German and English. It names no moderator. */
export function composeDecisionMail({ to, offer, municipality, reason }: DecisionMail): MailMessage {
  const place = municipality.name;
  const until = (locale: string) => formatInstant(offer.expiresAt, locale, municipality);
  if (offer.status === 'PUBLISHED') {
    return {
      to,
      subject: 'Ihr Wohnungsangebot ist freigegeben / Your housing offer is published',
      text: joinLanguages([
        `Guten Tag,

Ihr Wohnungsangebot für ${place} wurde geprüft und erscheint
bis ${until('de')}:

  ${describeFlat(offer, 'de')}

Zurückziehen können Sie es jederzeit mit dem Code aus unserer ersten E-Mail.`,
        `Hello,

your housing offer for ${place} was reviewed and is published
until ${until('en-GB')}:

  ${describeFlat(offer, 'en-GB')}

You can withdraw it at any time with the code from our first e-mail.`,
      ]),
    };
  }
  return {
    to,
    subject: 'Ihr Wohnungsangebot wurde nicht freigegeben / Your housing offer was not published',
    text: joinLanguages([
      `Guten Tag,

Ihr Wohnungsangebot für ${place} wurde geprüft und erscheint nicht:

  ${describeFlat(offer, 'de')}
${reason === null ? '' : `\nBegründung:\n${reason}\n`}
Alle Angaben dazu sind gelöscht.`,
      `Hello,

your housing offer for ${place} was reviewed and is not published:

  ${describeFlat(offer, 'en-GB')}
${reason === null ? '' : `\nReason:\n${reason}\n`}
All that you entered is erased.`,
    ]),
  };
}
