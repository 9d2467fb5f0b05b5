import { moment } from "../app/i18n/dates.ts";
import { Bullets, Heading, OwnLink, Paragraph } from "./layout.tsx";
import type { ConfirmationMail } from "./payload.ts";
import { Programme, programmeText, visitLine } from "./programme.tsx";
import { OpeningPart, openingText } from "./prose.tsx";
import { linkText, pick, title, typedSubject, type Writing } from "./words.ts";

/** "We have your registration": what became of the visits, the programme as it stands, and the way back in. */
export const confirmation = {
  subject({ locale, t }: Writing, { edition, opening }: ConfirmationMail): string {
    if (opening) return typedSubject(locale, opening);
    return t("mail.confirmation.subject", {
      city: pick(locale, edition.cityEn, edition.cityZh).text,
      year: edition.startsOn.slice(0, 4),
    });
  },

  text(writing: Writing, mail: ConfirmationMail): Array<string> {
    const { locale, t, links } = writing;
    const { edition } = mail;
    return [
      ...(mail.opening
        ? openingText(writing, mail.opening)
        : [t("mail.confirmation.thanks", { title: title(locale, edition).text })]),
      ...(mail.receipt === undefined ? [] : [receiptLine(writing, mail.receipt, edition.homeTimeZone)]),
      "",
      t("mail.confirmation.change"),
      ...linkText(writing, t("mail.registration.open"), links.registration),
      ...(mail.visits.length === 0
        ? []
        : [
            "",
            t("mail.confirmation.visits"),
            ...mail.visits.map((visit) => `- ${visitLine(writing, visit, edition.timeZone)}`),
          ]),
      "",
      ...(mail.version === null
        ? [t("mail.confirmation.noProgramme")]
        : [
            t("mail.confirmation.programme", { version: mail.version }),
            ...programmeText({ writing, items: mail.programme, timeZone: edition.timeZone }),
            "",
            t("mail.confirmation.calendar"),
          ]),
    ];
  },

  Part({ writing, mail }: { writing: Writing; mail: ConfirmationMail }) {
    const { locale, t, links } = writing;
    const { edition } = mail;
    return (
      <>
        {mail.opening ? (
          <OpeningPart writing={writing} opening={mail.opening} />
        ) : (
          <Paragraph>{t("mail.confirmation.thanks", { title: title(locale, edition).text })}</Paragraph>
        )}
        {mail.receipt === undefined ? null : (
          <Paragraph>{receiptLine(writing, mail.receipt, edition.homeTimeZone)}</Paragraph>
        )}
        <Paragraph>{t("mail.confirmation.change")}</Paragraph>
        <OwnLink href={links.registration}>{t("mail.registration.open")}</OwnLink>
        {mail.visits.length === 0 ? null : (
          <>
            <Heading>{t("mail.confirmation.visits")}</Heading>
            <Bullets items={mail.visits.map((visit) => visitLine(writing, visit, edition.timeZone))} />
          </>
        )}
        {mail.version === null ? (
          <Paragraph>{t("mail.confirmation.noProgramme")}</Paragraph>
        ) : (
          <>
            <Heading>{t("mail.confirmation.programme", { version: mail.version })}</Heading>
            <Programme writing={writing} items={mail.programme} timeZone={edition.timeZone} />
            <Paragraph>{t("mail.confirmation.calendar")}</Paragraph>
          </>
        )}
      </>
    );
  },
};

function receiptLine(
  { locale, t }: Writing,
  { number, at }: NonNullable<ConfirmationMail["receipt"]>,
  timeZone: string,
): string {
  return t("mail.confirmation.receipt", { number, when: moment(at, timeZone, locale) });
}
