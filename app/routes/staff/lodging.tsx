import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { LODGINGS } from "#db/vocabulary.ts";
import { WorkHeading } from "../../components/desk.tsx";
import {
  ChoiceField,
  ErrorSummary,
  FieldsOf,
  LongTextField,
  SelectField,
  TextField,
  TickField,
} from "../../components/fields.tsx";
import { BothNames } from "../../components/name.tsx";
import { Notice } from "../../components/page.tsx";
import { RoomWishFields, StayFields, useRoomLabels, useTypeOptions } from "../../components/room-fields.tsx";
import { StockTable } from "../../components/room-stock.tsx";
import { inLocale, Text } from "../../components/text.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { allows } from "../../domain/access/rules.ts";
import { bookRoom, noteReported, saveWish } from "../../domain/lodging/commands.server.ts";
import { bookingForm, reportForm, wishForm } from "../../domain/lodging/form.ts";
import { type HotelView, lodgingPage } from "../../domain/lodging/queries.server.ts";
import { nightsBetween } from "../../domain/lodging/rules.ts";
import { instantOf, shortDate } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm, withError } from "../../platform/form.ts";
import { emptyForm, type FormState } from "../../platform/form-state.ts";

export { shouldRevalidate } from "../../components/refused.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "rooms.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, ["logistics", "duty_desk"]);
  const page = lodgingPage(ctx);
  const one = page.people.find(({ traveller }) => traveller.invitationId === args.params.invitation);
  if (one === undefined) throw notFound();
  return {
    locale,
    slug: edition.slug,
    mayWrite: allows(ctx.scope, "logistics"),
    country: page.country,
    travelFrom: page.travelFrom,
    travelTo: page.travelTo,
    hotels: page.hotels,
    one,
    others: page.people
      .filter(({ traveller }) => traveller.invitationId !== one.traveller.invitationId)
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
  const invitationId = args.params.invitation ?? "";
  const formData = await args.request.formData();
  const here = `${paths.lodging(edition.slug, invitationId)}?saved`;
  switch (formData.get("intent")) {
    case "book": {
      formData.set("invitationId", invitationId);
      const parsed = parseForm(bookingForm, formData);
      if (!parsed.ok) return data({ which: "book" as const, form: parsed.form }, { status: 422 });
      const booked = await bookRoom(ctx, parsed.value);
      if (booked.ok) throw redirect(paths.room(edition.slug, booked.value.roomId), 303);
      const form = withError(formData, "", `room.refusal.${booked.refusal}`);
      return data({ which: "book" as const, form }, { status: 409 });
    }
    case "wish": {
      const parsed = parseForm(wishForm, formData);
      if (!parsed.ok) return data({ which: "wish" as const, form: parsed.form }, { status: 422 });
      const saved = await saveWish(ctx, { ...parsed.value, invitationId });
      if (saved.ok) throw redirect(here, 303);
      if (saved.refusal === "gone") throw notFound();
      const form = withError(formData, "", "room.refusal.changed");
      return data({ which: "wish" as const, form }, { status: 409 });
    }
    case "report": {
      const parsed = parseForm(reportForm, formData);
      if (!parsed.ok) return data({ which: "report" as const, form: parsed.form }, { status: 422 });
      const noted = await noteReported(ctx, { ...parsed.value, invitationId });
      if (!noted.ok) throw notFound();
      throw redirect(here, 303);
    }
    default:
      throw data(null, { status: 400 });
  }
}

export default function LodgingOf() {
  const { slug, one, mayWrite, hotels, country } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  const locale = useLocale();
  const [query] = useSearchParams();
  const { traveller, rooms, wish } = one;
  const day = (each: string) => shortDate(instantOf(each, "12:00", "UTC"), "UTC", locale);
  return (
    <>
      <WorkHeading
        actions={
          <a className="button quiet small" href={paths.rooms(slug)}>
            {t("room.back")}
          </a>
        }
      >
        <BothNames person={traveller} />
      </WorkHeading>
      <p className="muted">
        <Text en={traveller.delegationEn} zh={traveller.delegationZh} /> ·{" "}
        {t(`category.${traveller.category}`)}
      </p>
      {query.has("saved") && sent === undefined ? <Notice tone="good">{t("common.saved")}</Notice> : null}
      <p>
        {t("rooms.inCity", {
          from: one.arrivesOn === null ? t("rooms.unknown") : day(one.arrivesOn),
          to: one.leavesOn === null ? t("rooms.unknown") : day(one.leavesOn),
        })}{" "}
        <a href={paths.journey(slug, traveller.invitationId)}>{t("rooms.theirTravel")}</a>
      </p>
      <ul className="plain">
        {rooms.map((room) => (
          <li key={room.roomId}>
            <a href={paths.room(slug, room.roomId)}>
              {t("rooms.stay", {
                hotel: inLocale({ en: room.hotelEn, zh: room.hotelZh }, locale).text,
                from: day(room.checkIn),
                to: day(room.checkOut),
              })}
            </a>
          </li>
        ))}
      </ul>
      {mayWrite && hotels.some((hotel) => hotel.types.length > 0) ? <Booking /> : null}
      {mayWrite ? <WishForm /> : null}
      {country === "CN" && wish.lodging === "private" ? <Police /> : null}
    </>
  );
}

function useOthers() {
  const { others } = useLoaderData<typeof loader>();
  return others.map((other) => ({
    value: other.invitationId,
    label: `${other.nameLatin} ${other.nameNative}`.trim(),
  }));
}

function Booking() {
  const { slug, one, hotels, travelFrom, travelTo } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  const labels = useRoomLabels();
  const [query] = useSearchParams();
  const checkIn = one.missing[0] ?? one.arrivesOn ?? travelFrom;
  const checkOut = one.leavesOn ?? travelTo;
  const otherId = query.get("with") ?? "";
  const typeId = fittingType(hotels, { checkIn, checkOut, people: otherId === "" ? 1 : 2 }) ?? "";
  const stored: FormState = {
    errors: {},
    values: { typeId, checkIn, checkOut, otherId, payer: "host_side" },
  };
  const form = sent?.which === "book" ? sent.form : stored;
  return (
    <section className="panel">
      <h2>{t("room.book")}</h2>
      {hotels.map((hotel) => (
        <StockTable hotel={hotel} key={hotel.hotelId} />
      ))}
      <Form
        method="post"
        action={paths.lodging(slug, one.traveller.invitationId)}
        noValidate
        className="wide"
      >
        <FieldsOf of="book">
          <ErrorSummary form={form} labels={labels} />
          <SelectField
            form={form}
            name="typeId"
            label={t("room.field.type")}
            required
            options={useTypeOptions(hotels)}
          />
          <StayFields form={form} payerLabel={t("room.field.payer")} />
          <SelectField
            form={form}
            name="otherId"
            label={t("room.field.other")}
            help={t("room.field.otherHelp")}
            blank={t("room.nobody")}
            options={useOthers()}
          />
          <RoomWishFields form={form} />
        </FieldsOf>
        <button className="button" type="submit" name="intent" value="book">
          {t("room.book")}
        </button>
      </Form>
    </section>
  );
}

/** The first type with enough beds that is free in all of these nights; else the first with enough beds. */
function fittingType(
  hotels: ReadonlyArray<Pick<HotelView, "types">>,
  { checkIn, checkOut, people }: { checkIn: string; checkOut: string; people: number },
): string | undefined {
  const nights = nightsBetween(checkIn, checkOut);
  const types = hotels.flatMap((hotel) => hotel.types).filter((type) => type.sleeps >= people);
  const free = types.find((type) =>
    nights.every((night) => type.stock.some((one) => one.night === night && one.taken < one.rooms)),
  );
  return (free ?? types[0])?.typeId;
}

function WishForm() {
  const { slug, one } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  const labels = useRoomLabels();
  const { wish } = one;
  const stored: FormState = {
    errors: {},
    values: {
      lodging: wish.lodging,
      address: wish.address,
      mayShare: wish.mayShare ? "on" : "",
      shareWithId: wish.shareWithId ?? "",
      note: wish.note,
    },
  };
  const form = sent?.which === "wish" ? sent.form : stored;
  return (
    <section className="panel">
      <h2>{t("wish.title")}</h2>
      <Form
        method="post"
        action={paths.lodging(slug, one.traveller.invitationId)}
        noValidate
        className="wide"
        key={JSON.stringify(form.values)}
      >
        <FieldsOf of="wish">
          <ErrorSummary form={form} labels={labels} />
          <input type="hidden" name="seen" value={one.wish.seen} />
          <ChoiceField
            form={form}
            name="lodging"
            type="radio"
            label={t("wish.field.lodging")}
            required
            options={LODGINGS.map((value) => ({ value, label: t(`lodging.${value}`) }))}
          />
          <LongTextField
            form={form}
            name="address"
            label={t("wish.field.address")}
            rows={2}
            maxLength={500}
          />
          <TickField form={form} name="mayShare" label={t("wish.field.mayShare")} />
          <SelectField
            form={form}
            name="shareWithId"
            label={t("wish.field.shareWith")}
            blank={t("room.nobody")}
            options={useOthers()}
          />
          <LongTextField form={form} name="note" label={t("wish.field.note")} rows={2} maxLength={500} />
        </FieldsOf>
        <button className="button" type="submit" name="intent" value="wish">
          {t("common.save")}
        </button>
      </Form>
    </section>
  );
}

function Police() {
  const { slug, one, mayWrite } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  const labels = useRoomLabels();
  const form =
    sent?.which === "report"
      ? sent.form
      : one.wish.reportedOn === null
        ? emptyForm
        : { errors: {}, values: { reportedOn: one.wish.reportedOn } };
  return (
    <section className="panel">
      <p className="note readable">{t("wish.police")}</p>
      {mayWrite ? (
        <Form method="post" action={paths.lodging(slug, one.traveller.invitationId)} noValidate>
          <FieldsOf of="report">
            <ErrorSummary form={form} labels={labels} />
            <TextField form={form} name="reportedOn" type="date" label={labels.reportedOn} required narrow />
          </FieldsOf>
          <button className="button quiet" type="submit" name="intent" value="report">
            {t("wish.report")}
          </button>
        </Form>
      ) : null}
    </section>
  );
}
