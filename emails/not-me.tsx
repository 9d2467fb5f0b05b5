import { OwnLink, Paragraph } from "./layout.tsx";
import type { NotMeMail } from "./payload.ts";
import { inBothZones, linkText, pick, plain, type Writing } from "./words.ts";

/** To a side: a link of one of its people reached somebody else, and was stopped. */
export const notMe = {
  subject({ locale, t }: Writing, { edition }: NotMeMail): string {
    return t("mail.notMe.subject", {
      city: pick(locale, edition.cityEn, edition.cityZh).text,
      year: edition.startsOn.slice(0, 4),
    });
  },

  text(writing: Writing, mail: NotMeMail): Array<string> {
    const { t, links } = writing;
    return [
      what(writing, mail),
      "",
      t("mail.notMe.advice"),
      "",
      ...linkText(writing, t("mail.desk.open"), links.desk),
    ];
  },

  Part({ writing, mail }: { writing: Writing; mail: NotMeMail }) {
    const { t, links } = writing;
    return (
      <>
        <Paragraph>{what(writing, mail)}</Paragraph>
        <Paragraph>{t("mail.notMe.advice")}</Paragraph>
        <OwnLink href={links.desk}>{t("mail.desk.open")}</OwnLink>
      </>
    );
  },
};

function what(
  writing: Writing,
  { at, edition, isAssistant, number, nameLatin, nameNative }: NotMeMail,
): string {
  const { locale, t } = writing;
  return t(isAssistant ? "mail.notMe.whatAssistant" : "mail.notMe.what", {
    name: plain(pick(locale, nameLatin, nameNative).text),
    number,
    when: inBothZones(writing, at, edition),
  });
}
