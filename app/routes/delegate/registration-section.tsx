import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { ErrorSummary, LongTextField } from "../../components/fields.tsx";
import { Notice } from "../../components/page.tsx";
import { useRequestInfo } from "../../components/request-info.tsx";
import { notFound, requirePost, verifiedHolder } from "../../context.server.ts";
import { editionFacts } from "../../domain/edition/queries.server.ts";
import { answersFromForm } from "../../domain/registration/answers.ts";
import { requestChange } from "../../domain/registration/change-requests.server.ts";
import { saveRegistration, submitRegistration } from "../../domain/registration/commands.server.ts";
import type { FieldErrors } from "../../domain/registration/form.ts";
import {
  askedWith,
  type RegistrationForm,
  registrationForm,
} from "../../domain/registration/queries.server.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import keep from "./keep-as-one-goes.js?url";
import { KeptBoundary, TypedInForm } from "./kept.tsx";
import { clearedIn, encTypeOf, FileHref, SectionTitle } from "./own-questions.tsx";
import { ClosedNotice, DelegateSheet, letterhead, usePhones } from "./parts.tsx";
import { receivedForm } from "./received-form.server.ts";
import { allLabels, asForm, sectionName } from "./registration-fields.ts";
import { RegistrationFields } from "./registration-form.tsx";
import { Late, LONGEST_NOTE, lateWord, Meanwhile, noteIn, PageLocale, TAKEN } from "./registration-parts.tsx";
import { Progress } from "./registration-steps.tsx";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "register.title") },
];

/** One section of the form: a step. Only those are there that are asked of this person, or open to this assistant. */
export async function loader(args: LoaderFunctionArgs) {
  const { ctx, holder, token, locale } = await verifiedHolder(args, { assistants: true });
  const form = registrationForm(ctx, { withMarks: true });
  const section = args.params.section ?? "";
  if (form === null || !form.sections.some((each) => each.section === section)) throw notFound();
  return {
    locale,
    token,
    section,
    letterhead: letterhead(editionFacts(ctx, holder.editionId), holder.sideId),
    form,
  };
}

/** Which of them are about fields of this section, and what the others are about. */
function split(errors: FieldErrors, { sections }: RegistrationForm, section: string) {
  const elsewhere = sections.filter((each) => each.section !== section);
  const isElsewhere = (field: string) => elsewhere.some(({ missing }) => missing.includes(field));
  return {
    here: Object.fromEntries(Object.entries(errors).filter(([field]) => !isElsewhere(field))),
    elsewhere: elsewhere
      .filter(({ missing }) => missing.some((field) => field in errors))
      .map((each) => each.section),
  };
}

/**
 * Keeps this section and nothing else. `intent=next` goes on to the next one when it is complete, `save` back to the list
 * of sections. What has been sent already is changed at once; after the deadline the change is asked for.
 */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, token, formData, fileErrors } = await receivedForm(args);
  const section = args.params.section ?? "";
  const before = registrationForm(ctx);
  if (before === null || !before.sections.some((each) => each.section === section)) throw notFound();
  const intent = formData.get("intent");
  const answers = answersFromForm(formData);
  const mark = formData.get("mark");
  const sending = {
    answers,
    cleared: clearedIn(formData),
    only: [section],
    ...(typeof mark === "string" && mark !== "" ? { marks: { [section]: mark } } : {}),
  };
  const nothing = { ...TAKEN, elsewhere: [] as Array<string> };
  const wrong = (errors: FieldErrors, stored: boolean) => {
    const { here, elsewhere } = split(errors, registrationForm(ctx) ?? before, section);
    return data(
      { ...nothing, stored, elsewhere, form: asForm(answers, here), asked: askedWith(ctx, answers) },
      { status: 422 },
    );
  };
  const refused = () => data({ ...nothing, refused: true, form: asForm(answers, {}) }, { status: 409 });
  const meanwhile = () =>
    data(
      { ...nothing, changed: true, form: asForm(answers, {}), asked: askedWith(ctx, answers) },
      { status: 409 },
    );

  if (intent === "ask" && Object.keys(fileErrors).length > 0) return wrong(fileErrors, false);
  const ask = async () => {
    const asking = await requestChange(ctx, { ...sending, note: noteIn(formData) });
    if (asking.ok)
      return redirect(`${paths.registrationSection(token, section)}?late=${lateWord(asking.value)}`, 303);
    if (asking.refusal === "gone") throw notFound();
    if (asking.refusal === "changed") return meanwhile();
    if (asking.refusal === "invalid") return wrong(asking.errors, true);
    return asking.refusal === "open" ? null : refused();
  };
  if (intent === "ask") {
    const asked = await ask();
    if (asked !== null) return asked;
  }
  const saved = await saveRegistration(ctx, sending);
  // What else was typed is kept, as far as it may be.
  if (Object.keys(fileErrors).length > 0 && (saved.ok || saved.refusal === "submitted"))
    return wrong(fileErrors, saved.ok);
  if (saved.ok) {
    if (intent !== "next") return redirect(paths.registration(token), 303);
    const view = registrationForm(ctx);
    const missing = view?.sections.find((each) => each.section === section)?.missing ?? [];
    const errors = Object.entries(view?.unfinished ?? {}).filter(([field]) => missing.includes(field));
    return errors.length > 0
      ? wrong(Object.fromEntries(errors), true)
      : redirect(pageAfter(view ?? before, token, section), 303);
  }
  if (saved.refusal === "gone") throw notFound();
  if (saved.refusal === "invalid") return wrong(saved.errors, false);
  if (saved.refusal === "changed") return meanwhile();
  if (saved.refusal !== "submitted") return refused();
  const sent = await submitRegistration(ctx, sending);
  if (sent.ok)
    return redirect(sent.value.changed ? paths.receipt(token) : pageAfter(before, token, section), 303);
  if (sent.refusal === "gone") throw notFound();
  if (sent.refusal === "invalid") return wrong(sent.errors, false);
  if (sent.refusal === "changed") return meanwhile();
  return (sent.refusal === "late" ? await ask() : null) ?? refused();
}

/** The step after this one; after the last, everything is looked over. */
function pageAfter({ sections }: Pick<RegistrationForm, "sections">, token: string, section: string): string {
  const next = sections[sections.findIndex((each) => each.section === section) + 1];
  return next === undefined
    ? paths.registrationReview(token)
    : paths.registrationSection(token, next.section);
}

export const ErrorBoundary = KeptBoundary;

export default function SectionPage() {
  const { form: view, section, token, letterhead: head } = useLoaderData<typeof loader>();
  const outcome = useActionData<typeof action>();
  const { nonce } = useRequestInfo();
  const t = useT();
  const locale = useLocale();
  const phones = usePhones(head);
  const asked = outcome?.asked ?? view.asked;
  const form = outcome?.form ?? asForm(view.answers, shownErrorsOf(view, section));
  const place = view.sections.findIndex((each) => each.section === section);
  const step = view.sections[place];
  const name = sectionName(t, locale, view.asked, section);
  const before = view.sections[place - 1];
  const isBound = view.closed === null && view.bound[section] !== undefined;
  const keeps = view.closed === null && view.state !== "submitted";
  const own = asked.filter(({ key }) => key === section);
  const fields = (
    <FileHref.Provider value={(id) => paths.ownUpload(token, id)}>
      <RegistrationFields form={form} view={view} asked={own} letterhead={head} />
    </FileHref.Provider>
  );
  return (
    <DelegateSheet letterhead={head} token={token} page="registration" isAssistant={view.byAssistant}>
      {outcome?.refused === true ? (
        <Notice tone="stop">
          <p>{t("register.refused")}</p>
        </Notice>
      ) : null}
      {outcome?.changed === true ? (
        <Meanwhile view={view} asked={asked} form={form} here={paths.registrationSection(token, section)} />
      ) : outcome !== undefined && !outcome.refused && !outcome.stored ? (
        <Notice tone="stop">
          <p>{t("register.notStored")}</p>
        </Notice>
      ) : null}
      {outcome === undefined || outcome.elsewhere.length === 0 ? null : (
        <Notice tone="stop">
          <p>{t("step.elsewhere")}</p>
          <ul>
            {outcome.elsewhere.map((each) => (
              <li key={each}>
                <a href={paths.registrationSection(token, each)}>
                  <SectionTitle sections={view.asked} section={each} />
                </a>
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <ErrorSummary form={form} labels={allLabels(t, locale, asked)} />
      {outcome?.stored === true && view.closed === null && Object.keys(form.errors).length > 0 ? (
        <p className="note">
          {t("step.storedAnyway")} <a href={pageAfter(view, token, section)}>{t("step.goOnAnyway")}</a>
        </p>
      ) : null}
      <h1>{t("register.title")}</h1>
      <p className="muted step-count">
        <a href={paths.registration(token)}>{t("step.all")}</a> ·{" "}
        {t("step.count", { number: place + 1, total: view.sections.length })}
      </p>
      {view.closed === "withdrawn" || view.closed === "declined" ? (
        <>
          <h2>{name}</h2>
          <ClosedNotice>{t(`register.closed.${view.closed}`, { phones })}</ClosedNotice>
          {outcome?.refused === true ? <TypedInForm values={form.values} /> : null}
        </>
      ) : (
        <>
          {view.closed === "closed" ? (
            <>
              <ClosedNotice>{t("register.closed.closed", { phones })}</ClosedNotice>
              <Late view={view} timeZone={head.timeZone} />
            </>
          ) : isBound ? (
            <Late view={view} timeZone={head.timeZone} />
          ) : null}
          {step?.toCheck === true && view.closed === null ? (
            <p className="note">{section === "post" ? t("step.stillRightPost") : t("step.stillRight")}</p>
          ) : null}
          <form
            method="post"
            className="registration"
            encType={encTypeOf(own)}
            {...(keeps
              ? {
                  "data-keep": paths.keepSection(token, section),
                  "data-offline": t("step.offline"),
                  "data-keeping": t("step.keeping"),
                }
              : {})}
          >
            <PageLocale />
            <input type="hidden" name="mark" value={view.marks[section] ?? ""} />
            {fields}
            {view.closed === "closed" || isBound ? (
              <LongTextField
                form={form}
                name="lateNote"
                label={t("late.note")}
                rows={2}
                maxLength={LONGEST_NOTE}
              />
            ) : null}
            {keeps ? <p className="small muted kept-status" role="status" /> : null}
            <div className="buttons">
              {view.closed === "closed" ? (
                <button className="button" type="submit" name="intent" value="ask">
                  {t("late.send")}
                </button>
              ) : view.state === "submitted" ? (
                <button className="button" type="submit" name="intent" value="next">
                  {t(isBound ? "late.send" : "register.sendChanges")}
                </button>
              ) : (
                <>
                  <button className="button" type="submit" name="intent" value="next">
                    {step?.toCheck === true ? t("step.rightNext") : t("step.next")}
                  </button>
                  <button className="button quiet" type="submit" name="intent" value="save">
                    {t("step.pause")}
                  </button>
                </>
              )}
              {before === undefined ? null : (
                <a href={paths.registrationSection(token, before.section)}>{t("step.back")}</a>
              )}
            </div>
            {keeps ? <p className="note">{t("register.nothingLost")}</p> : null}
          </form>
        </>
      )}
      <section aria-labelledby="all-steps" className="no-print">
        <h2 id="all-steps">{t("register.progress")}</h2>
        <Progress view={view} token={token} here={section} />
      </section>
      {keeps ? <script type="module" src={keep} nonce={nonce} /> : null}
    </DelegateSheet>
  );
}

/** What is wrong with the form of what is stored here. */
function shownErrorsOf({ errors, sections }: RegistrationForm, section: string): FieldErrors {
  const missing = sections.find((each) => each.section === section)?.missing ?? [];
  return Object.fromEntries(Object.entries(errors).filter(([field]) => missing.includes(field)));
}
