import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { SESSION_FUNCTIONS } from "#db/vocabulary.ts";
import { AgendaItemFields } from "../../components/agenda-item-form.tsx";
import { Toolbar, WorkHeading } from "../../components/desk.tsx";
import { SelectField } from "../../components/fields.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { NativeName } from "../../components/text.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import {
  assignFunction,
  changeAgendaItem,
  removeAgendaItem,
  withdrawFunction,
} from "../../domain/agenda/commands.server.ts";
import { type DraftItemPage, draftItem } from "../../domain/agenda/draft.server.ts";
import { agendaItemForm, functionForm } from "../../domain/agenda/form.ts";
import type { StaffContext } from "../../domain/context.ts";
import { clockTime24, dayOf } from "../../i18n/dates.ts";
import { useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm, typedValues } from "../../platform/form.ts";
import { emptyForm, type FormState } from "../../platform/form-state.ts";

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
    form: formOf(page, edition.timeZone),
  };
}

/** The item as its form shows it: by the wall clock of the edition's zone. */
function formOf({ item }: DraftItemPage, timeZone: string): FormState {
  const { visit, seats } = item;
  const time = (instant: number | null | undefined) =>
    typeof instant === "number" ? clockTime24(instant, timeZone) : "";
  const deadline = seats?.clearanceDeadline ?? null;
  return {
    errors: {},
    values: {
      kind: item.kind,
      day: dayOf(item.startsAt, timeZone),
      start: time(item.startsAt),
      end: time(item.endsAt),
      titleEn: item.titleEn,
      titleZh: item.titleZh,
      placeEn: item.placeEn,
      placeZh: item.placeZh,
      audience: item.audience,
      delegationIds: item.delegationIds,
      attribution: item.attribution ?? "",
      interpretation: item.interpretation ?? "",
      internalNote: item.internalNote,
      hostEn: visit?.hostEn ?? "",
      hostZh: visit?.hostZh ?? "",
      capacity: seats === null ? "" : String(seats.capacity),
      ...Object.fromEntries(
        Object.entries(seats?.quotas ?? {}).map(([id, limit]) => [`seats.${id}`, String(limit)]),
      ),
      meetTime: time(visit?.meetAt),
      meetingPointEn: visit?.meetingPointEn ?? "",
      meetingPointZh: visit?.meetingPointZh ?? "",
      dressEn: visit?.dressEn ?? "",
      dressZh: visit?.dressZh ?? "",
      bringEn: visit?.bringEn ?? "",
      bringZh: visit?.bringZh ?? "",
      deadlineDay: deadline === null ? "" : dayOf(deadline, timeZone),
      deadlineTime: time(deadline),
    },
  };
}

const seenForm = z.object({ seenAt: z.coerce.number().int() });

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "agenda");
  const itemId = args.params.item ?? "";
  if (draftItem(ctx, itemId) === null) throw notFound();
  const formData = await args.request.formData();
  const here = paths.agendaItem(edition.slug, itemId);
  switch (formData.get("intent")) {
    case "save":
      return save(ctx, { itemId, formData, done: `${paths.agenda(edition.slug)}?done=changed` });
    case "remove": {
      const removed = await removeAgendaItem(ctx, { itemId });
      if (removed.ok) throw redirect(`${paths.agenda(edition.slug)}?done=removed`, 303);
      if (removed.refusal === "not_found") throw notFound();
      return data({ form: null, people: null, refusal: removed.refusal }, { status: 409 });
    }
    case "assign":
    case "unassign": {
      const parsed = parseForm(functionForm, formData);
      if (!parsed.ok) return data({ form: null, people: parsed.form, refusal: null }, { status: 422 });
      const command = formData.get("intent") === "assign" ? assignFunction : withdrawFunction;
      const written = await command(ctx, { itemId, ...parsed.value });
      if (!written.ok) throw notFound();
      throw redirect(here, 303);
    }
    default:
      throw data(null, { status: 400 });
  }
}

async function save(
  ctx: StaffContext,
  { itemId, formData, done }: { itemId: string; formData: FormData; done: string },
) {
  const parsed = parseForm(agendaItemForm, formData);
  if (!parsed.ok) return data({ form: parsed.form, people: null, refusal: null }, { status: 422 });
  const seen = parseForm(seenForm, formData);
  const seenAt = seen.ok ? seen.value.seenAt : 0;
  const changed = await changeAgendaItem(ctx, { itemId, seenAt, input: parsed.value });
  if (changed.ok) throw redirect(done, 303);
  if (changed.refusal === "not_found") throw notFound();
  const form = { values: typedValues(formData), errors: {} };
  return data({ form, people: null, refusal: changed.refusal }, { status: 409 });
}

export default function AgendaItem() {
  const { slug, timeZone, delegations, item, form, hasPlaces } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  const refusal = sent?.refusal ?? null;
  // After "somebody else has saved it" the form must not overwrite theirs by being sent again unread.
  const typedSeenAt = sent?.form?.values.seenAt;
  const seenAt = typeof typedSeenAt === "string" ? typedSeenAt : String(item.updatedAt);
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
      {refusal === null ? null : (
        <Notice tone="stop">
          {t(`agenda.refusal.${refusal}`)}{" "}
          {refusal === "changed_meanwhile" ? (
            <a href={paths.agendaItem(slug, item.id)}>{t("agenda.openItem")}</a>
          ) : null}
        </Notice>
      )}
      <Form method="post" className="agenda-form" noValidate key={item.id}>
        <input type="hidden" name="seenAt" value={seenAt} />
        <AgendaItemFields form={sent?.form ?? form} delegations={delegations} timeZone={timeZone} />
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

/** Who of one's own side chairs, presents, comments; the other side's people are a number. */
function Functions({ people: form }: { people: FormState }) {
  const { functions, functionsOfOthers, people } = useLoaderData<typeof loader>();
  const t = useT();
  return (
    <section className="panel">
      <h2>{t("agenda.functions")}</h2>
      {functions.length === 0 ? <p className="muted">{t("agenda.functionsNone")}</p> : null}
      <ul className="changes">
        {functions.map((entry) => (
          <li key={`${entry.invitationId} ${entry.function}`}>
            <Form method="post" className="inline-form">
              <span>
                {entry.nameLatin} <NativeName>{entry.nameNative}</NativeName>
                {" · "}
                {t(`function.${entry.function}`)}{" "}
                {entry.reply === "declined" || entry.reply === null ? (
                  <Status tone="stop">
                    {entry.reply === null ? t("invitationEvent.withdrawn") : t("reply.declined")}
                  </Status>
                ) : null}
              </span>
              <input type="hidden" name="invitationId" value={entry.invitationId} />
              <input type="hidden" name="function" value={entry.function} />
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
