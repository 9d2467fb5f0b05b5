import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { z } from "zod";
import {
  AGENDA_KINDS,
  ATTRIBUTIONS,
  AUDIENCES,
  INTERPRETATIONS,
  LANGUAGE_PAIRS,
  SESSION_FUNCTIONS,
} from "#db/vocabulary.ts";
import { AgendaItemFields, useLabels, venueOptions } from "../../components/agenda-item-form.tsx";
import { Toolbar, WorkHeading } from "../../components/desk.tsx";
import { SelectField } from "../../components/fields.tsx";
import { MergeNotice } from "../../components/merge-notice.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { inLocale, NativeName } from "../../components/text.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import {
  assignFunction,
  changeAgendaItem,
  orderFunction,
  removeAgendaItem,
  withdrawFunction,
} from "../../domain/agenda/commands.server.ts";
import { colleagueWhoChanged, draftItem } from "../../domain/agenda/draft.server.ts";
import { agendaItemForm, functionForm } from "../../domain/agenda/form.ts";
import { itemValues } from "../../domain/agenda/item-values.ts";
import { carriedValues, mergeForms, standsAlready } from "../../domain/agenda/merging.ts";
import { copyAgendaItem } from "../../domain/agenda/moving.server.ts";
import type { StaffContext } from "../../domain/context.ts";
import { venueList } from "../../domain/venue/queries.server.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm, typedValues } from "../../platform/form.ts";
import { emptyForm, type FormState } from "../../platform/form-state.ts";

export { shouldRevalidate } from "../../components/refused.ts";

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: translate(data?.locale ?? "en", "agenda.itemTitle") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, "agenda");
  const page = draftItem(ctx, args.params.item ?? "");
  if (page === null) throw notFound();
  return {
    locale,
    slug: edition.slug,
    timeZone: edition.timeZone,
    ...page,
    venues: venueList(ctx).venues,
    form: { values: itemValues(page.item, edition.timeZone), errors: {} } satisfies FormState,
  };
}

const seenForm = z.object({ seenAt: z.coerce.number().int() });

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "agenda");
  const itemId = args.params.item ?? "";
  const found = draftItem(ctx, itemId);
  if (found === null) throw notFound();
  const formData = await args.request.formData();
  const here = paths.agendaItem(edition.slug, itemId);
  switch (formData.get("intent")) {
    case "save":
      return save(ctx, {
        itemId,
        timeZone: edition.timeZone,
        formData,
        done: `${paths.agenda(edition.slug)}?done=changed`,
      });
    case "remove": {
      const removed = await removeAgendaItem(ctx, { itemId });
      if (removed.ok) throw redirect(`${paths.agenda(edition.slug)}?done=removed`, 303);
      if (removed.refusal === "not_found") throw notFound();
      return data({ form: null, people: null, refusal: removed.refusal, merge: null }, { status: 409 });
    }
    case "assign":
    case "unassign": {
      const parsed = parseForm(functionForm, formData);
      if (!parsed.ok)
        return data({ form: null, people: parsed.form, refusal: null, merge: null }, { status: 422 });
      const command = formData.get("intent") === "assign" ? assignFunction : withdrawFunction;
      const written = await command(ctx, { itemId, ...parsed.value });
      if (!written.ok) throw notFound();
      throw redirect(here, 303);
    }
    case "earlier":
    case "later": {
      const parsed = parseForm(functionForm, formData);
      if (!parsed.ok) throw data(null, { status: 400 });
      const by = formData.get("intent") === "earlier" ? -1 : 1;
      const ordered = await orderFunction(ctx, { itemId, ...parsed.value, by });
      if (!ordered.ok) throw notFound();
      throw redirect(`${here}#functions`, 303);
    }
    case "copy": {
      const { item } = found;
      const copied = await copyAgendaItem(ctx, {
        itemId,
        to: { startsAt: item.startsAt, endsAt: item.endsAt },
      });
      if (!copied.ok) throw notFound();
      throw redirect(`${paths.agendaItem(edition.slug, copied.value.itemId)}?done=copied`, 303);
    }
    default:
      throw data(null, { status: 400 });
  }
}

async function save(
  ctx: StaffContext,
  {
    itemId,
    timeZone,
    formData,
    done,
  }: { itemId: string; timeZone: string; formData: FormData; done: string },
) {
  const parsed = parseForm(agendaItemForm, formData, ["base"]);
  if (!parsed.ok)
    return data({ form: parsed.form, people: null, refusal: null, merge: null }, { status: 422 });
  const seen = parseForm(seenForm, formData);
  const seenAt = seen.ok ? seen.value.seenAt : 0;
  const changed = await changeAgendaItem(ctx, { itemId, seenAt, input: parsed.value });
  if (changed.ok) throw redirect(done, 303);
  if (changed.refusal === "not_found") throw notFound();
  const typed = typedValues(formData, ["base"]);
  const page = changed.refusal === "changed_meanwhile" ? draftItem(ctx, itemId) : null;
  if (page === null)
    return data(
      { form: { values: typed, errors: {} }, people: null, refusal: changed.refusal, merge: null },
      { status: 409 },
    );
  const theirs = itemValues(page.item, timeZone);
  if (standsAlready(theirs, typed)) throw redirect(done, 303);
  const { values, differences } = mergeForms(carriedValues(formData.get("base")), theirs, typed);
  // From here on they have seen what the other one did: saving again counts from there.
  const form = { values: { ...values, seenAt: String(page.item.updatedAt) }, errors: {} };
  const merge = { by: colleagueWhoChanged(ctx, itemId), base: JSON.stringify(theirs), differences };
  return data({ form, people: null, refusal: null, merge }, { status: 409 });
}

export default function AgendaItem() {
  const { slug, timeZone, delegations, venues, item, form, hasPlaces } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  const refusal = sent?.refusal ?? null;
  // After "somebody else has saved it" the form must not overwrite theirs by being sent again unread.
  const typedSeenAt = sent?.form?.values.seenAt;
  const seenAt = typeof typedSeenAt === "string" ? typedSeenAt : String(item.updatedAt);
  const merge = sent?.merge ?? null;
  const done = useSearchParams()[0].get("done");
  return (
    <>
      <WorkHeading
        actions={
          item.visit === null ? undefined : (
            <a className="button quiet small" href={paths.visit(slug, item.visit.id)}>
              {t("visit.open")}
            </a>
          )
        }
      >
        {t("agenda.itemTitle")}
      </WorkHeading>
      {sent === undefined && done === "copied" ? <Notice tone="good">{t("board.done.copied")}</Notice> : null}
      {refusal === null ? null : <Notice tone="stop">{t(`agenda.refusal.${refusal}`)}</Notice>}
      {merge === null ? null : <Merged merge={merge} />}
      <Form
        method="post"
        className="agenda-form"
        noValidate
        key={`${item.id} ${merge === null ? "" : seenAt}`}
      >
        <input type="hidden" name="seenAt" value={seenAt} />
        <input type="hidden" name="base" value={merge?.base ?? JSON.stringify(form.values)} />
        <AgendaItemFields
          form={sent?.form ?? form}
          delegations={delegations}
          venues={venues}
          timeZone={timeZone}
        />
        <Toolbar>
          <button className="button" type="submit" name="intent" value="save">
            {t("agenda.saveChange")}
          </button>
          <a className="button quiet" href={paths.agenda(slug)}>
            {t("common.cancel")}
          </a>
        </Toolbar>
      </Form>
      <Functions people={sent?.people ?? emptyForm} />
      <section className="panel">
        <h2>{t("board.copy")}</h2>
        <Form method="post">
          <p className="readable">{t("board.copyHelp")}</p>
          <button className="button quiet" type="submit" name="intent" value="copy">
            {t("board.copy")}
          </button>
        </Form>
      </section>
      <section className="panel">
        <h2>{t("agenda.remove")}</h2>
        {hasPlaces ? (
          <p>{t("agenda.refusal.has_places")}</p>
        ) : (
          <Form method="post">
            <p className="readable">{t("agenda.removeHelp")}</p>
            <button className="button danger" type="submit" name="intent" value="remove">
              {t("agenda.remove")}
            </button>
          </Form>
        )}
      </section>
    </>
  );
}

/** What a colleague saved meanwhile, in the words of the form. */
function Merged({ merge }: { merge: NonNullable<ReturnType<typeof useActionData<typeof action>>>["merge"] }) {
  const { delegations, venues } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const labels = useLabels(delegations);
  if (merge === null) return null;
  const words = new Map<string, string>([
    ...AGENDA_KINDS.map((one) => [`kind ${one}`, t(`agendaKind.${one}`)] as const),
    ...AUDIENCES.map((one) => [`audience ${one}`, t(`audience.${one}`)] as const),
    ...ATTRIBUTIONS.map((one) => [`attribution ${one}`, t(`attribution.${one}`)] as const),
    ...INTERPRETATIONS.map((one) => [`interpretation ${one}`, t(`interpretation.${one}`)] as const),
    ...LANGUAGE_PAIRS.map((one) => [`languagePair ${one}`, t(`languagePair.${one}`)] as const),
    ...delegations.map(
      (one) =>
        [`delegationIds ${one.id}`, inLocale({ en: one.nameEn, zh: one.nameZh }, locale).text] as const,
    ),
    ...venueOptions(venues, locale).flatMap(({ value, label }) => [
      [`venueId ${value}`, label] as const,
      [`fromVenueId ${value}`, label] as const,
    ]),
  ]);
  return (
    <MergeNotice
      by={merge.by}
      differences={merge.differences}
      labels={labels}
      shown={(name, value) => words.get(`${name} ${value}`) ?? value}
    />
  );
}

/** Who of one's own side chairs, presents, comments; the other side's people are a number. */
function Functions({ people: form }: { people: FormState }) {
  const { functions, functionsOfOthers, people } = useLoaderData<typeof loader>();
  const t = useT();
  const places = functions.length + functionsOfOthers;
  return (
    <section className="panel">
      <h2 id="functions">{t("agenda.functions")}</h2>
      {functions.length === 0 ? <p className="muted">{t("agenda.functionsNone")}</p> : null}
      <ul className="changes">
        {functions.map((entry) => (
          <li key={`${entry.invitationId} ${entry.function}`}>
            <Form method="post" className="inline-form">
              <span>
                {entry.nameLatin} <NativeName>{entry.nameNative}</NativeName>
                {" · "}
                {t(`function.${entry.function}`)}
                {places < 2 ? null : (
                  <span className="muted"> · {t("board.functionPlace", { place: entry.place, places })}</span>
                )}{" "}
                {entry.reply === "declined" || entry.reply === null ? (
                  <Status tone="stop">
                    {entry.reply === null ? t("invitationEvent.withdrawn") : t("reply.declined")}
                  </Status>
                ) : null}
              </span>
              <input type="hidden" name="invitationId" value={entry.invitationId} />
              <input type="hidden" name="function" value={entry.function} />
              {places < 2
                ? null
                : (["earlier", "later"] as const).map((way) => (
                    <button
                      key={way}
                      className="link"
                      type="submit"
                      name="intent"
                      value={way}
                      aria-label={t(`board.function.${way}Whom`, {
                        person: entry.nameLatin || entry.nameNative,
                        function: t(`function.${entry.function}`),
                      })}
                    >
                      {t(`board.function.${way}`)}
                    </button>
                  ))}
              <button
                className="link"
                type="submit"
                name="intent"
                value="unassign"
                aria-label={t("agenda.unassignWhom", {
                  person: entry.nameLatin || entry.nameNative,
                  function: t(`function.${entry.function}`),
                })}
              >
                {t("agenda.unassign")}
              </button>
            </Form>
          </li>
        ))}
      </ul>
      {functionsOfOthers === 0 ? null : (
        <p className="muted">{t("agenda.functionsOthers", { count: functionsOfOthers })}</p>
      )}
      {people.length === 0 ? null : (
        <Form method="post" noValidate>
          <div className="field-row">
            <SelectField
              form={form}
              name="invitationId"
              label={t("agenda.person")}
              required
              blank={t("agenda.choosePerson")}
              options={people.map((one) => ({
                value: one.invitationId,
                label: `${one.nameLatin} ${one.nameNative}`.trim(),
              }))}
            />
            <SelectField
              form={form}
              name="function"
              label={t("agenda.function")}
              required
              blank={t("agenda.chooseFunction")}
              options={SESSION_FUNCTIONS.map((one) => ({ value: one, label: t(`function.${one}`) }))}
            />
          </div>
          <button className="button quiet" type="submit" name="intent" value="assign">
            {t("agenda.assign")}
          </button>
        </Form>
      )}
    </section>
  );
}
