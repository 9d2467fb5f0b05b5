import { calendarDay } from "../app/i18n/dates.ts";
import { OwnLink, Paragraph } from "./layout.tsx";
import type { NominationRequestMail } from "./payload.ts";
import { inBothZones, linkText, pick, plain, title, type Writing } from "./words.ts";

/** An institution is asked to put names forward: how many, until when, and where. */
export const nominationRequest = {
  subject({ locale, t }: Writing, { edition }: NominationRequestMail): string {
    return t("mail.nomination.subject", {
      city: pick(locale, edition.cityEn, edition.cityZh).text,
      year: edition.startsOn.slice(0, 4),
    });
  },

  text(writing: Writing, mail: NominationRequestMail): Array<string> {
    const { t, links } = writing;
    return [
      ...sentences(writing, mail).flatMap((sentence) => [sentence, ""]),
      ...linkText(writing, t("mail.nomination.open"), links.nomination),
    ];
  },

  Part({ writing, mail }: { writing: Writing; mail: NominationRequestMail }) {
    const { t, links } = writing;
    return (
      <>
        {sentences(writing, mail).map((sentence) => (
          <Paragraph key={sentence}>{sentence}</Paragraph>
        ))}
        <OwnLink href={links.nomination}>{t("mail.nomination.open")}</OwnLink>
      </>
    );
  },
};

function sentences(writing: Writing, mail: NominationRequestMail): Array<string> {
  const { locale, t } = writing;
  const { edition, institutionEn, institutionZh, places, closesAt } = mail;
  return [
    t("mail.nomination.ask", {
      institution: plain(pick(locale, institutionEn, institutionZh).text),
      title: title(locale, edition).text,
      city: pick(locale, edition.cityEn, edition.cityZh).text,
      from: calendarDay(edition.startsOn, locale),
      to: calendarDay(edition.endsOn, locale),
      places,
    }),
    ...(closesAt === null
      ? []
      : [t("mail.nomination.until", { when: inBothZones(writing, closesAt, edition) })]),
    t("mail.nomination.note"),
  ];
}
