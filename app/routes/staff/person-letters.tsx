import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { TableFrame, Toolbar, WorkHeading } from "../../components/desk.tsx";
import { ChoiceField, ErrorSummary, FieldsOf, SelectField, TextField } from "../../components/fields.tsx";
import { BothNames } from "../../components/name.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { PersonTabs } from "../../components/person-tabs.tsx";
import { inLocale, Text } from "../../components/text.tsx";
import { notFound, requirePost, servicesOf, staffEdition } from "../../context.server.ts";
import { glyphCheck } from "../../documents/pdf.server.ts";
import { allows, HELPS_WITH_LINK } from "../../domain/access/rules.ts";
import { withPassword } from "../../domain/access/sign-in.server.ts";
import type { StaffContext } from "../../domain/context.ts";
import { issueLetter } from "../../domain/letter/commands.server.ts";
import { issueForm } from "../../domain/letter/form.ts";
import { LETTER_ACT, type LetterStanding, personLetters } from "../../domain/letter/queries.server.ts";
import { endsLetters } from "../../domain/letter/rules.ts";
import { isFile } from "../../domain/registration/definition.ts";
import type { OwnValue } from "../../domain/registration/own-answers.ts";
import { revealAnswers, type SealedAnswer, sealedAnswers } from "../../domain/registration/sealed.server.ts";
import {
  removeTravelDocument,
  revealTravelDocument,
  saveTravelDocument,
} from "../../domain/travel-document/commands.server.ts";
import { revealForm, travelDocumentForm } from "../../domain/travel-document/form.ts";
import {
  DOCUMENT_FIELDS,
  DOCUMENT_TYPES,
  type DocumentField,
  GENDERS,
  type MaskedDocument,
  REVEAL_REASONS,
} from "../../domain/travel-document/rules.ts";
import { countryOptions } from "../../i18n/countries.ts";
import { calendarDay, deskMoment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm, withError } from "../../platform/form.ts";
import { emptyForm, type FormState } from "../../platform/form-state.ts";
import { ownInWords, partLabel } from "../delegate/registration-fields.ts";

/** The title names nobody: titles end up in histories and on shared screens. */
export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "letters.person.title") },
];

const HIDE = ["password"];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, LETTER_ACT);
  const person = personLetters(ctx, args.params.invitation ?? "");
  if (person === null) throw notFound();
  return {
    locale,
    slug: edition.slug,
    timeZone: edition.timeZone,
    person,
    sealed: sealedAnswers(ctx, person.invitationId),
    mayHelp: allows(ctx.scope, HELPS_WITH_LINK),
  };
}

type Answer = {
  /** The passport's form: with what is wrong in it, or with what was to be shown whole. */
  passport: FormState | null;
  revealed: boolean;
  reveal: FormState | null;
  /** The sealed answers: what is wrong with the reason, or the answers whole. */
  revealAnswers: FormState | null;
  answers: ReadonlyArray<SealedAnswer & { value: OwnValue }> | null;
  blocked: boolean;
  unprintable: ReadonlyArray<string>;
};
const NOTHING: Answer = {
  passport: null,
  revealed: false,
  reveal: null,
  revealAnswers: null,
  answers: null,
  blocked: false,
  unprintable: [],
};

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition, account } = await staffEdition(args, LETTER_ACT);
  const invitationId = args.params.invitation ?? "";
  const formData = await args.request.formData();
  const done = (what: string) =>
    redirect(`${paths.personLetters(edition.slug, invitationId)}?done=${what}`, 303);
  switch (formData.get("intent")) {
    case "save": {
      const parsed = parseForm(travelDocumentForm, formData);
      // What was typed goes back to the one who typed it, and nowhere else: the answer is not stored.
      if (!parsed.ok) return data<Answer>({ ...NOTHING, passport: parsed.form }, { status: 422 });
      const saved = await saveTravelDocument(ctx, { invitationId, document: parsed.value });
      if (!saved.ok) throw notFound();
      return done("saved");
    }
    case "remove": {
      const removed = await removeTravelDocument(ctx, invitationId);
      if (!removed.ok) throw notFound();
      return done("removed");
    }
    case "reveal":
    case "revealAnswers": {
      if (personLetters(ctx, invitationId) === null) throw notFound();
      const which = formData.get("intent") === "reveal" ? "reveal" : "revealAnswers";
      const wrong = (form: FormState) => data<Answer>({ ...NOTHING, [which]: form }, { status: 422 });
      const parsed = parseForm(revealForm, formData, HIDE);
      if (!parsed.ok) return wrong(parsed.form);
      const { auth, limits } = servicesOf(args);
      const proved = await withPassword({ limits }, account.id, () =>
        auth.provePassword(args.request.headers, parsed.value.password),
      );
      if (proved === null) return wrong(withError(formData, "password", "account.passwordWrong", HIDE));
      const { reason } = parsed.value;
      if (which === "revealAnswers") {
        const opened = await revealAnswers(ctx, { invitationId, reason });
        if (!opened.ok) throw notFound();
        return data<Answer>({ ...NOTHING, answers: opened.value });
      }
      const shown = await revealTravelDocument(ctx, { invitationId, reason });
      if (!shown.ok) throw notFound();
      return data<Answer>({
        ...NOTHING,
        revealed: true,
        passport: { values: { ...shown.value }, errors: {} },
      });
    }
    case "issue": {
      const issued = await issue(ctx, { invitationId, formData });
      return typeof issued === "string" ? done(issued) : issued;
    }
    default:
      throw data(null, { status: 400 });
  }
}

async function issue(
  ctx: StaffContext,
  { invitationId, formData }: { invitationId: string; formData: FormData },
) {
  const parsed = parseForm(issueForm, formData);
  if (!parsed.ok) throw data(null, { status: 400 });
  const issued = await issueLetter(ctx, { invitationId, ...parsed.value, unprintable: await glyphCheck() });
  if (!issued.ok) {
    if (issued.refusal === "gone") throw notFound();
    return data<Answer>({ ...NOTHING, blocked: true }, { status: 409 });
  }
  if (issued.value.unprintable.length > 0)
    return data<Answer>({ ...NOTHING, unprintable: issued.value.unprintable });
  return issued.value.issued ? "issued" : "stands";
}

const DONE = {
  saved: "passport.saved",
  removed: "passport.removed",
  issued: "letters.person.issuedOne",
  stands: "letters.person.stands",
} as const;

export default function PersonLetters() {
  const { slug, person, mayHelp } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const [query] = useSearchParams();
  const asked = query.get("done");
  const t = useT();
  const done = sent === undefined && asked !== null && asked in DONE ? (asked as keyof typeof DONE) : null;
  return (
    <>
      <WorkHeading actions={<a href={paths.letters(slug)}>{t("letters.title")}</a>}>
        <BothNames person={person} />
      </WorkHeading>
      <PersonTabs slug={slug} invitationId={person.invitationId} here="letters" access={mayHelp} letters />
      {done === null ? null : <Notice tone="good">{t(DONE[done])}</Notice>}
      {sent === undefined && query.get("file") === "refused" ? (
        <Notice tone="stop">{t("upload.refused")}</Notice>
      ) : null}
      {sent?.blocked === true ? <Notice tone="stop">{t("letters.person.blocked")}</Notice> : null}
      {sent === undefined || sent.unprintable.length === 0 ? null : (
        <Notice tone="stop">
          {t("letters.person.unprintable", { characters: sent.unprintable.join(" ") })}
        </Notice>
      )}
      <Letters />
      <Passport sent={sent ?? NOTHING} />
      <Sealed sent={sent ?? NOTHING} />
      <History />
    </>
  );
}

function Letters() {
  const { slug, timeZone, person } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const names = (facts: LetterStanding["missing"]) =>
    facts.map((fact) => t(`letterFact.${fact}`)).join(t("letters.separator"));
  return (
    <section aria-labelledby="letters">
      <h2 id="letters">{t("letters.person.letters")}</h2>
      {person.obstacle === null ? null : (
        <Notice tone="wait">{t(`letters.obstacle.${person.obstacle}`)}</Notice>
      )}
      <div className="letter-cards">
        {person.letters.map(({ kind, locale: language, issued, missing }) => {
          const label = `${t(`letterKind.${kind}`)} · ${t(`letterLocale.${language}`)}`;
          return (
            <article className="panel" key={`${kind} ${language}`} aria-label={label}>
              <h3>{label}</h3>
              {issued === null ? null : (
                <p>
                  <Status tone={issued.changed.length === 0 ? "good" : "stop"}>
                    {t(issued.changed.length === 0 ? "letters.issued" : "letters.redo")}
                  </Status>
                  <span className="second-line muted">
                    {t("letters.version", {
                      number: issued.number,
                      version: issued.version,
                      date: deskMoment(issued.issuedAt, timeZone, locale),
                    })}
                  </span>
                  {issued.changed.length === 0 ? null : (
                    <span className="second-line">
                      {t("letters.changed", { facts: names(issued.changed) })}
                    </span>
                  )}
                </p>
              )}
              {missing.length === 0 ? null : <p>{t("letters.missing", { facts: names(missing) })}</p>}
              <div className="toolbar">
                {issued === null ? null : (
                  <form method="post" action={paths.letterFile(slug, issued.id)}>
                    <button className="button quiet" type="submit">
                      {t("letters.download")}
                      <span className="visually-hidden"> {label}</span>
                    </button>
                  </form>
                )}
                {person.obstacle !== null || missing.length > 0 ? null : (
                  <form method="post">
                    <input type="hidden" name="intent" value="issue" />
                    <input type="hidden" name="kind" value={kind} />
                    <input type="hidden" name="locale" value={language} />
                    <input type="hidden" name="after" value={person.newest[`${kind} ${language}`] ?? 0} />
                    <button
                      className={issued === null || issued.changed.length > 0 ? "button" : "button quiet"}
                      type="submit"
                    >
                      {t(issued === null ? "letters.issue" : "letters.issueAgain")}
                      <span className="visually-hidden"> {label}</span>
                    </button>
                  </form>
                )}
              </div>
            </article>
          );
        })}
      </div>
    </section>
  );
}

function Passport({ sent }: { sent: Answer }) {
  const { person } = useLoaderData<typeof loader>();
  const t = useT();
  const { passport } = person;
  const form = sent.passport;
  return (
    <section aria-labelledby="passport" className="apart">
      <h2 id="passport">{t("passport.title")}</h2>
      <p className="muted">{t("passport.intro")}</p>
      {form === null || sent.revealed ? null : (
        <ErrorSummary
          form={form}
          labels={{
            ...Object.fromEntries(DOCUMENT_FIELDS.map((name) => [name, t(`passport.${name}`)])),
            state: t("passport.state"),
            expectedOn: t("passport.expectedOn"),
          }}
        />
      )}
      <RevealErrors form={sent.reveal} intent="reveal" />
      {sent.revealed ? <Notice tone="wait">{t("passport.shown")}</Notice> : <Masked passport={passport} />}
      {passport.state !== "known" || sent.revealed ? null : (
        <Reveal form={sent.reveal ?? emptyForm} intent="reveal" title={t("passport.reveal")} />
      )}
      {form !== null || passport.state === "none" ? (
        <PassportForm form={form ?? { values: { state: "known" }, errors: {} }} />
      ) : (
        <details className="panel">
          <summary>{t("passport.replace")}</summary>
          <p className="muted">{t("passport.replaceHelp")}</p>
          <PassportForm form={{ values: { state: passport.state }, errors: {} }} />
        </details>
      )}
      {passport.state === "none" ? null : (
        <details className="panel">
          <summary>{t("passport.remove")}</summary>
          <form method="post">
            <input type="hidden" name="intent" value="remove" />
            <p className="muted">{t("passport.removeHelp")}</p>
            <button className="button quiet" type="submit">
              {t("passport.removeNow")}
            </button>
          </form>
        </details>
      )}
    </section>
  );
}

function Masked({ passport }: { passport: MaskedDocument }) {
  const t = useT();
  const locale = useLocale();
  switch (passport.state) {
    case "none":
      return <p>{t("passport.none")}</p>;
    case "pending":
      return (
        <p>
          {passport.expectedOn === ""
            ? t("passport.pendingOpen")
            : t("passport.pending", { date: calendarDay(passport.expectedOn, locale) })}
        </p>
      );
    case "known":
      return (
        <>
          {passport.expiry === null ? null : (
            <Notice tone="stop">{t(`letters.passport.${passport.expiry}`)}</Notice>
          )}
          <dl className="facts">
            {DOCUMENT_FIELDS.filter((field) => passport.given.includes(field)).map((field) => (
              <div className="fact" key={field}>
                <dt>{t(`passport.${field}`)}</dt>
                <dd>{field === "number" ? passport.number : t("passport.on")}</dd>
              </div>
            ))}
          </dl>
        </>
      );
  }
}

/** What the person answered under the seal in the edition's own form. */
function Sealed({ sent }: { sent: Answer }) {
  const { sealed } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  if (sealed.length === 0) return null;
  return (
    <section aria-labelledby="sealed">
      <h2 id="sealed">{t("sealed.title")}</h2>
      <RevealErrors form={sent.revealAnswers} intent="revealAnswers" />
      {sent.answers === null ? null : <Notice tone="wait">{t("sealed.shown")}</Notice>}
      <dl className="facts">
        {sealed.map(({ name, question, group, row, part }) => {
          const value = sent.answers?.find((each) => each.name === name)?.value;
          return (
            <div className="fact" key={name}>
              <dt>
                {group === null || row === null
                  ? null
                  : `${t("own.row", { label: inLocale(group.label, locale).text, number: row + 1 })} · `}
                <Text {...question.label} />
                {part === null ? null : (
                  <span className="second-line small">{partLabel(t, question, part)}</span>
                )}
              </dt>
              <dd className="as-typed" suppressHydrationWarning>
                {value === undefined ? (
                  t("passport.on")
                ) : isFile(question) && part === null && typeof value === "string" ? (
                  <SealedFile uploadId={value} />
                ) : (
                  ownInWords(t, locale, question, value, part)
                )}
              </dd>
            </div>
          );
        })}
      </dl>
      {sent.answers === null ? (
        <Reveal form={sent.revealAnswers ?? emptyForm} intent="revealAnswers" title={t("sealed.reveal")} />
      ) : null}
    </section>
  );
}

/** A file under the seal: it is taken out for a reason of its own. */
function SealedFile({ uploadId }: { uploadId: string }) {
  const { slug, person } = useLoaderData<typeof loader>();
  const t = useT();
  return (
    <FieldsOf of={`file-${uploadId}`}>
      <form method="post" action={paths.upload(slug, person.invitationId, uploadId)} className="filters">
        <ReasonAndPassword form={emptyForm} />
        <button className="button quiet" type="submit">
          {t("upload.take")}
        </button>
      </form>
    </FieldsOf>
  );
}

function ReasonAndPassword({ form }: { form: FormState }) {
  const t = useT();
  return (
    <>
      <SelectField
        form={form}
        name="reason"
        label={t("passport.reason")}
        required
        blank=""
        options={REVEAL_REASONS.map((reason) => ({ value: reason, label: t(`passport.reason.${reason}`) }))}
      />
      <TextField
        form={form}
        name="password"
        type="password"
        label={t("passport.password")}
        autoComplete="current-password"
        required
      />
    </>
  );
}

function RevealErrors({ form, intent }: { form: FormState | null; intent: string }) {
  const t = useT();
  if (form === null) return null;
  return (
    <FieldsOf of={intent}>
      <ErrorSummary form={form} labels={{ reason: t("passport.reason"), password: t("passport.password") }} />
    </FieldsOf>
  );
}

function Reveal({ form, intent, title }: { form: FormState; intent: string; title: string }) {
  const t = useT();
  return (
    <details className="panel" open={Object.keys(form.errors).length > 0}>
      <summary>{title}</summary>
      <form method="post">
        <input type="hidden" name="intent" value={intent} />
        <p className="muted">{t("passport.revealHelp")}</p>
        <FieldsOf of={intent}>
          <div className="filters">
            <ReasonAndPassword form={form} />
            <button className="button quiet" type="submit">
              {t("passport.reveal")}
            </button>
          </div>
        </FieldsOf>
      </form>
    </details>
  );
}

const LINES = ["birthPlace", "number"] as const satisfies ReadonlyArray<DocumentField>;

/** Empty unless it was shown whole or has something wrong in it: what is stored does not come back unasked. */
function PassportForm({ form }: { form: FormState }) {
  const t = useT();
  const locale = useLocale();
  return (
    <form method="post" className="panel" autoComplete="off">
      <input type="hidden" name="intent" value="save" />
      <ChoiceField
        form={form}
        name="state"
        type="radio"
        label={t("passport.state")}
        required
        options={[
          { value: "known", label: t("passport.state.known") },
          { value: "pending", label: t("passport.state.pending") },
        ]}
      />
      <TextField form={form} name="expectedOn" type="date" label={t("passport.expectedOn")} narrow />
      <div className="two-up">
        <TextField
          form={form}
          name="familyName"
          label={t("passport.familyName")}
          help={t("passport.nameHelp")}
          maxLength={100}
        />
        <TextField form={form} name="givenNames" label={t("passport.givenNames")} maxLength={100} />
        <SelectField
          form={form}
          name="gender"
          label={t("passport.gender")}
          blank={t("passport.blank")}
          options={GENDERS.map((gender) => ({ value: gender, label: t(`passport.gender.${gender}`) }))}
        />
        <TextField form={form} name="birthDate" type="date" label={t("passport.birthDate")} />
        {LINES.map((name) => (
          <TextField key={name} form={form} name={name} label={t(`passport.${name}`)} maxLength={100} />
        ))}
        <SelectField
          form={form}
          name="type"
          label={t("passport.type")}
          blank={t("passport.blank")}
          options={DOCUMENT_TYPES.map((type) => ({ value: type, label: t(`passport.type.${type}`) }))}
        />
        <TextField form={form} name="issuedOn" type="date" label={t("passport.issuedOn")} />
        <TextField form={form} name="expiresOn" type="date" label={t("passport.expiresOn")} />
        <TextField form={form} name="issuedAt" label={t("passport.issuedAt")} maxLength={100} />
        <SelectField
          form={form}
          name="nationality"
          label={t("passport.nationality")}
          blank={t("passport.blank")}
          options={countryOptions(locale)}
        />
        <TextField
          form={form}
          name="nationalityEn"
          label={t("passport.nationalityEn")}
          lang="en"
          maxLength={60}
        />
        <TextField
          form={form}
          name="nationalityZh"
          label={t("passport.nationalityZh")}
          lang="zh-Hans"
          maxLength={60}
        />
        <TextField form={form} name="applyAtEn" label={t("passport.applyAtEn")} lang="en" maxLength={100} />
        <TextField
          form={form}
          name="applyAtZh"
          label={t("passport.applyAtZh")}
          lang="zh-Hans"
          maxLength={100}
        />
      </div>
      <TextField form={form} name="companions" label={t("passport.companions")} maxLength={300} />
      <Toolbar>
        <button className="button" type="submit">
          {t("passport.save")}
        </button>
      </Toolbar>
    </form>
  );
}

function History() {
  const { timeZone, person } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  if (person.history.length === 0) return null;
  return (
    <section aria-labelledby="history" className="apart">
      <h2 id="history">{t("letters.person.history")}</h2>
      <TableFrame label={t("letters.person.history")}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("letters.number")}</th>
              <th scope="col">{t("letters.issued")}</th>
              <th scope="col">{t("letters.state")}</th>
            </tr>
          </thead>
          <tbody>
            {person.history.map((letter) => (
              <tr key={letter.id}>
                <th scope="row">
                  {letter.number}
                  <span className="second-line muted">
                    {t("letterTemplate.version", { version: letter.version })}
                  </span>
                </th>
                <td>{deskMoment(letter.issuedAt, timeZone, locale)}</td>
                <td>
                  {letter.voidedAt !== null ? (
                    <Status>
                      {t("letters.person.void", { date: deskMoment(letter.voidedAt, timeZone, locale) })}
                    </Status>
                  ) : person.obstacle !== null && endsLetters(person.obstacle) ? (
                    <Status tone="stop">{t(`letters.obstacle.${person.obstacle}`)}</Status>
                  ) : (
                    <Status tone="good">{t("letters.person.good")}</Status>
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
