import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import type { ReactNode } from "react";
import {
  ACCESS_NEEDS,
  CONSENTS,
  DIETS,
  LOCALES,
  type RegistrationSection,
  type SectionState,
} from "#db/vocabulary.ts";
import {
  ChoiceField,
  ErrorSummary,
  LongTextField,
  SelectField,
  TextField,
  TickField,
} from "../../components/fields.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { Text } from "../../components/text.tsx";
import { notFound, requirePost, verifiedHolder } from "../../context.server.ts";
import { editionFacts } from "../../domain/edition/queries.server.ts";
import { LONGEST_LINE } from "../../domain/person/rules.ts";
import { answersFromForm } from "../../domain/registration/answers.ts";
import { saveRegistration, submitRegistration } from "../../domain/registration/commands.server.ts";
import { LONGEST_TEXT } from "../../domain/registration/form.ts";
import { type RegistrationForm, registrationForm } from "../../domain/registration/queries.server.ts";
import {
  ALLERGY_SEVERITIES,
  BOOKERS,
  TRAVEL_MEANS,
  WORKING_LANGUAGES,
} from "../../domain/registration/rules.ts";
import { calendarDay, moment, zoneName } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import type { FormState } from "../../platform/form-state.ts";
import {
  ClosedNotice,
  DelegateSheet,
  type Letterhead,
  letterhead,
  Sentences,
  useNames,
  usePhones,
} from "./parts.tsx";
import { asForm, FIELD_LABELS, type FieldName, fieldLabels } from "./registration-fields.ts";
import { Clashes, VisitFacts } from "./registration-visits.tsx";

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
  const { ctx, token } = await verifiedHolder(args, { assistants: true });
  // An assistant has no programme to go to; what they sent is what they see next.
  const sentTo = ctx.assistant === null ? `${paths.programme(token)}?sent` : paths.registrationReview(token);
  const formData = await args.request.formData();
  const intent = formData.get("intent");
  const answers = answersFromForm(formData);

  if (intent !== "submit") {
    const saved = await saveRegistration(ctx, { answers });
    if (saved.ok && intent !== "review") return redirect(paths.registration(token), 303);
    if (saved.ok) {
      const unfinished = registrationForm(ctx)?.unfinished ?? {};
      return Object.keys(unfinished).length === 0
        ? redirect(paths.registrationReview(token), 303)
        : data({ refused: false, stored: true, form: asForm(answers, unfinished) }, { status: 422 });
    }
    if (saved.refusal === "invalid")
      return data({ refused: false, stored: false, form: asForm(answers, saved.errors) }, { status: 422 });
    if (saved.refusal === "gone") throw notFound();
    if (saved.refusal !== "submitted")
      return data({ refused: true, stored: false, form: asForm(answers, {}) }, { status: 409 });
  }
  const sent = await submitRegistration(ctx, { answers });
  if (sent.ok) return redirect(sentTo, 303);
  if (sent.refusal === "invalid")
    return data({ refused: false, stored: true, form: asForm(answers, sent.errors) }, { status: 422 });
  if (sent.refusal === "gone") throw notFound();
  return data({ refused: true, stored: false, form: asForm(answers, {}) }, { status: 409 });
}

export default function RegistrationPage() {
  const page = useLoaderData<typeof loader>();
  const outcome = useActionData<typeof action>();
  const t = useT();
  const locale = useLocale();
  const phones = usePhones(page.letterhead);
  const { form: view } = page;
  const form = outcome?.form ?? asForm(view.answers, view.errors);
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
      {outcome !== undefined && !outcome.refused && !outcome.stored ? (
        <Notice tone="stop">
          <p>{t("register.notStored")}</p>
        </Notice>
      ) : null}
      <ErrorSummary form={form} labels={fieldLabels(t)} />
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
          <Progress view={view} />
          <form method="post" className="registration">
            <Fields form={form} view={view} letterhead={page.letterhead} />
            <Buttons view={view} />
          </form>
        </>
      ) : (
        <>
          <ClosedNotice>{t(`register.closed.${view.closed}`, { phones })}</ClosedNotice>
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

const TONES: Readonly<Record<SectionState, "good" | "wait" | undefined>> = {
  empty: undefined,
  draft: "wait",
  submitted: "good",
  verified: "good",
};

/** How far each section is, in a word and a shape, and the way to it. */
function Progress({ view }: { view: RegistrationForm }) {
  const t = useT();
  return (
    <nav aria-label={t("register.progress")}>
      <ol className="progress">
        {view.sections.map(({ section, state, missing }) => (
          <li key={section}>
            <a href={`#s-${section}`}>{t(`section.${section}`)}</a>
            <span>
              <Status tone={TONES[state]}>{t(`sectionState.${state}`)}</Status>
              {missing.length === 0 || state === "empty" ? null : (
                <span className="small muted"> {t("register.left", { count: missing.length })}</span>
              )}
            </span>
          </li>
        ))}
      </ol>
    </nav>
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

/** A section of the form; for an assistant it is there when it is open to them. */
function Section({
  section,
  view,
  children,
}: {
  section: RegistrationSection;
  view: RegistrationForm;
  children: ReactNode;
}) {
  const t = useT();
  if (!view.sections.some((each) => each.section === section)) return null;
  return (
    <section className="form-section" id={`s-${section}`} aria-labelledby={`h-${section}`}>
      <h2 id={`h-${section}`}>{t(`section.${section}`)}</h2>
      {children}
    </section>
  );
}

/** A line of text under the name that the field has everywhere. */
function Line({
  form,
  name,
  ...rest
}: Omit<Parameters<typeof TextField>[0], "label" | "name"> & { name: FieldName }) {
  const t = useT();
  return (
    <TextField form={form} name={name} label={t(FIELD_LABELS[name])} maxLength={LONGEST_LINE} {...rest} />
  );
}

function Fields({
  form,
  view,
  letterhead: { hosts, timeZone },
}: {
  form: FormState;
  view: RegistrationForm;
  letterhead: Letterhead;
}) {
  const t = useT();
  const locale = useLocale();
  const [own, ...rest] = hosts;
  const side = useNames(own === undefined ? [] : [own]);
  const others = useNames(rest);
  const either = t("register.oneLanguage");
  // A reader meets their own script and language first.
  const ordered = (english: ReactNode, chinese: ReactNode) =>
    locale === "en" ? (
      <>
        {english}
        {chinese}
      </>
    ) : (
      <>
        {chinese}
        {english}
      </>
    );
  return (
    <>
      <Section section="name" view={view}>
        <p className="help">{t("register.twoScripts")}</p>
        {ordered(
          <>
            <Line form={form} name="familyLatin" required lang="en" help={t("register.oneName")} />
            <Line form={form} name="givenLatin" required lang="en" />
            <Line form={form} name="nameLatin" required lang="en" help={t("register.nameLatinHelp")} />
          </>,
          <>
            <Line form={form} name="familyNative" lang="zh-Hans" />
            <Line form={form} name="givenNative" lang="zh-Hans" />
            <Line form={form} name="nameNative" lang="zh-Hans" help={t("register.nameNativeHelp")} />
          </>,
        )}
      </Section>

      <Section section="post" view={view}>
        <p className="help">{either}</p>
        {ordered(
          <>
            <Line form={form} name="honorificEn" required lang="en" help={t("register.honorificEnHelp")} />
            <Line form={form} name="positionEn" required lang="en" />
            <Line form={form} name="institutionEn" required lang="en" />
          </>,
          <>
            <Line
              form={form}
              name="honorificZh"
              required
              lang="zh-Hans"
              help={t("register.honorificZhHelp")}
            />
            <Line form={form} name="positionZh" required lang="zh-Hans" />
            <Line form={form} name="institutionZh" required lang="zh-Hans" />
          </>,
        )}
        <TickField
          form={form}
          name="personalCapacity"
          label={t("register.personalCapacity")}
          help={t("register.personalCapacityHelp")}
        />
      </Section>

      <Section section="contact" view={view}>
        {view.byAssistant ? null : (
          <Line form={form} name="email" required inputMode="email" help={t("register.emailHelp")} />
        )}
        <Line form={form} name="secondEmail" inputMode="email" />
        <Line form={form} name="mobile" required inputMode="tel" help={t("register.phoneHelp")} />
        <ChoiceField
          form={form}
          name="mailLocale"
          type="radio"
          required
          label={t("register.mailLocale")}
          help={t("register.mailLocaleHelp")}
          options={LOCALES.map((value) => ({
            value,
            label: t(`register.locale.${value}`),
          }))}
        />
        <h3>{t("register.assistant")}</h3>
        <p className="help">{t("register.assistantHelp")}</p>
        <Line form={form} name="assistantName" />
        <Line form={form} name="assistantEmail" inputMode="email" />
        <h3>{t("register.emergency")}</h3>
        <p className="help">{t("register.emergencyHelp")}</p>
        <Line form={form} name="emergencyName" />
        <Line form={form} name="emergencyRelation" />
        <Line form={form} name="emergencyPhone" inputMode="tel" help={t("register.phoneHelp")} />
      </Section>

      <Section section="needs" view={view}>
        <p className="help">{t("register.needsHelp")}</p>
        <ChoiceField
          form={form}
          name="diets"
          type="checkbox"
          label={t("register.diets")}
          options={DIETS.map((value) => ({ value, label: t(`diet.${value}`) }))}
        />
        <LongTextField
          form={form}
          name="dietText"
          label={t("register.dietText")}
          rows={2}
          maxLength={LONGEST_TEXT}
        />
        <LongTextField
          form={form}
          name="allergies"
          label={t("register.allergies")}
          rows={2}
          maxLength={LONGEST_TEXT}
        />
        <SelectField
          form={form}
          name="allergySeverity"
          label={t("register.allergySeverity")}
          blank="—"
          options={ALLERGY_SEVERITIES.map((value) => ({ value, label: t(`register.severity.${value}`) }))}
        />
        <ChoiceField
          form={form}
          name="accessNeeds"
          type="checkbox"
          label={t("register.accessNeeds")}
          options={ACCESS_NEEDS.map((value) => ({ value, label: t(`access.${value}`) }))}
        />
        <LongTextField
          form={form}
          name="accessText"
          label={t("register.accessText")}
          rows={2}
          maxLength={LONGEST_TEXT}
        />
      </Section>

      <Section section="languages" view={view}>
        <ChoiceField
          form={form}
          name="workingLanguages"
          type="checkbox"
          label={t("register.workingLanguages")}
          options={WORKING_LANGUAGES.map((value) => ({ value, label: t(`register.language.${value}`) }))}
        />
        <Line form={form} name="otherLanguages" />
        <ChoiceField
          form={form}
          name="needsInterpretation"
          type="radio"
          required
          label={t("register.needsInterpretation")}
          options={[
            { value: "yes", label: t("common.yes") },
            { value: "no", label: t("common.no") },
          ]}
        />
      </Section>

      <Section section="travel" view={view}>
        <p className="help">
          <Sentences>
            {[
              t("register.travelHelp", { zone: zoneName(timeZone, locale) }),
              t("register.window", {
                from: calendarDay(view.travelFrom, locale),
                to: calendarDay(view.travelTo, locale),
              }),
            ]}
          </Sentences>
        </p>
        {view.remarks.map((remark) => (
          <Notice tone="wait" key={remark}>
            <p>{t(`register.remark.${remark}`)}</p>
          </Notice>
        ))}
        <h3>{t("register.arrival")}</h3>
        <ChoiceField
          form={form}
          name="arrivalBy"
          type="radio"
          required
          label={t("register.arrivalBy")}
          options={TRAVEL_MEANS.map((value) => ({ value, label: t(`register.means.${value}`) }))}
        />
        <Line form={form} name="arrivalNumber" narrow />
        <Line form={form} name="arrivalFrom" />
        <div className="pair">
          <Line form={form} name="arrivalOn" type="date" narrow />
          <Line form={form} name="arrivalTime" type="time" narrow />
        </div>
        <Line form={form} name="arrivalAt" />
        <h3>{t("register.departure")}</h3>
        <ChoiceField
          form={form}
          name="departureBy"
          type="radio"
          required
          label={t("register.departureBy")}
          options={TRAVEL_MEANS.map((value) => ({ value, label: t(`register.means.${value}`) }))}
        />
        <Line form={form} name="departureNumber" narrow />
        <Line form={form} name="departureTo" />
        <div className="pair">
          <Line form={form} name="departureOn" type="date" narrow />
          <Line form={form} name="departureTime" type="time" narrow />
        </div>
        <Line form={form} name="departureFrom" />
        <SelectField
          form={form}
          name="bookedBy"
          label={t("register.bookedBy")}
          blank="—"
          options={BOOKERS.map((value) => ({ value, label: t(`register.booker.${value}`) }))}
        />
      </Section>

      <Section section="visits" view={view}>
        <Clashes view={view} />
        {view.visits.length === 0 ? (
          <p>{t("register.noVisits")}</p>
        ) : (
          <ChoiceField
            form={form}
            name="visitIds"
            type="checkbox"
            label={t("register.visitIds")}
            help={t("register.visitsHelp")}
            options={view.visits.map((visit) => ({
              value: visit.visitId,
              label: locale === "en" ? visit.titleEn || visit.titleZh : visit.titleZh || visit.titleEn,
              help: <VisitFacts visit={visit} timeZone={timeZone} />,
            }))}
          />
        )}
      </Section>

      <Section section="consents" view={view}>
        <p className="help">{t("register.consentsHelp")}</p>
        {CONSENTS.map((kind) => (
          <TickField
            key={kind}
            form={form}
            name={`consent_${kind}`}
            label={t(`consent.${kind}`, { side, others })}
            help={
              kind === "identity_documents"
                ? t("consent.identity_documentsHelp")
                : kind === "transfer_abroad"
                  ? t("consent.transfer_abroadHelp")
                  : kind === "notice" || kind === "sensitive_data"
                    ? undefined
                    : t("consent.free")
            }
          />
        ))}
      </Section>
    </>
  );
}
