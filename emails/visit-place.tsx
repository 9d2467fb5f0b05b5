import { OwnLink, Paragraph } from "./layout.tsx";
import type { VisitPlaceMail } from "./payload.ts";
import { visitLine } from "./programme.tsx";
import { OpeningPart, openingText } from "./prose.tsx";
import { inBothZones, linkText, listed, pick, title, typedSubject, type Writing } from "./words.ts";

/** What became of a wish for a site visit after the confirmation: as a rule, that a place has become free, or is offered. */
export const visitPlace = {
  subject({ locale, t }: Writing, { edition, opening: own }: VisitPlaceMail): string {
    if (own) return typedSubject(locale, own);
    return t("mail.visitPlace.subject", {
      city: pick(locale, edition.cityEn, edition.cityZh).text,
      year: edition.startsOn.slice(0, 4),
    });
  },

  text(writing: Writing, mail: VisitPlaceMail): Array<string> {
    const { t, links } = writing;
    return [
      ...(mail.opening ? [...openingText(writing, mail.opening), ""] : []),
      opening(writing, mail),
      visitLine(writing, mail.visit, mail.edition.timeZone),
      ...notes(writing, mail).flatMap((note) => ["", note]),
      "",
      ...linkText(writing, t("mail.visitPlace.open"), links.visits),
    ];
  },

  Part({ writing, mail }: { writing: Writing; mail: VisitPlaceMail }) {
    const { t, links } = writing;
    return (
      <>
        {mail.opening ? <OpeningPart writing={writing} opening={mail.opening} /> : null}
        <Paragraph>{opening(writing, mail)}</Paragraph>
        <Paragraph>
          <strong>{visitLine(writing, mail.visit, mail.edition.timeZone)}</strong>
        </Paragraph>
        {notes(writing, mail).map((note) => (
          <Paragraph key={note}>{note}</Paragraph>
        ))}
        <OwnLink href={links.visits}>{t("mail.visitPlace.open")}</OwnLink>
      </>
    );
  },
};

/** The sentence that tells what happened, by how it came about where that is worth a word. */
function opening({ t }: Writing, { visit, cause }: VisitPlaceMail): string {
  if (cause === "offer_expired") return t("mail.visitPlace.expired");
  if (cause === "draw" && visit.state === "granted") return t("mail.visitPlace.drawn");
  if ((cause === "offer" || cause === "staff" || cause === "override") && visit.state === "granted")
    return t("mail.visitPlace.given");
  return t(`mail.visitPlace.${visit.state}`);
}

function notes(writing: Writing, mail: VisitPlaceMail): Array<string> {
  const { locale, t } = writing;
  const { visit, clashes, offerEndsAt, edition } = mail;
  const found: Array<string> = [];
  if (offerEndsAt !== null)
    found.push(t("mail.visitPlace.until", { when: inBothZones(writing, offerEndsAt, edition) }));
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
