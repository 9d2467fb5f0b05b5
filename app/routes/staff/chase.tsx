import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { Toolbar, WorkHeading } from "../../components/desk.tsx";
import { ErrorSummary, TextField } from "../../components/fields.tsx";
import { BothNames } from "../../components/name.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { requirePost, staffEdition } from "../../context.server.ts";
import { CHASE_ACT, chase, chasePlan, chaseText } from "../../domain/completeness/chase.server.ts";
import { COUNT_ABOVE } from "../../domain/completeness/rules.ts";
import { useT } from "../../i18n/react.tsx";
import { htmlLang, translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { ticked, withError } from "../../platform/form.ts";
import { emptyForm } from "../../platform/form-state.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "chase.title") },
];

/** Nobody is chosen yet: that is done on the board. */
export async function loader(args: LoaderFunctionArgs) {
  const { edition, locale } = await staffEdition(args, CHASE_ACT);
  return { locale, slug: edition.slug };
}

/** Shows what each of the chosen would be told; `step=send` sends it. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, CHASE_ACT);
  const formData = await args.request.formData();
  const invitationIds = ticked(formData, formData.get("all") === "page" ? "onPage" : "invitation");
  if (invitationIds === null) throw data(null, { status: 413 });
  const preview = () => {
    const plan = chasePlan(ctx, invitationIds);
    const first = plan.people.find(({ obstacle }) => obstacle === null);
    return { ...plan, sample: first === undefined ? null : chaseText(ctx, first) };
  };
  if (formData.get("step") !== "send") return data({ ...preview(), form: emptyForm, changed: false });
  const typed = String(formData.get("count") ?? "").trim();
  const sent = await chase(ctx, {
    invitationIds,
    shown: String(formData.get("shown") ?? ""),
    count: /^\d{1,5}$/.test(typed) ? Number(typed) : null,
  });
  if (sent.ok) return redirect(`${paths.completeness(edition.slug)}?sent=${sent.value.queued}`, 303);
  if (sent.refusal === "count")
    return data(
      { ...preview(), form: withError(formData, "count", "chase.error.count"), changed: false },
      { status: 422 },
    );
  return data({ ...preview(), form: emptyForm, changed: sent.refusal === "changed" }, { status: 409 });
}

export default function Chase() {
  const { slug } = useLoaderData<typeof loader>();
  const plan = useActionData<typeof action>();
  const t = useT();
  const back = (
    <a className="button quiet" href={paths.completeness(slug)}>
      {t("chase.back")}
    </a>
  );
  if (plan === undefined || plan.count === 0)
    return (
      <>
        <WorkHeading>{t("chase.title")}</WorkHeading>
        {plan?.changed === true ? <Changed /> : null}
        <p>{t("chase.nobody")}</p>
        {back}
      </>
    );
  const { people, count, shown, sample, form } = plan;
  return (
    <>
      <WorkHeading>{t("chase.title")}</WorkHeading>
      {plan.changed ? <Changed /> : null}
      <ErrorSummary form={form} labels={{ count: t("chase.type", { count }) }} />
      <p className="readable">{t("chase.intro")}</p>
      <ul className="plain chased">
        {people.map(({ invitationId, mail, obstacle, locale, copies, ...person }) => (
          <li key={invitationId}>
            <h2>
              <BothNames person={person} />
            </h2>
            {obstacle !== null ? (
              <Status tone="wait">{t(`chase.obstacle.${obstacle}`)}</Status>
            ) : (
              <>
                <p className="small muted">
                  {t("chase.language", { language: t(`register.locale.${locale}`) })}
                  {copies === 0 ? null : ` · ${t("chase.copies", { count: copies })}`}
                </p>
                <ul lang={htmlLang(locale)}>
                  {mail.sections.map(({ key, titleEn, titleZh, things }) => (
                    <li key={key}>
                      {locale === "en" ? titleEn || titleZh : titleZh || titleEn}
                      {things.length === 0 ? null : (
                        <ul>
                          {[
                            ...new Set(things.map(({ en, zh }) => (locale === "en" ? en || zh : zh || en))),
                          ].map((thing) => (
                            <li key={thing}>{thing}</li>
                          ))}
                        </ul>
                      )}
                    </li>
                  ))}
                </ul>
              </>
            )}
          </li>
        ))}
      </ul>
      {sample === null ? null : (
        <details>
          <summary>{t("chase.sample")}</summary>
          <pre className="mail-text">{sample}</pre>
        </details>
      )}
      <form method="post">
        <input type="hidden" name="step" value="send" />
        <input type="hidden" name="shown" value={shown} />
        {people.map(({ invitationId }) => (
          <input key={invitationId} type="hidden" name="invitation" value={invitationId} />
        ))}
        <p>{t("chase.count", { count })}</p>
        {count > COUNT_ABOVE ? (
          <TextField
            form={form}
            name="count"
            label={t("chase.type", { count })}
            inputMode="numeric"
            required
            narrow
          />
        ) : null}
        <Toolbar>
          <button className="button" type="submit">
            {t("chase.send")}
          </button>
          {back}
        </Toolbar>
      </form>
    </>
  );
}

function Changed() {
  const t = useT();
  return (
    <Notice tone="stop">
      <p>{t("chase.changed")}</p>
    </Notice>
  );
}
