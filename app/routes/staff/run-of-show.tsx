import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { CueFields, useCueLabels } from "../../components/cue-fields.tsx";
import { TableFrame, WorkHeading } from "../../components/desk.tsx";
import { ErrorSummary } from "../../components/fields.tsx";
import { Notice } from "../../components/page.tsx";
import { inLocale, Text } from "../../components/text.tsx";
import { requirePost, staffEdition } from "../../context.server.ts";
import { allows } from "../../domain/access/rules.ts";
import { addCue } from "../../domain/cue/commands.server.ts";
import { cueForm } from "../../domain/cue/form.ts";
import { runOfShow } from "../../domain/cue/queries.server.ts";
import { clockTime24, dayHeading, dayOf, deskMoment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm, withError } from "../../platform/form.ts";
import type { FormState } from "../../platform/form-state.ts";

export { shouldRevalidate } from "../../components/refused.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "cue.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args);
  const show = runOfShow(ctx);
  const asked = new URL(args.request.url).searchParams.get("day");
  return {
    locale,
    slug: edition.slug,
    startsOn: edition.startsOn,
    mayWrite: allows(ctx.scope, "agenda"),
    asked,
    ...show,
  };
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "agenda");
  const formData = await args.request.formData();
  const parsed = parseForm(cueForm, formData);
  if (!parsed.ok) return data({ form: parsed.form }, { status: 422 });
  const added = await addCue(ctx, parsed.value);
  if (!added.ok) return data({ form: withError(formData, "itemId", "cue.error.item") }, { status: 409 });
  throw redirect(`${paths.runOfShow(edition.slug)}?done=added`, 303);
}

type Page = ReturnType<typeof useLoaderData<typeof loader>>;

export default function RunOfShow() {
  const page = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  const locale = useLocale();
  const done = useSearchParams()[0].get("done");
  const { slug, timeZone, mayWrite, items, cues } = page;
  const labels = useCueLabels();
  const days = [
    ...new Set(
      [...items.map(({ startsAt }) => startsAt), ...cues.map(({ at }) => at)].map((at) =>
        dayOf(at, timeZone),
      ),
    ),
  ].sort();
  const shown = days.filter((day) => page.asked === null || !days.includes(page.asked) || day === page.asked);
  const blank: FormState = {
    values: { anchor: "clock", day: shown[0] ?? page.startsOn, offset: "0" },
    errors: {},
  };
  const form = sent?.form ?? blank;
  return (
    <>
      <WorkHeading
        actions={
          <a className="button quiet" href={paths.nowAndNext(slug)}>
            {t("now.open")}
          </a>
        }
      >
        {t("cue.title")}
      </WorkHeading>
      {sent === undefined && (done === "added" || done === "changed" || done === "removed") ? (
        <Notice tone="good">{t(`cue.done.${done}`)}</Notice>
      ) : null}
      <p className="readable muted no-print">{t("cue.intro")}</p>
      <nav className="pages no-print" aria-label={t("cue.days")}>
        <a href={paths.runOfShow(slug)} aria-current={shown.length === days.length ? "page" : undefined}>
          {t("cue.allDays")}
        </a>
        {days.map((day) => (
          <a
            key={day}
            href={`${paths.runOfShow(slug)}?day=${day}`}
            aria-current={shown.length === 1 && shown[0] === day && days.length > 1 ? "page" : undefined}
          >
            {dayHeading(day, locale)}
          </a>
        ))}
      </nav>
      {days.length === 0 ? <p>{t("cue.none")}</p> : null}
      {shown.map((day) => (
        <Day key={day} day={day} page={page} />
      ))}
      <p className="muted small">{t("cue.asOf", { when: deskMoment(page.now, timeZone, locale) })}</p>
      {mayWrite ? (
        <section className="panel apart no-print" aria-labelledby="add">
          <h2 id="add">{t("cue.add")}</h2>
          <ErrorSummary form={form} labels={labels} />
          <Form method="post" noValidate>
            <CueFields form={form} items={items} timeZone={timeZone} />
            <button className="button" type="submit">
              {t("cue.saveNew")}
            </button>
          </Form>
        </section>
      ) : null}
    </>
  );
}

/** A day: what the agenda says, and between it who does what. */
function Day({ day, page }: { day: string; page: Page }) {
  const t = useT();
  const locale = useLocale();
  const { slug, timeZone, mayWrite, items, cues } = page;
  const on = (at: number) => dayOf(at, timeZone) === day;
  const rows = [
    ...items.filter(({ startsAt }) => on(startsAt)).map((item) => ({ at: item.startsAt, rank: 1, item })),
    ...items.flatMap((item) =>
      item.meetAt !== null && on(item.meetAt) ? [{ at: item.meetAt, rank: 0, meets: item }] : [],
    ),
    ...cues.filter(({ at }) => on(at)).map((cue) => ({ at: cue.at, rank: 2, cue })),
  ].sort((a, b) => a.at - b.at || a.rank - b.rank);
  const heading = dayHeading(day, locale);
  return (
    <section className="show-day" aria-label={heading}>
      <h2 className="day">{heading}</h2>
      <TableFrame label={heading}>
        <table className="show">
          <thead>
            <tr>
              <th scope="col">{t("cue.column.time")}</th>
              <th scope="col">{t("cue.column.what")}</th>
              <th scope="col">{t("cue.column.who")}</th>
              <th scope="col">{t("cue.column.where")}</th>
              <th scope="col">{t("cue.column.note")}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => {
              if ("item" in row)
                return (
                  <tr key={row.item.id} className="show-item">
                    <td className="agenda-time">
                      {clockTime24(row.item.startsAt, timeZone)}–{clockTime24(row.item.endsAt, timeZone)}
                    </td>
                    <td>
                      <strong>
                        <Text en={row.item.titleEn} zh={row.item.titleZh} />
                      </strong>
                    </td>
                    <td />
                    <td>
                      <Text en={row.item.placeEn} zh={row.item.placeZh} />
                    </td>
                    <td />
                  </tr>
                );
              if ("meets" in row)
                return (
                  <tr key={`${row.meets.id} meets`}>
                    <td className="agenda-time">{clockTime24(row.at, timeZone)}</td>
                    <td>
                      {t("cue.meets", {
                        item: inLocale({ en: row.meets.titleEn, zh: row.meets.titleZh }, locale).text,
                      })}
                    </td>
                    <td />
                    <td>
                      <Text en={row.meets.meetingPointEn} zh={row.meets.meetingPointZh} />
                    </td>
                    <td />
                  </tr>
                );
              const { cue } = row;
              const item = items.find(({ id }) => id === cue.itemId);
              return (
                <tr key={cue.id}>
                  <td className="agenda-time">{clockTime24(cue.at, timeZone)}</td>
                  <td>
                    {mayWrite ? <a href={paths.cue(slug, cue.id)}>{cue.what}</a> : cue.what}
                    {item === undefined ? null : (
                      <span className="second-line small muted">
                        <Offset cue={cue} /> · <Text en={item.titleEn} zh={item.titleZh} />
                      </span>
                    )}
                    {cue.shared ? <span className="second-line small muted">{t("cue.shared")}</span> : null}
                  </td>
                  <td>{cue.who}</td>
                  <td>
                    {cue.place !== "" || item === undefined ? (
                      cue.place
                    ) : (
                      <Text en={item.placeEn} zh={item.placeZh} />
                    )}
                  </td>
                  <td className="as-typed">{cue.note}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </TableFrame>
    </section>
  );
}

function Offset({ cue: { anchor, offset } }: { cue: Page["cues"][number] }) {
  const t = useT();
  const minutes = Math.abs(offset ?? 0);
  const before = (offset ?? 0) < 0;
  if (anchor === "end")
    return minutes === 0 ? t("cue.atEnd") : t(before ? "cue.beforeEnd" : "cue.afterEnd", { minutes });
  return minutes === 0 ? t("cue.atStart") : t(before ? "cue.before" : "cue.after", { minutes });
}
