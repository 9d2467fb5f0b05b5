import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { MEANS } from "#db/vocabulary.ts";
import { Toolbar, WorkHeading } from "../../components/desk.tsx";
import { ErrorSummary, SelectField, TextField } from "../../components/fields.tsx";
import { Notice } from "../../components/page.tsx";
import { PersonTabs } from "../../components/person-tabs.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { editionFacts } from "../../domain/edition/queries.server.ts";
import { answersFromForm } from "../../domain/registration/answers.ts";
import { askedToWrite, formToWrite, TELL_ACT, writeDown } from "../../domain/registration/told.server.ts";
import { toldForm } from "../../domain/registration/told-form.ts";
import { deskMoment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm, typedValues } from "../../platform/form.ts";
import { clearedIn } from "../delegate/own-questions.tsx";
import { letterhead } from "../delegate/parts.tsx";
import { allLabels, asForm } from "../delegate/registration-fields.ts";
import { RegistrationFields } from "../delegate/registration-form.tsx";
import { seenIn } from "../delegate/registration-parts.tsx";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "told.title") },
];

/** Somebody's registration form, for staff of their side to write in what they are told. */
export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, TELL_ACT);
  const invitationId = args.params.invitation ?? "";
  const found = formToWrite(ctx, invitationId);
  if (found === null) throw notFound();
  return {
    locale,
    slug: edition.slug,
    invitationId,
    timeZone: edition.timeZone,
    letterhead: letterhead(editionFacts(ctx, ctx.scope.editionId), found.sideId),
    written: new URL(args.request.url).searchParams.has("written"),
    ...found,
  };
}

/** `intent=draft` keeps what was told so far; `handIn` hands it in for the person. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, TELL_ACT);
  const invitationId = args.params.invitation ?? "";
  const formData = await args.request.formData();
  const answers = answersFromForm(formData);
  const parsed = parseForm(toldForm, formData);
  const source = typedValues(formData);
  const asTyped = (errors: Parameters<typeof asForm>[1]) => {
    const form = asForm(answers, errors);
    const { toldBy = "", toldMeans = "" } = source;
    return { ...form, values: { ...form.values, toldBy, toldMeans } };
  };
  if (formToWrite(ctx, invitationId) === null) throw notFound();
  const shown = { asked: askedToWrite(ctx, invitationId, answers), refused: false };
  if (!parsed.ok)
    return data(
      { ...shown, form: { ...asTyped({}), errors: parsed.form.errors }, stored: false },
      { status: 422 },
    );
  const written = await writeDown(ctx, {
    invitationId,
    answers,
    cleared: clearedIn(formData),
    seen: seenIn(formData),
    told: { means: parsed.value.toldMeans, note: parsed.value.toldBy },
    handIn: formData.get("intent") === "handIn",
  });
  if (written.ok) return redirect(`${paths.personRegistration(edition.slug, invitationId)}?written`, 303);
  if (written.refusal === "gone") throw notFound();
  if (written.refusal === "invalid")
    return data({ ...shown, form: asTyped(written.errors), stored: false }, { status: 422 });
  return data({ ...shown, form: asTyped({}), refused: true, stored: false }, { status: 409 });
}

export default function ToldRegistration() {
  const page = useLoaderData<typeof loader>();
  const outcome = useActionData<typeof action>();
  const { form: view, slug, invitationId, timeZone } = page;
  const t = useT();
  const locale = useLocale();
  const asked = outcome?.asked ?? view.asked;
  const form = outcome?.form ?? asForm(view.answers, view.errors);
  const isOver = view.closed === "withdrawn" || view.closed === "declined";
  return (
    <>
      <WorkHeading>{page.nameLatin || page.nameNative}</WorkHeading>
      <PersonTabs slug={slug} invitationId={invitationId} here="registration" registration />
      {page.written && outcome === undefined ? (
        <Notice tone="good">
          <p>{t("told.written")}</p>
        </Notice>
      ) : null}
      {outcome?.refused === true ? (
        <Notice tone="stop">
          <p>{t("told.refused")}</p>
        </Notice>
      ) : null}
      <ErrorSummary
        form={form}
        labels={{
          ...allLabels(t, locale, asked),
          toldBy: t("told.by"),
          toldMeans: t("told.means"),
        }}
      />
      <h2>{t("told.title")}</h2>
      <p className="readable">{t("told.intro")}</p>
      {page.hasMore ? <p className="note">{t("told.hasMore")}</p> : null}
      {isOver ? (
        <p>{t("told.over")}</p>
      ) : (
        <>
          <p className="muted">
            {view.state === "submitted" && view.submittedAt !== null
              ? t("told.submitted", { when: deskMoment(view.submittedAt, timeZone, locale) })
              : view.state === "draft"
                ? t("told.draft")
                : t("told.nothing")}
          </p>
          {view.closed === "closed" ? <p className="note">{t("told.late")}</p> : null}
          <form method="post" className="registration" key={view.revision}>
            <input type="hidden" name="revision" value={view.revision} />
            <SelectField
              form={form}
              name="toldMeans"
              label={t("told.means")}
              required
              options={MEANS.map((value) => ({ value, label: t(`means.${value}`) }))}
            />
            <TextField
              form={form}
              name="toldBy"
              label={t("told.by")}
              help={t("told.byHelp")}
              maxLength={200}
              required
            />
            <RegistrationFields form={form} view={view} asked={asked} letterhead={page.letterhead} />
            {view.reply === "accepted" ? null : <p className="note">{t("told.accepts")}</p>}
            <Toolbar>
              {view.state === "submitted" ? null : (
                <button className="button quiet" type="submit" name="intent" value="draft">
                  {t("told.keep")}
                </button>
              )}
              <button className="button" type="submit" name="intent" value="handIn">
                {t("told.handIn")}
              </button>
              <a href={paths.person(slug, invitationId)}>{t("person.tab.page")}</a>
            </Toolbar>
          </form>
        </>
      )}
    </>
  );
}
