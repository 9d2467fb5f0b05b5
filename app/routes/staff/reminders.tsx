import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { Toolbar, WorkHeading } from "../../components/desk.tsx";
import { ErrorSummary, SelectField, TextField } from "../../components/fields.tsx";
import { BothNames } from "../../components/name.tsx";
import { Status } from "../../components/page.tsx";
import { Text } from "../../components/text.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import {
  type ReminderPlan,
  reminderPlans,
  setPersonsReminders,
  setReminders,
  stopReminders,
} from "../../domain/invitation/reminders.server.ts";
import { REMINDER_HOURS, reminderForm } from "../../domain/invitation/reminders.ts";
import { deskMoment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm } from "../../platform/form.ts";
import type { FormState } from "../../platform/form-state.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "reminders.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, "invitations");
  return { locale, slug: edition.slug, timeZone: edition.timeZone, plans: reminderPlans(ctx) };
}

/** `intent`: `set` a side's reminders, `stop` them, or leave a person out (`stopPerson`) and in again (`resumePerson`). */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "invitations");
  const formData = await args.request.formData();
  const text = (name: string) => {
    const value = formData.get(name);
    return typeof value === "string" ? value : "";
  };
  const done = (outcome: { ok: boolean }) => {
    if (!outcome.ok) throw notFound();
    return redirect(paths.reminders(edition.slug), 303);
  };
  switch (text("intent")) {
    case "set": {
      const parsed = parseForm(reminderForm, formData);
      if (!parsed.ok) return data({ sideId: text("sideId"), form: parsed.form }, { status: 422 });
      const { sideId, days, hour } = parsed.value;
      return done(await setReminders(ctx, { sideId, schedule: { daysBefore: days, hour } }));
    }
    case "stop":
      return done(await stopReminders(ctx, text("sideId")));
    case "stopPerson":
    case "resumePerson":
      return done(
        await setPersonsReminders(ctx, {
          invitationId: text("invitation"),
          stopped: text("intent") === "stopPerson",
        }),
      );
    default:
      throw data(null, { status: 400 });
  }
}

export default function Reminders() {
  const { plans, timeZone } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  const refused = sent === undefined || !("form" in sent) ? null : sent;
  return (
    <>
      <WorkHeading>{t("reminders.title")}</WorkHeading>
      <p>{t("reminders.intro")}</p>
      {refused === null ? null : (
        <ErrorSummary form={refused.form} labels={{ days: t("reminders.days"), hour: t("reminders.hour") }} />
      )}
      {plans.map((plan) => (
        <Side
          key={plan.sideId}
          plan={plan}
          timeZone={timeZone}
          refused={refused?.sideId === plan.sideId ? refused.form : null}
        />
      ))}
    </>
  );
}

type Plan = ReminderPlan;

function Side({ plan, timeZone, refused }: { plan: Plan; timeZone: string; refused: FormState | null }) {
  const t = useT();
  const locale = useLocale();
  const { state, schedule, replyBy } = plan;
  const form: FormState = refused ?? {
    values: { days: schedule.daysBefore.join(", "), hour: String(schedule.hour) },
    errors: {},
  };
  return (
    <section className="panel apart" aria-labelledby={`side-${plan.sideId}`}>
      <h2 id={`side-${plan.sideId}`}>
        <Text en={plan.nameEn} zh={plan.nameZh} />
      </h2>
      <p>
        <Status tone={state === "on" ? "good" : state === "stopped" ? "stop" : undefined}>
          {t(`reminders.state.${state}`)}
        </Status>{" "}
        {replyBy === null
          ? t("reminders.noReplyBy")
          : t("reminders.replyBy", { when: deskMoment(replyBy, timeZone, locale) })}
      </p>
      <form method="post">
        <input type="hidden" name="sideId" value={plan.sideId} />
        <TextField
          form={form}
          name="days"
          label={t("reminders.days")}
          help={t("reminders.daysHelp")}
          required
        />
        <SelectField
          form={form}
          name="hour"
          label={t("reminders.hour")}
          options={REMINDER_HOURS.map((hour) => ({
            value: String(hour),
            label: `${String(hour).padStart(2, "0")}:00`,
          }))}
        />
        <Toolbar>
          <button className="button" type="submit" name="intent" value="set">
            {t(state === "off" ? "reminders.turnOn" : state === "on" ? "reminders.save" : "reminders.resume")}
          </button>
          {state === "on" ? (
            <button className="button quiet" type="submit" name="intent" value="stop">
              {t("reminders.stop")}
            </button>
          ) : null}
        </Toolbar>
      </form>
      <h3>{t(state === "on" ? "reminders.coming" : "reminders.wouldCome")}</h3>
      {plan.coming.length === 0 ? <p className="muted">{t("reminders.none")}</p> : null}
      {plan.coming.map((reminder) => (
        <details key={`${reminder.at} ${reminder.homeTimeZone}`}>
          <summary>
            {deskMoment(reminder.at, reminder.homeTimeZone, locale)} ·{" "}
            {t("reminders.people", { count: reminder.people.length })}
            {reminder.homeTimeZone === timeZone ? null : (
              <span className="second-line small muted">{deskMoment(reminder.at, timeZone, locale)}</span>
            )}
          </summary>
          <People people={reminder.people} intent="stopPerson" />
        </details>
      ))}
      {plan.stopped.length === 0 ? null : (
        <>
          <h3>{t("reminders.left")}</h3>
          <People people={plan.stopped} intent="resumePerson" />
        </>
      )}
    </section>
  );
}

function People({ people, intent }: { people: Plan["stopped"]; intent: "stopPerson" | "resumePerson" }) {
  const { slug } = useLoaderData<typeof loader>();
  const t = useT();
  const stops = intent === "stopPerson";
  return (
    <ul className="plain">
      {people.map((person) => {
        const name = person.nameLatin === "" ? person.nameNative : person.nameLatin;
        return (
          <li key={person.invitationId}>
            <form method="post">
              <a href={paths.person(slug, person.invitationId)}>
                <BothNames person={person} />
              </a>{" "}
              <input type="hidden" name="invitation" value={person.invitationId} />
              <button
                className="button quiet small"
                type="submit"
                name="intent"
                value={intent}
                aria-label={t(stops ? "reminders.stopOne" : "reminders.resumeOne", { name })}
              >
                {t(stops ? "reminders.stopPerson" : "reminders.resumePerson")}
              </button>
            </form>
          </li>
        );
      })}
    </ul>
  );
}
