import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { Toolbar, WorkHeading } from "../../components/desk.tsx";
import { ErrorSummary, FieldsOf, LongTextField, SelectField, TextField } from "../../components/fields.tsx";
import { Notice } from "../../components/page.tsx";
import { TaskTable, useTaskName } from "../../components/task-table.tsx";
import { Text } from "../../components/text.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { allows } from "../../domain/access/rules.ts";
import { homeTimeZones } from "../../domain/edition/queries.server.ts";
import { addTask, finishTask, noteTask, removeTask, setDigest } from "../../domain/task/commands.server.ts";
import { digestForm, newTaskForm, taskDoneForm, taskForm } from "../../domain/task/form.ts";
import { type SideTasks, type TaskView, tasksOf } from "../../domain/task/queries.server.ts";
import { DIGEST_HOURS, KEEPS_TASKS, tasksToOpen } from "../../domain/task/rules.ts";
import { dayOf, zoneName } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm, withError } from "../../platform/form.ts";
import { emptyForm, type FormState } from "../../platform/form-state.ts";
import { useMoment } from "./overview-parts.tsx";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "tasks.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args);
  return {
    locale,
    edition: { slug: edition.slug, timeZone: edition.timeZone },
    sides: tasksOf(ctx),
    homeTimeZones: homeTimeZones(ctx),
    mayKeep: allows(ctx.scope, KEEPS_TASKS),
    opens: tasksToOpen(ctx.scope),
  };
}

/** `intent`: `note` on a task, `done` or open again, `add` one, `remove` one that was typed, the mail of the morning (`digest`). */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const formData = await args.request.formData();
  const { ctx, edition } = await staffEdition(
    args,
    formData.get("intent") === "digest" ? "read_only" : KEEPS_TASKS,
  );
  const back = (told: "saved" | "added") => redirect(`${paths.tasks(edition.slug)}?${told}`, 303);
  const settle = (outcome: { ok: true } | { ok: false; refusal: "missing" | "forbidden" }) => {
    if (!outcome.ok) throw notFound();
    return back("saved");
  };
  const named = (name: string) => {
    const value = formData.get(name);
    return typeof value === "string" ? value : "";
  };
  switch (named("intent")) {
    case "note": {
      const parsed = parseForm(taskForm, formData);
      const again = { sideId: named("sideId"), task: named("task") };
      if (!parsed.ok) return data({ ...again, form: parsed.form }, { status: 422 });
      const noted = await noteTask(ctx, parsed.value);
      if (noted.ok) return back("saved");
      if (noted.refusal !== "changed") throw notFound();
      return data(
        { ...again, form: withError(formData, "", "tasks.error.changed", ["revision"]) },
        { status: 409 },
      );
    }
    case "done": {
      const parsed = parseForm(taskDoneForm, formData);
      if (!parsed.ok) throw data(null, { status: 400 });
      return settle(await finishTask(ctx, { ...parsed.value, done: parsed.value.done === "yes" }));
    }
    case "add": {
      const parsed = parseForm(newTaskForm, formData);
      if (!parsed.ok)
        return data({ sideId: named("sideId"), task: null, form: parsed.form }, { status: 422 });
      const added = await addTask(ctx, parsed.value);
      if (!added.ok) throw notFound();
      return back("added");
    }
    case "remove":
      return settle(await removeTask(ctx, { sideId: named("sideId"), task: named("task") }));
    case "digest": {
      const parsed = parseForm(digestForm, formData);
      if (!parsed.ok) throw data(null, { status: 400 });
      return settle(await setDigest(ctx, { sideId: parsed.value.sideId, hour: parsed.value.hour ?? null }));
    }
    default:
      throw data(null, { status: 400 });
  }
}

type Again = { sideId: string; task: string | null; form: FormState };

/** What others must have by a day: whose it is, how it stands, and who looks after it. */
export default function Tasks() {
  const { sides } = useLoaderData<typeof loader>();
  const again = useActionData<typeof action>() ?? null;
  const [query] = useSearchParams();
  const t = useT();
  return (
    <>
      <WorkHeading>{t("tasks.title")}</WorkHeading>
      <p>{t("tasks.intro")}</p>
      {again === null && query.has("saved") ? <Notice tone="good">{t("tasks.saved")}</Notice> : null}
      {again === null && query.has("added") ? <Notice tone="good">{t("tasks.added")}</Notice> : null}
      {sides.map((side) => (
        <Side key={side.sideId} side={side} again={again?.sideId === side.sideId ? again : null} />
      ))}
    </>
  );
}

function Side({ side, again }: { side: SideTasks; again: Again | null }) {
  const { edition, homeTimeZones, mayKeep, opens } = useLoaderData<typeof loader>();
  const t = useT();
  const due = useMoment();
  const counted = (state: TaskView["state"]) => side.tasks.filter((task) => task.state === state).length;
  return (
    <section className="panel apart" aria-labelledby={`side-${side.sideId}`}>
      <h2 id={`side-${side.sideId}`}>
        <Text en={side.nameEn} zh={side.nameZh} />
      </h2>
      <p className="muted">
        {t("tasks.count", { overdue: counted("overdue"), open: counted("open"), done: counted("done") })}
      </p>
      <TaskTable
        edition={edition}
        label={t("tasks.title")}
        tasks={side.tasks}
        homeTimeZones={homeTimeZones}
        opens={opens}
        due={due}
        {...(mayKeep
          ? {
              actions: (task: TaskView) => (
                <TaskForms side={side} task={task} again={again?.task === task.key ? again.form : null} />
              ),
            }
          : {})}
      />
      {mayKeep ? (
        <NewTask side={side} again={again !== null && again.task === null ? again.form : null} />
      ) : null}
      <Digest side={side} />
    </section>
  );
}

function TaskErrors({ form, day }: { form: FormState; day: string }) {
  const t = useT();
  return (
    <ErrorSummary
      form={form}
      labels={{ title: t("tasks.what"), dueOn: day, ownerId: t("tasks.owner"), note: t("tasks.note") }}
    />
  );
}

function owners({ colleagues }: SideTasks) {
  return colleagues.map(({ userId, name }) => ({ value: userId, label: name }));
}

/** Done or open again by one press; the rest under a heading that opens. */
function TaskForms({ side, task, again }: { side: SideTasks; task: TaskView; again: FormState | null }) {
  const { edition } = useLoaderData<typeof loader>();
  const t = useT();
  const what = useTaskName()(task);
  const isDone = task.doneAt !== null;
  const form: FormState = again ?? {
    values: {
      ownerId: task.owner?.userId ?? "",
      dueOn: task.agreedAt === null ? "" : dayOf(task.agreedAt, edition.timeZone),
      note: task.note,
    },
    errors: {},
  };
  return (
    <>
      <form method="post" className="in-row">
        <input type="hidden" name="sideId" value={side.sideId} />
        <input type="hidden" name="task" value={task.key} />
        <input type="hidden" name="done" value={isDone ? "no" : "yes"} />
        <button
          className="button quiet small"
          type="submit"
          name="intent"
          value="done"
          aria-label={t(isDone ? "tasks.reopenOne" : "tasks.doOne", { what })}
        >
          {t(isDone ? "tasks.reopen" : "tasks.do")}
        </button>
      </form>
      <details open={again !== null}>
        <summary aria-label={t("tasks.changeOne", { what })}>{t("tasks.change")}</summary>
        <FieldsOf of={task.key}>
          <form method="post">
            {again === null ? null : <TaskErrors form={again} day={t("tasks.dueOn")} />}
            <input type="hidden" name="sideId" value={side.sideId} />
            <input type="hidden" name="task" value={task.key} />
            <input type="hidden" name="revision" value={task.revision} />
            <SelectField
              form={form}
              name="ownerId"
              label={t("tasks.owner")}
              options={owners(side)}
              blank={t("tasks.nobody")}
            />
            {task.mayAgree ? (
              <TextField
                form={form}
                name="dueOn"
                type="date"
                label={t(task.kind === "own" ? "tasks.day" : "tasks.dueOn")}
                help={t(task.kind === "own" ? "tasks.dayHelp" : "tasks.dueOnHelp")}
              />
            ) : null}
            <LongTextField form={form} name="note" label={t("tasks.note")} rows={2} maxLength={500} />
            <Toolbar>
              <button className="button" type="submit" name="intent" value="note">
                {t("tasks.save")}
              </button>
              {task.kind === "own" ? (
                <button className="button quiet" type="submit" name="intent" value="remove">
                  {t("tasks.remove")}
                </button>
              ) : null}
            </Toolbar>
          </form>
        </FieldsOf>
      </details>
    </>
  );
}

function NewTask({ side, again }: { side: SideTasks; again: FormState | null }) {
  const t = useT();
  const form = again ?? emptyForm;
  return (
    <details className="apart not-printed" open={again !== null}>
      <summary>{t("tasks.add")}</summary>
      <FieldsOf of={`new-${side.sideId}`}>
        <form method="post">
          {again === null ? null : <TaskErrors form={again} day={t("tasks.day")} />}
          <input type="hidden" name="sideId" value={side.sideId} />
          <TextField form={form} name="title" label={t("tasks.what")} required maxLength={160} />
          <TextField
            form={form}
            name="dueOn"
            type="date"
            label={t("tasks.day")}
            help={t("tasks.dayHelp")}
            required
          />
          <SelectField
            form={form}
            name="ownerId"
            label={t("tasks.owner")}
            options={owners(side)}
            blank={t("tasks.nobody")}
          />
          <LongTextField form={form} name="note" label={t("tasks.note")} rows={2} maxLength={500} />
          <Toolbar>
            <button className="button" type="submit" name="intent" value="add">
              {t("tasks.add")}
            </button>
          </Toolbar>
        </form>
      </FieldsOf>
    </details>
  );
}

function Digest({ side }: { side: SideTasks }) {
  const t = useT();
  const locale = useLocale();
  const form: FormState = {
    values: { hour: side.digestHour === null ? "" : String(side.digestHour) },
    errors: {},
  };
  return (
    <FieldsOf of={`mail-${side.sideId}`}>
      <form method="post" className="apart not-printed">
        <h3>{t("tasks.digest")}</h3>
        <p className="small muted">{t("tasks.digestHelp")}</p>
        <input type="hidden" name="sideId" value={side.sideId} />
        <SelectField
          form={form}
          name="hour"
          label={t("tasks.digestHour", { zone: zoneName(side.digestZone, locale) })}
          blank={t("tasks.digestNone")}
          options={DIGEST_HOURS.map((hour) => ({
            value: String(hour),
            label: `${String(hour).padStart(2, "0")}:00`,
          }))}
        />
        <Toolbar>
          <button className="button quiet" type="submit" name="intent" value="digest">
            {t("tasks.digestSet")}
          </button>
        </Toolbar>
      </form>
    </FieldsOf>
  );
}
