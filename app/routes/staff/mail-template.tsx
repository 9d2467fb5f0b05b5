import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { TEMPLATE_KINDS } from "#db/vocabulary.ts";
import { Toolbar, WorkHeading } from "../../components/desk.tsx";
import { ErrorSummary } from "../../components/fields.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { WordingFields, wordingLabels } from "../../components/wording-fields.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { allows } from "../../domain/access/rules.ts";
import { templateForm } from "../../domain/mail/form.ts";
import { opensMails } from "../../domain/mail/rules.ts";
import { saveTemplate, templatePage } from "../../domain/mail/templates.server.ts";
import { deskMoment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm, typedValues } from "../../platform/form.ts";
import type { FormState } from "../../platform/form-state.ts";

export { shouldRevalidate } from "../../components/refused.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "template.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args);
  const kind = TEMPLATE_KINDS.find((each) => each === args.params.kind);
  const wished = new URL(args.request.url).searchParams.get("side");
  const sideId = wished ?? ctx.scope.sideIds[0] ?? "";
  if (kind === undefined) throw notFound();
  const page = templatePage(ctx, { sideId, kind });
  if (page === null) throw notFound();
  return {
    locale,
    slug: edition.slug,
    timeZone: edition.timeZone,
    mayWrite: allows(ctx.scope, "mail"),
    kind,
    sideId,
    ...page,
  };
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "mail");
  const kind = TEMPLATE_KINDS.find((each) => each === args.params.kind);
  if (kind === undefined) throw notFound();
  const formData = await args.request.formData();
  const parsed = parseForm(templateForm, formData);
  if (!parsed.ok) return data({ form: parsed.form, meanwhile: false }, { status: 422 });
  const seen = Number(formData.get("seen") ?? Number.NaN);
  const saved = await saveTemplate(ctx, {
    kind,
    input: parsed.value,
    ...(Number.isInteger(seen) ? { seen } : {}),
  });
  if (!saved.ok) {
    if (saved.refusal === "not_own_side") throw notFound();
    return data({ form: { values: typedValues(formData), errors: {} }, meanwhile: true }, { status: 409 });
  }
  const query = new URLSearchParams({ side: parsed.value.sideId, done: "saved" });
  throw redirect(`${paths.mailTemplate(edition.slug, kind)}?${query}`, 303);
}

export default function MailTemplate() {
  const { slug, timeZone, mayWrite, kind, sideId, current, versions } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const done = useSearchParams()[0].get("done");
  const t = useT();
  const locale = useLocale();
  const { subjectEn, subjectZh, bodyEn, bodyZh } = current;
  const form: FormState = sent?.form ?? { errors: {}, values: { subjectEn, subjectZh, bodyEn, bodyZh } };
  return (
    <>
      <WorkHeading
        actions={
          <>
            <a className="button quiet small" href={paths.mailTemplates(slug)}>
              {t("template.title")}
            </a>
            {mayWrite ? (
              <a
                className="button quiet small"
                href={`${paths.newMail(slug)}?${new URLSearchParams({ kind, side: sideId })}`}
              >
                {t("template.useIt")}
              </a>
            ) : null}
          </>
        }
      >
        {t(`templateKind.${kind}`)}
      </WorkHeading>
      {done === "saved" && sent === undefined ? <Notice tone="good">{t("common.saved")}</Notice> : null}
      {sent?.meanwhile === true ? (
        <Notice tone="stop">
          <p>{t("template.meanwhile")}</p>
          <p lang="en">{current.subjectEn}</p>
          <p lang="en" className="as-typed">
            {current.bodyEn}
          </p>
          <p lang="zh-Hans">{current.subjectZh}</p>
          <p lang="zh-Hans" className="as-typed">
            {current.bodyZh}
          </p>
        </Notice>
      ) : null}
      <p>
        {current.number === 0 ? t("template.shipped") : t("template.version", { number: current.number })}{" "}
        <Status tone={current.behind === "none" ? "good" : "wait"}>
          {t(`template.parity.${current.behind}`)}
        </Status>
      </p>
      {kind === "invitation" ? (
        <p className="note">
          {t("template.invitationNote")}{" "}
          <a href={paths.invitationText(slug)}>{t("template.invitationPage")}</a>
        </p>
      ) : null}
      {opensMails(kind) ? <p className="note">{t("template.opens")}</p> : null}
      <ErrorSummary form={form} labels={wordingLabels(t)} />
      <Form method="post" noValidate className="panel" key={`${kind} ${sideId} ${current.number}`}>
        <input type="hidden" name="sideId" value={sideId} />
        <input type="hidden" name="seen" value={current.number} />
        <WordingFields form={form} withParity />
        {mayWrite ? (
          <Toolbar>
            <button className="button" type="submit">
              {t("common.save")}
            </button>
          </Toolbar>
        ) : null}
      </Form>
      {versions.length < 2 ? null : (
        <section className="panel">
          <h2>{t("template.versions")}</h2>
          {versions.slice(1).map((one) => (
            <details className="mail-more" key={one.number}>
              <summary>
                {t("template.version", { number: one.number })}{" "}
                <span className="muted">
                  {t("template.savedBy", {
                    when: deskMoment(one.savedAt, timeZone, locale),
                    name: one.savedBy,
                  })}
                </span>
              </summary>
              <div className="columns">
                <div lang="en">
                  <p>
                    <strong>{one.subjectEn}</strong>
                  </p>
                  <p className="as-typed">{one.bodyEn}</p>
                </div>
                <div lang="zh-Hans">
                  <p>
                    <strong>{one.subjectZh}</strong>
                  </p>
                  <p className="as-typed">{one.bodyZh}</p>
                </div>
              </div>
            </details>
          ))}
        </section>
      )}
    </>
  );
}
