import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { Toolbar, WorkHeading } from "../../components/desk.tsx";
import { ErrorSummary, LongTextField, TextField } from "../../components/fields.tsx";
import { BothNames } from "../../components/name.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { PersonFields, personLabels } from "../../components/person-fields.tsx";
import { PersonTabs } from "../../components/person-tabs.tsx";
import { Text } from "../../components/text.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import type { StaffContext } from "../../domain/context.ts";
import { chosenSubstituteForm, LONGEST_SEARCH, substitutionNote } from "../../domain/invitation/form.ts";
import {
  type Candidate,
  findSubstitutes,
  type SubstitutionPage,
  type SubstitutionRefused,
  substitute,
  substitutionPage,
} from "../../domain/invitation/substitution.server.ts";
import { cardForm, factsOf } from "../../domain/person/form.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm, typedValues, withError } from "../../platform/form.ts";
import { emptyForm, type FormState } from "../../platform/form-state.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "substitute.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, "invitations");
  const page = substitutionPage(ctx, args.params.invitation ?? "");
  if (page === null) throw notFound();
  return { locale, slug: edition.slug, page };
}

type Answer = {
  /** What was looked for, and found; null: nothing was looked for. */
  found: { search: string; candidates: ReadonlyArray<Candidate> } | null;
  /** The new card as it was typed, with what is wrong. */
  card: FormState | null;
  refusal: Exclude<SubstitutionRefused, "gone" | "mailboxTaken"> | null;
};

const nothing: Answer = { found: null, card: null, refusal: null };

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "invitations");
  const invitationId = args.params.invitation ?? "";
  if (substitutionPage(ctx, invitationId) === null) throw notFound();
  const formData = await args.request.formData();
  switch (formData.get("intent")) {
    case "search": {
      // A search is a POST: what people look for are names, and names have no place in addresses.
      const search = String(formData.get("search") ?? "")
        .trim()
        .slice(0, LONGEST_SEARCH);
      const candidates = findSubstitutes(ctx, { invitationId, search });
      return data<Answer>({ ...nothing, found: { search, candidates } });
    }
    case "choose": {
      const parsed = parseForm(chosenSubstituteForm, formData);
      if (!parsed.ok) return data<Answer>({ ...nothing, refusal: "unknown" }, { status: 422 });
      const { personId, note } = parsed.value;
      return carryOut(ctx, { slug: edition.slug, invitationId, by: { personId }, note, formData });
    }
    case "new": {
      const parsed = parseForm(cardForm, formData);
      if (!parsed.ok) return data<Answer>({ ...nothing, card: parsed.form }, { status: 422 });
      const note = substitutionNote.safeParse(formData.get("note") ?? "");
      if (!note.success)
        return data<Answer>(
          { ...nothing, card: withError(formData, "note", "error.tooLong") },
          { status: 422 },
        );
      const by = { facts: factsOf(parsed.value) };
      return carryOut(ctx, { slug: edition.slug, invitationId, by, note: note.data, formData });
    }
    default:
      throw data(null, { status: 400 });
  }
}

async function carryOut(
  ctx: StaffContext,
  { slug, formData, ...input }: { slug: string; formData: FormData } & Parameters<typeof substitute>[1],
) {
  const done = await substitute(ctx, input);
  if (done.ok) throw redirect(`${paths.person(slug, done.value.invitationId)}?done=substituted`, 303);
  if (done.refusal === "gone") throw notFound();
  if (done.refusal === "mailboxTaken")
    return data<Answer>(
      { ...nothing, card: withError(formData, "email", "person.error.mailboxTaken") },
      { status: 409 },
    );
  const card = "facts" in input.by ? { values: typedValues(formData), errors: {} } : null;
  return data<Answer>({ ...nothing, card, refusal: done.refusal }, { status: 409 });
}

export default function Substitute() {
  const { slug, page } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>() ?? nothing;
  const t = useT();
  const locale = useLocale();
  const card = sent.card ?? { errors: {}, values: { locale } };
  return (
    <>
      <WorkHeading>{t("substitute.title")}</WorkHeading>
      <PersonTabs slug={slug} invitationId={page.invitationId} here="page" access />
      {sent.refusal === null ? null : <Notice tone="stop">{t(`substitute.refusal.${sent.refusal}`)}</Notice>}
      <p>
        {t("substitute.instead")}{" "}
        <a href={paths.person(slug, page.invitationId)}>
          <BothNames person={page} />
        </a>
      </p>
      {page.over === null ? (
        <>
          <WhatHappens page={page} />
          {page.proposed === "" ? null : (
            <section className="given" aria-labelledby="proposed">
              <h2 id="proposed">{t("substitute.proposed")}</h2>
              <p className="as-typed">{page.proposed}</p>
            </section>
          )}
          {page.mayLookUp ? <FromTheBook found={sent.found} /> : null}
          <section className="panel apart" aria-labelledby="new-card">
            <h2 id="new-card">{t("substitute.new")}</h2>
            <ErrorSummary form={card} labels={{ ...personLabels(t), note: t("substitute.note") }} />
            <form method="post" className="card-form">
              <input type="hidden" name="intent" value="new" />
              <PersonFields form={card} />
              <LongTextField form={card} name="note" label={t("substitute.note")} rows={2} />
              <Toolbar>
                <button className="button" type="submit">
                  {t("substitute.do")}
                </button>
                <a className="button quiet" href={paths.person(slug, page.invitationId)}>
                  {t("common.cancel")}
                </a>
              </Toolbar>
            </form>
          </section>
        </>
      ) : (
        <Notice tone="wait">{t(`person.refusal.${page.over}`)}</Notice>
      )}
    </>
  );
}

function WhatHappens({ page }: { page: SubstitutionPage }) {
  const t = useT();
  return (
    <ul className="readable">
      <li>{t("substitute.ends")}</li>
      <li>{t("substitute.moves", { functions: page.functions, places: page.places })}</li>
      <li>{t("substitute.stays")}</li>
      <li>{t("substitute.then")}</li>
    </ul>
  );
}

function FromTheBook({ found }: { found: Answer["found"] }) {
  const t = useT();
  return (
    <section className="panel apart" aria-labelledby="book">
      <h2 id="book">{t("substitute.book")}</h2>
      <form method="post">
        <input type="hidden" name="intent" value="search" />
        <TextField
          form={{ errors: {}, values: { search: found?.search ?? "" } }}
          name="search"
          type="search"
          label={t("people.search")}
          maxLength={LONGEST_SEARCH}
          required
        />
        <button className="button quiet" type="submit">
          {t("substitute.search")}
        </button>
      </form>
      {found === null ? null : found.candidates.length === 0 ? (
        <p role="status">{t("substitute.nobody")}</p>
      ) : (
        <form method="post" className="apart">
          <input type="hidden" name="intent" value="choose" />
          <fieldset className="choices">
            <legend>{t("substitute.choose")}</legend>
            {found.candidates.map((card) => (
              <label className="choice" key={card.personId}>
                <input type="radio" name="personId" value={card.personId} disabled={card.obstacle !== null} />
                <span>
                  <BothNames person={card} />
                  <span className="second-line small muted">
                    <Text en={card.institutionEn} zh={card.institutionZh} />{" "}
                    <Text en={card.positionEn} zh={card.positionZh} />
                  </span>
                  {card.obstacle === null ? null : (
                    <Status tone="stop">{t(`substitute.obstacle.${card.obstacle}`)}</Status>
                  )}
                </span>
              </label>
            ))}
          </fieldset>
          <LongTextField form={emptyForm} name="note" label={t("substitute.note")} rows={2} />
          <button className="button" type="submit">
            {t("substitute.do")}
          </button>
        </form>
      )}
    </section>
  );
}
