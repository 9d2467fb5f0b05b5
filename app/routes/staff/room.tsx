import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData } from "@remix-run/react";
import { type DeliveryState, PAYERS, SHARING_ANSWERS } from "#db/vocabulary.ts";
import { WorkHeading } from "../../components/desk.tsx";
import { ErrorSummary, FieldsOf, SelectField, TextField } from "../../components/fields.tsx";
import { BothNames } from "../../components/name.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { RoomWishFields, StayFields, useRoomLabels } from "../../components/room-fields.tsx";
import { Text } from "../../components/text.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { allows } from "../../domain/access/rules.ts";
import type { StaffContext } from "../../domain/context.ts";
import { askingMails } from "../../domain/lodging/asking.server.ts";
import { addGuest, changeRoom, noteSharing, removeGuest } from "../../domain/lodging/commands.server.ts";
import { guestForm, roomForm, sharingForm } from "../../domain/lodging/form.ts";
import { type GuestView, lodgingPage } from "../../domain/lodging/queries.server.ts";
import { isSettled } from "../../domain/lodging/rules.ts";
import { calendarDay } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm, withError } from "../../platform/form.ts";
import { emptyForm, type FormState } from "../../platform/form-state.ts";

export { shouldRevalidate } from "../../components/refused.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "room.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, ["logistics", "duty_desk"]);
  const page = lodgingPage(ctx);
  const room = page.rooms.find((one) => one.roomId === args.params.room);
  if (room === undefined) throw notFound();
  const inside = new Set(room.guests.map((guest) => guest.invitationId));
  return {
    locale,
    slug: edition.slug,
    mayWrite: allows(ctx.scope, "logistics"),
    room,
    settled: isSettled(room.guests),
    asking: Object.fromEntries(askingMails(ctx.db.orm, room.roomId)),
    others: page.people
      .filter(({ traveller, rooms }) => !inside.has(traveller.invitationId) && rooms.length === 0)
      .map(({ traveller: { invitationId, nameLatin, nameNative } }) => ({
        invitationId,
        nameLatin,
        nameNative,
      })),
  };
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "logistics");
  const roomId = args.params.room ?? "";
  const formData = await args.request.formData();
  const here = paths.room(edition.slug, roomId);
  if (formData.get("intent") === "change") {
    const parsed = parseForm(roomForm, formData);
    if (!parsed.ok) return data({ which: "change" as const, form: parsed.form }, { status: 422 });
    const changed = await changeRoom(ctx, { ...parsed.value, roomId });
    if (changed.ok) throw redirect(here, 303);
    if (changed.refusal === "gone") throw notFound();
    const form = withError(formData, "", `room.refusal.${changed.refusal}`);
    return data({ which: "change" as const, form }, { status: 409 });
  }
  const outcome = await settle(ctx, roomId, formData);
  if (outcome === null) throw data(null, { status: 400 });
  if (!outcome.ok) {
    if (outcome.refusal === "gone") throw notFound();
    const form = withError(formData, "invitationId", `room.refusal.${outcome.refusal}`);
    return data({ which: "guest" as const, form }, { status: 409 });
  }
  throw redirect(outcome.roomLeft ? here : paths.rooms(edition.slug), 303);
}

type Settled = { ok: true; roomLeft: boolean } | { ok: false; refusal: "gone" | "beds" | "elsewhere" };

async function settle(ctx: StaffContext, roomId: string, formData: FormData): Promise<Settled | null> {
  const intent = formData.get("intent");
  if (intent === "sharing") {
    const parsed = parseForm(sharingForm, formData);
    if (!parsed.ok) return { ok: false, refusal: "gone" };
    const noted = await noteSharing(ctx, { roomId, ...parsed.value });
    return noted.ok ? { ok: true, roomLeft: true } : noted;
  }
  const parsed = parseForm(guestForm, formData);
  if (intent !== "add" && intent !== "remove") return null;
  if (!parsed.ok) return { ok: false, refusal: "gone" };
  if (intent === "add") {
    const added = await addGuest(ctx, { roomId, ...parsed.value });
    return added.ok ? { ok: true, roomLeft: true } : added;
  }
  const removed = await removeGuest(ctx, { roomId, ...parsed.value });
  return removed.ok ? { ok: true, roomLeft: removed.value.roomLeft } : removed;
}

export default function Room() {
  const { slug, room, settled, others, mayWrite } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  const here = paths.room(slug, room.roomId);
  return (
    <>
      <WorkHeading
        actions={
          <a className="button quiet small" href={paths.rooms(slug)}>
            {t("room.back")}
          </a>
        }
      >
        <Text en={room.hotelEn} zh={room.hotelZh} /> {room.number}
      </WorkHeading>
      <p className="muted">
        <Text en={room.typeEn} zh={room.typeZh} />
      </p>
      <section className="panel">
        <h2>{t("room.guests")}</h2>
        {settled ? null : <Notice tone="wait">{t("room.unsettled")}</Notice>}
        <ul className="plain">
          {room.guests.map((guest) => (
            <li key={guest.invitationId} className="manifest-edit">
              <Guest guest={guest} />
            </li>
          ))}
        </ul>
        {mayWrite && room.guests.length < room.sleeps && others.length > 0 ? (
          <Form method="post" action={here} noValidate>
            <FieldsOf of="guest">
              <SelectField
                form={sent?.which === "guest" ? sent.form : emptyForm}
                name="invitationId"
                label={t("room.addGuest")}
                help={t("room.field.otherHelp")}
                required
                blank={t("manifest.choose")}
                options={others.map((one) => ({
                  value: one.invitationId,
                  label: `${one.nameLatin} ${one.nameNative}`.trim(),
                }))}
              />
            </FieldsOf>
            <button className="button quiet" type="submit" name="intent" value="add">
              {t("room.addGuest")}
            </button>
          </Form>
        ) : null}
      </section>
      {mayWrite ? <Change /> : null}
    </>
  );
}

function Guest({ guest }: { guest: GuestView }) {
  const { slug, room, mayWrite, asking } = useLoaderData<typeof loader>();
  const t = useT();
  const here = paths.room(slug, room.roomId);
  const person = guest.nameLatin || guest.nameNative;
  const tone = guest.sharing === "agreed" ? "good" : guest.sharing === "refused" ? "stop" : "wait";
  return (
    <>
      <a href={paths.lodging(slug, guest.invitationId)}>
        <BothNames person={guest} />
      </a>
      {guest.gone ? <Status tone="stop">{t("room.gone")}</Status> : null}
      {room.guests.length < 2 ? null : <Status tone={tone}>{t(`sharing.${guest.sharing}`)}</Status>}
      {room.guests.length < 2 || guest.sharing !== "asked" ? null : (
        <span className="muted small">{t(`room.asking.${askedBy(asking[guest.invitationId])}`)}</span>
      )}
      {mayWrite && room.guests.length > 1 ? (
        <Form method="post" action={here} className="inline-form">
          <input type="hidden" name="invitationId" value={guest.invitationId} />
          <select name="answer" defaultValue={guest.sharing} aria-label={t("room.sharingOf", { person })}>
            {SHARING_ANSWERS.filter((answer) => answer !== "alone").map((answer) => (
              <option key={answer} value={answer}>
                {t(`sharing.${answer}`)}
              </option>
            ))}
          </select>{" "}
          <button className="button quiet small" type="submit" name="intent" value="sharing">
            {t("room.noteSharing")}
          </button>
        </Form>
      ) : null}
      {mayWrite ? (
        <Form method="post" action={here}>
          <input type="hidden" name="invitationId" value={guest.invitationId} />
          <button
            className="link"
            type="submit"
            name="intent"
            value="remove"
            aria-label={t("room.removeGuestWhom", { person })}
          >
            {t("room.removeGuest")}
          </button>
        </Form>
      ) : null}
    </>
  );
}

/** How somebody hears that they are asked. */
function askedBy(mail: DeliveryState | undefined): "waits" | "sent" | "failed" | "none" {
  switch (mail) {
    case undefined:
    case "cancelled":
      return "none";
    case "accepted":
      return "sent";
    case "failed":
      return "failed";
    case "queued":
    case "sending":
    case "deferred":
      return "waits";
  }
}

function Change() {
  const { slug, room } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  const locale = useLocale();
  const labels = useRoomLabels();
  const stored: FormState = {
    errors: {},
    values: {
      number: room.number,
      smoking: room.smoking ? "on" : "",
      earlyCheckIn: room.earlyCheckIn ? "on" : "",
      note: room.note,
      checkIn: room.checkIn,
      checkOut: room.checkOut,
      payer: room.nights.at(-1)?.payer ?? "host_side",
      ...Object.fromEntries(room.nights.map(({ night, payer }) => [`payers.${night}`, payer])),
    },
  };
  const form = sent?.which === "change" ? sent.form : stored;
  return (
    <section className="panel">
      <h2>{t("room.change")}</h2>
      <Form
        method="post"
        action={paths.room(slug, room.roomId)}
        noValidate
        className="wide"
        key={room.revision}
      >
        <FieldsOf of="change">
          <ErrorSummary form={form} labels={labels} />
          <input type="hidden" name="revision" value={room.revision} />
          <TextField form={form} name="number" label={t("room.field.number")} narrow />
          <StayFields form={form} payerLabel={t("room.field.payerRest")} />
          <div className="row-fields">
            {room.nights.map(({ night }) => (
              <SelectField
                key={night}
                form={form}
                name={`payers.${night}`}
                label={t("room.field.payerOf", { night: calendarDay(night, locale) })}
                required
                options={PAYERS.map((value) => ({ value, label: t(`payer.${value}`) }))}
              />
            ))}
          </div>
          <RoomWishFields form={form} />
        </FieldsOf>
        <button className="button" type="submit" name="intent" value="change">
          {t("common.save")}
        </button>
      </Form>
    </section>
  );
}
