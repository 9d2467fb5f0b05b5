import { OwnLink, Paragraph } from "./layout.tsx";
import type { ChangeAnswerMail } from "./payload.ts";
import { linkText, pick, type Writing } from "./words.ts";

/** Whether answers are changed after the deadline, as somebody asked, with what staff say to it. */
export const changeAnswer = {
  subject({ locale, t }: Writing, { edition }: ChangeAnswerMail): string {
    return t("mail.changeAnswer.subject", {
      city: pick(locale, edition.cityEn, edition.cityZh).text,
      year: edition.startsOn.slice(0, 4),
    });
  },

  text(writing: Writing, mail: ChangeAnswerMail): Array<string> {
    const { t, links } = writing;
    return [
      said(writing, mail),
      ...(mail.word === "" ? [] : ["", mail.word]),
      "",
      ...linkText(writing, t("mail.registration.open"), links.registration),
    ];
  },

  Part({ writing, mail }: { writing: Writing; mail: ChangeAnswerMail }) {
    const { t, links } = writing;
    return (
      <>
        <Paragraph>{said(writing, mail)}</Paragraph>
        {mail.word === "" ? null : <Paragraph>{mail.word}</Paragraph>}
        <OwnLink href={links.registration}>{t("mail.registration.open")}</OwnLink>
      </>
    );
  },
};

function said({ t }: Writing, { accepted }: ChangeAnswerMail): string {
  return accepted ? t("mail.changeAnswer.accepted") : t("mail.changeAnswer.refused");
}
