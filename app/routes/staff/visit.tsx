import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { SeatLimitFields } from "../../components/agenda-item-form.tsx";
import { TableFrame, WorkHeading } from "../../components/desk.tsx";
import { SelectField } from "../../components/fields.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { inLocale, NativeName, Second, Text } from "../../components/text.tsx";
import { VisitSeats } from "../../components/visit-board.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { allows } from "../../domain/access/rules.ts";
import { changeSeats, givePlace, withdrawPlace } from "../../domain/visit/commands.server.ts";
import { placeForm, quotasOf, seatsForm } from "../../domain/visit/form.ts";
import { type PersonOnVisit, visitPage } from "../../domain/visit/queries.server.ts";
import { clockTime24, moment, shortDate, shortMoment, zoneName } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm, withError } from "../../platform/form.ts";
import { emptyForm, type FormState } from "../../platform/form-state.ts";

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
  return {
    locale,
    slug: edition.slug,
    timeZone: edition.timeZone,
    mayWrite: allows(ctx.scope, "logistics"),
    mayPlan: allows(ctx.scope, "agenda"),
    limits,
    ...page,
  };
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "logistics");
  const visitId = args.params.visit ?? "";
  const formData = await args.request.formData();
  const done = (what: Record<string, string>) =>
    redirect(`${paths.visit(edition.slug, visitId)}?${new URLSearchParams(what)}`, 303);
  switch (formData.get("intent")) {
    case "give": {
      const parsed = parseForm(placeForm, formData);
      if (!parsed.ok) return data({ give: parsed.form, limits: null }, { status: 422 });
      const given = await givePlace(ctx, { visitId, ...parsed.value });
      if (!given.ok) throw notFound();
      throw done({ done: given.value.state, told: given.value.told ? "yes" : "no" });
    }
    case "withdraw": {
      const parsed = parseForm(placeForm, formData);
      if (!parsed.ok) throw notFound();
      const taken = await withdrawPlace(ctx, { visitId, ...parsed.value });
      if (!taken.ok) throw notFound();
      throw done({ done: "withdrawn", told: taken.value.told ? "yes" : "no" });
    }
    case "limits": {
      const parsed = parseForm(seatsForm, formData);
      if (!parsed.ok) return data({ give: null, limits: parsed.form }, { status: 422 });
      const { capacity, seats } = parsed.value;
      const changed = await changeSeats(ctx, { visitId, capacity, quotas: quotasOf(seats) });
      if (changed.ok) throw done({ done: "limits", promoted: String(changed.value.promoted) });
      if (changed.refusal === "not_found") throw notFound();
      const limits = withError(formData, "", `agenda.refusal.${changed.refusal}`);
      return data({ give: null, limits }, { status: 409 });
    }
    default:
      throw data(null, { status: 400 });
  }
}

export default function Visit() {
  const page = useLoaderData<typeof loader>();
  const { slug, timeZone, mayWrite, mayPlan, visit, granted, waiting } = page;
  const t = useT();
  const locale = useLocale();
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
            {t("visit.deadlineIs", { when: moment(visit.clearanceDeadline, timeZone, locale) })}
          </span>
        )}
      </p>
      <section className="panel">
        <VisitSeats board={visit} />
      </section>
      <p className="muted small">{t("visit.ownSide")}</p>
      <section className="visit-people">
        <h2>{t("visit.granted")}</h2>
        <People label={t("visit.granted")} people={granted} />
      </section>
      <section className="visit-people">
        <h2>{t("visit.waitingList")}</h2>
        <p className="muted small">{t("visit.waitingHelp")}</p>
        <People label={t("visit.waitingList")} people={waiting} />
      </section>
      {mayWrite ? <Controls /> : null}
    </>
  );
}

/** What the last act did: the address that it redirected to says so. */
function Done() {
  const t = useT();
  const [query] = useSearchParams();
  const told = query.get("told") === "yes" ? t("visit.told") : t("visit.notTold");
  switch (query.get("done")) {
    case "granted":
      return <Notice tone="good">{`${t("visit.done.granted")} ${told}`}</Notice>;
    case "waiting":
      return <Notice tone="wait">{`${t("visit.done.waiting")} ${told}`}</Notice>;
    case "withdrawn":
      return <Notice tone="good">{`${t("visit.done.withdrawn")} ${told}`}</Notice>;
    case "limits": {
      const promoted = Number(query.get("promoted"));
      return (
        <Notice tone="good">
          {t("visit.done.limits", { promoted: Number.isInteger(promoted) ? promoted : 0 })}
        </Notice>
      );
    }
    default:
      return null;
  }
}

function People({ label, people }: { label: string; people: ReadonlyArray<PersonOnVisit> }) {
  const { slug, timeZone, mayWrite, visit } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const here = paths.visit(slug, visit.visitId);
  if (people.length === 0) return <p className="muted">{t("visit.nobody")}</p>;
  const queued = people.some((one) => one.position !== null);
  return (
    <TableFrame label={label}>
      <table>
        <thead>
          <tr>
            {queued ? (
              <th scope="col" className="num">
                {t("visit.position")}
              </th>
            ) : null}
            <th scope="col">{t("agenda.person")}</th>
            <th scope="col">{t("visit.asked")}</th>
            {mayWrite ? (
              <th scope="col">
                <span className="visually-hidden">{t("visit.withdraw")}</span>
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {people.map((one) => (
            <tr key={one.invitationId}>
              {queued ? <td className="num">{one.position}</td> : null}
              <th scope="row">
                <a href={paths.person(slug, one.invitationId)}>
                  {one.nameLatin} <NativeName>{one.nameNative}</NativeName>
                </a>
                {one.clashes.length === 0 ? null : (
                  <span className="second-line">
                    <Status tone="stop">
                      <span className="wrap">
                        {t("visit.clashes", {
                          items: one.clashes
                            .map((item) => inLocale({ en: item.titleEn, zh: item.titleZh }, locale).text)
                            .join(t("agenda.listSeparator")),
                        })}
                      </span>
                    </Status>
                  </span>
                )}
              </th>
              <td>{shortMoment(one.askedAt, timeZone, locale)}</td>
              {mayWrite ? (
                <td>
                  <Form method="post" action={here}>
                    <input type="hidden" name="invitationId" value={one.invitationId} />
                    <button
                      className="link"
                      type="submit"
                      name="intent"
                      value="withdraw"
                      aria-label={t("visit.withdrawWhom", { person: one.nameLatin || one.nameNative })}
                    >
                      {t("visit.withdraw")}
                    </button>
                  </Form>
                </td>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function Controls() {
  const { slug, visit, others, limits } = useLoaderData<typeof loader>();
  // Without the query of the page, which tells of the act before.
  const here = paths.visit(slug, visit.visitId);
  const sent = useActionData<typeof action>();
  const t = useT();
  return (
    <>
      <section className="panel narrow">
        <h2>{t("visit.give")}</h2>
        {others.length === 0 ? (
          <p className="muted">{t("visit.everybodyOn")}</p>
        ) : (
          <Form method="post" action={here} noValidate>
            <SelectField
              form={sent?.give ?? emptyForm}
              name="invitationId"
              label={t("agenda.person")}
              help={t("visit.giveHelp")}
              required
              blank={t("agenda.choosePerson")}
              options={others.map((one) => ({
                value: one.invitationId,
                label: `${one.nameLatin} ${one.nameNative}`.trim(),
              }))}
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
          <SeatLimitFields form={sent?.limits ?? limits} delegations={visit.delegations} />
          <button className="button" type="submit" name="intent" value="limits">
            {t("visit.saveLimits")}
          </button>
        </Form>
      </section>
    </>
  );
}
