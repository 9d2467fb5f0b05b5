import { calendarDay, dayOf, moment } from "../app/i18n/dates.ts";
import { Facts, factsText, In, OwnLink, Paragraph } from "./layout.tsx";
import type { StaffSetUpMail } from "./payload.ts";
import { linkText, listed, name, pick, plain, title, type Writing } from "./words.ts";

/**
 * "You are to work with us": what somebody may do as staff of a side, and the link by which they take it on. It says the
 * same to who has a login already and to who has none: the page behind the link tells them, and nobody else.
 */
export const staffSetUp = {
  subject({ locale, t }: Writing, { edition }: StaffSetUpMail): string {
    return t("mail.staffSetUp.subject", {
      city: pick(locale, edition.cityEn, edition.cityZh).text,
      year: edition.startsOn.slice(0, 4),
    });
  },

  text(writing: Writing, mail: StaffSetUpMail): Array<string> {
    const { t, links } = writing;
    return [
      lead(writing, mail),
      "",
      ...factsText(t, facts(writing, mail)),
      "",
      ...linkText(writing, t("mail.staffSetUp.open"), links.setUp),
      "",
      ...notes(writing, mail),
    ];
  },

  Part({ writing, mail }: { writing: Writing; mail: StaffSetUpMail }) {
    const { locale, t, links } = writing;
    return (
      <>
        <Paragraph>
          <In run={{ text: lead(writing, mail), locale }} page={locale} />
        </Paragraph>
        <Facts rows={facts(writing, mail)} />
        <OwnLink href={links.setUp}>{t("mail.staffSetUp.open")}</OwnLink>
        {notes(writing, mail).map((note) => (
          <Paragraph key={note}>{note}</Paragraph>
        ))}
      </>
    );
  },
};

function lead({ locale, t }: Writing, { inviter, edition }: StaffSetUpMail): string {
  const words = { side: name(locale, edition.sender).text, title: title(locale, edition).text };
  return inviter === ""
    ? t("mail.staffSetUp.lead", words)
    : t("mail.staffSetUp.leadBy", { ...words, inviter: plain(inviter) });
}

function facts(writing: Writing, { permissions, everywhere, endsAt, edition }: StaffSetUpMail) {
  const { locale, t } = writing;
  return [
    {
      label: t("mail.staffSetUp.permissions"),
      value: listed(
        writing,
        permissions.map((permission) => t(`permission.${permission}`)),
      ),
    },
    {
      label: t("mail.staffSetUp.where"),
      value: everywhere ? t("mail.staffSetUp.everywhere") : t("mail.staffSetUp.here"),
    },
    {
      label: t("mail.staffSetUp.until"),
      value:
        endsAt === null
          ? t("mail.staffSetUp.noEnd")
          : calendarDay(dayOf(endsAt - 1, edition.timeZone), locale),
    },
  ];
}

function notes({ locale, t }: Writing, { expiresAt, edition }: StaffSetUpMail): Array<string> {
  return [
    t("mail.staffSetUp.once", { when: moment(expiresAt, edition.timeZone, locale) }),
    t("mail.staffSetUp.login"),
  ];
}
