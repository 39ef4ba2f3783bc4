import type { MailMessage } from '../../platform/mail/Mailer.ts';
import type { Municipality } from '../../schema/municipalities/Municipality.ts';
import { CONFIRMATION_HOURS, type HousingOffer } from './HousingOffer.ts';
import { moderatorOf } from './housingOptions.ts';
import { describeFlat, formatInstant, frontendPage, joinLanguages } from './mailParts.ts';

export interface ConfirmationMail {
  readonly to: string;
  readonly token: string;
  readonly offer: HousingOffer;
  readonly municipality: Municipality;
  readonly createdAt: Date;
  /** Where a frontend serves `/<slug>/housing/confirm` and `/<slug>/housing/withdraw`. */
  readonly publicUrl: string | undefined;
}

interface Wording {
  readonly locale: string;
  readonly text: (facts: Facts) => string;
}

interface Facts {
  readonly place: string;
  readonly createdAt: string;
  readonly until: string;
  readonly flat: string;
  readonly isModerated: boolean;
  readonly confirm: string;
  readonly withdraw: string;
  readonly token: string;
}

const SUBJECT = 'Bitte bestätigen Sie Ihr Wohnungsangebot / Please confirm your housing offer';

const GERMAN: Wording = {
  locale: 'de',
  text: ({ place, createdAt, until, flat, isModerated, confirm, withdraw, token }) => `Guten Tag,

am ${createdAt} wurde mit dieser E-Mail-Adresse
ein Wohnungsangebot für ${place} eingestellt:

  ${flat}

Bis Sie es bestätigen, sieht es niemand.${isModerated ? '\nDanach wird es geprüft, bevor es erscheint.' : ''}
${confirm === '' ? '' : `\nBestätigen (bis ${until}):\n${confirm}\n\nJederzeit zurückziehen, alle Angaben werden dann gelöscht:\n${withdraw}\n`}
Ihr Code zum Bestätigen (bis ${until}) und Zurückziehen:
${token}

Das waren nicht Sie? Dann tun Sie einfach nichts: Unbestätigte Angebote
werden nach ${CONFIRMATION_HOURS} Stunden gelöscht.`,
};

const ENGLISH: Wording = {
  locale: 'en-GB',
  text: ({ place, createdAt, until, flat, isModerated, confirm, withdraw, token }) => `Hello,

on ${createdAt} this e-mail address was used
to place a housing offer for ${place}:

  ${flat}

Nobody sees it until you confirm it.${isModerated ? '\nIt is then reviewed before it appears.' : ''}
${confirm === '' ? '' : `\nConfirm (until ${until}):\n${confirm}\n\nWithdraw at any time, which erases all that you entered:\n${withdraw}\n`}
Your code to confirm (until ${until}) and to withdraw:
${token}

This was not you? Then simply do nothing: unconfirmed offers are erased
after ${CONFIRMATION_HOURS} hours.`,
};

/**
 * The e-mail with the token, in German and English.
 *
 * It repeats no text of the form: whoever enters a stranger's address must not be able to write to that stranger.
 * The token stands in the fragment of the links, which browsers send to no server and to no referrer.
 */
export function composeConfirmationMail({
  to,
  token,
  offer,
  municipality,
  createdAt,
  publicUrl,
}: ConfirmationMail): MailMessage {
  const link = (page: string) => {
    const address = frontendPage(publicUrl, municipality, page);
    return address === undefined ? '' : `${address}#${token}`;
  };
  const texts = [GERMAN, ENGLISH].map(({ locale, text }) =>
    text({
      place: municipality.name,
      createdAt: formatInstant(createdAt, locale, municipality),
      until: formatInstant(offer.expiresAt, locale, municipality),
      flat: describeFlat(offer, locale),
      isModerated: moderatorOf(municipality) !== undefined,
      confirm: link('confirm'),
      withdraw: link('withdraw'),
      token,
    }),
  );
  return { to, subject: SUBJECT, text: joinLanguages(texts) };
}
