import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import type { ReactNode } from "react";
import { LOCALES, NAME_FORMS } from "#db/vocabulary.ts";
import { TableFrame, WorkHeading } from "../../components/desk.tsx";
import { ErrorSummary, LongTextField, SelectField, TextField, TickField } from "../../components/fields.tsx";
import { BothNames } from "../../components/name.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { EditionName, OutcomeThere, RolesThere } from "../../components/past-editions.tsx";
import { PersonFields, personLabels } from "../../components/person-fields.tsx";
import { NativeName, Second, Text } from "../../components/text.tsx";
import { notFound, requirePost, staffContactBook } from "../../context.server.ts";
import {
  addAssistant,
  addNameForm,
  changeAssistant,
  changeContact,
  confirmPost,
  endAssistant,
  liftDoNotInvite,
  markDoNotInvite,
  removeNameForm,
  writeNote,
} from "../../domain/contact/commands.server.ts";
import { assistantForm, doNotInviteForm, nameFormForm, noteForm } from "../../domain/contact/form.ts";
import { undoMerge } from "../../domain/contact/merge.server.ts";
import { type Assistant, type ContactCard, contactCard } from "../../domain/contact/queries.server.ts";
import type { StaffContext } from "../../domain/context.ts";
import { cardForm, factsOf, formOfFacts } from "../../domain/person/form.ts";
import { cardMark } from "../../domain/person/record.server.ts";
import { sortKeyUnconfirmed } from "../../domain/person/rules.ts";
import type { Result } from "../../domain/result.ts";
import { fullDate } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm, withError } from "../../platform/form.ts";
import { emptyForm, type FormState } from "../../platform/form-state.ts";

/** The title names nobody: titles end up in histories and on shared screens. */
export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "contact.pageTitle") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffContactBook(args);
  const card = contactCard(ctx, args.params.person ?? "");
  if (card === null) throw notFound();
  return { locale, slug: edition.slug, timeZone: edition.timeZone, card, mark: cardMark(card.facts) };
}

type Form = "card" | "note" | "mark" | "addName" | "addAssistant" | "changeAssistant";

type Answer = {
  /** The form that has something wrong in it; `about` says whose, where there are several of a kind. */
  wrong: { form: Form; about: string; state: FormState } | null;
  undo: "laterMerge" | "changed" | "mailboxTaken" | null;
};

function wrong(form: Form, state: FormState, status: 409 | 422 = 422, about = "") {
  return data<Answer>({ wrong: { form, about, state }, undo: null }, { status });
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffContactBook(args);
  const personId = args.params.person ?? "";
  if (contactCard(ctx, personId) === null) throw notFound();
  const formData = await args.request.formData();
  const done = (what: string) => redirect(`${paths.contact(edition.slug, personId)}?done=${what}`, 303);
  const answer = async (result: Promise<Result<unknown, "gone">>, what: string) => {
    if (!(await result).ok) throw notFound();
    return done(what);
  };
  const text = (name: string) => {
    const value = formData.get(name);
    return typeof value === "string" ? value : "";
  };
  switch (formData.get("intent")) {
    case "card":
      return (await saveCard(ctx, personId, formData)) ?? done("saved");
    case "confirm":
      return answer(confirmPost(ctx, personId), "confirmed");
    case "note": {
      const parsed = parseForm(noteForm, formData);
      if (!parsed.ok) return wrong("note", parsed.form);
      return answer(writeNote(ctx, { personId, ...parsed.value }), "noted");
    }
    case "mark": {
      const parsed = parseForm(doNotInviteForm, formData);
      if (!parsed.ok) return wrong("mark", parsed.form);
      return answer(markDoNotInvite(ctx, { personId, ...parsed.value }), "marked");
    }
    case "lift":
      return answer(liftDoNotInvite(ctx, personId), "lifted");
    case "addName": {
      const parsed = parseForm(nameFormForm, formData);
      if (!parsed.ok) return wrong("addName", parsed.form);
      return answer(addNameForm(ctx, { personId, ...parsed.value }), "nameAdded");
    }
    case "removeName":
      return answer(removeNameForm(ctx, { personId, nameId: text("name") }), "nameRemoved");
    case "addAssistant": {
      const parsed = parseForm(assistantForm, ofAssistant(formData, ""));
      if (!parsed.ok) return wrong("addAssistant", parsed.form);
      return answer(addAssistant(ctx, { personId, facts: parsed.value }), "assistantAdded");
    }
    case "changeAssistant": {
      const assistantId = text("assistant");
      const parsed = parseForm(assistantForm, ofAssistant(formData, assistantId));
      if (!parsed.ok) return wrong("changeAssistant", parsed.form, 422, assistantId);
      return answer(changeAssistant(ctx, { personId, assistantId, facts: parsed.value }), "assistantChanged");
    }
    case "endAssistant":
      return answer(endAssistant(ctx, { personId, assistantId: text("assistant") }), "assistantEnded");
    case "undoMerge": {
      const undone = await undoMerge(ctx, { personId, mergeId: text("merge") });
      if (undone.ok) return done("undone");
      if (undone.refusal === "gone") throw notFound();
      return data<Answer>({ wrong: null, undo: undone.refusal }, { status: 409 });
    }
    default:
      throw data(null, { status: 400 });
  }
}

/** The fields of one assistant's form end in whose they are: there are several such forms on the page. */
function assistantField(name: string, assistantId: string): string {
  return `${name}-assistant${assistantId}`;
}

function ofAssistant(formData: FormData, assistantId: string): FormData {
  const own = new FormData();
  for (const name of Object.keys(assistantForm.shape))
    for (const value of formData.getAll(assistantField(name, assistantId))) own.append(name, value);
  return own;
}

/** The same the other way: a form's state under the names that its fields have on the page. */
function namedFor(state: FormState, assistantId: string): FormState {
  const named = <T,>(record: Readonly<Record<string, T>>) =>
    Object.fromEntries(
      Object.entries(record).map(([name, value]) => [assistantField(name, assistantId), value]),
    );
  return { values: named(state.values), errors: named(state.errors) };
}

async function saveCard(ctx: StaffContext, personId: string, formData: FormData) {
  const parsed = parseForm(cardForm, formData);
  if (!parsed.ok) return wrong("card", parsed.form);
  const seen = formData.get("seen");
  const changed = await changeContact(ctx, {
    personId,
    facts: factsOf(parsed.value),
    seen: typeof seen === "string" ? seen : undefined,
  });
  if (changed.ok) return null;
  if (changed.refusal === "gone") throw notFound();
  if (changed.refusal === "changed") {
    // From now on they have seen what stands there: it is above the form.
    formData.delete("seen");
    return wrong("card", withError(formData, "", "person.error.changed"), 409);
  }
  return wrong("card", withError(formData, "email", "person.error.mailboxTaken"), 409);
}

export default function Contact() {
  const { slug, card, mark } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  const bad = sent?.wrong ?? null;
  const labels = useLabels(bad);
  return (
    <>
      <WorkHeading
        actions={
          <>
            <Ways card={card} slug={slug} />
            <a className="button quiet" href={paths.contacts(slug)}>
              {t("contacts.title")}
            </a>
          </>
        }
      >
        <BothNames person={card.facts} />
      </WorkHeading>
      {sent === undefined ? <Done /> : null}
      {sent?.undo == null ? null : <Notice tone="stop">{t(`contact.undo.${sent.undo}`)}</Notice>}
      {bad === null || bad.form === "card" ? null : (
        <ErrorSummary
          form={bad.form.endsWith("Assistant") ? namedFor(bad.state, bad.about) : bad.state}
          labels={labels}
        />
      )}
      {card.doNotInvite === null ? null : (
        <Notice tone="stop">
          <DoNotInviteSince at={card.doNotInvite.at} />
        </Notice>
      )}
      {card.postDue ? <PostDue /> : null}
      <div className="two-up person-page">
        <div>
          <Facts card={card} />
          <Names card={card} form={stateOf(bad, "addName")} />
          <Assistants card={card} bad={bad} />
        </div>
        <div>
          <Editions card={card} />
          <Private card={card} note={stateOf(bad, "note")} mark={stateOf(bad, "mark")} />
          <Merges card={card} />
        </div>
      </div>
      <details className="panel" open={bad?.form === "card"}>
        <summary>{t("person.edit")}</summary>
        {bad?.form === "card" ? <ErrorSummary form={bad.state} labels={personLabels(t)} /> : null}
        <form method="post" className="card-form" id="card">
          <input type="hidden" name="intent" value="card" />
          <input type="hidden" name="seen" value={stateOf(bad, "card")?.values.seen ?? mark} />
          <PersonFields form={stateOf(bad, "card") ?? { errors: {}, values: formOfFacts(card.facts) }} />
          <button className="button" type="submit">
            {t("common.save")}
          </button>
        </form>
      </details>
    </>
  );
}

function stateOf(bad: Answer["wrong"], form: Form, about = ""): FormState | null {
  return bad?.form === form && bad.about === about ? bad.state : null;
}

function useLabels(bad: Answer["wrong"]): Record<string, string> {
  const t = useT();
  switch (bad?.form) {
    case "addName":
      return { form: t("contact.names.form"), name: t("contact.names.name") };
    case "addAssistant":
    case "changeAssistant":
      return Object.fromEntries(
        (["name", "email", "phone", "locale"] as const).map((name) => [
          assistantField(name, bad.about),
          t(`contact.assistant.${name}`),
        ]),
      );
    case "note":
      return { note: t("contact.note") };
    case "mark":
      return { reason: t("contact.doNotInvite.reason") };
    default:
      return {};
  }
}

function Ways({ card, slug }: { card: ContactCard; slug: string }) {
  const t = useT();
  if (card.invitationId !== null)
    return (
      <a className="button quiet" href={paths.person(slug, card.invitationId)}>
        {t("contact.toPage")}
      </a>
    );
  if (card.doNotInvite !== null) return null;
  return (
    <form method="post" action={paths.carryOver(slug)}>
      <input type="hidden" name="person" value={card.personId} />
      <button className="button quiet" type="submit">
        {t("contact.invite")}
      </button>
    </form>
  );
}

/** What the last act did: the address that it redirected to says so. */
function Done() {
  const t = useT();
  const done = useSearchParams()[0].get("done");
  switch (done) {
    case "saved":
    case "noted":
    case "nameAdded":
    case "nameRemoved":
    case "assistantAdded":
    case "assistantChanged":
    case "assistantEnded":
    case "added":
    case "confirmed":
    case "marked":
    case "lifted":
    case "merged":
    case "undone":
      return <Notice tone="good">{t(`contact.done.${done}`)}</Notice>;
    default:
      return null;
  }
}

function useDay(): (at: number) => string {
  const { timeZone } = useLoaderData<typeof loader>();
  const locale = useLocale();
  return (at) => fullDate(at, timeZone, locale);
}

function DoNotInviteSince({ at }: { at: number }) {
  const t = useT();
  const day = useDay();
  return <>{t("contact.doNotInvite.since", { when: day(at) })}</>;
}

/** Positions change from year to year: rather ask than use them again in silence. */
function PostDue() {
  const t = useT();
  return (
    <Notice tone="wait">
      <p>{t("contact.post.ask")}</p>
      <form method="post" className="toolbar">
        <input type="hidden" name="intent" value="confirm" />
        <button className="button small" type="submit">
          {t("contact.post.confirm")}
        </button>
        <a href="#card">{t("contact.post.change")}</a>
      </form>
    </Notice>
  );
}

function Facts({ card: { facts, postCheckedAt, postDue } }: { card: ContactCard }) {
  const t = useT();
  const day = useDay();
  const unknown = <span className="muted">{t("person.unknown")}</span>;
  return (
    <dl className="facts">
      <dt>{t("person.legend.latin")}</dt>
      <dd>
        {facts.nameLatin === "" ? unknown : <bdi>{facts.nameLatin}</bdi>}
        <Parts family={facts.familyLatin} given={facts.givenLatin} />
      </dd>
      <dt>{t("person.legend.native")}</dt>
      <dd>
        {facts.nameNative === "" ? unknown : <NativeName>{facts.nameNative}</NativeName>}
        <Parts family={facts.familyNative} given={facts.givenNative} />
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
        {facts.honorificEn + facts.honorificZh + facts.salutationEn + facts.salutationZh === ""
          ? unknown
          : null}
      </dd>
      <dt>{t("person.legend.post")}</dt>
      <dd>
        <InTwo en={facts.institutionEn} zh={facts.institutionZh} />
        <InTwo en={facts.positionEn} zh={facts.positionZh} />
        <span className="second-line">
          {postDue ? (
            <Status tone="wait">{t("contacts.postDue")}</Status>
          ) : (
            <span className="muted">
              {postCheckedAt === null
                ? t("contact.post.never")
                : t("contact.post.right", { when: day(postCheckedAt) })}
            </span>
          )}
        </span>
      </dd>
      <dt>{t("person.email")}</dt>
      <dd>{facts.email === null ? unknown : <bdi>{facts.email}</bdi>}</dd>
      <dt>{t("person.phone")}</dt>
      <dd>{facts.phone === null ? unknown : <bdi>{facts.phone}</bdi>}</dd>
      <dt>{t("person.locale")}</dt>
      <dd>{t(`person.locale.${facts.locale}`)}</dd>
    </dl>
  );
}

function Parts({ family, given }: { family: string; given: string }) {
  const t = useT();
  const parts = [
    { label: t("person.familyLatin"), text: family },
    { label: t("person.givenLatin"), text: given },
  ].filter(({ text }) => text !== "");
  if (parts.length === 0) return null;
  return (
    <span className="second-line muted">
      {parts.map(({ label, text }, index) => (
        <span key={label}>
          {index === 0 ? "" : " · "}
          {t("common.label", { label })}
          <NativeName>{text}</NativeName>
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

function Editions({ card }: { card: ContactCard }) {
  const t = useT();
  return (
    <section aria-labelledby="editions">
      <h2 id="editions">{t("contact.editions")}</h2>
      {card.editions.length === 0 ? (
        <p className="muted">{t("contacts.neverInvited")}</p>
      ) : (
        <TableFrame label={t("contact.editionsLabel")}>
          <table className="snug">
            <thead>
              <tr>
                <th scope="col">{t("contact.column.edition")}</th>
                <th scope="col">{t("contact.column.as")}</th>
                <th scope="col">{t("contact.column.outcome")}</th>
              </tr>
            </thead>
            <tbody>
              {card.editions.map((each) => (
                <tr key={each.invitationId}>
                  <td>
                    <a href={paths.person(each.slug, each.invitationId)}>
                      <EditionName edition={each} />
                    </a>
                    <span className="second-line muted">
                      <Text en={each.delegationEn} zh={each.delegationZh} />
                    </span>
                  </td>
                  <td>
                    <RolesThere edition={each} />
                  </td>
                  <td>
                    <OutcomeThere edition={each} />
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

function Names({ card, form }: { card: ContactCard; form: FormState | null }) {
  const t = useT();
  return (
    <section aria-labelledby="names">
      <h2 id="names">{t("contact.names")}</h2>
      <p className="muted">{t("contact.names.help")}</p>
      {card.names.length === 0 ? (
        <p className="muted">{t("contact.names.none")}</p>
      ) : (
        <ul className="plain">
          {card.names.map(({ id, form: kind, name }) => (
            <li key={id}>
              <NativeName>{name}</NativeName> <span className="muted">{t(`nameForm.${kind}`)}</span>{" "}
              <form method="post" className="inline-form">
                <input type="hidden" name="intent" value="removeName" />
                <input type="hidden" name="name" value={id} />
                <button className="link" type="submit">
                  {t("contact.names.remove", { name })}
                </button>
              </form>
            </li>
          ))}
        </ul>
      )}
      <form method="post" className="panel">
        <input type="hidden" name="intent" value="addName" />
        <div className="two-up">
          <SelectField
            form={form ?? emptyForm}
            name="form"
            label={t("contact.names.form")}
            required
            options={NAME_FORMS.map((value) => ({ value, label: t(`nameForm.${value}`) }))}
          />
          <TextField form={form ?? emptyForm} name="name" label={t("contact.names.name")} required />
        </div>
        <button className="button small quiet" type="submit">
          {t("contact.names.add")}
        </button>
      </form>
    </section>
  );
}

function Assistants({ card, bad }: { card: ContactCard; bad: Answer["wrong"] }) {
  const t = useT();
  const added = stateOf(bad, "addAssistant");
  const locale = useLocale();
  return (
    <section aria-labelledby="assistants">
      <h2 id="assistants">{t("contact.assistants")}</h2>
      <p className="muted">{t("contact.assistants.help")}</p>
      {card.assistants.length === 0 ? <p className="muted">{t("contact.assistants.none")}</p> : null}
      {card.assistants.map((assistant) => (
        <AssistantPanel
          key={assistant.id}
          assistant={assistant}
          form={stateOf(bad, "changeAssistant", assistant.id)}
        />
      ))}
      {card.formerAssistants.length === 0 ? null : (
        <p className="muted">
          {t("contact.assistants.former")}:{" "}
          {card.formerAssistants.map(({ id, name }, index) => (
            <span key={id}>
              {index === 0 ? "" : ", "}
              <NativeName>{name}</NativeName>
            </span>
          ))}
        </p>
      )}
      <details className="panel" open={added !== null}>
        <summary>{t("contact.assistant.add")}</summary>
        <AssistantForm
          intent="addAssistant"
          form={added ?? { errors: {}, values: { locale } }}
          button={t("contact.assistant.add")}
        />
      </details>
    </section>
  );
}

function AssistantPanel({ assistant, form }: { assistant: Assistant; form: FormState | null }) {
  const t = useT();
  const { id, name, email, phone, locale, mayAct, getsCopies } = assistant;
  const stored = {
    errors: {},
    values: {
      name,
      email,
      phone: phone ?? "",
      locale,
      ...(mayAct ? { mayAct: "on" } : {}),
      ...(getsCopies ? { getsCopies: "on" } : {}),
    },
  };
  return (
    <div className="panel">
      <strong>
        <NativeName>{name}</NativeName>
      </strong>
      <span className="second-line">
        <bdi>{email}</bdi> {phone === null ? null : <bdi>{phone}</bdi>}
      </span>
      <span className="second-line muted">
        {[
          t(`person.locale.${locale}`),
          ...(mayAct ? [t("contact.assistant.mayAct")] : []),
          ...(getsCopies ? [t("contact.assistant.getsCopies")] : []),
        ].join(" · ")}
      </span>
      <details open={form !== null}>
        <summary>{t("contact.assistant.change", { name })}</summary>
        <AssistantForm
          intent="changeAssistant"
          assistantId={id}
          form={form ?? stored}
          button={t("contact.assistant.save")}
        />
        <form method="post">
          <input type="hidden" name="intent" value="endAssistant" />
          <input type="hidden" name="assistant" value={id} />
          <p className="muted">{t("contact.assistant.endHelp")}</p>
          <button className="button small danger" type="submit">
            {t("contact.assistant.end", { name })}
          </button>
        </form>
      </details>
    </div>
  );
}

function AssistantForm({
  intent,
  assistantId = "",
  form: state,
  button,
}: {
  intent: "addAssistant" | "changeAssistant";
  assistantId?: string;
  form: FormState;
  button: ReactNode;
}) {
  const t = useT();
  const form = namedFor(state, assistantId);
  const field = (name: string) => assistantField(name, assistantId);
  return (
    <form method="post">
      <input type="hidden" name="intent" value={intent} />
      {assistantId === "" ? null : <input type="hidden" name="assistant" value={assistantId} />}
      <TextField form={form} name={field("name")} label={t("contact.assistant.name")} required />
      <div className="two-up">
        <TextField
          form={form}
          name={field("email")}
          label={t("contact.assistant.email")}
          inputMode="email"
          required
        />
        <TextField form={form} name={field("phone")} label={t("contact.assistant.phone")} type="tel" />
      </div>
      <SelectField
        form={form}
        name={field("locale")}
        label={t("contact.assistant.locale")}
        required
        options={LOCALES.map((value) => ({ value, label: t(`person.locale.${value}`) }))}
      />
      <TickField form={form} name={field("mayAct")} label={t("contact.assistant.mayAct")} />
      <TickField form={form} name={field("getsCopies")} label={t("contact.assistant.getsCopies")} />
      <button className="button small" type="submit">
        {button}
      </button>
    </form>
  );
}

/** What the side keeps to itself: its note, and whether and why somebody is not to be invited. */
function Private({
  card,
  note,
  mark,
}: {
  card: ContactCard;
  note: FormState | null;
  mark: FormState | null;
}) {
  const t = useT();
  return (
    <section aria-labelledby="private">
      <h2 id="private">{t("contact.private")}</h2>
      <p className="muted">{t("contact.private.help")}</p>
      <form method="post" className="panel">
        <input type="hidden" name="intent" value="note" />
        <LongTextField
          form={note ?? { errors: {}, values: { note: card.note } }}
          name="note"
          label={t("contact.note")}
          rows={3}
        />
        <button className="button small quiet" type="submit">
          {t("contact.note.save")}
        </button>
      </form>
      <details className="panel" open={card.doNotInvite !== null || mark !== null}>
        <summary>{t("contact.doNotInvite.mark")}</summary>
        <p className="muted">{t("contact.doNotInvite.help")}</p>
        <form method="post">
          <input type="hidden" name="intent" value="mark" />
          <LongTextField
            form={mark ?? { errors: {}, values: { reason: card.doNotInvite?.reason ?? "" } }}
            name="reason"
            label={t("contact.doNotInvite.reason")}
            rows={3}
            required
          />
          <button className="button small danger" type="submit">
            {t(card.doNotInvite === null ? "contact.doNotInvite.mark" : "contact.doNotInvite.rewrite")}
          </button>
        </form>
        {card.doNotInvite === null ? null : (
          <form method="post" className="apart">
            <input type="hidden" name="intent" value="lift" />
            <button className="button small quiet" type="submit">
              {t("contact.doNotInvite.lift")}
            </button>
          </form>
        )}
      </details>
    </section>
  );
}

function Merges({ card }: { card: ContactCard }) {
  const t = useT();
  const day = useDay();
  if (card.merges.length === 0) return null;
  return (
    <section aria-labelledby="merges">
      <h2 id="merges">{t("contact.merges")}</h2>
      <ul className="plain">
        {card.merges.map((merge, index) => (
          <li key={merge.id}>
            <BothNames person={merge} />
            <span className="second-line muted">{day(merge.at)}</span>
            {index === 0 ? (
              <form method="post" className="inline-form">
                <input type="hidden" name="intent" value="undoMerge" />
                <input type="hidden" name="merge" value={merge.id} />
                <button className="button small quiet" type="submit">
                  {t("contact.merges.undo")}
                </button>
              </form>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}
