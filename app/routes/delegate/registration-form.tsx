import { createContext, type ReactNode, useContext } from "react";
import { ACCESS_NEEDS, CONSENTS, DIETS, LOCALES, type RegistrationSection } from "#db/vocabulary.ts";
import { ChoiceField, LongTextField, SelectField, TextField, TickField } from "../../components/fields.tsx";
import { Notice } from "../../components/page.tsx";
import { Text } from "../../components/text.tsx";
import { LONGEST_LINE } from "../../domain/person/rules.ts";
import { isStandard } from "../../domain/registration/definition.ts";
import { LONGEST_TEXT } from "../../domain/registration/form.ts";
import type { AskedSection, RegistrationForm } from "../../domain/registration/queries.server.ts";
import {
  ALLERGY_SEVERITIES,
  BOOKERS,
  TRAVEL_MEANS,
  WORKING_LANGUAGES,
} from "../../domain/registration/rules.ts";
import { calendarDay, zoneName } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import type { FormState } from "../../platform/form-state.ts";
import { OwnQuestions, SectionTitle } from "./own-questions.tsx";
import { type Letterhead, Sentences, useBothZones, useNames } from "./parts.tsx";
import { FIELD_LABELS, type FieldName } from "./registration-fields.ts";
import { Clashes, VisitFacts } from "./registration-visits.tsx";

/* What a registration asks: the standard sections as the product knows them, each with the edition's own questions. */

/** A section of the form. */
function Section({
  section,
  form,
  view,
  children,
}: {
  section: AskedSection;
  form: FormState;
  view: RegistrationForm;
  children: ReactNode;
}) {
  const { key, help, deadline, questions } = section;
  const t = useT();
  const locale = useLocale();
  const when = useBothZones(view);
  const [bound, past] = [view.bound[key], view.past[key]];
  return (
    <section className="form-section" id={`s-${key}`} aria-labelledby={`h-${key}`}>
      <h2 id={`h-${key}`}>
        <SectionTitle sections={[section]} section={key} />
      </h2>
      {help.en === "" && help.zh === "" ? null : (
        <p className="help">
          <Text {...help} />
        </p>
      )}
      {bound !== undefined ? (
        <p className="note">{t("late.section.bound", { when: when(bound) })}</p>
      ) : past !== undefined ? (
        <p className="note">{t("late.section.past", { when: when(past) })}</p>
      ) : deadline === null ? null : (
        <p className="note">{t("own.sectionBy", { day: calendarDay(deadline, locale) })}</p>
      )}
      {children}
      <OwnQuestions questions={questions} form={form} files={view.files} kept={view.kept} />
    </section>
  );
}

/** Standard questions that this edition does not ask. */
const LeftOut = createContext<ReadonlySet<string>>(new Set());

/** A standard question, or what belongs to it, unless the edition leaves it out. */
function Ask({ field, children }: { field: FieldName; children: ReactNode }) {
  return useContext(LeftOut).has(field) ? null : children;
}

/** A line of text under the name that the field has everywhere. */
function Line({
  form,
  name,
  ...rest
}: Omit<Parameters<typeof TextField>[0], "label" | "name"> & { name: FieldName }) {
  const t = useT();
  return useContext(LeftOut).has(name) ? null : (
    <TextField form={form} name={name} label={t(FIELD_LABELS[name])} maxLength={LONGEST_LINE} {...rest} />
  );
}

/** All sections that somebody is asked, in the order of the form. */
export function RegistrationFields({
  form,
  view,
  asked,
  letterhead: { hosts, timeZone },
}: {
  form: FormState;
  view: RegistrationForm;
  asked: ReadonlyArray<AskedSection>;
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
  const standard: Readonly<Record<RegistrationSection, ReactNode>> = {
    name: (
      <>
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
      </>
    ),

    post: (
      <>
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
        <Ask field="personalCapacity">
          <TickField
            form={form}
            name="personalCapacity"
            label={t("register.personalCapacity")}
            help={t("register.personalCapacityHelp")}
          />
        </Ask>
      </>
    ),

    contact: (
      <>
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
        <Ask field="assistantName">
          <h3>{t("register.assistant")}</h3>
          <p className="help">{t("register.assistantHelp")}</p>
        </Ask>
        <Line form={form} name="assistantName" />
        <Line form={form} name="assistantEmail" inputMode="email" />
        <Ask field="emergencyPhone">
          <h3>{t("register.emergency")}</h3>
          <p className="help">{t("register.emergencyHelp")}</p>
        </Ask>
        <Line form={form} name="emergencyName" />
        <Line form={form} name="emergencyRelation" />
        <Line form={form} name="emergencyPhone" inputMode="tel" help={t("register.phoneHelp")} />
      </>
    ),

    needs: (
      <>
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
        <Ask field="accessNeeds">
          <ChoiceField
            form={form}
            name="accessNeeds"
            type="checkbox"
            label={t("register.accessNeeds")}
            options={ACCESS_NEEDS.map((value) => ({ value, label: t(`access.${value}`) }))}
          />
        </Ask>
        <Ask field="accessText">
          <LongTextField
            form={form}
            name="accessText"
            label={t("register.accessText")}
            rows={2}
            maxLength={LONGEST_TEXT}
          />
        </Ask>
      </>
    ),

    languages: (
      <>
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
      </>
    ),

    travel: (
      <>
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
        <Ask field="bookedBy">
          <SelectField
            form={form}
            name="bookedBy"
            label={t("register.bookedBy")}
            blank="—"
            options={BOOKERS.map((value) => ({ value, label: t(`register.booker.${value}`) }))}
          />
        </Ask>
        <Ask field="needsVisa">
          <ChoiceField
            form={form}
            name="needsVisa"
            type="radio"
            label={t("register.needsVisa")}
            options={[
              { value: "yes", label: t("common.yes") },
              { value: "no", label: t("common.no") },
            ]}
          />
        </Ask>
      </>
    ),

    visits: (
      <>
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
      </>
    ),

    consents: (
      <>
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
      </>
    ),
  };
  return (
    <LeftOut.Provider value={new Set(asked.flatMap(({ left }) => left))}>
      {asked.map((section) => (
        <Section key={section.key} section={section} form={form} view={view}>
          {isStandard(section.key) ? standard[section.key] : null}
        </Section>
      ))}
    </LeftOut.Provider>
  );
}
