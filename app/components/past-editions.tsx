import type { PastEdition } from "../domain/contact/queries.server.ts";
import { useLocale, useT } from "../i18n/react.tsx";
import { Text } from "./text.tsx";

/** An edition as people speak of it: where and when. */
export function EditionName({ edition }: { edition: Pick<PastEdition, "cityEn" | "cityZh" | "startsOn"> }) {
  return <>{useEditionName()(edition)}</>;
}

/** The same as a text, for options and sentences. */
export function useEditionName(): (edition: Pick<PastEdition, "cityEn" | "cityZh" | "startsOn">) => string {
  const t = useT();
  const locale = useLocale();
  return ({ cityEn, cityZh, startsOn }) =>
    t("edition.short", { city: locale === "en" ? cityEn : cityZh, year: startsOn.slice(0, 4) });
}

/** What somebody was there: category and functions. */
export function RolesThere({ edition }: { edition: PastEdition }) {
  const t = useT();
  const functions =
    edition.functions.length > 0 ? edition.functions : edition.invitedAs === null ? [] : [edition.invitedAs];
  return (
    <>{[t(`category.${edition.category}`), ...functions.map((each) => t(`function.${each}`))].join(" · ")}</>
  );
}

/** What came of it, in a word. */
export function OutcomeThere({ edition }: { edition: PastEdition }) {
  const t = useT();
  if (edition.withdrawn) return <>{t("contacts.was.withdrawn")}</>;
  if (edition.replaced) return <>{t("contacts.was.replaced")}</>;
  if (edition.attendance !== null) return <>{t(`contacts.was.${edition.attendance}`)}</>;
  if (!edition.sent) return <>{t("contacts.was.draft")}</>;
  return <>{t(`reply.${edition.reply}`)}</>;
}

/** The newest editions that somebody was at, for lists; `earlier` counts those that are not named. */
export function PastEditions({
  editions,
  earlier,
}: {
  editions: ReadonlyArray<PastEdition>;
  earlier: number;
}) {
  const t = useT();
  if (editions.length === 0) return <span className="muted">{t("contacts.neverInvited")}</span>;
  return (
    <ul className="plain">
      {editions.map((edition) => (
        <li key={edition.invitationId}>
          <EditionName edition={edition} />
          <span className="second-line muted">
            <RolesThere edition={edition} /> · <OutcomeThere edition={edition} />
          </span>
        </li>
      ))}
      {earlier > 0 ? <li className="muted">{t("contacts.earlier", { count: earlier })}</li> : null}
    </ul>
  );
}

/** Institution with the position beneath. */
export function PostLines({
  post,
}: {
  post: { institutionEn: string; institutionZh: string; positionEn: string; positionZh: string };
}) {
  return (
    <>
      <Text en={post.institutionEn} zh={post.institutionZh} />
      <span className="second-line muted">
        <Text en={post.positionEn} zh={post.positionZh} />
      </span>
    </>
  );
}
