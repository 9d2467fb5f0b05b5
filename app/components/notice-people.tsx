import type { Locale } from "#db/vocabulary.ts";
import { useLocale, useT } from "../i18n/react.tsx";
import { paths } from "../paths.ts";
import { TableFrame } from "./desk.tsx";
import { BothNames } from "./name.tsx";
import { Status } from "./page.tsx";
import { inLocale, Text } from "./text.tsx";

type Person = {
  invitationId: string;
  nameLatin: string;
  nameNative: string;
  delegationEn: string;
  delegationZh: string;
  locale: Locale;
  obstacle: "no_address" | "link_revoked" | null;
  from: number;
  changes: ReadonlyArray<{
    change: "new" | "cancelled" | "moved" | "text";
    item: { id: string; titleEn: string; titleZh: string };
  }>;
};

/**
 * Own people whose programme is another, with what changes for each and the mail that would tell them.
 *
 * @param ofDraft whether the mail is about what is not published yet.
 */
export function NoticePeople({
  slug,
  people,
  ofDraft = false,
}: {
  slug: string;
  people: ReadonlyArray<Person>;
  ofDraft?: boolean;
}) {
  const t = useT();
  const locale = useLocale();
  if (people.length === 0) return <p>{t("agenda.nobodyAffected")}</p>;
  return (
    <>
      <p>{t("agenda.peopleAffected", { count: people.length })}</p>
      <TableFrame label={t("agenda.whoIsTold")}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("seen.person")}</th>
              <th scope="col">{t("seen.delegation")}</th>
              <th scope="col">{t("agenda.changesFor")}</th>
              <th scope="col">{t("agenda.hadVersion")}</th>
              <th scope="col">{t("agenda.previewNotice")}</th>
            </tr>
          </thead>
          <tbody>
            {people.map((person) => (
              <tr key={person.invitationId}>
                <th scope="row">
                  <BothNames person={person} />
                </th>
                <td>
                  <Text en={person.delegationEn} zh={person.delegationZh} />
                </td>
                <td>
                  {person.changes.map(({ change, item }) => (
                    <span className="second-line" key={item.id}>
                      {t(`agenda.change.${change}`)}
                      {t("agenda.colon")}
                      <Text en={item.titleEn} zh={item.titleZh} />
                    </span>
                  ))}
                </td>
                <td>{t("agenda.versionNumber", { number: person.from })}</td>
                <td>
                  {person.obstacle === null ? null : (
                    <span className="second-line">
                      <Status tone="stop">
                        <span className="wrap">{t(`agenda.obstacle.${person.obstacle}`)}</span>
                      </Status>
                    </span>
                  )}
                  <a
                    href={`${paths.changeNotice(slug, person.invitationId)}${ofDraft ? "?of=draft" : ""}`}
                    aria-label={t("agenda.previewNoticeOf", {
                      person: inLocale({ en: person.nameLatin, zh: person.nameNative }, locale).text,
                    })}
                  >
                    {t("agenda.previewNotice")}
                  </a>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </>
  );
}
