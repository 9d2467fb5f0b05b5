import { OwnLink, Paragraph } from "./layout.tsx";
import type { AssistantLinkMail } from "./payload.ts";
import { linkText, listed, pick, plain, title, type Writing } from "./words.ts";

/** An assistant's own link, and what is open to them. */
export const assistantLink = {
  subject({ locale, t }: Writing, { edition }: AssistantLinkMail): string {
    return t("mail.assistantLink.subject", {
      city: pick(locale, edition.cityEn, edition.cityZh).text,
      year: edition.startsOn.slice(0, 4),
    });
  },

  text(writing: Writing, mail: AssistantLinkMail): Array<string> {
    const { t, links } = writing;
    return [
      ...lines(writing, mail).flatMap((line) => [line, ""]),
      ...linkText(writing, t("mail.assistantLink.open"), links.invitation),
    ];
  },

  Part({ writing, mail }: { writing: Writing; mail: AssistantLinkMail }) {
    const { t, links } = writing;
    return (
      <>
        {lines(writing, mail).map((line) => (
          <Paragraph key={line}>{line}</Paragraph>
        ))}
        <OwnLink href={links.invitation}>{t("mail.assistantLink.open")}</OwnLink>
      </>
    );
  },
};

function lines(writing: Writing, { edition, nameLatin, nameNative, sections, mayReply }: AssistantLinkMail) {
  const { locale, t } = writing;
  return [
    t("mail.assistantLink.named", {
      name: plain(pick(locale, nameLatin, nameNative).text),
      title: title(locale, edition).text,
    }),
    ...(sections.length === 0
      ? []
      : [
          t("mail.assistantLink.sections", {
            sections: listed(
              writing,
              sections.map((section) => t(`section.${section}`)),
            ),
          }),
        ]),
    ...(mayReply ? [t("mail.assistantLink.mayReply")] : []),
    t("mail.assistantLink.code"),
  ];
}
