import { calendarDay } from "../app/i18n/dates.ts";
import { Facts, factsText, OwnLink, Paragraph, Typed, typedText } from "./layout.tsx";
import type { InvitationMail } from "./payload.ts";
import { inBothZones, linkText, pick, title, typedBody, typedSubject, type Writing } from "./words.ts";

/** The letter that staff wrote, the facts that a reply needs, and the link to reply with. */
export const invitation = {
  subject({ locale }: Writing, mail: InvitationMail): string {
    return typedSubject(locale, mail);
  },

  text(writing: Writing, mail: InvitationMail): Array<string> {
    const { locale, t, links } = writing;
    return [
      typedText(typedBody(locale, mail).text),
      "",
      ...factsText(t, facts(writing, mail)),
      "",
      ...linkText(writing, t("mail.invitation.open"), links.invitation),
      t("mail.invitation.note"),
    ];
  },

  Part({ writing, mail }: { writing: Writing; mail: InvitationMail }) {
    const { locale, t, links } = writing;
    return (
      <>
        <Typed run={typedBody(locale, mail)} page={locale} />
        <Facts rows={facts(writing, mail)} />
        <OwnLink href={links.invitation}>{t("mail.invitation.open")}</OwnLink>
        <Paragraph>{t("mail.invitation.note")}</Paragraph>
      </>
    );
  },
};

function facts(
  writing: Writing,
  { edition, number }: InvitationMail,
): Array<{ label: string; value: string }> {
  const { locale, t } = writing;
  const rows = [
    { label: t("mail.what"), value: title(locale, edition).text },
    {
      label: t("mail.when"),
      value: t("mail.days", {
        from: calendarDay(edition.startsOn, locale),
        to: calendarDay(edition.endsOn, locale),
      }),
    },
    { label: t("mail.where"), value: pick(locale, edition.cityEn, edition.cityZh).text },
  ];
  if (edition.replyBy !== null)
    rows.push({ label: t("mail.replyBy"), value: inBothZones(writing, edition.replyBy, edition) });
  return [...rows, { label: t("mail.number"), value: number }];
}
