import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { TableFrame, Toolbar, WorkHeading } from "../../components/desk.tsx";
import { ErrorSummary, TextField } from "../../components/fields.tsx";
import { BothNames } from "../../components/name.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { Text } from "../../components/text.tsx";
import { notFound, requirePost, servicesOf, staffEdition } from "../../context.server.ts";
import { withPassword } from "../../domain/access/sign-in.server.ts";
import { purge } from "../../domain/privacy/purge.server.ts";
import { changeRetention, retentionPage } from "../../domain/privacy/retention.server.ts";
import { dueField, KINDS_IN_ORDER } from "../../domain/privacy/retention.ts";
import { purgeForm, retentionForm } from "../../domain/privacy/retention-form.ts";
import { calendarDay, deskMoment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm, withError } from "../../platform/form.ts";
import { emptyForm, type FormState } from "../../platform/form-state.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "retention.title") },
];

/** One side at a time: somebody who leads both chooses. */
async function sideInQuestion(args: LoaderFunctionArgs | ActionFunctionArgs) {
  const found = await staffEdition(args, "lead");
  const page = retentionPage(found.ctx);
  const wanted = new URL(args.request.url).searchParams.get("side");
  const side = page?.sides.find(({ sideId }) => wanted === null || sideId === wanted);
  if (page === null || side === undefined) throw notFound();
  return { ...found, page, side };
}

export async function loader(args: LoaderFunctionArgs) {
  const { edition, locale, page, side } = await sideInQuestion(args);
  const sides = page.sides.map(({ sideId, nameEn, nameZh }) => ({ sideId, nameEn, nameZh }));
  return { locale, slug: edition.slug, timeZone: page.timeZone, side, sides };
}

const HIDE = ["password"];

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition, account, page, side } = await sideInQuestion(args);
  const { sideId } = side;
  const formData = await args.request.formData();
  // What was looked at, whatever the address says by now.
  if (formData.get("side") !== sideId) throw notFound();
  const done = (what: string) =>
    redirect(`${paths.retention(edition.slug)}?${new URLSearchParams({ side: sideId, done: what })}`, 303);
  const wrong = (which: "dates" | "purge", form: FormState) =>
    data({ which, form, changed: false }, { status: 422 });
  switch (formData.get("intent")) {
    case "dates": {
      const parsed = parseForm(retentionForm(page), formData);
      if (!parsed.ok) return wrong("dates", parsed.form);
      const saved = await changeRetention(ctx, { sideId, days: parsed.value });
      if (!saved.ok) throw notFound();
      return done("saved");
    }
    case "purge": {
      const parsed = parseForm(purgeForm(edition), formData, HIDE);
      if (!parsed.ok) return wrong("purge", parsed.form);
      const { auth, limits } = servicesOf(args);
      const proved = await withPassword({ limits }, account.id, () =>
        auth.provePassword(args.request.headers, parsed.value.password),
      );
      if (proved === null)
        return wrong("purge", withError(formData, "password", "account.passwordWrong", HIDE));
      const purged = await purge(ctx, {
        editionId: ctx.scope.editionId,
        sideIds: [sideId],
        shown: parsed.value.shown,
      });
      if (purged.ok) return done(purged.value.cleaned ? "purged" : "unclean");
      if (purged.refusal === "gone") throw notFound();
      return data({ which: "purge" as const, form: emptyForm, changed: true }, { status: 409 });
    }
    default:
      throw data(null, { status: 400 });
  }
}

/** How long a side keeps what, what is kept now, and what a purge would remove. */
export default function Retention() {
  const { slug, side, sides } = useLoaderData<typeof loader>();
  const outcome = useActionData<typeof action>();
  const t = useT();
  const done = useSearchParams()[0].get("done");
  return (
    <>
      <WorkHeading>{t("retention.title")}</WorkHeading>
      {outcome === undefined && done === "saved" ? (
        <Notice tone="good">{t("retention.done.saved")}</Notice>
      ) : null}
      {outcome === undefined && done === "purged" ? (
        <Notice tone="good">{t("retention.done.purged")}</Notice>
      ) : null}
      {outcome === undefined && done === "unclean" ? (
        <Notice tone="stop">{t("retention.done.unclean")}</Notice>
      ) : null}
      {outcome?.changed === true ? <Notice tone="stop">{t("retention.changed")}</Notice> : null}
      <p className="readable">{t("retention.lead")}</p>
      {sides.length > 1 ? (
        <nav aria-label={t("retention.sides")}>
          <ul className="plain">
            {sides.map((one) => (
              <li key={one.sideId}>
                <a
                  href={`${paths.retention(slug)}?side=${one.sideId}`}
                  aria-current={one.sideId === side.sideId ? "page" : undefined}
                >
                  <Text en={one.nameEn} zh={one.nameZh} />
                </a>
              </li>
            ))}
          </ul>
        </nav>
      ) : null}
      <Dates form={outcome?.which === "dates" ? outcome.form : null} />
      <Kept />
      <Purge form={outcome?.which === "purge" ? outcome.form : null} />
      <Reports />
    </>
  );
}

function Dates({ form: sent }: { form: FormState | null }) {
  const { side } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const form = sent ?? {
    values: Object.fromEntries(side.kinds.map(({ kind, dueOn }) => [dueField(kind), dueOn])),
    errors: {},
  };
  const labels = Object.fromEntries(
    KINDS_IN_ORDER.map((kind) => [dueField(kind), t(`retention.kind.${kind}`)]),
  );
  return (
    <section aria-labelledby="dates" className="apart">
      <h2 id="dates">{t("retention.dates")}</h2>
      <p className="muted readable">{t("retention.datesHelp")}</p>
      <form method="post" className="panel">
        <ErrorSummary form={form} labels={labels} />
        <input type="hidden" name="intent" value="dates" />
        <input type="hidden" name="side" value={side.sideId} />
        <div className="two-up">
          {side.kinds.map(({ kind, usual }) => (
            <TextField
              key={kind}
              form={form}
              name={dueField(kind)}
              type="date"
              label={t(`retention.kind.${kind}`)}
              help={
                <>
                  {t(`retention.kindHelp.${kind}`)}
                  {locale === "en" ? " " : ""}
                  {t("retention.usual", { day: calendarDay(usual, locale) })}
                </>
              }
              required
            />
          ))}
        </div>
        <Toolbar>
          <button className="button" type="submit">
            {t("retention.save")}
          </button>
        </Toolbar>
      </form>
    </section>
  );
}

function Kept() {
  const { side } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  return (
    <section aria-labelledby="kept" className="apart">
      <h2 id="kept">{t("retention.kept")}</h2>
      {side.kept.length === 0 ? (
        <p>{t("retention.keptNone")}</p>
      ) : (
        <TableFrame label={t("retention.kept")}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t("retention.column.kind")}</th>
                <th scope="col">{t("retention.column.place")}</th>
                <th scope="col">{t("retention.column.people")}</th>
                <th scope="col">{t("retention.column.items")}</th>
                <th scope="col">{t("retention.column.due")}</th>
              </tr>
            </thead>
            <tbody>
              {side.kept.map(({ kind, place, people, items }) => {
                const when = side.kinds.find((one) => one.kind === kind);
                return (
                  <tr key={`${kind} ${place}`}>
                    <th scope="row">{t(`retention.kind.${kind}`)}</th>
                    <td>{t(`retention.place.${place}`)}</td>
                    <td>{people === 0 ? null : people}</td>
                    <td>{items}</td>
                    <td>
                      {when === undefined ? null : when.due ? (
                        <Status tone="wait">{t("retention.due")}</Status>
                      ) : (
                        t("retention.from", { day: calendarDay(when.dueOn, locale) })
                      )}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </TableFrame>
      )}
    </section>
  );
}

function Purge({ form: sent }: { form: FormState | null }) {
  const { slug, side } = useLoaderData<typeof loader>();
  const t = useT();
  const form = sent ?? emptyForm;
  const slugLabel = t("retention.slug", { slug });
  return (
    <section aria-labelledby="purge" className="apart">
      <h2 id="purge">{t("retention.purge")}</h2>
      {side.due.length === 0 ? (
        <p>{t("retention.nothingDue")}</p>
      ) : (
        <form method="post" className="panel" autoComplete="off">
          <ErrorSummary form={form} labels={{ slug: slugLabel, password: t("staff.field.password") }} />
          <input type="hidden" name="intent" value="purge" />
          <input type="hidden" name="side" value={side.sideId} />
          <input type="hidden" name="shown" value={side.shown} />
          <p>
            <strong>
              {t("retention.preview", { items: side.due.reduce((sum, { items }) => sum + items, 0) })}
            </strong>
          </p>
          {side.people.length === 0 ? null : (
            <details>
              <summary>{t("retention.whose", { count: side.people.length })}</summary>
              <ul>
                {side.people.map((person) => (
                  <li key={person.invitationId}>
                    <a href={paths.person(slug, person.invitationId)}>
                      <BothNames person={person} />
                    </a>{" "}
                    <span className="small muted">
                      {person.kinds.map((kind) => t(`retention.kind.${kind}`)).join(" · ")}
                    </span>
                  </li>
                ))}
              </ul>
            </details>
          )}
          <TextField form={form} name="slug" label={slugLabel} autoComplete="off" required narrow />
          <TextField
            form={form}
            name="password"
            type="password"
            label={t("staff.field.password")}
            autoComplete="current-password"
            required
            narrow
          />
          <Toolbar>
            <button className="button" type="submit">
              {t("retention.do")}
            </button>
          </Toolbar>
        </form>
      )}
    </section>
  );
}

function Reports() {
  const { slug, side, timeZone } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  return (
    <section aria-labelledby="reports" className="apart">
      <h2 id="reports">{t("retention.reports")}</h2>
      <p className="muted readable">{t("retention.backups")}</p>
      <ul className="plain">
        {side.reports.map(({ id, at, items, cleaned }) => (
          <li key={id}>
            {t("retention.report", { when: deskMoment(at, timeZone, locale), items })}{" "}
            {cleaned ? null : <Status tone="stop">{t("retention.unclean")}</Status>}{" "}
            <a href={paths.purgeReport(slug, id)} download>
              {t("retention.take")}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
