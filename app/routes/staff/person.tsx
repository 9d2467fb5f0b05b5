import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { ATTENDANCES, MEANS } from "#db/vocabulary.ts";
import { SeenStatus, ServerSaid } from "../../components/delivery-state.tsx";
import { TableFrame, Toolbar, WorkHeading } from "../../components/desk.tsx";
import { ChoiceField, ErrorSummary, FieldsOf, LongTextField, TextField } from "../../components/fields.tsx";
import { LifeTimeline } from "../../components/life-timeline.tsx";
import { BothNames } from "../../components/name.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { PersonFields, personLabels, RoleFields } from "../../components/person-fields.tsx";
import { PersonTabs } from "../../components/person-tabs.tsx";
import { inLocale, NativeName, Second, Text } from "../../components/text.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { allows, HELPS_WITH_LINK } from "../../domain/access/rules.ts";
import type { StaffContext } from "../../domain/context.ts";
import {
  confirmParticipation,
  recordAttendance,
  takeBackConfirmation,
} from "../../domain/invitation/attendance.server.ts";
import { recordBounce } from "../../domain/invitation/came-back.server.ts";
import {
  recordReply,
  reinvite,
  reissueLink,
  revokeLink,
  withdrawInvitation,
} from "../../domain/invitation/commands.server.ts";
import { attendanceForm, bounceForm, recordReplyForm } from "../../domain/invitation/form.ts";
import { ANSWERS } from "../../domain/invitation/reply.ts";
import { mayIssueLetters } from "../../domain/letter/queries.server.ts";
import { changePerson } from "../../domain/person/commands.server.ts";
import { changePersonForm, factsOf, formOfFacts } from "../../domain/person/form.ts";
import {
  mayInvite,
  type OtherPerson,
  type PersonPage,
  personPage,
} from "../../domain/person/queries.server.ts";
import { cardMark } from "../../domain/person/record.server.ts";
import { sortKeyUnconfirmed } from "../../domain/person/rules.ts";
import { SECTION_OF } from "../../domain/registration/answers.ts";
import { isFile } from "../../domain/registration/definition.ts";
import {
  lateSections,
  type RegistrationProgress,
  registrationForStaff,
} from "../../domain/registration/queries.server.ts";
import { TELL_ACT } from "../../domain/registration/told.server.ts";
import { deskMoment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm, withError } from "../../platform/form.ts";
import { emptyForm, type FormState } from "../../platform/form-state.ts";
import {
  allLabels,
  contentLang,
  FIELD_LABELS,
  inWords,
  isField,
  ownInWords,
  partLabel,
  sectionName,
} from "../delegate/registration-fields.ts";

/** The title names nobody: titles end up in histories and on shared screens. */
export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "person.pageTitle") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args);
  const invitationId = args.params.invitation ?? "";
  const person = personPage(ctx, invitationId);
  const progress = registrationForStaff(ctx, invitationId);
  if (person === null || progress === null) throw notFound();
  return {
    locale,
    slug: edition.slug,
    timeZone: edition.timeZone,
    mayWrite: mayInvite(ctx),
    maySayWhoCame: allows(ctx.scope, ["invitations", "duty_desk"]),
    mayHelp: allows(ctx.scope, HELPS_WITH_LINK),
    mayTell: allows(ctx.scope, TELL_ACT),
    mayLetter: mayIssueLetters(ctx),
    person,
    mark: cardMark(person.facts, [person.category, person.invitedAs]),
    progress,
    late: lateSections(ctx, invitationId),
  };
}

type Answer = {
  card: FormState | null;
  reply: FormState | null;
  bounce?: FormState;
  refusal:
    | "withdrawn"
    | "replaced"
    | "late"
    | "revoked"
    | "unregistered"
    | "confirmed"
    | "unconfirmed"
    | "early"
    | "over"
    | "standing"
    | "doNotInvite"
    | "quotaFull"
    | "headTaken"
    | "unsent"
    | "bounced"
    | null;
};

function refuse(refusal: NonNullable<Answer["refusal"]>) {
  return data<Answer>({ card: null, reply: null, refusal }, { status: 409 });
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  // The duty desk says who came; everything else is for those who invite.
  const desk = await staffEdition(args, ["invitations", "duty_desk"]);
  const { slug } = desk.edition;
  const invitationId = args.params.invitation ?? "";
  if (personPage(desk.ctx, invitationId) === null) throw notFound();
  const formData = await args.request.formData();
  const intent = formData.get("intent");
  if (intent === "attendance") return saveAttendance(desk.ctx, { slug, invitationId, formData });
  const { ctx } = await staffEdition(args, "invitations");
  if (personPage(ctx, invitationId) === null) throw notFound();
  switch (intent) {
    case "card":
      return (await saveCard(ctx, { invitationId, formData })) ?? done(slug, invitationId, "saved");
    case "reply":
      return (await saveReply(ctx, { invitationId, formData })) ?? done(slug, invitationId, "recorded");
    case "bounce":
      return saveBounce(ctx, { slug, invitationId, formData });
    default:
      return act(ctx, { slug, invitationId, intent });
  }
}

function done(slug: string, invitationId: string, what: string) {
  return redirect(`${paths.person(slug, invitationId)}?done=${what}`, 303);
}

/** The acts that are one button. */
async function act(
  ctx: StaffContext,
  { slug, invitationId, intent }: { slug: string; invitationId: string; intent: FormDataEntryValue | null },
) {
  const acts = {
    revoke: [revokeLink, "revoked"],
    reissue: [reissueLink, "reissued"],
    withdraw: [withdrawInvitation, "withdrawn"],
    reinvite: [reinvite, "reinvited"],
    confirm: [confirmParticipation, "confirmed"],
    unconfirm: [takeBackConfirmation, "unconfirmed"],
  } as const;
  if (typeof intent !== "string" || !Object.hasOwn(acts, intent)) throw data(null, { status: 400 });
  const [command, what] = acts[intent as keyof typeof acts];
  const outcome = await command(ctx, invitationId);
  if (outcome.ok) return done(slug, invitationId, what);
  if (outcome.refusal === "gone") throw notFound();
  return refuse(outcome.refusal);
}

async function saveAttendance(ctx: StaffContext, { slug, invitationId, formData }: Input & { slug: string }) {
  const parsed = parseForm(attendanceForm, formData);
  if (!parsed.ok) throw data(null, { status: 400 });
  const { attendance } = parsed.value;
  const recorded = await recordAttendance(ctx, [{ invitationId, attendance }]);
  if (recorded.ok) return done(slug, invitationId, "attendance");
  if (recorded.refusal === "gone") throw notFound();
  return refuse(recorded.refusal);
}

async function saveBounce(ctx: StaffContext, { slug, invitationId, formData }: Input & { slug: string }) {
  const parsed = parseForm(bounceForm, formData);
  if (!parsed.ok)
    return data<Answer>({ card: null, reply: null, bounce: parsed.form, refusal: null }, { status: 422 });
  const noted = await recordBounce(ctx, { invitationId, note: parsed.value.note });
  if (noted.ok) return done(slug, invitationId, "bounced");
  if (noted.refusal === "gone") throw notFound();
  return refuse(noted.refusal);
}

type Input = { invitationId: string; formData: FormData };

async function saveCard(ctx: StaffContext, { invitationId, formData }: Input) {
  const parsed = parseForm(changePersonForm, formData);
  if (!parsed.ok) return data<Answer>({ card: parsed.form, reply: null, refusal: null }, { status: 422 });
  const { category, invitedAs } = parsed.value;
  const seen = formData.get("seen");
  const changed = await changePerson(ctx, {
    invitationId,
    category,
    invitedAs,
    facts: factsOf(parsed.value),
    seen: typeof seen === "string" ? seen : undefined,
  });
  if (changed.ok) return null;
  if (changed.refusal === "gone") throw notFound();
  if (changed.refusal === "changed") {
    // From now on they have seen what stands there: it is above the form.
    formData.delete("seen");
    const card = withError(formData, "", "person.error.changed");
    return data<Answer>({ card, reply: null, refusal: null }, { status: 409 });
  }
  const field = changed.refusal === "mailboxTaken" ? "email" : "category";
  const card = withError(formData, field, `person.error.${changed.refusal}`);
  return data<Answer>({ card, reply: null, refusal: null }, { status: 409 });
}

async function saveReply(ctx: StaffContext, { invitationId, formData }: Input) {
  const parsed = parseForm(recordReplyForm, formData);
  if (!parsed.ok) return data<Answer>({ card: null, reply: parsed.form, refusal: null }, { status: 422 });
  const recorded = await recordReply(ctx, { invitationId, ...parsed.value });
  if (recorded.ok) return null;
  if (recorded.refusal === "gone") throw notFound();
  return refuse(recorded.refusal);
}

export default function Person() {
  const { slug, timeZone, mayWrite, maySayWhoCame, mayHelp, mayTell, mayLetter, person, progress } =
    useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  const { facts } = person;
  const cardForm = sent?.card ?? null;
  return (
    <>
      <WorkHeading
        actions={
          mayWrite && isOpen(person) ? (
            <form method="post" action={paths.sendInvitations(slug)}>
              <input type="hidden" name="invitation" value={person.invitationId} />
              {person.sentAt === null ? null : <input type="hidden" name="again" value="on" />}
              <button className="button quiet" type="submit">
                {t(person.sentAt === null ? "person.sendOne" : "person.sendOneAgain")}
              </button>
            </form>
          ) : undefined
        }
      >
        <BothNames person={facts} />
      </WorkHeading>
      <PersonTabs
        slug={slug}
        invitationId={person.invitationId}
        here="page"
        registration={mayTell}
        access={mayHelp}
        letters={mayLetter}
      />
      <Done />
      {sent?.refusal == null ? null : <Notice tone="stop">{t(`person.refusal.${sent.refusal}`)}</Notice>}
      <Standing person={person} slug={slug} />
      <div className="two-up person-page">
        <div>
          <Card person={person} />
          <Registration person={person} progress={progress} timeZone={timeZone} />
          <Visits person={person} timeZone={timeZone} />
        </div>
        <div>
          <Life person={person} registered={progress.state === "submitted"} timeZone={timeZone} />
          <Mails person={person} slug={slug} timeZone={timeZone} />
          {maySayWhoCame && person.begun && isOpen(person) ? <AttendanceForm person={person} /> : null}
          {mayWrite ? (
            <>
              <Reinvite person={person} />
              <Acts
                slug={slug}
                person={person}
                registered={progress.state === "submitted"}
                reply={sent?.reply ?? null}
                bounce={sent?.bounce ?? null}
              />
            </>
          ) : null}
        </div>
      </div>
      {mayWrite ? (
        <details className="panel" open={cardForm !== null} id="card">
          <summary>{t("person.edit")}</summary>
          {cardForm === null ? null : <ErrorSummary form={cardForm} labels={personLabels(t)} />}
          <EditCard person={person} form={cardForm} />
        </details>
      ) : null}
    </>
  );
}

/** What the last act did: the address that it redirected to says so. */
function Done() {
  const t = useT();
  const done = useSearchParams()[0].get("done");
  switch (done) {
    case "added":
      return <Notice tone="good">{t("person.added")}</Notice>;
    case "saved":
      return <Notice tone="good">{t("common.saved")}</Notice>;
    case "revoked":
      return <Notice tone="good">{t("person.done.revoked")}</Notice>;
    case "reissued":
      return <Notice tone="good">{t("person.done.reissued")}</Notice>;
    case "withdrawn":
      return <Notice tone="good">{t("person.done.withdrawn")}</Notice>;
    case "recorded":
      return <Notice tone="good">{t("person.done.recorded")}</Notice>;
    case "confirmed":
      return <Notice tone="good">{t("person.done.confirmed")}</Notice>;
    case "unconfirmed":
      return <Notice tone="good">{t("person.done.unconfirmed")}</Notice>;
    case "attendance":
      return <Notice tone="good">{t("person.done.attendance")}</Notice>;
    case "bounced":
      return <Notice tone="good">{t("person.done.bounced")}</Notice>;
    case "reinvited":
      return <Notice tone="good">{t("person.done.reinvited")}</Notice>;
    case "substituted":
      return <Notice tone="good">{t("person.done.substituted")}</Notice>;
    default:
      return null;
  }
}

/** Whether the invitation stands: neither taken back nor given to somebody else. */
function isOpen(person: PersonPage): boolean {
  return !person.withdrawn && person.replacedBy === null;
}

/** What somebody who opens the page has to know first, with what to do next. */
function Standing({ person, slug }: { person: PersonPage; slug: string }) {
  const t = useT();
  return (
    <>
      {person.state === "bounced" ? (
        <Notice tone="stop">
          <p>{t("life.bounced")}</p>
          {person.facts.phone === null ? null : (
            <p>{t("life.bouncedPhone", { phone: person.facts.phone })}</p>
          )}
        </Notice>
      ) : null}
      {person.replacedBy === null ? null : (
        <Notice tone="wait">
          {t("life.replacedBy")} <LinkTo person={person.replacedBy} slug={slug} />
        </Notice>
      )}
      {person.replaces === null ? null : (
        <p>
          {t("life.replaces")} <LinkTo person={person.replaces} slug={slug} />
        </p>
      )}
      {person.stillNamedIn === null ? null : (
        <Notice tone="wait">{t("life.stillNamed", { number: person.stillNamedIn })}</Notice>
      )}
    </>
  );
}

function LinkTo({ person, slug }: { person: OtherPerson; slug: string }) {
  return (
    <a href={paths.person(slug, person.invitationId)}>
      <BothNames person={person} />
    </a>
  );
}

function Card({ person }: { person: PersonPage }) {
  const t = useT();
  const { facts } = person;
  const unknown = <span className="muted">{t("person.unknown")}</span>;
  return (
    <dl className="facts">
      <dt>{t("person.legend.latin")}</dt>
      <dd>
        <bdi>{facts.nameLatin}</bdi>
        <NameParts family={facts.familyLatin} given={facts.givenLatin} native={false} />
        {facts.nameLatin === "" ? unknown : null}
      </dd>
      <dt>{t("person.legend.native")}</dt>
      <dd>
        <NativeName>{facts.nameNative}</NativeName>
        <NameParts family={facts.familyNative} given={facts.givenNative} native />
        {facts.nameNative === "" ? unknown : null}
      </dd>
      <dt>{t("person.sortedAs")}</dt>
      <dd>
        {facts.sortKey}{" "}
        {sortKeyUnconfirmed(facts.sortKey) ? (
          <Status tone="wait">{t("people.sortUnconfirmed")}</Status>
        ) : null}
      </dd>
      <dt>{t("person.legend.address")}</dt>
      <dd>
        <InTwo en={facts.honorificEn} zh={facts.honorificZh} />
        <InTwo en={facts.salutationEn} zh={facts.salutationZh} />
        {facts.honorificEn + facts.honorificZh === "" ? unknown : null}
      </dd>
      <dt>{t("person.legend.post")}</dt>
      <dd>
        <InTwo en={facts.institutionEn} zh={facts.institutionZh} />
        <InTwo en={facts.positionEn} zh={facts.positionZh} />
      </dd>
      <dt>{t("person.email")}</dt>
      <dd>{facts.email === null ? unknown : <bdi>{facts.email}</bdi>}</dd>
      <dt>{t("person.phone")}</dt>
      <dd>{facts.phone === null ? unknown : <bdi>{facts.phone}</bdi>}</dd>
      <dt>{t("person.locale")}</dt>
      <dd>{t(`person.locale.${facts.locale}`)}</dd>
      <dt>{t("person.delegation")}</dt>
      <dd>
        <Text en={person.delegationEn} zh={person.delegationZh} />
      </dd>
      <dt>{t("person.category")}</dt>
      <dd>
        {t(`category.${person.category}`)}
        {person.invitedAs === null ? null : ` · ${t(`function.${person.invitedAs}`)}`}
      </dd>
      <dt>{t("person.number")}</dt>
      <dd>{person.number}</dd>
    </dl>
  );
}

function NameParts({ family, given, native }: { family: string; given: string; native: boolean }) {
  const t = useT();
  if (family === "" && given === "") return null;
  const parts = [
    { label: t("person.familyLatin"), text: family },
    { label: t("person.givenLatin"), text: given },
  ].filter(({ text }) => text !== "");
  return (
    <span className="second-line muted">
      {parts.map(({ label, text }, index) => (
        <span key={label}>
          {index === 0 ? "" : " · "}
          {t("common.label", { label })}
          {native ? <NativeName>{text}</NativeName> : <bdi>{text}</bdi>}
        </span>
      ))}
    </span>
  );
}

function InTwo({ en, zh }: { en: string; zh: string }) {
  if (en === "" && zh === "") return null;
  return (
    <span className="second-line">
      <Text en={en} zh={zh} /> <Second en={en} zh={zh} />
    </span>
  );
}

function Life({
  person,
  registered,
  timeZone,
}: {
  person: PersonPage;
  registered: boolean;
  timeZone: string;
}) {
  const t = useT();
  const locale = useLocale();
  // What came of a letter that was seen says more than that it was.
  const past =
    registered && person.reply === "accepted" && (person.state === "sent" || person.state === "seen");
  return (
    <section aria-labelledby="life">
      <h2 id="life">{t("person.life")}</h2>
      <dl className="facts">
        <dt>{t("life.stands")}</dt>
        <dd>{t(past ? "life.registered" : `invitationState.${person.state}`)}</dd>
        <dt>{t("people.column.reply")}</dt>
        <dd>
          <Status
            tone={
              person.reply === "accepted"
                ? "good"
                : person.reply === "declined"
                  ? "stop"
                  : person.reply === "none"
                    ? undefined
                    : "wait"
            }
          >
            {t(`reply.${person.reply}`)}
          </Status>
        </dd>
        <dt>{t("life.seen")}</dt>
        <dd>
          {person.seenAt === null ? (
            <span className="muted">{t("life.notSeen")}</span>
          ) : (
            deskMoment(person.seenAt, timeZone, locale)
          )}
        </dd>
        <dt>{t("person.link")}</dt>
        <dd>
          {person.link === "works" ? (
            <Status tone="good">
              {t("person.linkWorks", { when: deskMoment(person.linkExpiresAt, timeZone, locale) })}
            </Status>
          ) : (
            <Status tone="stop">
              {t(person.link === "revoked" ? "person.linkRevoked" : "person.linkExpired")}
            </Status>
          )}
        </dd>
      </dl>
      <LifeTimeline events={person.events} timeZone={timeZone} />
    </section>
  );
}

/** What they answered, section by section, and what is missing. Answers that this reader may not see are only counted. */
function Registration({
  person,
  progress,
  timeZone,
}: {
  person: PersonPage;
  progress: RegistrationProgress;
  timeZone: string;
}) {
  const t = useT();
  const locale = useLocale();
  const { slug, late } = useLoaderData<typeof loader>();
  const labels = allLabels(t, locale, progress.asked);
  const label = (field: string) => labels[field] ?? field;
  return (
    <section aria-labelledby="registration">
      <h2 id="registration">{t("person.answers")}</h2>
      {progress.state === null ? (
        <p className="muted">{t("person.answersNone")}</p>
      ) : (
        <p>
          <Status tone={progress.state === "submitted" ? "good" : "wait"}>
            {t(`registration.${progress.state}`)}
          </Status>{" "}
          {progress.updatedAt === null ? null : (
            <span className="muted">
              {t("person.answersFrom", { when: deskMoment(progress.updatedAt, timeZone, locale) })}
            </span>
          )}
        </p>
      )}
      {progress.remarks.map((remark) => (
        <Notice tone="wait" key={remark}>
          {t(`register.remark.${remark}`)}
        </Notice>
      ))}
      {progress.state === null
        ? null
        : progress.sections
            .filter(
              ({ section }) =>
                section !== "visits" &&
                (section !== "consents" || person.own.some((answer) => answer.section === section)),
            )
            .map(({ section, state, missing }) => {
              const given = person.answers.filter(({ field }) => SECTION_OF.get(field) === section);
              const own = person.own.filter((answer) => answer.section === section);
              return (
                <section key={section} className="review-section" aria-labelledby={`s-${section}`}>
                  <h3 id={`s-${section}`}>
                    {sectionName(t, locale, progress.asked, section)}{" "}
                    <span className="small muted">{t(`sectionState.${state}`)}</span>
                  </h3>
                  {late.includes(section) ? (
                    <p>
                      <Status tone="wait">{t("person.sectionLate")}</Status>
                    </p>
                  ) : null}
                  {missing.length === 0 ? null : (
                    <p>
                      <Status tone="wait">
                        {t("person.missing", {
                          fields: missing.map(label).join(t("myProgramme.listSeparator")),
                        })}
                      </Status>
                    </p>
                  )}
                  <dl className="given-answers">
                    {given.map(({ field, value }) =>
                      isField(field) ? (
                        <div key={field}>
                          <dt>{t(FIELD_LABELS[field])}</dt>
                          <dd lang={contentLang(field)}>{inWords(t, locale, field, value)}</dd>
                        </div>
                      ) : null,
                    )}
                    {own.map(({ group, row, part, question, value }) => (
                      <div key={`${row} ${question.key} ${part}`}>
                        <dt>
                          {group === null || row === null ? null : (
                            <>
                              {t("own.row", { label: inLocale(group.label, locale).text, number: row + 1 })}
                              {": "}
                            </>
                          )}
                          <Text {...question.label} />
                          {part === null ? null : (
                            <span className="second-line small">{partLabel(t, question, part)}</span>
                          )}
                        </dt>
                        <dd className="as-typed" suppressHydrationWarning>
                          {isFile(question) && part === null && typeof value === "string" ? (
                            <form method="post" action={paths.upload(slug, person.invitationId, value)}>
                              <button
                                className="button quiet small"
                                type="submit"
                                aria-label={t("upload.takeOf", {
                                  name: inLocale(question.label, locale).text,
                                })}
                              >
                                {t("upload.take")}
                              </button>
                            </form>
                          ) : (
                            ownInWords(t, locale, question, value, part)
                          )}
                        </dd>
                      </div>
                    ))}
                  </dl>
                </section>
              );
            })}
      {person.hidden === 0 ? null : <p className="note">{t("person.sensitive", { count: person.hidden })}</p>}
    </section>
  );
}

function Visits({ person, timeZone }: { person: PersonPage; timeZone: string }) {
  const t = useT();
  const locale = useLocale();
  return (
    <section aria-labelledby="visits">
      <h2 id="visits">{t("person.visits")}</h2>
      {person.visits.length === 0 ? (
        <p className="muted">{t("person.visitsNone")}</p>
      ) : (
        <ul className="plain">
          {person.visits.map((visit) => (
            <li key={visit.id}>
              <Text en={visit.titleEn} zh={visit.titleZh} />{" "}
              <Status
                tone={visit.state === "granted" ? "good" : visit.state === "withdrawn" ? undefined : "wait"}
              >
                {t(`place.${visit.state}`)}
              </Status>
              <span className="second-line muted">{deskMoment(visit.startsAt, timeZone, locale)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Mails({ person, slug, timeZone }: { person: PersonPage; slug: string; timeZone: string }) {
  const t = useT();
  const locale = useLocale();
  return (
    <section aria-labelledby="mails">
      <h2 id="mails">{t("person.mails")}</h2>
      {person.mails.length === 0 ? (
        <p className="muted">{t("person.mailsNone")}</p>
      ) : (
        <TableFrame label={t("person.mailsLabel")}>
          <table className="snug">
            <thead>
              <tr>
                <th scope="col">{t("person.column.when")}</th>
                <th scope="col">{t("person.column.what")}</th>
                <th scope="col">{t("person.column.outcome")}</th>
              </tr>
            </thead>
            <tbody>
              {person.mails.map((mail) => (
                <tr key={mail.id}>
                  <td>{deskMoment(mail.createdAt, timeZone, locale)}</td>
                  <td>
                    <a href={paths.delivery(slug, mail.id)}>
                      {mail.template === null
                        ? t(`mailKind.${mail.kind}`)
                        : t(`templateKind.${mail.template}`)}
                    </a>
                    {mail.isCopy ? <span className="second-line muted">{t("message.copyMark")}</span> : null}
                  </td>
                  <td>
                    <Status
                      tone={
                        mail.state === "accepted"
                          ? "good"
                          : mail.state === "failed" || mail.state === "cancelled"
                            ? "stop"
                            : "wait"
                      }
                    >
                      {t(`delivery.${mail.state}`)}
                    </Status>
                    <SeenStatus mail={mail} timeZone={timeZone} />
                    {mail.response === "" ? null : (
                      <span className="second-line muted as-typed">
                        <ServerSaid response={mail.response} />
                      </span>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
    </section>
  );
}

/** Recording an answer, the link, taking the invitation back. */
function Acts({
  slug,
  person,
  registered,
  reply,
  bounce,
}: {
  slug: string;
  person: PersonPage;
  registered: boolean;
  reply: FormState | null;
  bounce: FormState | null;
}) {
  const t = useT();
  if (!isOpen(person)) return null;
  return (
    <>
      <details className="panel" open={reply !== null}>
        <summary>{t("person.recordReply")}</summary>
        {reply === null ? null : (
          <ErrorSummary
            form={reply}
            labels={{
              reply: t("people.column.reply"),
              means: t("means.label"),
              note: t("person.recordNote"),
              askAgainOn: t("person.recordAskAgain"),
            }}
          />
        )}
        <form method="post">
          <input type="hidden" name="intent" value="reply" />
          <p className="muted">{t("person.recordHelp")}</p>
          <ChoiceField
            form={reply ?? emptyForm}
            name="reply"
            type="radio"
            label={t("people.column.reply")}
            required
            options={ANSWERS.map((value) => ({ value, label: t(`reply.${value}`) }))}
          />
          <ChoiceField
            form={reply ?? emptyForm}
            name="means"
            type="radio"
            label={t("means.label")}
            required
            options={MEANS.map((value) => ({ value, label: t(`means.${value}`) }))}
          />
          <TextField
            form={reply ?? emptyForm}
            name="askAgainOn"
            type="date"
            label={t("person.recordAskAgain")}
            narrow
          />
          <LongTextField form={reply ?? emptyForm} name="note" label={t("person.recordNote")} rows={2} />
          <button className="button" type="submit">
            {t("person.recordSave")}
          </button>
        </form>
      </details>
      {person.sentAt === null || person.state === "bounced" ? null : (
        <details className="panel" open={bounce !== null}>
          <summary>{t("life.bounce")}</summary>
          <form method="post">
            <input type="hidden" name="intent" value="bounce" />
            <p className="muted">{t("life.bounceHelp")}</p>
            <FieldsOf of="bounce">
              <LongTextField form={bounce ?? emptyForm} name="note" label={t("life.bounceNote")} rows={2} />
            </FieldsOf>
            <button className="button quiet" type="submit">
              {t("life.bounceSave")}
            </button>
          </form>
        </details>
      )}
      <details className="panel">
        <summary>{t("life.confirm")}</summary>
        <p className="muted">{t("life.confirmHelp")}</p>
        <Confirming person={person} registered={registered} />
      </details>
      <details className="panel">
        <summary>{t("person.link")}</summary>
        <p className="muted">{t("person.reissueHelp")}</p>
        <Toolbar>
          <form method="post">
            <input type="hidden" name="intent" value="reissue" />
            <button className="button quiet" type="submit">
              {t("person.reissue")}
            </button>
          </form>
          {person.link === "revoked" ? null : (
            <form method="post">
              <input type="hidden" name="intent" value="revoke" />
              <button className="button quiet" type="submit">
                {t("person.revoke")}
              </button>
            </form>
          )}
        </Toolbar>
      </details>
      <details className="panel">
        <summary>{t("person.substitute")}</summary>
        <p className="muted">{t("person.substituteHelp")}</p>
        <p>
          <a className="button quiet" href={paths.substitute(slug, person.invitationId)}>
            {t("person.substituteGo")}
          </a>
        </p>
      </details>
      <details className="panel">
        <summary>{t("person.withdraw")}</summary>
        <p className="muted">{t("person.withdrawHelp")}</p>
        <form method="post">
          <input type="hidden" name="intent" value="withdraw" />
          <button className="button quiet" type="submit">
            {t("person.withdrawSure")}
          </button>
        </form>
      </details>
    </>
  );
}

/** For those who declined, or whose invitation was taken back: asking them once more. */
function Reinvite({ person }: { person: PersonPage }) {
  const t = useT();
  if (person.replacedBy !== null || !(person.withdrawn || person.reply === "declined")) return null;
  return (
    <details className="panel">
      <summary>{t("person.reinvite")}</summary>
      <p className="muted">{t("person.reinviteHelp")}</p>
      <form method="post">
        <input type="hidden" name="intent" value="reinvite" />
        <button className="button quiet" type="submit">
          {t("person.reinvite")}
        </button>
      </form>
    </details>
  );
}

function Confirming({ person, registered }: { person: PersonPage; registered: boolean }) {
  const t = useT();
  if (!person.confirmed && !(registered && person.reply === "accepted"))
    return <p>{t("life.confirmLater")}</p>;
  return (
    <form method="post">
      <input type="hidden" name="intent" value={person.confirmed ? "unconfirm" : "confirm"} />
      <button className="button quiet" type="submit">
        {t(person.confirmed ? "life.confirmUndo" : "life.confirmDo")}
      </button>
    </form>
  );
}

function AttendanceForm({ person }: { person: PersonPage }) {
  const t = useT();
  return (
    <form method="post" className="panel">
      <input type="hidden" name="intent" value="attendance" />
      <ChoiceField
        form={{ errors: {}, values: { attendance: person.attendance ?? "" } }}
        name="attendance"
        type="radio"
        label={t("attendance.title")}
        required
        options={[
          ...ATTENDANCES.map((value) => ({ value, label: t(`attendance.${value}`) })),
          { value: "", label: t("attendance.unknown") },
        ]}
      />
      <button className="button" type="submit">
        {t("attendance.save")}
      </button>
    </form>
  );
}

function EditCard({ person, form }: { person: PersonPage; form: FormState | null }) {
  const t = useT();
  const { mark } = useLoaderData<typeof loader>();
  const stored: FormState = {
    errors: {},
    values: {
      ...formOfFacts(person.facts),
      category: person.category,
      invitedAs: person.invitedAs ?? "",
    },
  };
  const shown = form ?? stored;
  return (
    <form method="post" className="card-form">
      <input type="hidden" name="intent" value="card" />
      <input type="hidden" name="seen" value={form?.values.seen ?? mark} />
      <PersonFields form={shown} />
      <fieldset>
        <legend>{t("person.legend.invitation")}</legend>
        <RoleFields form={shown} />
      </fieldset>
      <Toolbar>
        <button className="button" type="submit">
          {t("common.save")}
        </button>
      </Toolbar>
    </form>
  );
}
