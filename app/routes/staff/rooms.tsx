import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { TableFrame, WorkHeading } from "../../components/desk.tsx";
import { ErrorSummary } from "../../components/fields.tsx";
import { HotelFields, useHotelLabels } from "../../components/hotel-fields.tsx";
import { BothNames } from "../../components/name.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { StockTable } from "../../components/room-stock.tsx";
import { inLocale, Text } from "../../components/text.tsx";
import { requirePost, staffEdition } from "../../context.server.ts";
import { allows } from "../../domain/access/rules.ts";
import { saveHotel } from "../../domain/lodging/block.server.ts";
import { hotelForm } from "../../domain/lodging/form.ts";
import { type LodgedPerson, lodgingPage } from "../../domain/lodging/queries.server.ts";
import { USUAL_COLUMNS } from "../../domain/lodging/rules.ts";
import { instantOf, shortDate, shortMoment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm, withError } from "../../platform/form.ts";
import type { FormState } from "../../platform/form-state.ts";

export { shouldRevalidate } from "../../components/refused.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "rooms.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, ["logistics", "duty_desk"]);
  const usual: FormState = {
    errors: {},
    values: Object.fromEntries(USUAL_COLUMNS.map(({ name }, n) => [`places.${name}`, String(n + 1)])),
  };
  return {
    locale,
    slug: edition.slug,
    mayWrite: allows(ctx.scope, "logistics"),
    usual,
    ...lodgingPage(ctx),
  };
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "logistics");
  const formData = await args.request.formData();
  const parsed = parseForm(hotelForm, formData);
  if (!parsed.ok) return data({ form: parsed.form }, { status: 422 });
  const saved = await saveHotel(ctx, { ...parsed.value, hotelId: null });
  if (saved.ok) throw redirect(paths.hotel(edition.slug, saved.value.hotelId), 303);
  const problem = saved.refusal === "columns" ? "columns" : "changed";
  return data({ form: withError(formData, "", `hotel.refusal.${problem}`) }, { status: 409 });
}

export default function Rooms() {
  const { slug, hotels, people, pairs, mayWrite, usual, country } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  const labels = useHotelLabels();
  const [query] = useSearchParams();
  const form = sent?.form ?? usual;
  return (
    <>
      <WorkHeading>{t("rooms.title")}</WorkHeading>
      {query.has("saved") && sent === undefined ? <Notice tone="good">{t("common.saved")}</Notice> : null}
      <p className="readable">{t("rooms.intro")}</p>
      {hotels.length === 0 ? <p>{t("rooms.noHotel")}</p> : null}
      {hotels.map((hotel) => (
        <section className="panel" key={hotel.hotelId}>
          <h2>
            <Text en={hotel.nameEn} zh={hotel.nameZh} />
          </h2>
          <p className="muted small">
            <Text en={hotel.addressEn} zh={hotel.addressZh} /> {hotel.phone}
          </p>
          <StockTable hotel={hotel} />
          <p>
            <a href={paths.hotel(slug, hotel.hotelId)}>{t("rooms.openHotel")}</a>
          </p>
        </section>
      ))}
      <section className="visit-people">
        <h2>{t("rooms.people")}</h2>
        {people.length === 0 ? (
          <p className="muted">{t("rooms.people.none")}</p>
        ) : (
          <>
            <p className="muted">
              {t("rooms.tally", {
                people: people.filter((one) => one.wish.lodging === "hotel").length,
                housed: people.filter((one) => one.wish.lodging === "hotel" && one.rooms.length > 0).length,
                open: people.filter(isOpen).length,
              })}
            </p>
            <People />
          </>
        )}
      </section>
      {country === "CN" && people.some((one) => one.wish.lodging === "private") ? (
        <p className="note readable">{t("wish.police")}</p>
      ) : null}
      {pairs.length === 0 || !mayWrite ? null : (
        <section className="panel">
          <h2>{t("rooms.pairs")}</h2>
          <p className="readable">{t("rooms.pairsHelp")}</p>
          <ul className="plain">
            {pairs.map(([one, other]) => (
              <li key={one.invitationId}>
                {t("rooms.pair", {
                  one: one.nameLatin || one.nameNative,
                  other: other.nameLatin || other.nameNative,
                })}{" "}
                <a href={`${paths.lodging(slug, one.invitationId)}?with=${other.invitationId}`}>
                  {t("rooms.bookPair")}
                </a>
              </li>
            ))}
          </ul>
        </section>
      )}
      {mayWrite ? (
        <details className="panel" open={sent !== undefined}>
          <summary>{t("rooms.addHotel")}</summary>
          <Form method="post" action={paths.rooms(slug)} noValidate className="wide">
            <ErrorSummary form={form} labels={labels} />
            <HotelFields form={form} />
            <button className="button" type="submit">
              {t("rooms.addHotel")}
            </button>
          </Form>
        </details>
      ) : null}
    </>
  );
}

function People() {
  const { slug, people } = useLoaderData<typeof loader>();
  const t = useT();
  const day = useDay();
  return (
    <TableFrame label={t("rooms.people")}>
      <table className="fit stack">
        <thead>
          <tr>
            <th scope="col">{t("rooms.column.person")}</th>
            <th scope="col">{t("rooms.column.missing")}</th>
            <th scope="col">{t("rooms.column.stays")}</th>
            <th scope="col">{t("rooms.column.inCity")}</th>
          </tr>
        </thead>
        <tbody>
          {people.map((one) => (
            <tr key={one.traveller.invitationId}>
              <th scope="row">
                <a href={paths.lodging(slug, one.traveller.invitationId)}>
                  <BothNames person={one.traveller} />
                </a>
                <span className="second-line muted small">
                  <Text en={one.traveller.delegationEn} zh={one.traveller.delegationZh} />
                </span>
              </th>
              <td>
                <Open one={one} />
              </td>
              <td>
                <Stays one={one} />
              </td>
              <td>
                {one.arrivesOn === null && one.leavesOn === null
                  ? t("rooms.unknown")
                  : t("rooms.span", {
                      from: one.arrivesOn === null ? t("rooms.unknown") : day(one.arrivesOn),
                      to: one.leavesOn === null ? t("rooms.unknown") : day(one.leavesOn),
                    })}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function hasNoRoom({ rooms, wish }: LodgedPerson): boolean {
  return rooms.length === 0 && wish.lodging === "hotel";
}

/** Whether something is to be done about where they sleep. */
function isOpen(one: LodgedPerson): boolean {
  return one.missing.length > 0 || one.extra.length > 0 || hasNoRoom(one);
}

/** "Sun, Dec 2" for a day without a clock. */
function useDay(): (day: string) => string {
  const locale = useLocale();
  return (day) => shortDate(instantOf(day, "12:00", "UTC"), "UTC", locale);
}

function Stays({ one }: { one: LodgedPerson }) {
  const { slug } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const day = useDay();
  if (one.wish.lodging !== "hotel") return <>{t(`lodging.${one.wish.lodging}`)}</>;
  if (one.rooms.length === 0) return <span className="muted">{t("rooms.none")}</span>;
  return (
    <ul className="plain">
      {one.rooms.map((room) => (
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
  );
}

function Open({ one }: { one: LodgedPerson }) {
  const { timeZone } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const day = useDay();
  if (one.reportDue !== null)
    return (
      <Status tone="stop">
        <span className="wrap">
          {one.reportDue === 0
            ? t("rooms.reportNow")
            : t("rooms.report", { when: shortMoment(one.reportDue, timeZone, locale) })}
        </span>
      </Status>
    );
  if (one.wish.reportedOn !== null)
    return <Status tone="good">{t("rooms.reported", { day: day(one.wish.reportedOn) })}</Status>;
  const listed = (nights: ReadonlyArray<string>) => ({
    count: nights.length,
    nights: nights.map(day).join(t("agenda.listSeparator")),
  });
  const problems = [
    one.missing.length > 0 ? t("rooms.missingNights", listed(one.missing)) : null,
    one.extra.length > 0 ? t("rooms.extraNights", listed(one.extra)) : null,
    one.missing.length === 0 && hasNoRoom(one) ? t("rooms.noRoomYet") : null,
  ].filter((problem) => problem !== null);
  if (problems.length > 0)
    return (
      <>
        {problems.map((problem) => (
          <span className="second-line" key={problem}>
            <Status tone="wait">
              <span className="wrap">{problem}</span>
            </Status>
          </span>
        ))}
      </>
    );
  if (one.rooms.length === 0) return null;
  return one.leavesOn === null || one.arrivesOn === null ? (
    <span className="muted">{t("rooms.daysOpen")}</span>
  ) : (
    <Status tone="good">{t("rooms.allCovered")}</Status>
  );
}
