import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { ALLOTMENTS, CATEGORIES } from "#db/vocabulary.ts";
import { SeatLimitFields } from "../../components/agenda-item-form.tsx";
import { WorkHeading } from "../../components/desk.tsx";
import { ChoiceField, ErrorSummary, SelectField, TextField } from "../../components/fields.tsx";
import { Notice } from "../../components/page.tsx";
import { inLocale, Second, Text } from "../../components/text.tsx";
import { VisitSeats } from "../../components/visit-board.tsx";
import { VisitPeople } from "../../components/visit-people.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { allows } from "../../domain/access/rules.ts";
import { changeSeats, changeSettings, givePlace, withdrawPlace } from "../../domain/visit/commands.server.ts";
import { givingForm, quotasOf, seatsForm, settingsForm } from "../../domain/visit/form.ts";
import { visitPage } from "../../domain/visit/queries.server.ts";
import { limitsMark, settingsMark } from "../../domain/visit/rules.ts";
import { clockTime24, deskMoment, shortDate, zoneName } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm, withError } from "../../platform/form.ts";
import { emptyForm, type FormState } from "../../platform/form-state.ts";

export { shouldRevalidate } from "../../components/refused.ts";

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: translate(data?.locale ?? "en", "visit.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args);
  const page = visitPage(ctx, args.params.visit ?? "");
  if (page === null) throw notFound();
  const { visit } = page;
  const limits: FormState = {
    errors: {},
    values: {
      capacity: String(visit.capacity),
      ...Object.fromEntries(
        visit.delegations.map((one) => [`seats.${one.id}`, one.seats === null ? "" : String(one.seats)]),
      ),
    },
  };
  const settings: FormState = {
    errors: {},
    values: {
      allotment: visit.allotment,
      offerHours: visit.offerHours === null ? "" : String(visit.offerHours),
      categories: visit.openTo.categories,
      delegationIds: visit.openTo.delegationIds,
    },
  };
  const quotas = new Map(
    visit.delegations.flatMap(({ id, seats }) => (seats === null ? [] : [[id, seats] as const])),
  );
  return {
    settings,
    marks: { limits: limitsMark({ capacity: visit.capacity, quotas }), settings: settingsMark(visit) },
    locale,
    slug: edition.slug,
    timeZone: edition.timeZone,
    mayWrite: allows(ctx.scope, "logistics"),
    mayPlan: allows(ctx.scope, "agenda"),
    limits,
    ...page,
  };
}

type Sent = {
  give: FormState | null;
  limits: FormState | null;
  settings: FormState | null;
  /** A colleague has set it otherwise meanwhile: what stands there now is shown. */
  meanwhile: boolean;
};
const nothingSent: Sent = { give: null, limits: null, settings: null, meanwhile: false };

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "logistics");
  const visitId = args.params.visit ?? "";
  const formData = await args.request.formData();
  const mark = formData.get("seen");
  const seen = typeof mark === "string" ? { seen: mark } : {};
  const meanwhile = () => data({ ...nothingSent, meanwhile: true }, { status: 409 });
  const toldOf = (told: boolean | null): Record<string, string> =>
    told === null ? {} : { told: told ? "yes" : "no" };
  const done = (what: Record<string, string>) =>
    redirect(`${paths.visit(edition.slug, visitId)}?${new URLSearchParams(what)}`, 303);
  switch (formData.get("intent")) {
    case "give": {
      const parsed = parseForm(givingForm, formData);
      if (!parsed.ok) return data({ ...nothingSent, give: parsed.form }, { status: 422 });
      const given = await givePlace(ctx, { visitId, ...parsed.value });
      if (given.ok) throw done({ done: given.value.state, ...toldOf(given.value.told) });
      if (given.refusal === "not_found") throw notFound();
      const field =
        given.refusal === "clash" ? "clashReason" : given.refusal === "not_open" ? "reason" : "invitationId";
      const give = withError(formData, field, `visit.refusal.${given.refusal}`);
      return data({ ...nothingSent, give }, { status: 409 });
    }
    case "withdraw": {
      const invitationId = String(formData.get("invitationId") ?? "");
      const taken = await withdrawPlace(ctx, { visitId, invitationId });
      if (!taken.ok) throw notFound();
      throw done({ done: "withdrawn", ...toldOf(taken.value.told) });
    }
    case "settings": {
      const parsed = parseForm(settingsForm, formData);
      if (!parsed.ok) return data({ ...nothingSent, settings: parsed.form }, { status: 422 });
      const { allotment, offerHours, categories, delegationIds } = parsed.value;
      const openTo = { categories, delegationIds };
      const changed = await changeSettings(ctx, { visitId, ...seen, allotment, offerHours, openTo });
      if (changed.ok) throw done({ done: "settings", promoted: String(changed.value.promoted) });
      if (changed.refusal === "not_found") throw notFound();
      if (changed.refusal === "changed_meanwhile") return meanwhile();
      const settings = withError(formData, "", `visit.refusal.${changed.refusal}`);
      return data({ ...nothingSent, settings }, { status: 409 });
    }
    case "limits": {
      const parsed = parseForm(seatsForm, formData);
      if (!parsed.ok) return data({ ...nothingSent, limits: parsed.form }, { status: 422 });
      const { capacity, seats } = parsed.value;
      const changed = await changeSeats(ctx, { visitId, ...seen, capacity, quotas: quotasOf(seats) });
      if (changed.ok) throw done({ done: "limits", promoted: String(changed.value.promoted) });
      if (changed.refusal === "not_found") throw notFound();
      if (changed.refusal === "changed_meanwhile") return meanwhile();
      const limits = withError(formData, "", `agenda.refusal.${changed.refusal}`);
      return data({ ...nothingSent, limits }, { status: 409 });
    }
    default:
      throw data(null, { status: 400 });
  }
}

export default function Visit() {
  const page = useLoaderData<typeof loader>();
  const { slug, timeZone, mayWrite, mayPlan, visit, granted, waiting } = page;
  const sent = useActionData<typeof action>();
  const t = useT();
  const locale = useLocale();
  const table = { slug, visitId: visit.visitId, timeZone, mayWrite };
  return (
    <>
      <WorkHeading
        actions={
          mayPlan ? (
            <a className="button quiet small" href={paths.agendaItem(slug, visit.itemId)}>
              {t("visit.editItem")}
            </a>
          ) : undefined
        }
      >
        <Text en={visit.titleEn} zh={visit.titleZh} />
      </WorkHeading>
      <p className="second-title">
        <Second en={visit.titleEn} zh={visit.titleZh} />
      </p>
      <Done />
      {sent?.meanwhile === true ? <Notice tone="stop">{t("visit.refusal.changed_meanwhile")}</Notice> : null}
      {visit.published ? null : <Notice tone="wait">{t("visit.unpublishedHelp")}</Notice>}
      <p>
        {t("calendar.when", {
          date: shortDate(visit.startsAt, timeZone, locale),
          time: `${clockTime24(visit.startsAt, timeZone)}–${clockTime24(visit.endsAt, timeZone)}`,
          zone: zoneName(timeZone, locale),
        })}
        {" · "}
        <Text en={visit.hostEn} zh={visit.hostZh} />
        {visit.clearanceDeadline === null ? null : (
          <span className="second-line muted">
            {t("visit.deadlineIs", { when: deskMoment(visit.clearanceDeadline, timeZone, locale) })}
          </span>
        )}
      </p>
      <section className="panel">
        <p>
          {mayWrite ? (
            <>
              <a href={paths.clearance(slug, visit.visitId)}>{t("clearance.open")}</a>
              {" · "}
            </>
          ) : null}
          <strong>{t(`allotment.${visit.allotment}`)}</strong>
          {visit.allotment !== "draw" ? null : (
            <>
              {" · "}
              <a href={paths.visitDraw(slug, visit.visitId)}>
                {visit.drawId === null ? t("draw.toCome") : t("draw.open")}
              </a>
            </>
          )}
        </p>
        <VisitSeats board={visit} />
        {visit.overrides === 0 ? null : (
          <p className="note readable">{t("visit.overrides", { count: visit.overrides })}</p>
        )}
      </section>
      <p className="muted small">{t("visit.ownSide")}</p>
      <section className="visit-people">
        <h2>{t("visit.granted")}</h2>
        <VisitPeople label={t("visit.granted")} people={granted} {...table} />
      </section>
      <section className="visit-people">
        <h2>{t("visit.waitingList")}</h2>
        <p className="muted small">{t("visit.waitingHelp")}</p>
        <VisitPeople label={t("visit.waitingList")} people={waiting} {...table} />
      </section>
      {mayWrite ? <Controls /> : null}
    </>
  );
}

/** What the last act did: the address that it redirected to says so. */
function Done() {
  const t = useT();
  const [query] = useSearchParams();
  const mail = query.get("told");
  // Where nothing has changed nobody is told anything.
  const told = mail === null ? "" : mail === "yes" ? t("visit.told") : t("visit.notTold");
  switch (query.get("done")) {
    case "granted":
      return <Notice tone="good">{`${t("visit.done.granted")} ${told}`.trim()}</Notice>;
    case "waiting":
      return <Notice tone="wait">{`${t("visit.done.waiting")} ${told}`.trim()}</Notice>;
    case "withdrawn":
      return <Notice tone="good">{`${t("visit.done.withdrawn")} ${told}`.trim()}</Notice>;
    case "offered":
      return <Notice tone="wait">{`${t("visit.done.offered")} ${told}`.trim()}</Notice>;
    case "settings":
    case "limits": {
      const what = query.get("done") === "settings" ? "visit.done.settings" : "visit.done.limits";
      const promoted = Number(query.get("promoted"));
      return <Notice tone="good">{t(what, { promoted: Number.isInteger(promoted) ? promoted : 0 })}</Notice>;
    }
    default:
      return null;
  }
}

function Controls() {
  const { slug, visit, others, waiting, granted, limits, marks } = useLoaderData<typeof loader>();
  // Without the query of the page, which tells of the act before.
  const here = paths.visit(slug, visit.visitId);
  const sent = useActionData<typeof action>();
  const give = sent?.give ?? emptyForm;
  const t = useT();
  return (
    <>
      <section className="panel narrow">
        <h2>{t("visit.give")}</h2>
        {others.length + waiting.length === 0 ? (
          <p className="muted">{t("visit.everybodyOn")}</p>
        ) : (
          <Form method="post" action={here} noValidate>
            <SelectField
              form={give}
              name="invitationId"
              label={t("agenda.person")}
              help={t("visit.giveHelp")}
              required
              blank={t("agenda.choosePerson")}
              options={[...waiting, ...granted.filter((one) => one.state === "offered"), ...others].map(
                (one) => ({
                  value: one.invitationId,
                  label: `${one.nameLatin} ${one.nameNative}`.trim(),
                }),
              )}
            />
            <TextField
              form={give}
              name="reason"
              label={t("visit.giveReason")}
              help={t("visit.giveReasonHelp")}
              maxLength={300}
            />
            <TextField
              form={give}
              name="clashReason"
              label={t("visit.clashReason")}
              help={t("visit.clashReasonHelp")}
              maxLength={300}
            />
            <button className="button" type="submit" name="intent" value="give">
              {t("visit.give")}
            </button>
          </Form>
        )}
      </section>
      <section className="panel">
        <h2>{t("visit.changeLimits")}</h2>
        <p className="readable">{t("visit.changeLimitsHelp")}</p>
        <Form method="post" action={here} noValidate key={JSON.stringify(limits.values)}>
          <input type="hidden" name="seen" value={marks.limits} />
          <SeatLimitFields form={sent?.limits ?? limits} delegations={visit.delegations} />
          <button className="button" type="submit" name="intent" value="limits">
            {t("visit.saveLimits")}
          </button>
        </Form>
      </section>
      <Settings />
    </>
  );
}

function Settings() {
  const { slug, visit, settings, marks } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  const locale = useLocale();
  const form = sent?.settings ?? settings;
  return (
    <section className="panel">
      <h2>{t("visit.settings")}</h2>
      <p className="readable">{t("visit.settingsHelp")}</p>
      <Form
        method="post"
        action={paths.visit(slug, visit.visitId)}
        noValidate
        key={JSON.stringify(settings.values)}
      >
        <input type="hidden" name="seen" value={marks.settings} />
        <ErrorSummary
          form={form}
          labels={{ allotment: t("visit.allotment"), offerHours: t("visit.offerHours") }}
        />
        <ChoiceField
          form={form}
          name="allotment"
          type="radio"
          label={t("visit.allotment")}
          required
          options={ALLOTMENTS.map((value) => ({
            value,
            label: t(`allotment.${value}`),
            help: t(`visit.allotmentHelp.${value}`),
          }))}
        />
        <TextField
          form={form}
          name="offerHours"
          label={t("visit.offerHours")}
          help={t("visit.offerHoursHelp")}
          inputMode="numeric"
          maxLength={3}
          narrow
        />
        <details open={visit.openTo.categories.length + visit.openTo.delegationIds.length > 0}>
          <summary>{t("visit.openTo")}</summary>
          <p className="small muted">{t("visit.openToHelp")}</p>
          <ChoiceField
            form={form}
            name="categories"
            type="checkbox"
            label={t("visit.openTo")}
            options={CATEGORIES.map((value) => ({ value, label: t(`category.${value}`) }))}
          />
          <ChoiceField
            form={form}
            name="delegationIds"
            type="checkbox"
            label={t("visit.openToDelegations")}
            options={visit.delegations.map((one) => ({
              value: one.id,
              label: inLocale({ en: one.nameEn, zh: one.nameZh }, locale).text,
            }))}
          />
        </details>
        <button className="button" type="submit" name="intent" value="settings">
          {t("visit.saveSettings")}
        </button>
      </Form>
    </section>
  );
}
