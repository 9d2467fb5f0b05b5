import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { z } from "zod";
import { AgendaTabs } from "../../components/agenda-tabs.tsx";
import { clashSentence } from "../../components/clash-words.ts";
import { TableFrame, WorkHeading } from "../../components/desk.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { requirePost, staffEdition } from "../../context.server.ts";
import { allows } from "../../domain/access/rules.ts";
import { acceptClash, clashPage, reopenClash } from "../../domain/agenda/clash-facts.server.ts";
import { clockTime24, dayOf, shortDate, shortMoment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm } from "../../platform/form.ts";

export { shouldRevalidate } from "../../components/refused.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "clash.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args);
  return {
    locale,
    slug: edition.slug,
    timeZone: edition.timeZone,
    mayWrite: allows(ctx.scope, "agenda"),
    ...clashPage(ctx),
  };
}

const acceptForm = z.object({
  key: z.string().max(200),
  seen: z.string().max(64),
  reason: z
    .string()
    .trim()
    .max(500, "error.tooLong")
    .regex(/^\P{Cc}*$/u, "error.characters"),
});
const reopenForm = z.object({ key: z.string().max(200) });

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "agenda");
  const formData = await args.request.formData();
  const key = String(formData.get("key") ?? "");
  const here = paths.clashes(edition.slug);
  if (formData.get("intent") === "reopen") {
    const parsed = parseForm(reopenForm, formData);
    if (!parsed.ok) throw data(null, { status: 400 });
    await reopenClash(ctx, parsed.value);
    throw redirect(`${here}?done=reopened`, 303);
  }
  const parsed = parseForm(acceptForm, formData);
  if (!parsed.ok)
    return data(
      { key, error: parsed.form.errors.reason?.[0] ?? "error.invalid", refusal: null },
      { status: 422 },
    );
  const accepted = await acceptClash(ctx, parsed.value);
  if (accepted.ok) throw redirect(`${here}?done=accepted`, 303);
  const refusal =
    accepted.refusal === "changed_meanwhile" ? ("changed_meanwhile" as const) : ("gone" as const);
  return data({ key, error: null, refusal }, { status: 409 });
}

type Page = ReturnType<typeof useLoaderData<typeof loader>>;
type One = Page["clashes"][number];

export default function Clashes() {
  const page = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  const done = useSearchParams()[0].get("done");
  const open = page.clashes.filter(({ accepted }) => accepted === null);
  const accepted = page.clashes.filter((clash) => clash.accepted !== null);
  return (
    <>
      <WorkHeading>{t("clash.title")}</WorkHeading>
      <AgendaTabs slug={page.slug} here="clashes" />
      {sent === undefined && done === "accepted" ? (
        <Notice tone="good">{t("clash.done.accepted")}</Notice>
      ) : null}
      {sent === undefined && done === "reopened" ? (
        <Notice tone="good">{t("clash.done.reopened")}</Notice>
      ) : null}
      {sent?.refusal == null ? null : <Notice tone="stop">{t(`clash.refusal.${sent.refusal}`)}</Notice>}
      <p className="readable muted">{t("clash.intro")}</p>
      {page.clashes.length === 0 ? <p>{t("clash.none")}</p> : null}
      {open.length === 0 ? null : <List heading={t("clash.open")} clashes={open} />}
      {accepted.length === 0 ? null : <List heading={t("clash.accepted")} clashes={accepted} />}
    </>
  );
}

function List({ heading, clashes }: { heading: string; clashes: ReadonlyArray<One> }) {
  const { slug, timeZone, mayWrite, words } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  const locale = useLocale();
  return (
    <section className="apart">
      <h2>{heading}</h2>
      <TableFrame label={heading}>
        <table className="clashes">
          <thead>
            <tr>
              <th scope="col">{t("agenda.time")}</th>
              <th scope="col">{t("clash.what")}</th>
              <th scope="col">{t("clash.whose")}</th>
              <th scope="col">{t("clash.state")}</th>
            </tr>
          </thead>
          <tbody>
            {clashes.map((clash) => (
              <tr key={`${clash.sideId} ${clash.key}`}>
                <td className="agenda-time">
                  {shortDate(clash.at, timeZone, locale)}
                  {clash.meal === null ? (
                    <span className="second-line">{clockTime24(clash.at, timeZone)}</span>
                  ) : null}
                </td>
                <td>
                  <strong>{t(`clash.kind.${clash.kind}`)}</strong>
                  <span className="second-line">
                    {clashSentence(clash, { ...words, timeZone }, { t, locale })}
                  </span>
                  {clash.itemIds.length === 0 ? null : (
                    <span className="second-line small">
                      <a
                        href={`${paths.agendaBoard(slug)}?at=${dayOf(clash.at, timeZone)}#i-${clash.itemIds.at(-1)}`}
                      >
                        {t("board.show")}
                      </a>
                    </span>
                  )}
                </td>
                <td>{clash.sideId === "" ? t("clash.common") : t("clash.ownSide")}</td>
                <td>
                  {clash.accepted === null ? (
                    <Status tone="stop">
                      <span className="wrap">{clash.reopened ? t("clash.reopened") : t("clash.open")}</span>
                    </Status>
                  ) : (
                    <Status tone="good">
                      <span className="wrap">
                        {t("clash.acceptedFor", {
                          when: shortMoment(clash.accepted.at, timeZone, locale),
                          reason: clash.accepted.reason,
                        })}
                      </span>
                    </Status>
                  )}
                  {!mayWrite ? null : clash.accepted === null ? (
                    <details open={sent?.key === clash.key}>
                      <summary>{t("clash.accept")}</summary>
                      <Form method="post">
                        <input type="hidden" name="key" value={clash.key} />
                        <input type="hidden" name="seen" value={clash.seen} />
                        <label
                          className={sent?.key === clash.key && sent.error !== null ? "field wrong" : "field"}
                        >
                          <span className="label">{t("clash.reason")}</span>
                          {sent?.key === clash.key && sent.error !== null ? (
                            <span className="error">{t(sent.error)}</span>
                          ) : null}
                          <input name="reason" maxLength={500} autoComplete="off" aria-required />
                        </label>
                        <button className="button quiet small" type="submit">
                          {t("clash.acceptDo")}
                        </button>
                      </Form>
                    </details>
                  ) : (
                    <Form method="post">
                      <input type="hidden" name="key" value={clash.key} />
                      <button className="link" type="submit" name="intent" value="reopen">
                        {t("clash.reopenDo")}
                      </button>
                    </Form>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </section>
  );
}
