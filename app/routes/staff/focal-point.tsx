import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { CATEGORIES } from "#db/vocabulary.ts";
import { Toolbar, WorkHeading } from "../../components/desk.tsx";
import { ChoiceField, FieldsOf, SelectField, TextField } from "../../components/fields.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { NativeName, Second, Text } from "../../components/text.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import {
  declineNomination,
  reissueNominationLink,
  revokeNominationLink,
  takeUpNomination,
} from "../../domain/nomination/commands.server.ts";
import { declineForm, NEW_PERSON, takeUpForm } from "../../domain/nomination/form.ts";
import { type Candidate, focalPointPage, type Proposal } from "../../domain/nomination/queries.server.ts";
import { deskMoment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { type Translate, translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm } from "../../platform/form.ts";
import { emptyForm } from "../../platform/form-state.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "nominations.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, "invitations");
  const asked = focalPointPage(ctx, args.params.focalPoint ?? "");
  if (asked === null) throw notFound();
  return data({ locale, slug: edition.slug, timeZone: edition.timeZone, asked });
}

const DONE = ["asked", "revoked", "reissued", "taken", "declined"] as const;
type Done = (typeof DONE)[number];
type Refusal = "revoked" | "taken" | "doNotInvite" | "mailboxTaken" | "headTaken" | "decided";

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "invitations");
  const focalPointId = args.params.focalPoint ?? "";
  const page = focalPointPage(ctx, focalPointId);
  if (page === null) throw notFound();
  const formData = await args.request.formData();
  const outcome = await act(ctx, page, formData);
  if (outcome === null) return data({ refusal: "wrong" as const }, { status: 422 });
  if ("done" in outcome)
    throw redirect(`${paths.focalPoint(edition.slug, focalPointId)}?done=${outcome.done}`, 303);
  if (outcome.refusal === "gone") throw notFound();
  return data({ refusal: outcome.refusal }, { status: 409 });
}

/** When the last mail went out, as far as the page knew. */
function sentAtSeen(formData: FormData): number | undefined {
  const after = formData.get("after");
  return typeof after === "string" && /^\d{1,15}$/.test(after) ? Number(after) : undefined;
}

type Outcome = { done: Done } | { refusal: Refusal | "gone" };

async function act(
  ctx: Parameters<typeof takeUpNomination>[0],
  page: { id: string; proposals: ReadonlyArray<Proposal> },
  formData: FormData,
): Promise<Outcome | null> {
  const after = <R extends Refusal | "gone">(
    result: { ok: true } | { ok: false; refusal: R },
    done: Done,
  ): Outcome => (result.ok ? { done } : { refusal: result.refusal });
  const isHere = (id: string) => page.proposals.some((one) => one.id === id);
  switch (formData.get("intent")) {
    case "revoke":
      return after(await revokeNominationLink(ctx, page.id), "revoked");
    case "reissue":
      return after(await reissueNominationLink(ctx, page.id, sentAtSeen(formData)), "reissued");
    case "takeUp": {
      const parsed = parseForm(takeUpForm, formData);
      if (!parsed.ok) return null;
      const { nominationId, personId, category } = parsed.value;
      if (!isHere(nominationId)) return { refusal: "gone" };
      const known = personId === NEW_PERSON ? null : personId;
      return after(await takeUpNomination(ctx, { nominationId, personId: known, category }), "taken");
    }
    case "decline": {
      const parsed = parseForm(declineForm, formData);
      if (!parsed.ok) return null;
      if (!isHere(parsed.value.nominationId)) return { refusal: "gone" };
      return after(await declineNomination(ctx, parsed.value), "declined");
    }
    default:
      return null;
  }
}

export default function FocalPoint() {
  const { slug, timeZone, asked } = useLoaderData<typeof loader>();
  const outcome = useActionData<typeof action>();
  const [query] = useSearchParams();
  const t = useT();
  const locale = useLocale();
  const done = outcome === undefined ? DONE.find((known) => known === query.get("done")) : undefined;
  return (
    <>
      <WorkHeading>
        <Text en={asked.institutionEn} zh={asked.institutionZh} />
      </WorkHeading>
      <p className="second-title">
        <Second en={asked.institutionEn} zh={asked.institutionZh} />
      </p>
      {done === undefined ? null : <Notice tone="good">{t(`nominations.done.${done}`)}</Notice>}
      {outcome === undefined ? null : (
        <Notice tone="stop">
          {outcome.refusal === "wrong" ? t("error.invalid") : t(`nominations.refused.${outcome.refusal}`)}
        </Notice>
      )}
      <section className="panel" aria-labelledby="link">
        <h2 id="link">{t("nominations.focalPoint")}</h2>
        <dl className="facts">
          <dt>{t("nominations.name")}</dt>
          <dd>
            <bdi>{asked.name}</bdi>
          </dd>
          <dt>{t("nominations.email")}</dt>
          <dd>
            <bdi>{asked.email}</bdi>
          </dd>
          <dt>{t("people.column.delegation")}</dt>
          <dd>
            <Text en={asked.delegationEn} zh={asked.delegationZh} />
          </dd>
          <dt>{t("nominations.column.names")}</dt>
          <dd>{t("nominations.received", { received: asked.proposals.length, places: asked.places })}</dd>
          <dt>{t("nominations.column.until")}</dt>
          <dd>
            {asked.closesAt === null ? t("nominations.noEnd") : deskMoment(asked.closesAt, timeZone, locale)}
          </dd>
          <dt>{t("nominations.link")}</dt>
          <dd>
            <Status tone={asked.link === "works" ? "good" : "stop"}>
              {t(`nominations.link.${asked.link}`)}
            </Status>
            {asked.sentAt === null ? null : (
              <span className="second-line muted small">
                {t("nominations.sentAt", { when: deskMoment(asked.sentAt, timeZone, locale) })}
              </span>
            )}
          </dd>
        </dl>
        <form method="post">
          <input type="hidden" name="after" value={asked.sentAt ?? 0} />
          <Toolbar>
            <button className="button quiet" type="submit" name="intent" value="reissue">
              {t("nominations.reissue")}
            </button>
            {asked.link === "revoked" ? null : (
              <button className="button quiet danger" type="submit" name="intent" value="revoke">
                {t("nominations.revoke")}
              </button>
            )}
          </Toolbar>
        </form>
      </section>
      <section aria-labelledby="names" className="apart">
        <h2 id="names">{t("nominations.proposed")}</h2>
        {asked.proposals.length === 0 ? <p className="muted">{t("nominations.noNames")}</p> : null}
        {asked.proposals.map((one) => (
          <ProposedPerson key={one.id} proposal={one} slug={slug} timeZone={timeZone} />
        ))}
      </section>
      <p className="apart">
        <a href={paths.nominations(slug)}>{t("nominations.all")}</a>
      </p>
    </>
  );
}

function latinOf({ familyLatin, givenLatin }: Proposal): string {
  return [familyLatin, givenLatin].filter((part) => part !== "").join(", ");
}

function ProposedPerson({
  proposal,
  slug,
  timeZone,
}: {
  proposal: Proposal;
  slug: string;
  timeZone: string;
}) {
  const t = useT();
  const locale = useLocale();
  const { state } = proposal;
  return (
    <article className="panel apart" aria-labelledby={`n-${proposal.id}`}>
      <h3 id={`n-${proposal.id}`}>
        <bdi>{latinOf(proposal)}</bdi>
        {latinOf(proposal) !== "" && proposal.nameNative !== "" ? " " : null}
        <NativeName>{proposal.nameNative}</NativeName>
      </h3>
      <p>
        {[proposal.honorific, proposal.position, proposal.email, proposal.phone]
          .filter((text) => text !== null && text !== "")
          .map((text) => (
            <span className="second-line" key={text}>
              <bdi>{text}</bdi>
            </span>
          ))}
      </p>
      <p>
        <Status tone={state === "taken" ? "good" : state === "declined" ? "stop" : "wait"}>
          {t(`nominations.state.${state}`)}
        </Status>{" "}
        <span className="muted small">
          {t("nominations.came", { when: deskMoment(proposal.createdAt, timeZone, locale) })}
        </span>
      </p>
      {proposal.note === "" ? null : <p className="as-typed muted">{proposal.note}</p>}
      {state === "taken" && proposal.invitationId !== null ? (
        <p>
          <a href={paths.person(slug, proposal.invitationId)}>{t("nominations.toPerson")}</a>
        </p>
      ) : null}
      <FieldsOf of={proposal.id}>
        {state === "taken" ? null : <TakeUp proposal={proposal} />}
        {state === "proposed" ? <Decline proposal={proposal} /> : null}
      </FieldsOf>
    </article>
  );
}

function TakeUp({ proposal }: { proposal: Proposal }) {
  const t = useT();
  const form = {
    errors: {},
    values: { category: "delegate", personId: proposal.candidates.length === 0 ? NEW_PERSON : "" },
  };
  return (
    <form method="post" className="card-form">
      <input type="hidden" name="nominationId" value={proposal.id} />
      {proposal.candidates.length === 0 ? (
        <input type="hidden" name="personId" value={NEW_PERSON} />
      ) : (
        <ChoiceField
          form={form}
          name="personId"
          type="radio"
          required
          label={t("nominations.samePerson")}
          options={[
            ...proposal.candidates.map((one) => ({
              value: one.personId,
              label: candidateName(one),
              help: candidateHelp(one, t),
            })),
            { value: NEW_PERSON, label: t("nominations.newPerson") },
          ]}
        />
      )}
      <SelectField
        form={form}
        name="category"
        label={t("people.column.category")}
        required
        options={CATEGORIES.map((value) => ({ value, label: t(`category.${value}`) }))}
      />
      <button className="button" type="submit" name="intent" value="takeUp">
        {t("nominations.takeUp")}
      </button>
    </form>
  );
}

function candidateName({ nameLatin, nameNative }: Candidate): string {
  return [nameLatin, nameNative].filter((name) => name !== "").join(" ");
}

function candidateHelp(one: Candidate, t: Translate): string {
  return [
    t(`nominations.same.${one.same}`),
    one.institutionEn || one.institutionZh,
    ...(one.invited ? [t("nominations.invited")] : []),
  ]
    .filter((text) => text !== "")
    .join(" · ");
}

function Decline({ proposal }: { proposal: Proposal }) {
  const t = useT();
  return (
    <details className="apart">
      <summary>{t("nominations.decline")}</summary>
      <form method="post" className="card-form">
        <input type="hidden" name="nominationId" value={proposal.id} />
        <TextField
          form={emptyForm}
          name="note"
          label={t("nominations.note")}
          help={t("nominations.noteHelp")}
          maxLength={300}
        />
        <button className="button quiet" type="submit" name="intent" value="decline">
          {t("nominations.declineIt")}
        </button>
      </form>
    </details>
  );
}
