import { data, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { TableFrame, WorkHeading } from "../../components/desk.tsx";
import { Status } from "../../components/page.tsx";
import { NativeName, Text } from "../../components/text.tsx";
import { staffEdition } from "../../context.server.ts";
import { overview } from "../../domain/edition/queries.server.ts";
import { clockTime24, shortDate, zoneName } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "overview.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args);
  return data({ locale, edition, view: overview(ctx) });
}

type Page = ReturnType<typeof useLoaderData<typeof loader>>;

/** An organizer's first page: who has not answered, what is missing, which list is due to whom and when. */
export default function OverviewPage() {
  const { edition, view } = useLoaderData<typeof loader>();
  const t = useT();
  return (
    <>
      <WorkHeading>{t("overview.title")}</WorkHeading>
      <div className="panels">
        <section className="panel span-7">
          <h2>{t("overview.deadlines")}</h2>
          <Deadlines edition={edition} deadlines={view.deadlines} />
        </section>
        <section className="panel span-5">
          <h2>{t("overview.answers")}</h2>
          {view.delegations.map((delegation) => (
            <Answers key={delegation.id} delegation={delegation} />
          ))}
          {view.silentDays === null ? null : (
            <p className="small">{t("overview.silentFor", { days: view.silentDays })}</p>
          )}
          <p className="small muted">{t("overview.otherSide")}</p>
        </section>
        <section className="panel span-12">
          <h2>{t("overview.waiting")}</h2>
          <Waiting edition={edition} waiting={view.waiting} inAll={view.waitingInAll} />
        </section>
        <section className="panel span-5">
          <h2>{t("overview.visits")}</h2>
          {view.visits.length === 0 ? <p className="muted">{t("overview.noVisits")}</p> : null}
          {view.visits.map((visit) => (
            <VisitSeats key={visit.visitId} edition={edition} visit={visit} />
          ))}
        </section>
        <section className="panel span-7">
          <h2>{t("overview.mailProblems")}</h2>
          <MailProblems edition={edition} problems={view.mailProblems} />
        </section>
      </div>
    </>
  );
}

/** An instant in the edition's zone with its weekday, short enough for a table: "Fri, Nov 9, 18:00 Beijing time". */
function useMoment(timeZone: string): (instant: number) => string {
  const t = useT();
  const locale = useLocale();
  return (instant) =>
    t("overview.moment", {
      date: shortDate(instant, timeZone, locale),
      time: clockTime24(instant, timeZone),
      zone: zoneName(timeZone, locale),
    });
}

function Deadlines({
  edition,
  deadlines,
}: {
  edition: Page["edition"];
  deadlines: Page["view"]["deadlines"];
}) {
  const t = useT();
  const locale = useLocale();
  const due = useMoment(edition.timeZone);
  if (deadlines.length === 0)
    return (
      <p className="muted">
        <a href={paths.delegations(edition.slug)}>{t("overview.noDeadlines")}</a>
      </p>
    );
  return (
    <TableFrame label={t("overview.deadlines")}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("overview.column.what")}</th>
            <th scope="col">{t("overview.column.due")}</th>
            <th scope="col">{t("overview.column.stand")}</th>
          </tr>
        </thead>
        <tbody>
          {deadlines.map((deadline) => (
            <tr key={deadline.kind === "clearance" ? deadline.visitId : deadline.kind}>
              <td>
                {deadline.kind === "clearance" ? (
                  <a href={paths.visit(edition.slug, deadline.visitId)}>
                    {t("overview.deadline.clearance", {
                      host: locale === "en" ? deadline.hostEn : deadline.hostZh,
                    })}
                  </a>
                ) : (
                  t(`overview.deadline.${deadline.kind}`)
                )}
              </td>
              <td>{due(deadline.at)}</td>
              <td>
                <Status tone={deadline.days < 0 ? undefined : deadline.days < 7 ? "wait" : "good"}>
                  {deadline.days < 0 ? t("overview.passed") : t("overview.inDays", { days: deadline.days })}
                </Status>
                {deadline.kind === "clearance" ? (
                  <>
                    <br />
                    <span className="muted">
                      {t("overview.listSeats", { taken: deadline.taken, capacity: deadline.capacity })}
                    </span>
                  </>
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

const COUNTS = ["accepted", "tentative", "substituteProposed", "declined", "silent", "draft"] as const;

/** One delegation's answers: drawn as a bar, and said in words. */
function Answers({ delegation }: { delegation: Page["view"]["delegations"][number] }) {
  const t = useT();
  const { answers, quota } = delegation;
  if (answers === null) return null;
  const words = COUNTS.filter((name) => answers[name] > 0).map((name) =>
    t(`overview.count.${name}`, { count: answers[name] }),
  );
  const people = COUNTS.reduce((sum, name) => sum + answers[name], 0);
  const said = words.length === 0 ? t("overview.nobody") : words.join(" · ");
  return (
    <div className="answers">
      <p className="small">
        <strong>
          <Text en={delegation.nameEn} zh={delegation.nameZh} />
        </strong>{" "}
        <span className="muted">
          {quota === null ? t("overview.noLimit") : t("overview.places", { count: quota })}
        </span>
      </p>
      <Bar
        label={said}
        of={Math.max(people, quota ?? 0)}
        parts={[
          { kind: "yes", count: answers.accepted },
          { kind: "maybe", count: answers.tentative + answers.substituteProposed },
          { kind: "no", count: answers.declined },
          { kind: "silent", count: answers.silent },
        ]}
      />
      <p className="small muted">{said}</p>
    </div>
  );
}

type BarPart = { kind: "yes" | "maybe" | "no" | "silent"; count: number };

/** Parts of a whole, side by side. A drawing and not styled boxes: the pages' policy forbids inline styles. */
function Bar({ label, of, parts }: { label: string; of: number; parts: ReadonlyArray<BarPart> }) {
  const whole = Math.max(of, 1);
  const drawn = parts.map((part, n) => ({
    ...part,
    from: parts.slice(0, n).reduce((sum, before) => sum + before.count, 0),
  }));
  return (
    <svg className="bar-drawing" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label={label}>
      <title>{label}</title>
      <rect className="rest" x="0" y="0" width="100" height="8" />
      {drawn
        .filter((part) => part.count > 0)
        .map((part) => (
          <rect
            key={part.kind}
            className={part.kind}
            x={(part.from / whole) * 100}
            y="0"
            width={(part.count / whole) * 100}
            height="8"
          />
        ))}
    </svg>
  );
}

function Waiting({
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
      <TableFrame label={t("overview.waiting")}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("overview.column.name")}</th>
              <th scope="col">{t("overview.column.native")}</th>
              <th scope="col">{t("overview.column.category")}</th>
              <th scope="col">{t("overview.column.reply")}</th>
              <th scope="col">{t("overview.column.form")}</th>
              <th scope="col">{t("overview.column.missing")}</th>
              <th scope="col">{t("overview.column.since")}</th>
            </tr>
          </thead>
          <tbody>
            {waiting.map((entry) => (
              <tr key={entry.invitationId}>
                <td>
                  <a href={paths.person(edition.slug, entry.invitationId)}>
                    {entry.nameLatin === "" ? (
                      <NativeName>{entry.nameNative}</NativeName>
                    ) : (
                      <span lang="en">{entry.nameLatin}</span>
                    )}
                  </a>
                </td>
                <td>
                  <NativeName>{entry.nameNative}</NativeName>
                </td>
                <td>{t(`category.${entry.category}`)}</td>
                <td>
                  <Status tone={TONES[entry.reply]}>{t(`reply.${entry.reply}`)}</Status>
                </td>
                <td className="num">
                  {t("overview.formDone", { done: entry.sectionsDone, all: entry.sections })}
                </td>
                <td>{entry.missing.map((what) => t(`overview.missing.${what}`)).join(" · ")}</td>
                <td>{t("overview.days", { days: entry.days })}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
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

function VisitSeats({ edition, visit }: { edition: Page["edition"]; visit: Page["view"]["visits"][number] }) {
  const t = useT();
  const startsAt = useMoment(edition.timeZone);
  const total = t("overview.seatsTaken", { taken: visit.taken, seats: visit.capacity });
  return (
    <div className="answers">
      <p className="small">
        <strong>
          <a href={paths.visit(edition.slug, visit.visitId)}>
            <Text en={visit.titleEn} zh={visit.titleZh} />
          </a>
        </strong>{" "}
        <span className="muted">{startsAt(visit.startsAt)}</span>
      </p>
      <Bar label={total} of={visit.capacity} parts={[{ kind: "yes", count: visit.taken }]} />
      <p className="small muted">
        {total}
        {visit.taken >= visit.capacity ? <Status tone="wait"> {t("overview.full")}</Status> : null}
      </p>
      <ul className="plain small">
        {visit.own.map((own) => (
          <li key={own.delegationId}>
            <Text en={own.nameEn} zh={own.nameZh} /> ·{" "}
            {own.seats === null
              ? t("overview.seatsOpen", { taken: own.taken })
              : t("overview.seatsTaken", { taken: own.taken, seats: own.seats })}
            {own.waiting === 0 ? null : (
              <>
                {" "}
                · <Status tone="wait">{t("overview.onWaitingList", { count: own.waiting })}</Status>
              </>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

function MailProblems({
  edition,
  problems,
}: {
  edition: Page["edition"];
  problems: Page["view"]["mailProblems"];
}) {
  const t = useT();
  const triedAt = useMoment(edition.timeZone);
  if (problems.length === 0) return <p className="muted">{t("overview.noMailProblems")}</p>;
  return (
    <TableFrame label={t("overview.mailProblems")}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("overview.column.name")}</th>
            <th scope="col">{t("overview.column.mail")}</th>
            <th scope="col">{t("overview.column.stand")}</th>
            <th scope="col">{t("overview.column.answer")}</th>
            <th scope="col">{t("overview.column.at")}</th>
          </tr>
        </thead>
        <tbody>
          {problems.map((problem) => (
            <tr key={problem.deliveryId}>
              <td>
                {problem.invitationId === null ? (
                  <NativeName>{problem.nameLatin === "" ? problem.nameNative : problem.nameLatin}</NativeName>
                ) : (
                  <a href={paths.person(edition.slug, problem.invitationId)}>
                    <NativeName>
                      {problem.nameLatin === "" ? problem.nameNative : problem.nameLatin}
                    </NativeName>
                  </a>
                )}
              </td>
              <td>
                {problem.messageId === null ? (
                  t(`mailKind.${problem.kind}`)
                ) : (
                  <a href={paths.message(edition.slug, problem.messageId)}>{t(`mailKind.${problem.kind}`)}</a>
                )}
              </td>
              <td>
                <Status tone={problem.state === "failed" ? "stop" : "wait"}>
                  {t(`delivery.${problem.state}`)}
                </Status>
              </td>
              <td>{problem.response}</td>
              <td>{triedAt(problem.at)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}
