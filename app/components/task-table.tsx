import type { ReactNode } from "react";
import type { TaskKind } from "#db/vocabulary.ts";
import type { TaskView } from "../domain/task/queries.server.ts";
import { shortDate } from "../i18n/dates.ts";
import { useLocale, useT } from "../i18n/react.tsx";
import { paths } from "../paths.ts";
import { TableFrame } from "./desk.tsx";
import { Status } from "./page.tsx";
import { inLocale } from "./text.tsx";

/** What a task is called, in the reader's language or in the words of whoever typed it. */
export function useTaskName(): (task: Pick<TaskView, "kind" | "title" | "deadline">) => string {
  const t = useT();
  const locale = useLocale();
  return ({ kind, title, deadline }) => {
    if (kind === "own") return title;
    if (deadline?.kind === "clearance" || deadline?.kind === "rooming")
      return t(`overview.deadline.${deadline.kind}`, {
        host: inLocale({ en: deadline.hostEn, zh: deadline.hostZh }, locale).text,
      });
    return kind === "clearance" || kind === "rooming" ? "" : t(`overview.deadline.${kind}`);
  };
}

const TONES = { open: "wait", overdue: "stop", done: "good" } as const;

/**
 * Tasks in a table: what, when by the clocks there and at home, how it stands, who looks after it.
 *
 * @param due says an instant in a zone.
 * @param actions what can be done with a task, in a last column; none where it is left out.
 */
export function TaskTable({
  edition,
  label,
  tasks,
  homeTimeZones,
  opens,
  due,
  actions,
}: {
  edition: { slug: string; timeZone: string };
  label: string;
  tasks: ReadonlyArray<TaskView>;
  homeTimeZones: ReadonlyArray<string>;
  /** The kinds whose pages the reader may open. */
  opens: ReadonlyArray<TaskKind>;
  due: (instant: number, timeZone: string) => string;
  actions?: (task: TaskView) => ReactNode;
}) {
  const t = useT();
  const locale = useLocale();
  const nameOf = useTaskName();
  return (
    <TableFrame label={label}>
      <table className="roomy stack">
        <thead>
          <tr>
            <th scope="col">{t("overview.column.what")}</th>
            <th scope="col">{t("overview.column.due")}</th>
            <th scope="col">{t("overview.column.stand")}</th>
            <th scope="col">{t("tasks.column.owner")}</th>
            {actions === undefined ? null : (
              <td className="not-printed">
                <span className="visually-hidden">{t("tasks.change")}</span>
              </td>
            )}
          </tr>
        </thead>
        <tbody>
          {tasks.map((task) => (
            <tr key={task.key}>
              <td>
                <Name task={task} name={nameOf(task)} slug={edition.slug} opens={opens} />
                {task.usual || (task.agreedAt !== null && task.kind !== "own") ? (
                  <span className="second-line small muted">
                    {t(task.usual ? "overview.usual" : "tasks.agreed")}
                  </span>
                ) : null}
                {task.note === "" ? null : (
                  <span className="second-line small muted as-typed">{task.note}</span>
                )}
              </td>
              <td>
                {due(task.at, edition.timeZone)}
                {homeTimeZones.map((zone) => (
                  <span className="small muted home-zone" key={zone}>
                    {due(task.at, zone)}
                  </span>
                ))}
              </td>
              <td>
                <Status tone={task.state === "open" && task.days >= 7 ? "good" : TONES[task.state]}>
                  {task.state === "open"
                    ? t("overview.inDays", { days: task.days })
                    : t(`tasks.state.${task.state}`)}
                </Status>
                {task.doneAt === null ? (
                  <Standing task={task} />
                ) : (
                  <span className="small muted home-zone">
                    {task.doneBy === null
                      ? shortDate(task.doneAt, edition.timeZone, locale)
                      : t("tasks.doneBy", {
                          when: shortDate(task.doneAt, edition.timeZone, locale),
                          who: task.doneBy,
                        })}
                  </span>
                )}
              </td>
              <td>
                {task.owner === null ? (
                  <span className="muted">{t("tasks.nobody")}</span>
                ) : task.owner.left ? (
                  <Status tone="wait">{t("tasks.ownerLeft", { name: task.owner.name })}</Status>
                ) : (
                  task.owner.name
                )}
              </td>
              {actions === undefined ? null : <td className="not-printed">{actions(task)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

/** What is to be done, with the way to where it is done. */
function Name({
  task: { deadline },
  name,
  slug,
  opens,
}: {
  task: TaskView;
  name: string;
  slug: string;
  opens: ReadonlyArray<TaskKind>;
}) {
  const href = deadline === null || !opens.includes(deadline.kind) ? null : whereToDo(slug, deadline);
  return href === null ? name : <a href={href}>{name}</a>;
}

function whereToDo(slug: string, deadline: NonNullable<TaskView["deadline"]>): string | null {
  switch (deadline.kind) {
    case "clearance":
      return paths.visit(slug, deadline.visitId);
    case "rooming":
      return paths.hotel(slug, deadline.hotelId);
    case "hotel":
      return paths.rooms(slug);
    case "letters":
    case "visas":
      return paths.letters(slug);
    case "reply":
      return paths.people(slug);
    case "register":
      return paths.completeness(slug);
    case "interpreters":
      return paths.interpretation(slug);
    case "translations":
    case "filing":
      return null;
    default:
      return deadline satisfies never;
  }
}

/** How far the side is with what the task is about. */
function Standing({ task: { deadline } }: { task: TaskView }) {
  const t = useT();
  const said = () => {
    switch (deadline?.kind) {
      case "reply":
        return t("overview.stand.silent", { count: deadline.silent });
      case "register":
        return t("overview.stand.unregistered", { count: deadline.missing });
      case "clearance":
        return t("overview.listSeats", { taken: deadline.taken, capacity: deadline.capacity });
      case "rooming":
        return t("overview.stand.rooming", { versions: deadline.versions });
      case "letters":
      case "visas":
        return t(`overview.stand.${deadline.kind}`, { issued: deadline.issued, coming: deadline.coming });
      default:
        return null;
    }
  };
  const text = said();
  return text === null ? null : <span className="small muted home-zone">{text}</span>;
}
