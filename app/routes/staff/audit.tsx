import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Filters, TableFrame, WorkHeading } from "../../components/desk.tsx";
import { SelectField, TextField } from "../../components/fields.tsx";
import { BothNames } from "../../components/name.tsx";
import { NativeName } from "../../components/text.tsx";
import { staffEdition } from "../../context.server.ts";
import type { TrailActor, TrailDetail, TrailEvent } from "../../domain/privacy/trail.server.ts";
import { trailPage, trailSpan } from "../../domain/privacy/trail.server.ts";
import { deskMoment, shortMoment, zoneName } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "audit.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, "lead");
  const query = new URL(args.request.url).searchParams;
  const asked = { action: query.get("action") ?? "", day: query.get("day") ?? "" };
  const page = trailPage(ctx, {
    action: asked.action === "" ? null : asked.action,
    span: trailSpan(asked.day, edition.timeZone),
    before: query.get("before"),
  });
  return {
    locale,
    slug: edition.slug,
    timeZone: edition.timeZone,
    asked,
    isFirst: !query.has("before"),
    ...page,
    // Here and not in the browser, which may put Chinese words in another order than the server.
    actions: page.actions.toSorted((a, b) =>
      translate(locale, a.words).localeCompare(translate(locale, b.words), locale),
    ),
  };
}

/** What was done about the people of the reader's side, and by whom. */
export default function AuditTrail() {
  const { slug, timeZone, asked, isFirst, events, next, actions } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const form = { values: asked, errors: {} };
  const query = (before?: string) =>
    new URLSearchParams([
      ...Object.entries(asked).filter(([, value]) => value !== ""),
      ...(before === undefined ? [] : [["before", before]]),
    ]);
  return (
    <>
      <WorkHeading>{t("audit.title")}</WorkHeading>
      <section className="panel">
        <p className="muted">{t("audit.intro")}</p>
        <form method="get">
          <Filters>
            <SelectField
              form={form}
              name="action"
              label={t("audit.filter.action")}
              blank={t("audit.filter.all")}
              required
              options={actions.map(({ action, words }) => ({ value: action, label: t(words) }))}
            />
            <TextField form={form} name="day" type="date" label={t("audit.filter.day")} required />
            <button className="button quiet" type="submit">
              {t("audit.filter.do")}
            </button>
          </Filters>
        </form>
        {events.length === 0 ? (
          <p>{t("audit.none")}</p>
        ) : (
          <>
            <p className="small muted">{t("audit.zone", { zone: zoneName(timeZone, locale) })}</p>
            <TableFrame label={t("audit.title")}>
              <table className="trail">
                <thead>
                  <tr>
                    <th scope="col">{t("audit.column.when")}</th>
                    <th scope="col">{t("audit.column.who")}</th>
                    <th scope="col">{t("audit.column.what")}</th>
                    <th scope="col">{t("audit.column.whom")}</th>
                    <th scope="col">{t("audit.column.details")}</th>
                  </tr>
                </thead>
                <tbody>
                  {events.map((event) => (
                    <tr key={event.id}>
                      <td>{shortMoment(event.at, timeZone, locale)}</td>
                      <td>
                        <Actor actor={event.actor} />
                      </td>
                      <td>{t(event.what)}</td>
                      <td>
                        <Whom event={event} />
                      </td>
                      <td>
                        <Details details={event.details} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </TableFrame>
          </>
        )}
        {isFirst && next === null ? null : (
          <nav className="toolbar" aria-label={t("audit.title")}>
            {isFirst ? null : <a href={`${paths.auditTrail(slug)}?${query()}`}>{t("audit.newest")}</a>}
            {next === null ? null : (
              <a href={`${paths.auditTrail(slug)}?${query(next)}`} rel="next">
                {t("audit.older")}
              </a>
            )}
          </nav>
        )}
      </section>
    </>
  );
}

function Actor({ actor }: { actor: TrailActor }) {
  const t = useT();
  switch (actor.kind) {
    case "colleague":
      return <NativeName>{actor.name}</NativeName>;
    case "invitee":
      return t("audit.actor.invitee", { number: actor.number });
    case "assistant":
      return actor.number === null
        ? t("audit.actor.assistant")
        : t("audit.actor.assistantOf", { number: actor.number });
    default:
      return t(`audit.actor.${actor.kind}`);
  }
}

function Whom({ event: { whom } }: { event: Pick<TrailEvent, "whom"> }) {
  const { slug } = useLoaderData<typeof loader>();
  if (whom === null) return null;
  if (whom.kind === "colleague") return <NativeName>{whom.name}</NativeName>;
  return (
    <>
      <a href={paths.person(slug, whom.person.invitationId)}>
        <BothNames person={whom.person} />
      </a>{" "}
      <span className="muted">{whom.person.number}</span>
    </>
  );
}

function Details({ details }: { details: ReadonlyArray<TrailDetail> }) {
  const { timeZone } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  if (details.length === 0) return null;
  const value = (detail: TrailDetail) =>
    "count" in detail
      ? String(detail.count)
      : "at" in detail
        ? deskMoment(detail.at, timeZone, locale)
        : detail.words.map((word) => t(word)).join(t("audit.list"));
  return (
    <ul className="plain">
      {details.map((detail) => (
        <li key={detail.label}>{t("audit.detail", { label: t(detail.label), value: value(detail) })}</li>
      ))}
    </ul>
  );
}
