import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { AnswersByDay } from "../../components/answers-by-day.tsx";
import { TableFrame, WorkHeading } from "../../components/desk.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { TaskTable } from "../../components/task-table.tsx";
import { NativeName, Text } from "../../components/text.tsx";
import { requirePost, staffEdition } from "../../context.server.ts";
import { changesSinceLook, sayLooked } from "../../domain/edition/changes.server.ts";
import { lookForm } from "../../domain/edition/form.ts";
import { overview } from "../../domain/edition/overview.server.ts";
import { homeTimeZones } from "../../domain/edition/queries.server.ts";
import { tasksOf } from "../../domain/task/queries.server.ts";
import { tasksInOrder, tasksToOpen } from "../../domain/task/rules.ts";
import { useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm } from "../../platform/form.ts";
import { AskAgain, Changes, Silent, useMoment, Waiting } from "./overview-parts.tsx";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "overview.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args);
  const looked = new URL(args.request.url).searchParams.has("looked");
  return data({
    locale,
    edition,
    looked,
    view: overview(ctx),
    changes: changesSinceLook(ctx),
    tasks: tasksInOrder(tasksOf(ctx).flatMap((side) => side.tasks)),
    homeTimeZones: homeTimeZones(ctx),
    opens: tasksToOpen(ctx.scope),
  });
}

/** "I have seen this": what changed begins anew from what the page showed. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args);
  const parsed = parseForm(lookForm, await args.request.formData());
  // The one field is hidden: nobody typed it, and there is nothing to say beside it.
  if (!parsed.ok) return data(null, { status: 422 });
  await sayLooked(ctx, parsed.value.until);
  return redirect(`${paths.edition(edition.slug)}?looked=1`, 303);
}

type Page = ReturnType<typeof useLoaderData<typeof loader>>;

/** An organizer's first page: who has not answered, what is missing, which list is due to whom and when. */
export default function OverviewPage() {
  const { edition, looked, view, changes, tasks, homeTimeZones, opens } = useLoaderData<typeof loader>();
  const t = useT();
  return (
    <>
      <WorkHeading>{t("overview.title")}</WorkHeading>
      {looked ? <Notice tone="good">{t("overview.changes.marked")}</Notice> : null}
      <div className="panels">
        <section className="panel span-12">
          <h2>{t("overview.deadlines")}</h2>
          <Deadlines edition={edition} tasks={tasks} homeTimeZones={homeTimeZones} opens={opens} />
        </section>
        <section className="panel span-5">
          <h2>{t("overview.answers")}</h2>
          {view.delegations.map((delegation) => (
            <Answers key={delegation.id} delegation={delegation} />
          ))}
          <p className="small muted">{t("overview.otherSide")}</p>
        </section>
        <section className="panel span-7">
          <h2>{t("overview.byDay")}</h2>
          {view.byDay === null ? (
            <p className="muted">{t("overview.byDay.none")}</p>
          ) : (
            <AnswersByDay answers={view.byDay} />
          )}
        </section>
        <section className="panel span-12">
          <h2>{t("overview.changes")}</h2>
          <Changes edition={edition} changes={changes} />
        </section>
        <section className="panel span-12">
          <h2>{t("overview.silent")}</h2>
          <Silent edition={edition} silent={view.silent} inAll={view.silentInAll} />
        </section>
        {view.askAgain.length === 0 ? null : (
          <section className="panel span-12">
            <h2>{t("overview.askAgain")}</h2>
            <AskAgain edition={edition} people={view.askAgain} />
          </section>
        )}
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

/** So many open tasks are shown here; the page of tasks has them all. */
const TASKS_SHOWN = 10;

/** What is overdue and what comes next, with the clock there and where one's own people live. */
function Deadlines({
  edition,
  tasks,
  homeTimeZones,
  opens,
}: Pick<Page, "edition" | "tasks" | "homeTimeZones" | "opens">) {
  const t = useT();
  const due = useMoment();
  const isSet = tasks.some(({ kind }) => kind === "reply" || kind === "register");
  const open = tasks.filter(({ state }) => state !== "done");
  return (
    <>
      {isSet ? null : (
        <p className="small">
          <a href={paths.delegations(edition.slug)}>{t("overview.noDeadlines")}</a>
        </p>
      )}
      <TaskTable
        edition={edition}
        label={t("overview.deadlines")}
        tasks={open.slice(0, TASKS_SHOWN)}
        homeTimeZones={homeTimeZones}
        opens={opens}
        due={due}
      />
      <p className="small">
        <a href={paths.tasks(edition.slug)}>{t("tasks.more")}</a>{" "}
        <span className="muted">{t("tasks.doneMore", { count: tasks.length - open.length })}</span>
      </p>
    </>
  );
}

const COUNTS = ["accepted", "tentative", "substituteProposed", "declined", "silent", "draft"] as const;

/** One delegation's answers: drawn as a bar, and said in words. */
function Answers({ delegation }: { delegation: Page["view"]["delegations"][number] }) {
  const t = useT();
  const { answers, quota, taken } = delegation;
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
          {quota === null ? t("overview.noLimit") : t("overview.held", { taken: taken ?? 0, quota })}
        </span>{" "}
        {quota === null || taken === null ? null : <Places open={quota - taken} />}
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

/** How many places a delegation has left. */
function Places({ open }: { open: number }) {
  const t = useT();
  if (open < 0) return <Status tone="stop">{t("overview.over", { count: -open })}</Status>;
  if (open === 0) return <Status tone="wait">{t("overview.full.places")}</Status>;
  return <Status tone="good">{t("overview.free", { count: open })}</Status>;
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

function VisitSeats({ edition, visit }: { edition: Page["edition"]; visit: Page["view"]["visits"][number] }) {
  const t = useT();
  const startsAt = useMoment();
  const total = t("overview.seatsTaken", { taken: visit.taken, seats: visit.capacity });
  return (
    <div className="answers">
      <p className="small">
        <strong>
          <a href={paths.visit(edition.slug, visit.visitId)}>
            <Text en={visit.titleEn} zh={visit.titleZh} />
          </a>
        </strong>{" "}
        <span className="muted">{startsAt(visit.startsAt, edition.timeZone)}</span>
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
  const triedAt = useMoment();
  if (problems.length === 0) return <p className="muted">{t("overview.noMailProblems")}</p>;
  return (
    <TableFrame label={t("overview.mailProblems")}>
      <table className="snug stack">
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
              <td data-label={t("overview.column.at")}>{triedAt(problem.at, edition.timeZone)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}
