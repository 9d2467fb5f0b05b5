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
import { Text } from "../../components/text.tsx";
import { notFound, requirePost, verifiedHolder } from "../../context.server.ts";
import { editionFacts } from "../../domain/edition/queries.server.ts";
import { answersFromForm } from "../../domain/registration/answers.ts";
import { requestChange } from "../../domain/registration/change-requests.server.ts";
import { saveRegistration, submitRegistration } from "../../domain/registration/commands.server.ts";
import {
  askedWith,
  type RegistrationForm,
  registrationForm,
} from "../../domain/registration/queries.server.ts";
import { moment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { KeptBoundary, TypedInForm } from "./kept.tsx";
import { clearedIn, encTypeOf, FileHref } from "./own-questions.tsx";
import { ClosedNotice, DelegateSheet, letterhead, Sentences, usePhones } from "./parts.tsx";
import { receivedForm } from "./received-form.server.ts";
import { allLabels, asForm } from "./registration-fields.ts";
import { RegistrationFields } from "./registration-form.tsx";
import {
  Late,
  LONGEST_NOTE,
  lateWord,
  Meanwhile,
  noteIn,
  PageLocale,
  seenIn,
  TAKEN,
} from "./registration-parts.tsx";
import { nextToDo, Progress } from "./registration-steps.tsx";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "register.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, holder, token, locale } = await verifiedHolder(args, { assistants: true });
  const form = registrationForm(ctx);
  if (form === null) throw notFound();
  return { locale, token, letterhead: letterhead(editionFacts(ctx, holder.editionId), holder.sideId), form };
}

/**
 * `intent=save` keeps what is there as a draft; `review` keeps it and goes on when it is complete; `submit` checks and
 * sends in one step. Once a registration has been sent, whatever button was pressed sends the changes.
 */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, token, formData, fileErrors } = await receivedForm(args);
  // An assistant has no programme to go to; what they sent is what they see next.
  const sentTo = ctx.assistant === null ? `${paths.programme(token)}?sent` : paths.registrationReview(token);
  const intent = formData.get("intent");
  const answers = answersFromForm(formData);
  const sending = { answers, cleared: clearedIn(formData), seen: seenIn(formData) };

  const meanwhile = () =>
    data(
      { ...TAKEN, changed: true, form: asForm(answers, {}), asked: askedWith(ctx, answers) },
      { status: 409 },
    );

  if (Object.keys(fileErrors).length > 0) {
    // What else was typed is kept, as far as it may be.
    const saved = await saveRegistration(ctx, sending);
    if (!saved.ok && saved.refusal === "gone") throw notFound();
    if (!saved.ok && saved.refusal === "changed") return meanwhile();
    return data(
      { ...TAKEN, stored: saved.ok, form: asForm(answers, fileErrors), asked: askedWith(ctx, answers) },
      { status: 422 },
    );
  }
  const ask = async () => {
    const asking = await requestChange(ctx, { ...sending, note: noteIn(formData) });
    if (asking.ok) return redirect(`${paths.registration(token)}?late=${lateWord(asking.value)}`, 303);
    if (asking.refusal === "gone") throw notFound();
    if (asking.refusal === "changed") return meanwhile();
    if (asking.refusal === "invalid")
      return data(
        { ...TAKEN, stored: true, form: asForm(answers, asking.errors), asked: askedWith(ctx, answers) },
        { status: 422 },
      );
    return asking.refusal === "open"
      ? null
      : data({ ...TAKEN, refused: true, form: asForm(answers, {}) }, { status: 409 });
  };
  if (intent === "ask") {
    const asked = await ask();
    if (asked !== null) return asked;
  }
  if (intent !== "submit" && intent !== "ask") {
    const saved = await saveRegistration(ctx, sending);
    if (saved.ok && intent !== "review") return redirect(paths.registration(token), 303);
    if (saved.ok) {
      const unfinished = registrationForm(ctx)?.unfinished ?? {};
      return Object.keys(unfinished).length === 0
        ? redirect(paths.registrationReview(token), 303)
        : data({ ...TAKEN, stored: true, form: asForm(answers, unfinished) }, { status: 422 });
    }
    if (saved.refusal === "invalid")
      return data(
        { ...TAKEN, form: asForm(answers, saved.errors), asked: askedWith(ctx, answers) },
        { status: 422 },
      );
    if (saved.refusal === "gone") throw notFound();
    if (saved.refusal === "changed") return meanwhile();
    if (saved.refusal !== "submitted")
      return data({ ...TAKEN, refused: true, form: asForm(answers, {}) }, { status: 409 });
  }
  const sent = await submitRegistration(ctx, sending);
  if (sent.ok) return redirect(sentTo, 303);
  if (sent.refusal === "invalid")
    return data(
      { ...TAKEN, stored: true, form: asForm(answers, sent.errors), asked: askedWith(ctx, answers) },
      { status: 422 },
    );
  if (sent.refusal === "gone") throw notFound();
  if (sent.refusal === "changed") return meanwhile();
  // What it changes in a section whose day is over goes to the secretariat; the rest is saved.
  const asked = sent.refusal === "late" ? await ask() : null;
  if (asked !== null) return asked;
  return data({ ...TAKEN, refused: true, form: asForm(answers, {}) }, { status: 409 });
}

export const ErrorBoundary = KeptBoundary;

export default function RegistrationPage() {
  const page = useLoaderData<typeof loader>();
  const outcome = useActionData<typeof action>();
  const t = useT();
  const locale = useLocale();
  const phones = usePhones(page.letterhead);
  const { form: view } = page;
  const form = outcome?.form ?? asForm(view.answers, view.errors);
  const asked = outcome?.asked ?? view.asked;
  return (
    <DelegateSheet
      letterhead={page.letterhead}
      token={page.token}
      page="registration"
      isAssistant={view.byAssistant}
    >
      {outcome?.refused === true ? (
        <Notice tone="stop">
          <p>{t("register.refused")}</p>
        </Notice>
      ) : null}
      {outcome?.changed === true ? (
        <Meanwhile view={view} asked={asked} form={form} here={paths.registration(page.token)} />
      ) : outcome !== undefined && !outcome.refused && !outcome.stored ? (
        <Notice tone="stop">
          <p>{t("register.notStored")}</p>
        </Notice>
      ) : null}
      <ErrorSummary form={form} labels={allLabels(t, locale, asked)} />
      <h1>{t("register.title")}</h1>
      <p>
        <Text {...page.letterhead.title} />
      </p>
      {view.closed === null ? (
        <>
          <StateNotice view={view} timeZone={page.letterhead.timeZone} />
          <p>
            <Sentences>
              {[
                t("register.intro"),
                view.registerBy === null
                  ? null
                  : t("register.by", { when: moment(view.registerBy, view.homeTimeZone, locale) }),
              ]}
            </Sentences>
          </p>
          <Late view={view} timeZone={page.letterhead.timeZone} />
          <NextStep view={view} token={page.token} />
          <Progress view={view} token={page.token} />
          <h2 className="whole-form">{t("step.whole")}</h2>
          <form method="post" className="registration" encType={encTypeOf(asked)}>
            <PageLocale />
            <input type="hidden" name="revision" value={view.revision} />
            <FileHref.Provider value={(id) => paths.ownUpload(page.token, id)}>
              <RegistrationFields form={form} view={view} asked={asked} letterhead={page.letterhead} />
            </FileHref.Provider>
            {Object.keys(view.bound).length === 0 ? null : (
              <LongTextField
                form={form}
                name="lateNote"
                label={t("late.note")}
                rows={2}
                maxLength={LONGEST_NOTE}
              />
            )}
            <Buttons view={view} />
          </form>
        </>
      ) : view.closed === "closed" ? (
        <>
          <ClosedNotice>{t("register.closed.closed", { phones })}</ClosedNotice>
          <Late view={view} timeZone={page.letterhead.timeZone} />
          <form method="post" className="registration" encType={encTypeOf(asked)}>
            <PageLocale />
            <FileHref.Provider value={(id) => paths.ownUpload(page.token, id)}>
              <RegistrationFields form={form} view={view} asked={asked} letterhead={page.letterhead} />
            </FileHref.Provider>
            <LongTextField
              form={form}
              name="lateNote"
              label={t("late.note")}
              rows={2}
              maxLength={LONGEST_NOTE}
            />
            <div className="buttons">
              <button className="button" type="submit" name="intent" value="ask">
                {t("late.send")}
              </button>
            </div>
          </form>
        </>
      ) : (
        <>
          <ClosedNotice>{t(`register.closed.${view.closed}`, { phones })}</ClosedNotice>
          {outcome?.refused === true ? <TypedInForm values={form.values} /> : null}
          {view.closed === "declined" ? (
            <p>
              <a className="button" href={paths.invitation(page.token)}>
                {t("register.changeReply")}
              </a>
            </p>
          ) : view.state === "submitted" ? (
            <p>
              <a href={paths.registrationReview(page.token)}>{t("answer.toRegistration")}</a>
            </p>
          ) : null}
        </>
      )}
    </DelegateSheet>
  );
}

/** The way to the first section in which something is left to do. */
function NextStep({ view, token }: { view: RegistrationForm; token: string }) {
  const t = useT();
  const next = nextToDo(view.sections);
  const first = view.sections[0]?.section;
  const section = next ?? first;
  return section === undefined ? null : (
    <p>
      <a className="button" href={paths.registrationSection(token, section)}>
        {next === null ? t("step.change") : view.state === null ? t("step.begin") : t("step.goOn")}
      </a>
    </p>
  );
}

function StateNotice({ view, timeZone }: { view: RegistrationForm; timeZone: string }) {
  const t = useT();
  const locale = useLocale();
  const when = (at: number | null) => (at === null ? "" : moment(at, timeZone, locale));
  return (
    <>
      {view.state === "submitted" ? (
        <Notice tone="good">
          <p>{t("register.submittedOn", { when: when(view.submittedAt) })}</p>
        </Notice>
      ) : view.state === "draft" ? (
        <Notice tone="wait">
          <p>{t("register.savedDraft", { when: when(view.updatedAt) })}</p>
        </Notice>
      ) : (
        <p className="note">{t("register.prefilled")}</p>
      )}
      {view.reply === "accepted" ? null : (
        <Notice tone="wait">
          <p>{t("register.acceptsToo")}</p>
        </Notice>
      )}
    </>
  );
}

function Buttons({ view }: { view: RegistrationForm }) {
  const t = useT();
  const submitted = view.state === "submitted";
  // Whoever does not see all of it cannot look all of it over.
  const isPart = view.byAssistant && view.othersUnfinished;
  return (
    <>
      {isPart ? <p className="note">{t("assistant.restIsOthers")}</p> : null}
      <div className="buttons">
        {submitted ? (
          <button className="button" type="submit" name="intent" value="submit">
            {t("register.sendChanges")}
          </button>
        ) : (
          <>
            <button className={isPart ? "button" : "button quiet"} type="submit" name="intent" value="save">
              {t("register.save")}
            </button>
            {isPart ? null : (
              <button className="button" type="submit" name="intent" value="review">
                {t("register.review")}
              </button>
            )}
          </>
        )}
      </div>
      {submitted ? null : <p className="note">{t("register.nothingLost")}</p>}
    </>
  );
}
