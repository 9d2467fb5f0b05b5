/** The overview's people: who is silent, whom to ask again, who is waited for, and what changed. */
import { Form, type useLoaderData } from "@remix-run/react";
import type { ReactNode } from "react";
import { TableFrame } from "../../components/desk.tsx";
import { Status } from "../../components/page.tsx";
import { NativeName } from "../../components/text.tsx";
import { calendarDay, clockTime24, shortDate, zoneName } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { paths } from "../../paths.ts";
import type { loader } from "./overview.tsx";

type Page = ReturnType<typeof useLoaderData<typeof loader>>;

/** An instant in a zone with its weekday, short enough for a table: "Fri, Nov 9, 18:00 Beijing time". */
export function useMoment(): (instant: number, timeZone: string) => string {
  const t = useT();
  const locale = useLocale();
  return (instant, timeZone) =>
    t("overview.moment", {
      date: shortDate(instant, timeZone, locale),
      time: clockTime24(instant, timeZone),
      zone: zoneName(timeZone, locale),
    });
}

type Named = { invitationId: string; nameLatin: string; nameNative: string };

function PersonLink({ edition, person }: { edition: Page["edition"]; person: Named }) {
  return (
    <a href={paths.person(edition.slug, person.invitationId)}>
      {person.nameLatin === "" ? (
        <NativeName>{person.nameNative}</NativeName>
      ) : (
        <span lang="en">{person.nameLatin}</span>
      )}
    </a>
  );
}

/** A table of people: their names and category, and further cells. */
function PeopleTable<P extends Named & { category: Page["view"]["silent"][number]["category"] }>({
  edition,
  people,
  label,
  headings,
  cells,
}: {
  edition: Page["edition"];
  people: ReadonlyArray<P>;
  label: string;
  headings: ReadonlyArray<string>;
  cells: (person: P) => ReactNode;
}) {
  const t = useT();
  return (
    <TableFrame label={label}>
      <table className="stack">
        <thead>
          <tr>
            <th scope="col">{t("overview.column.name")}</th>
            <th scope="col">{t("overview.column.native")}</th>
            <th scope="col">{t("overview.column.category")}</th>
            {headings.map((heading) => (
              <th scope="col" key={heading}>
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {people.map((person) => (
            <tr key={person.invitationId}>
              <td>
                <PersonLink edition={edition} person={person} />
              </td>
              <td>
                <NativeName>{person.nameNative}</NativeName>
              </td>
              <td>{t(`category.${person.category}`)}</td>
              {cells(person)}
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

export function Silent({
  edition,
  silent,
  inAll,
}: {
  edition: Page["edition"];
  silent: Page["view"]["silent"];
  inAll: number;
}) {
  const t = useT();
  const locale = useLocale();
  const date = (instant: number) => shortDate(instant, edition.timeZone, locale);
  if (silent.length === 0) return <p className="muted">{t("overview.silentNone")}</p>;
  return (
    <>
      <PeopleTable
        edition={edition}
        people={silent}
        label={t("overview.silent")}
        headings={[
          t("overview.column.sent"),
          t("overview.column.reminded"),
          t("overview.column.seen"),
          t("overview.column.phone"),
        ]}
        cells={(person) => (
          <>
            <td data-label={t("overview.column.sent")}>
              {t("overview.sentAgo", { date: date(person.sentAt), days: person.days })}
            </td>
            <td data-label={t("overview.column.reminded")}>
              {person.remindedAt === null ? (
                <span className="muted">{t("overview.notReminded")}</span>
              ) : (
                date(person.remindedAt)
              )}
            </td>
            <td data-label={t("overview.column.seen")}>
              {person.seenAt === null ? (
                <span className="muted">{t("overview.notSeen")}</span>
              ) : (
                date(person.seenAt)
              )}
            </td>
            <td className="num">{person.phone}</td>
          </>
        )}
      />
      <p className="small muted">{t("overview.seenNote")}</p>
      {inAll > silent.length ? (
        <p className="small">
          {t("overview.silentMore", { count: inAll })}{" "}
          <a href={paths.people(edition.slug)}>{t("overview.everybody")}</a>
        </p>
      ) : null}
    </>
  );
}

export function AskAgain({
  edition,
  people,
}: {
  edition: Page["edition"];
  people: Page["view"]["askAgain"];
}) {
  const t = useT();
  const locale = useLocale();
  return (
    <ul className="plain">
      {people.map((person) => (
        <li key={person.invitationId}>
          <PersonLink edition={edition} person={person} />{" "}
          {person.nameLatin === "" ? null : <NativeName>{person.nameNative}</NativeName>}{" "}
          <span className="muted">
            {t("overview.askAgainOn", { day: calendarDay(person.askAgainOn, locale) })}
          </span>
        </li>
      ))}
    </ul>
  );
}

export function Waiting({
  edition,
  waiting,
  inAll,
}: {
  edition: Page["edition"];
  waiting: Page["view"]["waiting"];
  inAll: number;
}) {
  const t = useT();
  if (waiting.length === 0) return <p className="muted">{t("overview.waitingNone")}</p>;
  return (
    <>
      <PeopleTable
        edition={edition}
        people={waiting}
        label={t("overview.waiting")}
        headings={[
          t("overview.column.reply"),
          t("overview.column.form"),
          t("overview.column.missing"),
          t("overview.column.since"),
        ]}
        cells={(person) => (
          <>
            <td>
              <Status tone={TONES[person.reply]}>{t(`reply.${person.reply}`)}</Status>
            </td>
            <td className="num" data-label={t("overview.column.form")}>
              {t("overview.formDone", { done: person.sectionsDone, all: person.sections })}
            </td>
            <td data-label={t("overview.column.missing")}>
              {person.missing.map((what) => t(`overview.missing.${what}`)).join(" · ")}
            </td>
            <td data-label={t("overview.column.since")}>{t("overview.days", { days: person.days })}</td>
          </>
        )}
      />
      {inAll > waiting.length ? (
        <p className="small">
          {t("overview.waitingMore", { count: inAll })}{" "}
          <a href={paths.people(edition.slug)}>{t("overview.everybody")}</a>
        </p>
      ) : null}
    </>
  );
}

const TONES = {
  none: undefined,
  accepted: "good",
  declined: "stop",
  tentative: "wait",
  substitute_proposed: "wait",
} as const;

/** So many people are named in a line of what changed. */
const NAMED = 4;

/** What others did since the reader last looked, by day; and the button that says that it has been seen. */
export function Changes({ edition, changes }: Pick<Page, "edition" | "changes">) {
  const t = useT();
  const locale = useLocale();
  const at = useMoment();
  const { groups, lookedAt } = changes;
  const days = [...Map.groupBy(groups, (group) => group.day)];
  return (
    <>
      <p className="small muted">
        {lookedAt === null
          ? t("overview.changes.first")
          : t("overview.changes.since", { at: at(lookedAt, edition.timeZone) })}
      </p>
      {groups.length === 0 ? <p>{t("overview.changes.none")}</p> : null}
      {days.map(([day, ofDay]) => (
        <div key={day}>
          <h3>{calendarDay(day, locale)}</h3>
          <ul className="plain small">
            {ofDay.map((group) => (
              <li key={JSON.stringify([group.kind === "event" ? group.event : group.act, group.doer])}>
                <Change edition={edition} group={group} />
              </li>
            ))}
          </ul>
        </div>
      ))}
      {changes.isCut ? <p className="small">{t("overview.changes.more")}</p> : null}
      <Form method="post" className="not-printed apart">
        <input type="hidden" name="until" value={changes.until} />
        <button className="button quiet" type="submit">
          {t("overview.changes.seen")}
        </button>
      </Form>
    </>
  );
}

function Change({ edition, group }: { edition: Page["edition"]; group: Page["changes"]["groups"][number] }) {
  const t = useT();
  const { doer, people, times } = group;
  const what = group.kind === "event" ? t(`invitationEvent.${group.event}`) : t(`overview.act.${group.act}`);
  const who = doer.name ?? t(`overview.doer.${doer.by}`);
  const shown = people.slice(0, NAMED);
  return (
    <>
      <span className="muted num">{clockTime24(group.at, edition.timeZone)}</span>{" "}
      {t("overview.changes.who", {
        what: people.length > 0 ? what : t("overview.changes.times", { what, times }),
        who,
      })}
      {shown.map((person) => (
        <span key={person.invitationId}>
          {" · "}
          <PersonLink edition={edition} person={person} />
        </span>
      ))}
      {people.length > shown.length ? (
        <> {t("overview.changes.andOthers", { count: people.length - shown.length })}</>
      ) : null}
    </>
  );
}
