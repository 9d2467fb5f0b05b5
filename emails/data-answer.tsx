import { OwnLink, Paragraph } from "./layout.tsx";
import type { DataAnswerMail } from "./payload.ts";
import { linkText, pick, type Writing } from "./words.ts";

/** What a side answers to somebody who asked for their data to be corrected or deleted. */
export const dataAnswer = {
  subject({ locale, t }: Writing, { edition }: DataAnswerMail): string {
    return t("mail.dataAnswer.subject", {
      city: pick(locale, edition.cityEn, edition.cityZh).text,
      year: edition.startsOn.slice(0, 4),
    });
  },

  text(writing: Writing, mail: DataAnswerMail): Array<string> {
    const { t, links } = writing;
    return [
      ...lines(writing, mail),
      "",
      mail.word,
      "",
      ...linkText(writing, t("mail.dataAnswer.open"), links.data),
    ];
  },

  Part({ writing, mail }: { writing: Writing; mail: DataAnswerMail }) {
    const { t, links } = writing;
    return (
      <>
        {lines(writing, mail).map((line) => (
          <Paragraph key={line}>{line}</Paragraph>
        ))}
        <Paragraph>{mail.word}</Paragraph>
        <OwnLink href={links.data}>{t("mail.dataAnswer.open")}</OwnLink>
      </>
    );
  },
};

/** Copies that the operator keeps go later than the data itself: so much is owed to whoever asked. */
function lines({ t }: Writing, { request, outcome }: DataAnswerMail): Array<string> {
  if (outcome === "delete") return [t("mail.dataAnswer.deleted"), t("mail.dataAnswer.backups")];
  return [t(`mail.dataAnswer.${request}.${outcome}`)];
}
