import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { TableFrame, WorkHeading } from "../../components/desk.tsx";
import { ErrorSummary, FieldsOf, TextField } from "../../components/fields.tsx";
import { HotelFields, useHotelLabels } from "../../components/hotel-fields.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { StockTable } from "../../components/room-stock.tsx";
import { Text } from "../../components/text.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { roomingHeading } from "../../documents/rooming-list.ts";
import { blockNights, saveHotel, saveRoomType } from "../../domain/lodging/block.server.ts";
import { hotelForm, typeForm } from "../../domain/lodging/form.ts";
import { hotelsOf, type TypeView } from "../../domain/lodging/queries.server.ts";
import { freezeRoomingList, type ListVersion, roomingPage } from "../../domain/lodging/rooming.server.ts";
import type { ListRow } from "../../domain/lodging/rules.ts";
import { clockTime24, dayOf, deskMoment, instantOf, shortDate, shortMoment } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm, withError } from "../../platform/form.ts";
import { emptyForm, type FormState } from "../../platform/form-state.ts";

export { shouldRevalidate } from "../../components/refused.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "rooms.hotel") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, "logistics");
  const hotelId = args.params.hotel ?? "";
  const hotel = hotelsOf(ctx.db.orm, ctx.scope).find((one) => one.hotelId === hotelId);
  const list = roomingPage(ctx, hotelId, locale);
  if (hotel === undefined || list === null) throw notFound();
  const { slug, timeZone } = edition;
  return { locale, slug, timeZone, hotel, list, nights: blockNights(ctx.db.orm, edition.id) };
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition, locale } = await staffEdition(args, "logistics");
  const hotelId = args.params.hotel ?? "";
  const formData = await args.request.formData();
  const here = paths.hotel(edition.slug, hotelId);
  switch (formData.get("intent")) {
    case "hotel": {
      const parsed = parseForm(hotelForm, formData);
      if (!parsed.ok) return data({ which: "hotel", form: parsed.form }, { status: 422 });
      const saved = await saveHotel(ctx, { ...parsed.value, hotelId });
      if (saved.ok) throw redirect(`${here}?saved`, 303);
      if (saved.refusal === "gone") throw notFound();
      return data(
        { which: "hotel", form: withError(formData, "", `hotel.refusal.${saved.refusal}`) },
        { status: 409 },
      );
    }
    case "type": {
      const which = `type-${String(formData.get("typeId") ?? "")}`;
      const parsed = parseForm(typeForm, formData);
      if (!parsed.ok) return data({ which, form: parsed.form }, { status: 422 });
      const saved = await saveRoomType(ctx, { ...parsed.value, hotelId });
      if (saved.ok) throw redirect(`${here}?saved`, 303);
      if (saved.refusal === "gone") throw notFound();
      return data(
        { which, form: withError(formData, "", `hotel.refusal.${saved.refusal}`) },
        { status: 409 },
      );
    }
    case "freeze": {
      const frozen = await freezeRoomingList(ctx, { hotelId, locale });
      if (frozen.ok) throw redirect(`${here}?frozen=${frozen.value.number}`, 303);
      if (frozen.refusal === "gone") throw notFound();
      const form = withError(formData, "", `rooming.refusal.${frozen.refusal}`);
      return data({ which: "freeze", form }, { status: 409 });
    }
    default:
      throw data(null, { status: 400 });
  }
}

export default function Hotel() {
  const { slug, timeZone, hotel } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  const locale = useLocale();
  const [query] = useSearchParams();
  const frozen = Number(query.get("frozen"));
  return (
    <>
      <WorkHeading
        actions={
          <a className="button quiet small" href={paths.rooms(slug)}>
            {t("room.back")}
          </a>
        }
      >
        <Text en={hotel.nameEn} zh={hotel.nameZh} />
      </WorkHeading>
      {sent === undefined && query.has("saved") ? <Notice tone="good">{t("common.saved")}</Notice> : null}
      {sent === undefined && Number.isSafeInteger(frozen) && frozen > 0 ? (
        <Notice tone="good">{t("rooming.done", { number: frozen })}</Notice>
      ) : null}
      {hotel.listDeadline === null ? null : (
        <p>{t("hotel.deadlineIs", { when: deskMoment(hotel.listDeadline, timeZone, locale) })}</p>
      )}
      <StockTable hotel={hotel} />
      <List />
      {hotel.own ? <Block /> : null}
      {hotel.own ? <Facts /> : null}
    </>
  );
}

function List() {
  const { slug, hotel, list } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  const newest = list.versions[0];
  return (
    <section className="visit-people">
      <h2>{t("rooming.title")}</h2>
      <p className="readable">{t("rooming.intro")}</p>
      {sent?.which === "freeze" ? (
        <Notice tone="stop">{(sent.form.errors[""] ?? []).map((key) => t(key)).join(" ")}</Notice>
      ) : null}
      {list.unsettled === 0 ? null : (
        <p>
          <Status tone="wait">
            <span className="wrap">{t("rooming.unsettled", { count: list.unsettled })}</span>
          </Status>
        </p>
      )}
      <h3>{t("rooming.now")}</h3>
      {list.rows.length === 0 ? (
        <p className="muted">{t("rooming.nobody")}</p>
      ) : (
        <>
          <Rows
            label={t("rooming.now")}
            rows={list.rows.map((row) => ({ row, change: null, before: null }))}
          />
          <Form className="toolbar" method="post" action={paths.hotel(slug, hotel.hotelId)}>
            <button className="button" type="submit" name="intent" value="freeze">
              {t("rooming.freeze", { number: (newest?.number ?? 0) + 1 })}
            </button>
          </Form>
        </>
      )}
      {newest === undefined || list.amendments === null ? null : (
        <>
          <h3>{t("rooming.since", { number: newest.number })}</h3>
          {list.amendments.length === 0 ? (
            <p className="muted">{t("rooming.noChange")}</p>
          ) : (
            <Rows
              label={t("rooming.since", { number: newest.number })}
              rows={list.amendments.map((one) => ({
                row: one.row,
                change: one.change,
                before: one.change === "changed" ? one.before : null,
              }))}
            />
          )}
        </>
      )}
      {list.versions.length === 0 ? null : (
        <>
          <h3>{t("rooming.versions")}</h3>
          <ul className="plain">
            {list.versions.map((version) => (
              <li key={version.listId}>
                <Version version={version} />
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Rows({
  label,
  rows,
}: {
  label: string;
  rows: ReadonlyArray<{
    row: ListRow;
    change: "added" | "removed" | "changed" | null;
    before: ListRow | null;
  }>;
}) {
  const { list } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const changed = rows.some(({ change }) => change !== null);
  return (
    <TableFrame label={label}>
      <table className="fit released">
        <thead>
          <tr>
            {changed ? <th scope="col">{t("rooming.change")}</th> : null}
            {list.columns.map((column) => (
              <th scope="col" key={column.name}>
                {roomingHeading(column, locale)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ row, change, before }) => (
            <tr key={row.key + (change ?? "")}>
              {change === null ? null : (
                <td>
                  <Status tone={change === "removed" ? "stop" : "wait"}>
                    {t(`rooming.change.${change}`)}
                  </Status>
                </td>
              )}
              {list.columns.map((column, n) => (
                <td key={column.name}>
                  {before === null || before.cells[n] === row.cells[n] ? (
                    <bdi>{row.cells[n]}</bdi>
                  ) : (
                    <>
                      <ins>
                        <bdi>{row.cells[n] || "–"}</bdi>
                      </ins>{" "}
                      <del className="second-line muted">
                        <bdi>{before.cells[n] || "–"}</bdi>
                      </del>
                    </>
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

const FORMATS = ["xlsx", "csv", "pdf"] as const;

function Version({ version }: { version: ListVersion }) {
  const { slug, timeZone } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const { number } = version;
  const parts = number > 1 ? (["list", "amendment"] as const) : (["list"] as const);
  return (
    <>
      <strong>{t("rooming.version", { number })}</strong>{" "}
      <span className="muted">
        {shortMoment(version.frozenAt, timeZone, locale)} · {t("rooming.lines", { count: version.rows })}
      </span>
      {version.purged ? (
        <span className="second-line muted">{t("rooming.purged")}</span>
      ) : (
        <span className="toolbar">
          {parts.flatMap((part) =>
            FORMATS.map((format) => {
              const what = t(`rooming.take.${part}`, { format: format.toUpperCase() });
              return (
                <Form
                  key={part + format}
                  method="post"
                  action={paths.roomingFile(slug, version.listId, `${part}.${format}`)}
                  reloadDocument
                >
                  <button
                    className="button quiet small"
                    type="submit"
                    aria-label={t("rooming.takeLabel", { number, what })}
                  >
                    {what}
                  </button>
                </Form>
              );
            }),
          )}
        </span>
      )}
    </>
  );
}

function Block() {
  const { hotel } = useLoaderData<typeof loader>();
  const t = useT();
  return (
    <section className="panel">
      <h2>{t("hotel.types")}</h2>
      {hotel.types.map((type) => (
        <TypeForm key={type.typeId} type={type} />
      ))}
      <TypeForm type={null} />
    </section>
  );
}

function TypeForm({ type }: { type: TypeView | null }) {
  const { slug, hotel, nights } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  const locale = useLocale();
  const which = `type-${type?.typeId ?? ""}`;
  const stored: FormState =
    type === null
      ? { ...emptyForm, values: { sleeps: "1" } }
      : {
          errors: {},
          values: {
            nameEn: type.nameEn,
            nameZh: type.nameZh,
            sleeps: String(type.sleeps),
            ...Object.fromEntries(type.stock.map(({ night, rooms }) => [`rooms.${night}`, String(rooms)])),
          },
        };
  const form = sent?.which === which ? sent.form : stored;
  return (
    <details open={sent?.which === which}>
      <summary>{type === null ? t("hotel.addType") : <Text en={type.nameEn} zh={type.nameZh} />}</summary>
      <Form method="post" action={paths.hotel(slug, hotel.hotelId)} noValidate className="wide">
        <FieldsOf of={type?.typeId ?? "new"}>
          <ErrorSummary
            form={form}
            labels={{
              nameEn: t("hotel.type.nameEn"),
              nameZh: t("hotel.type.nameZh"),
              sleeps: t("hotel.type.sleeps"),
            }}
          />
          <input type="hidden" name="typeId" value={type?.typeId ?? ""} />
          <input type="hidden" name="seen" value={type?.seen ?? ""} />
          <div className="row-fields">
            <TextField form={form} name="nameEn" label={t("hotel.type.nameEn")} lang="en" required />
            <TextField form={form} name="nameZh" label={t("hotel.type.nameZh")} lang="zh-Hans" required />
            <TextField
              form={form}
              name="sleeps"
              label={t("hotel.type.sleeps")}
              inputMode="numeric"
              required
              narrow
            />
          </div>
          <fieldset className="choices">
            <legend>{t("hotel.type.rooms")}</legend>
            <div className="night-fields">
              {nights.map((night) => (
                <TextField
                  key={night}
                  form={form}
                  name={`rooms.${night}`}
                  label={shortDate(instantOf(night, "12:00", "UTC"), "UTC", locale)}
                  inputMode="numeric"
                  required
                  narrow
                />
              ))}
            </div>
          </fieldset>
        </FieldsOf>
        <button className="button" type="submit" name="intent" value="type">
          {type === null ? t("hotel.addType") : t("hotel.type.saveBlock")}
        </button>
      </Form>
    </details>
  );
}

function Facts() {
  const { slug, timeZone, hotel } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  const labels = useHotelLabels();
  const deadline = hotel.listDeadline;
  const stored: FormState = {
    errors: {},
    values: {
      nameEn: hotel.nameEn,
      nameZh: hotel.nameZh,
      addressEn: hotel.addressEn,
      addressZh: hotel.addressZh,
      phone: hotel.phone,
      deadlineDay: deadline === null ? "" : dayOf(deadline, timeZone),
      deadlineTime: deadline === null ? "" : clockTime24(deadline, timeZone),
      ...Object.fromEntries(hotel.columns.map(({ name }, n) => [`places.${name}`, String(n + 1)])),
      ...Object.fromEntries(hotel.columns.map(({ name, heading }) => [`headings.${name}`, heading])),
    },
  };
  const form = sent?.which === "hotel" ? sent.form : stored;
  return (
    <details className="panel" open={sent?.which === "hotel"}>
      <summary>{t("hotel.edit")}</summary>
      <Form
        method="post"
        action={paths.hotel(slug, hotel.hotelId)}
        noValidate
        className="wide"
        key={hotel.revision}
      >
        <FieldsOf of="hotel">
          <ErrorSummary form={form} labels={labels} />
          <input type="hidden" name="revision" value={hotel.revision} />
          <HotelFields form={form} />
        </FieldsOf>
        <button className="button" type="submit" name="intent" value="hotel">
          {t("common.save")}
        </button>
      </Form>
    </details>
  );
}
