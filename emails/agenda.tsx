import { moment } from "../app/i18n/dates.ts";
import { OwnLink, Paragraph, Typed, typedText } from "./layout.tsx";
import type { AgendaMail } from "./payload.ts";
import { Programme, programmeText } from "./programme.tsx";
import { linkText, typedBody, typedSubject, type Writing } from "./words.ts";

/** What staff wrote about the programme, and each recipient's own programme as it was published. */
export const agenda = {
  subject({ locale }: Writing, mail: AgendaMail): string {
    return typedSubject(locale, mail);
  },

  text(writing: Writing, mail: AgendaMail): Array<string> {
    const { locale, t, links } = writing;
    return [
      typedText(typedBody(locale, mail).text),
      "",
      versionLine(writing, mail),
      ...programmeText({ writing, items: mail.programme, timeZone: mail.edition.timeZone }),
      "",
      ...linkText(writing, t("mail.programme.open"), links.programme),
      t("mail.agenda.current"),
    ];
  },

  Part({ writing, mail }: { writing: Writing; mail: AgendaMail }) {
    const { locale, t, links } = writing;
    return (
      <>
        <Typed run={typedBody(locale, mail)} page={locale} />
        <Paragraph>
          <strong>{versionLine(writing, mail)}</strong>
        </Paragraph>
        <Programme writing={writing} items={mail.programme} timeZone={mail.edition.timeZone} />
        <OwnLink href={links.programme}>{t("mail.programme.open")}</OwnLink>
        <Paragraph>{t("mail.agenda.current")}</Paragraph>
      </>
    );
  },
};

function versionLine({ locale, t }: Writing, { version, publishedAt, edition }: AgendaMail): string {
  return t("mail.agenda.version", { version, published: moment(publishedAt, edition.timeZone, locale) });
}
