import { moment } from "../app/i18n/dates.ts";
import type { Locale } from "../db/vocabulary.ts";
import { Bullets, Heading, OwnLink, Paragraph } from "./layout.tsx";
import type { MissingMail } from "./payload.ts";
import { OpeningPart, openingText } from "./prose.tsx";
import { linkText, pick, typedSubject, type Writing } from "./words.ts";

/** What is still missing of one person's registration, section by section, with the way to each. No answer stands in it. */
export const missing = {
  subject({ locale, t }: Writing, { edition, opening: own }: MissingMail): string {
    if (own) return typedSubject(locale, own);
    return t("mail.missing.subject", {
      city: pick(locale, edition.cityEn, edition.cityZh).text,
      year: edition.startsOn.slice(0, 4),
    });
  },

  text(writing: Writing, mail: MissingMail): Array<string> {
    const { locale, t, links } = writing;
    return [
      ...(mail.opening ? [...openingText(writing, mail.opening), ""] : []),
      opening(writing, mail),
      ...mail.sections.flatMap((section) => {
        const things = named(locale, section);
        return [
          "",
          pick(locale, section.titleEn, section.titleZh).text,
          ...things.map((thing) => `- ${thing}`),
          ...linkText(writing, t("mail.missing.open"), links.section(section.key)),
        ];
      }),
      "",
      t("mail.missing.phone"),
    ];
  },

  Part({ writing, mail }: { writing: Writing; mail: MissingMail }) {
    const { locale, t, links } = writing;
    return (
      <>
        {mail.opening ? <OpeningPart writing={writing} opening={mail.opening} /> : null}
        <Paragraph>{opening(writing, mail)}</Paragraph>
        {mail.sections.map((section) => (
          <div key={section.key}>
            <Heading>{pick(locale, section.titleEn, section.titleZh).text}</Heading>
            {section.things.length === 0 ? null : <Bullets items={named(locale, section)} />}
            <OwnLink href={links.section(section.key)}>{t("mail.missing.open")}</OwnLink>
          </div>
        ))}
        <Paragraph>{t("mail.missing.phone")}</Paragraph>
      </>
    );
  },
};

function named(locale: Locale, { things }: MissingMail["sections"][number]): Array<string> {
  return [...new Set(things.map(({ en, zh }) => pick(locale, en, zh).text))];
}

function opening({ locale, t }: Writing, { edition, registerBy, begun }: MissingMail): string {
  const key = begun ? "mail.missing.begun" : "mail.missing.notBegun";
  return registerBy === null
    ? t(key)
    : `${t(key)}${locale === "en" ? " " : ""}${t("mail.missing.by", {
        when: moment(registerBy, edition.homeTimeZone, locale),
      })}`;
}
