import { OwnLink, Paragraph } from "./layout.tsx";
import type { VisitPlaceMail } from "./payload.ts";
import { visitLine } from "./programme.tsx";
import { linkText, listed, pick, title, type Writing } from "./words.ts";

/** What became of a wish for a site visit after the confirmation: as a rule, that a place has become free. */
export const visitPlace = {
  subject({ locale, t }: Writing, { edition }: VisitPlaceMail): string {
    return t("mail.visitPlace.subject", {
      city: pick(locale, edition.cityEn, edition.cityZh).text,
      year: edition.startsOn.slice(0, 4),
    });
  },

  text(writing: Writing, mail: VisitPlaceMail): Array<string> {
    const { t, links } = writing;
    return [
      t(`mail.visitPlace.${mail.visit.state}`),
      visitLine(writing, mail.visit, mail.edition.timeZone),
      ...notes(writing, mail).flatMap((note) => ["", note]),
      "",
      ...linkText(writing, t("mail.registration.open"), links.registration),
    ];
  },

  Part({ writing, mail }: { writing: Writing; mail: VisitPlaceMail }) {
    const { t, links } = writing;
    return (
      <>
        <Paragraph>{t(`mail.visitPlace.${mail.visit.state}`)}</Paragraph>
        <Paragraph>
          <strong>{visitLine(writing, mail.visit, mail.edition.timeZone)}</strong>
        </Paragraph>
        {notes(writing, mail).map((note) => (
          <Paragraph key={note}>{note}</Paragraph>
        ))}
        <OwnLink href={links.registration}>{t("mail.registration.open")}</OwnLink>
      </>
    );
  },
};

function notes(writing: Writing, { visit, clashes }: VisitPlaceMail): Array<string> {
  const { locale, t } = writing;
  const found: Array<string> = [];
  if (clashes.length > 0)
    found.push(
      t("mail.visitPlace.clash", {
        titles: listed(
          writing,
          clashes.map((clash) => title(locale, clash).text),
        ),
      }),
    );
  if (visit.state === "granted") found.push(t("mail.visitPlace.release"));
  return found;
}
