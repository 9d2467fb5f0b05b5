import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { APPROVALS, type Approval } from "#db/vocabulary.ts";
import { TableFrame, WorkHeading } from "../../components/desk.tsx";
import { ChoiceField, ErrorSummary, LongTextField, TextField } from "../../components/fields.tsx";
import { Notice } from "../../components/page.tsx";
import { Second, Text } from "../../components/text.tsx";
import { requirePost, staffEdition } from "../../context.server.ts";
import { allows } from "../../domain/access/rules.ts";
import { changeApproval, changeDelegations, changeEdition } from "../../domain/edition/commands.server.ts";
import { approvalForm, delegationsForm, termsForm } from "../../domain/edition/form.ts";
import { approvalRule, delegationsOf, editionFacts } from "../../domain/edition/queries.server.ts";
import { clockTime24, dayOf, deskMoment, zoneName } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm, withError } from "../../platform/form.ts";
import { emptyForm, type FormState } from "../../platform/form-state.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "delegations.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args);
  const { replyBy, registerBy, costsEn, costsZh, phones } = editionFacts(ctx, edition.id);
  const all = delegationsOf(ctx);
  const rule = approvalRule(ctx);
  return data({
    approval: rule.approval,
    mayRule: allows(ctx.scope, "lead") && rule.isHost,
    locale,
    edition,
    mayChange: allows(ctx.scope, "lead"),
    mayOpen: allows(ctx.scope, ["invitations", "logistics"]),
    own: all.filter((entry) => entry.answers !== null),
    others: all.filter((entry) => entry.answers === null),
    terms: { replyBy, registerBy, costsEn, costsZh, phones },
    saved: new URL(args.request.url).searchParams.get("saved"),
  });
}

type Answer = { delegations?: FormState; terms?: FormState; approval?: FormState };

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "lead");
  const formData = await args.request.formData();
  const answer = (body: Answer, status: number) => data<Answer>(body, { status });
  const done = (what: "delegations" | "terms" | "approval") =>
    redirect(`${paths.delegations(edition.slug)}?${new URLSearchParams({ saved: what })}`, 303);

  if (formData.get("intent") === "terms") {
    const parsed = parseForm(termsForm(edition.timeZone), formData);
    if (!parsed.ok) return answer({ terms: parsed.form }, 422);
    const changed = await changeEdition(ctx, parsed.value);
    if (!changed.ok) return answer({ terms: withError(formData, "", "delegations.readOnly") }, 409);
    return done("terms");
  }

  if (formData.get("intent") === "approval") {
    const parsed = parseForm(approvalForm, formData);
    if (!parsed.ok) return answer({ approval: parsed.form }, 422);
    const changed = await changeApproval(ctx, parsed.value.approval);
    if (!changed.ok) return answer({ approval: withError(formData, "", "approval.hostDecides") }, 409);
    return done("approval");
  }

  const parsed = parseForm(delegationsForm, formData);
  if (!parsed.ok) return answer({ delegations: parsed.form }, 422);
  const { rows, added } = parsed.value;
  const changed = await changeDelegations(ctx, {
    changes: rows.map((row) => ({ ...row, quota: row.quota ?? null })),
    added:
      added?.nameEn === undefined || added.nameZh === undefined
        ? []
        : [
            {
              nameEn: added.nameEn,
              nameZh: added.nameZh,
              quota: added.quota ?? null,
              homeTimeZone: added.homeTimeZone ?? edition.timeZone,
            },
          ],
  });
  if (!changed.ok) {
    const key = changed.refusal === "forbidden" ? "delegations.readOnly" : "delegations.gone";
    return answer({ delegations: withError(formData, "", key) }, 409);
  }
  return done("delegations");
}

type Page = ReturnType<typeof useLoaderData<typeof loader>>;

export default function DelegationsPage() {
  const page = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const answer: Answer = sent ?? {};
  const saved = sent === undefined ? page.saved : null;
  const t = useT();
  const locale = useLocale();
  const over = page.own.filter(
    (entry) => entry.quota !== null && entry.taken !== null && entry.taken > entry.quota,
  );
  return (
    <>
      <WorkHeading>{t("delegations.title")}</WorkHeading>
      {saved === "delegations" ? <Notice tone="good">{t("delegations.saved")}</Notice> : null}
      {saved === "terms" ? <Notice tone="good">{t("delegations.termsSaved")}</Notice> : null}
      {saved === "approval" ? <Notice tone="good">{t("approval.saved")}</Notice> : null}
      {over.length === 0 ? null : (
        <Notice tone="wait">
          {over.map((entry) => (
            <p key={entry.id}>
              {t("delegations.over", {
                name: locale === "en" ? entry.nameEn : entry.nameZh,
                count: (entry.taken ?? 0) - (entry.quota ?? 0),
              })}
            </p>
          ))}
        </Notice>
      )}
      <section className="panel">
        <p>{page.mayChange ? t("delegations.intro") : t("delegations.readOnly")}</p>
        {page.mayChange ? (
          <OwnDelegations page={page} typed={answer.delegations} />
        ) : (
          <DelegationList delegations={page.own} slug={page.mayOpen ? page.edition.slug : null} />
        )}
      </section>
      {page.others.length === 0 ? null : (
        <section className="panel">
          <h2>{t("delegations.others")}</h2>
          <p className="muted">{t("delegations.othersHelp")}</p>
          <DelegationList delegations={page.others} slug={null} />
        </section>
      )}
      <section className="panel">
        <h2 id="approval">{t("approval.heading")}</h2>
        {page.mayRule ? (
          <ApprovalRule approval={page.approval} typed={answer.approval} />
        ) : (
          <p>
            {t(`approval.${page.approval}`)}
            <span className="second-line muted">{t("approval.hostDecides")}</span>
          </p>
        )}
      </section>
      <section className="panel">
        <h2>{t("delegations.terms")}</h2>
        {page.mayChange ? <Terms page={page} typed={answer.terms} /> : <TermsList page={page} />}
      </section>
    </>
  );
}

function OwnDelegations({ page, typed }: { page: Page; typed: FormState | undefined }) {
  const t = useT();
  const form: FormState = typed ?? {
    values: Object.fromEntries(
      page.own.flatMap((entry, n) => [
        [`rows[${n}].nameEn`, entry.nameEn],
        [`rows[${n}].nameZh`, entry.nameZh],
        [`rows[${n}].quota`, entry.quota === null ? "" : String(entry.quota)],
        [`rows[${n}].homeTimeZone`, entry.homeTimeZone],
      ]),
    ),
    errors: {},
  };
  const labels: Record<string, string> = {};
  for (const row of [...page.own.map((_, n) => `rows[${n}]`), "added"]) {
    labels[`${row}.nameEn`] = t("edition.nameEn");
    labels[`${row}.nameZh`] = t("edition.nameZh");
    labels[`${row}.quota`] = t("edition.quota");
    labels[`${row}.homeTimeZone`] = t("delegations.home");
  }
  return (
    <form method="post" className="wide">
      <ErrorSummary form={form} labels={labels} />
      {page.own.map((entry, n) => (
        <fieldset key={entry.id}>
          <legend>
            <Text en={entry.nameEn} zh={entry.nameZh} />{" "}
            <span className="muted small">{t("delegations.taken", { count: entry.taken ?? 0 })}</span>
          </legend>
          <input type="hidden" name={`rows[${n}].id`} value={entry.id} />
          <p>
            <a href={paths.delegation(page.edition.slug, entry.id)}>{t("delegation.open")}</a>
          </p>
          <DelegationFields form={form} row={`rows[${n}]`} required />
        </fieldset>
      ))}
      <p className="small muted">{t("delegations.takenHelp")}</p>
      <fieldset>
        <legend>{t("delegations.add")}</legend>
        <p className="muted">{t("delegations.addHelp")}</p>
        <DelegationFields form={form} row="added" />
      </fieldset>
      <button className="button" type="submit" name="intent" value="delegations">
        {t("delegations.save")}
      </button>
    </form>
  );
}

function DelegationFields({
  form,
  row,
  required = false,
}: {
  form: FormState;
  row: string;
  required?: boolean;
}) {
  const t = useT();
  return (
    <div className="row-fields">
      <TextField
        form={form}
        name={`${row}.nameEn`}
        label={t("edition.nameEn")}
        lang="en"
        maxLength={120}
        required={required}
      />
      <TextField
        form={form}
        name={`${row}.nameZh`}
        label={t("edition.nameZh")}
        lang="zh-Hans"
        maxLength={120}
        required={required}
      />
      <TextField form={form} name={`${row}.quota`} label={t("edition.quota")} inputMode="numeric" />
      <TextField
        form={form}
        name={`${row}.homeTimeZone`}
        label={t("delegations.home")}
        help={t("delegations.homeHelp")}
        required={required}
      />
    </div>
  );
}

/** @param slug of the edition, when the reader may open each delegation's page */
function DelegationList({ delegations, slug }: { delegations: Page["others"]; slug: string | null }) {
  const t = useT();
  return (
    <TableFrame label={t("delegations.title")}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("edition.column.delegation")}</th>
            <th scope="col">{t("edition.answersFor")}</th>
            <th scope="col">{t("edition.column.places")}</th>
          </tr>
        </thead>
        <tbody>
          {delegations.map((entry) => (
            <tr key={entry.id}>
              <td>
                {slug === null ? (
                  <Text en={entry.nameEn} zh={entry.nameZh} />
                ) : (
                  <a href={paths.delegation(slug, entry.id)}>
                    <Text en={entry.nameEn} zh={entry.nameZh} />
                  </a>
                )}
                <br />
                <Second en={entry.nameEn} zh={entry.nameZh} />
              </td>
              <td>
                <Text en={entry.sideEn} zh={entry.sideZh} />
              </td>
              <td>
                {entry.quota === null ? t("overview.noLimit") : t("overview.places", { count: entry.quota })}
                {entry.taken === null ? null : (
                  <>
                    <br />
                    <span className="muted">{t("delegations.taken", { count: entry.taken })}</span>
                  </>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function ApprovalRule({ approval, typed }: { approval: Approval; typed: FormState | undefined }) {
  const t = useT();
  const form: FormState = typed ?? { values: { approval }, errors: {} };
  return (
    <form method="post" className="wide">
      <ErrorSummary form={form} labels={{ approval: t("approval.setting") }} />
      <ChoiceField
        form={form}
        name="approval"
        type="radio"
        required
        label={t("approval.setting")}
        help={t("approval.settingHelp")}
        options={APPROVALS.map((value) => ({ value, label: t(`approval.${value}`) }))}
      />
      <button className="button" type="submit" name="intent" value="approval">
        {t("approval.save")}
      </button>
    </form>
  );
}

function Terms({ page, typed }: { page: Page; typed: FormState | undefined }) {
  const t = useT();
  const locale = useLocale();
  const { edition, terms } = page;
  const form: FormState = typed ?? {
    ...emptyForm,
    values: {
      replyOn: terms.replyBy === null ? "" : dayOf(terms.replyBy, edition.timeZone),
      replyTime: terms.replyBy === null ? "" : clockTime24(terms.replyBy, edition.timeZone),
      registerOn: terms.registerBy === null ? "" : dayOf(terms.registerBy, edition.timeZone),
      registerTime: terms.registerBy === null ? "" : clockTime24(terms.registerBy, edition.timeZone),
      costsEn: terms.costsEn,
      costsZh: terms.costsZh,
      phones: terms.phones,
    },
  };
  const labels = {
    replyOn: t("edition.replyOn"),
    replyTime: t("edition.replyTime"),
    registerOn: t("delegations.registerOn"),
    registerTime: t("edition.replyTime"),
    costsEn: t("delegations.costsEn"),
    costsZh: t("delegations.costsZh"),
    phones: t("delegations.phones"),
  };
  return (
    <form method="post" className="wide">
      <p className="muted">{t("delegations.termsHelp", { zone: zoneName(edition.timeZone, locale) })}</p>
      <ErrorSummary form={form} labels={labels} />
      <div className="two-up">
        <TextField form={form} name="replyOn" type="date" label={labels.replyOn} />
        <TextField form={form} name="replyTime" type="time" label={labels.replyTime} />
        <TextField form={form} name="registerOn" type="date" label={labels.registerOn} />
        <TextField form={form} name="registerTime" type="time" label={labels.registerTime} />
        <LongTextField form={form} name="costsEn" label={labels.costsEn} lang="en" rows={4} maxLength={500} />
        <LongTextField
          form={form}
          name="costsZh"
          label={labels.costsZh}
          lang="zh-Hans"
          rows={4}
          maxLength={500}
        />
      </div>
      <TextField form={form} name="phones" label={labels.phones} maxLength={200} />
      <button className="button" type="submit" name="intent" value="terms">
        {t("delegations.saveTerms")}
      </button>
    </form>
  );
}

function TermsList({ page: { edition, terms } }: { page: Page }) {
  const t = useT();
  const locale = useLocale();
  const said = (instant: number | null) =>
    instant === null ? t("common.none") : deskMoment(instant, edition.timeZone, locale);
  return (
    <dl className="facts">
      <dt>{t("edition.replyOn")}</dt>
      <dd>{said(terms.replyBy)}</dd>
      <dt>{t("delegations.registerOn")}</dt>
      <dd>{said(terms.registerBy)}</dd>
      <dt>{t("delegations.costsEn")}</dt>
      <dd lang="en">{terms.costsEn}</dd>
      <dt>{t("delegations.costsZh")}</dt>
      <dd lang="zh-Hans">{terms.costsZh}</dd>
      <dt>{t("delegations.phones")}</dt>
      <dd>{terms.phones}</dd>
    </dl>
  );
}
