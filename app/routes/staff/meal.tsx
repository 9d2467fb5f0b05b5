import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { TableFrame, WorkHeading } from "../../components/desk.tsx";
import { ErrorSummary, FieldsOf, TextField, TickField } from "../../components/fields.tsx";
import { CountWords } from "../../components/meal-counts.tsx";
import { MealNames } from "../../components/meal-names.tsx";
import { BothNames } from "../../components/name.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { Text } from "../../components/text.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import {
  lookAtNames,
  removeTable,
  saveSeating,
  saveTable,
  saveWords,
  seatTheRest,
} from "../../domain/meal/commands.server.ts";
import { ABSENT, seatingForm, tableForm, wordsForm } from "../../domain/meal/form.ts";
import { countLines } from "../../domain/meal/kitchen-sheet.ts";
import { mealPage, type NamedLine, unnamed } from "../../domain/meal/queries.server.ts";
import { deskRange } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm, parseLines, withError } from "../../platform/form.ts";
import { emptyForm, type FormState } from "../../platform/form-state.ts";

export { shouldRevalidate } from "../../components/refused.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "meals.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, "logistics");
  const page = mealPage(ctx, args.params.item ?? "");
  if (page === null) throw notFound();
  return {
    locale,
    slug: edition.slug,
    ...page,
    sides: page.sides.map((side) => ({ ...side, lines: countLines(side.counts) })),
    totalLines: countLines(page.total),
    tables: page.tables.map((table) => ({ ...table, lines: countLines(table.counts) })),
  };
}

type Sent = {
  which: "table" | "seating" | "names";
  /** Of a table that is being changed: which. */
  tableId: string;
  form: FormState;
  lines: Array<NamedLine> | null;
  unnamed: number;
};

const NOTHING: Sent = { which: "table", tableId: "", form: emptyForm, lines: null, unnamed: 0 };

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "logistics");
  const itemId = args.params.item ?? "";
  const here = paths.meal(edition.slug, itemId);
  const formData = await args.request.formData();
  const again = (sent: Partial<Sent>, status: number) => data<Sent>({ ...NOTHING, ...sent }, { status });
  switch (formData.get("intent")) {
    case "table": {
      const tableId = String(formData.get("tableId") ?? "");
      const parsed = parseForm(tableForm, formData);
      if (!parsed.ok) return again({ tableId, form: parsed.form }, 422);
      const saved = await saveTable(ctx, { ...parsed.value, itemId });
      if (saved.ok) throw redirect(`${here}?saved`, 303);
      if (saved.refusal === "gone") throw notFound();
      const field = saved.refusal === "taken" ? "name" : "seats";
      return again({ tableId, form: withError(formData, field, `meal.refusal.${saved.refusal}`) }, 409);
    }
    case "removeTable": {
      const tableId = String(formData.get("tableId") ?? "");
      const removed = await removeTable(ctx, { itemId, tableId });
      if (removed.ok) throw redirect(`${here}?saved`, 303);
      if (removed.refusal === "gone") throw notFound();
      return again({ tableId, form: withError(formData, "seats", "meal.refusal.small") }, 409);
    }
    case "seating": {
      const parsed = parseLines(seatingForm, formData, ["tables", "places"]);
      if (!parsed.ok) return again({ which: "seating", form: parsed.form }, 422);
      const saved = await saveSeating(ctx, { ...parsed.value, itemId });
      if (saved.ok) throw redirect(`${here}?saved`, 303);
      if (saved.refusal === "gone") throw notFound();
      const form =
        saved.refusal === "changed"
          ? { ...emptyForm, errors: { "": ["meal.refusal.changed" as const] } }
          : withError(formData, "", `meal.refusal.${saved.refusal}`);
      return again({ which: "seating", form }, 409);
    }
    case "rest": {
      const seated = await seatTheRest(ctx, { itemId });
      if (!seated.ok) throw notFound();
      throw redirect(`${here}?seated=${seated.value.seated}&left=${seated.value.left}`, 303);
    }
    case "look": {
      const looked = await lookAtNames(ctx, { itemId });
      const page = mealPage(ctx, itemId);
      if (!looked.ok || page === null) throw notFound();
      const { lines } = looked.value;
      return again({ which: "names", lines, unnamed: unnamed(page.total, lines) }, 200);
    }
    case "words": {
      const parsed = parseForm(wordsForm, formData);
      if (!parsed.ok) throw data(null, { status: 400 });
      const saved = await saveWords(ctx, parsed.value);
      if (saved.ok) throw redirect(`${here}?saved`, 303);
      if (saved.refusal === "gone") throw notFound();
      return again({ which: "names", form: { ...emptyForm, errors: { "": ["meal.refusal.told"] } } }, 409);
    }
    default:
      throw data(null, { status: 400 });
  }
}

export default function Meal() {
  const page = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  const locale = useLocale();
  return (
    <>
      <WorkHeading
        actions={
          <a className="button quiet small" href={paths.meals(page.slug)}>
            {t("meal.back")}
          </a>
        }
      >
        <Text en={page.titleEn} zh={page.titleZh} />
      </WorkHeading>
      <p className="muted">
        {deskRange(page.startsAt, page.endsAt, page.timeZone, locale)}{" "}
        <Text en={page.placeEn} zh={page.placeZh} />
      </p>
      {sent === undefined ? <Done /> : null}
      <Numbers />
      <Names />
      <Sheets />
      <Tables />
      <Seating />
    </>
  );
}

function Done() {
  const t = useT();
  const [query] = useSearchParams();
  const number = (name: string) => {
    const value = Number(query.get(name));
    return Number.isSafeInteger(value) && value >= 0 ? value : 0;
  };
  if (query.has("seated"))
    return (
      <Notice tone={number("left") === 0 ? "good" : "wait"}>
        {t("meal.done", { seated: number("seated"), left: number("left") })}
      </Notice>
    );
  return query.has("saved") ? <Notice tone="good">{t("common.saved")}</Notice> : null;
}

/** What the kitchen has to know in numbers: together, by side, by table. */
function Numbers() {
  const { sides, total, totalLines, tables, elsewhere } = useLoaderData<typeof loader>();
  const t = useT();
  return (
    <section className="panel">
      <h2>{t("meal.counts")}</h2>
      <TableFrame label={t("meal.counts")}>
        <table className="fit stack">
          <thead>
            <tr>
              <th scope="col">{t("meal.column.side")}</th>
              <th scope="col" className="num">
                {t("meals.column.covers")}
              </th>
              <th scope="col" className="num">
                {t("meal.column.plain")}
              </th>
              <th scope="col" className="num">
                {t("meal.column.unknown")}
              </th>
              <th scope="col">{t("meal.column.needs")}</th>
            </tr>
          </thead>
          <tbody>
            {sides.map((side) => (
              <tr key={side.sideId}>
                <th scope="row">
                  <Text en={side.nameEn} zh={side.nameZh} />
                </th>
                <CountCells counts={side.counts} lines={side.lines} />
              </tr>
            ))}
            {sides.length > 1 ? (
              <tr>
                <th scope="row">{t("meal.total")}</th>
                <CountCells counts={total} lines={totalLines} />
              </tr>
            ) : null}
            {tables.map((table) => (
              <tr key={table.tableId}>
                <th scope="row">
                  {t("meal.seatAt", { table: table.name })}
                  {table.head ? <span className="second-line muted small">{t("meal.headTable")}</span> : null}
                </th>
                <CountCells counts={table.counts} lines={table.lines} />
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
      {tables.length > 0 && elsewhere.covers > 0 ? (
        <p className="small">{t("meals.countOf", { what: t("meal.atNoTable"), count: elsewhere.covers })}</p>
      ) : null}
      <p className="small muted">{t("meal.countsNote")}</p>
    </section>
  );
}

type Numbers = ReturnType<typeof useLoaderData<typeof loader>>["total"];

function CountCells({
  counts,
  lines,
}: {
  counts: Numbers;
  lines: Parameters<typeof CountWords>[0]["lines"];
}) {
  const t = useT();
  return (
    <>
      <td className="num" data-label={t("meals.column.covers")}>
        {counts.covers}
      </td>
      <td className="num" data-label={t("meal.column.plain")}>
        {counts.plain}
      </td>
      <td className="num" data-label={t("meal.column.unknown")}>
        {counts.unknown}
      </td>
      <td data-label={t("meal.column.needs")}>{lines.length === 0 ? "–" : <CountWords lines={lines} />}</td>
    </>
  );
}

function Names() {
  const { slug, itemId, special } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  const here = paths.meal(slug, itemId);
  return (
    <section className="panel" id="names">
      <h2>{t("meal.names")}</h2>
      {special.unworded > 0 ? (
        <Notice tone="wait">{t("meal.unworded", { count: special.unworded })}</Notice>
      ) : null}
      {sent?.form.errors[""]?.includes("meal.refusal.told") ? (
        <Notice tone="stop">{t("meal.refusal.told")}</Notice>
      ) : null}
      {sent?.lines == null ? (
        <>
          <p className="readable">
            {t("meal.namesIntro", { people: special.people, dangerous: special.dangerous })}
          </p>
          <Form method="post" action={here} className="no-print">
            <button className="button quiet" type="submit" name="intent" value="look">
              {t("meal.look")}
            </button>
          </Form>
        </>
      ) : (
        <>
          <p className="small muted">{t("meal.looked")}</p>
          <MealNames lines={sent.lines} action={here} />
          {sent.unnamed > 0 ? <p>{t("meal.unnamed", { count: sent.unnamed })}</p> : null}
        </>
      )}
    </section>
  );
}

const FILES = ["counts.pdf", "kitchen.pdf", "kitchen.xlsx", "cards.pdf"] as const;

function Sheets() {
  const { slug, itemId } = useLoaderData<typeof loader>();
  const t = useT();
  return (
    <section className="panel no-print">
      <h2>{t("meal.sheets")}</h2>
      <p className="readable small">{t("meal.sheetsNote")}</p>
      <div className="buttons">
        {FILES.map((file) => (
          <form key={file} method="post" action={paths.kitchenSheet(slug, itemId, file)}>
            <button className="button quiet" type="submit">
              {t(`meal.sheet.${file}`)}
            </button>
          </form>
        ))}
      </div>
    </section>
  );
}

function TableFields({ form }: { form: FormState }) {
  const t = useT();
  return (
    <>
      <div className="row-fields">
        <TextField form={form} name="name" label={t("meal.field.name")} required narrow />
        <TextField
          form={form}
          name="seats"
          label={t("meal.field.seats")}
          inputMode="numeric"
          required
          narrow
        />
      </div>
      <TickField form={form} name="head" label={t("meal.field.head")} />
    </>
  );
}

function Tables() {
  const { slug, itemId, tables } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  const here = paths.meal(slug, itemId);
  const labels = { name: t("meal.field.name"), seats: t("meal.field.seats") };
  const formOf = (tableId: string, stored: FormState) =>
    sent?.which === "table" && sent.tableId === tableId ? sent.form : stored;
  return (
    <section className="panel no-print">
      <h2>{t("meal.tables")}</h2>
      <p className="readable small">{t("meal.tablesNote")}</p>
      <ul className="plain">
        {tables.map((table) => {
          const form = formOf(table.tableId, {
            errors: {},
            values: { name: table.name, seats: String(table.seats), head: table.head ? "on" : "" },
          });
          return (
            <li key={table.tableId}>
              <strong>{t("meal.seatAt", { table: table.name })}</strong>{" "}
              {t("meal.ofSeats", { taken: table.taken, seats: table.seats })}{" "}
              {table.head ? <span className="muted">{t("meal.headTable")}</span> : null}
              <details open={sent?.which === "table" && sent.tableId === table.tableId}>
                <summary>{t("meal.changeTable", { name: table.name })}</summary>
                <Form method="post" action={here} noValidate className="wide">
                  <FieldsOf of={table.tableId}>
                    <ErrorSummary form={form} labels={labels} />
                    <input type="hidden" name="tableId" value={table.tableId} />
                    <TableFields form={form} />
                  </FieldsOf>
                  <div className="buttons">
                    <button className="button small" type="submit" name="intent" value="table">
                      {t("common.save")}
                    </button>
                    {table.taken === 0 ? (
                      <button
                        className="button quiet small"
                        type="submit"
                        name="intent"
                        value="removeTable"
                        aria-label={t("meal.removeTableWhich", { name: table.name })}
                      >
                        {t("meal.removeTable")}
                      </button>
                    ) : null}
                  </div>
                </Form>
              </details>
            </li>
          );
        })}
      </ul>
      <details open={tables.length === 0 || (sent?.which === "table" && sent.tableId === "")}>
        <summary>{t("meal.addTable")}</summary>
        <Form method="post" action={here} noValidate className="wide" key={tables.length}>
          <FieldsOf of="new">
            <ErrorSummary form={formOf("", emptyForm)} labels={labels} />
            <TableFields form={formOf("", { errors: {}, values: { seats: "10" } })} />
          </FieldsOf>
          <button className="button" type="submit" name="intent" value="table">
            {t("meal.addTable")}
          </button>
        </Form>
      </details>
    </section>
  );
}

function Seating() {
  const { slug, itemId, tables, guests, seen } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  const here = paths.meal(slug, itemId);
  const form = sent?.which === "seating" ? sent.form : emptyForm;
  const typed = (name: string, stored: string) => {
    const value = form.values[name];
    return typeof value === "string" ? value : stored;
  };
  return (
    <section className="panel">
      <h2>{t("meal.seating")}</h2>
      {guests.length === 0 ? (
        <p>{t("meal.nobody")}</p>
      ) : (
        <>
          <p className="readable small">{t("meal.seatingNote")}</p>
          <Form method="post" action={here} noValidate key={`${seen}${sent === undefined ? "" : "!"}`}>
            <ErrorSummary form={form} labels={{}} />
            <input type="hidden" name="seen" value={seen} />
            <TableFrame label={t("meal.seating")}>
              <table className="snug stack">
                <thead>
                  <tr>
                    <th scope="col">{t("meal.column.person")}</th>
                    <th scope="col">{t("meal.column.table")}</th>
                    <th scope="col">{t("meal.column.place")}</th>
                  </tr>
                </thead>
                <tbody>
                  {guests.map((guest) => {
                    const person = guest.nameLatin || guest.nameNative;
                    const tableName = `tables.${guest.invitationId}`;
                    const placeName = `places.${guest.invitationId}`;
                    return (
                      <tr key={guest.invitationId}>
                        <th scope="row">
                          <BothNames person={guest} />
                          <span className="second-line muted small">
                            <Text en={guest.delegationEn} zh={guest.delegationZh} />
                            {guest.category === "delegate" ? null : ` · ${t(`category.${guest.category}`)}`}
                          </span>
                          {guest.away === null || guest.absent ? null : (
                            <span className="second-line">
                              <Status tone="wait">{t(`meal.away.${guest.away}`)}</Status>
                            </span>
                          )}
                        </th>
                        <td data-label={t("meal.column.table")}>
                          <select
                            name={tableName}
                            defaultValue={typed(tableName, guest.absent ? ABSENT : (guest.tableId ?? ""))}
                            aria-label={t("meal.tableFor", { person })}
                          >
                            <option value="">{t("meal.tableNone")}</option>
                            {tables.map((table) => (
                              <option key={table.tableId} value={table.tableId}>
                                {table.name}
                              </option>
                            ))}
                            <option value={ABSENT}>{t("meal.tableAbsent")}</option>
                          </select>
                        </td>
                        <td data-label={t("meal.column.place")}>
                          <input
                            name={placeName}
                            defaultValue={typed(placeName, guest.place === null ? "" : String(guest.place))}
                            inputMode="numeric"
                            size={3}
                            maxLength={2}
                            autoComplete="off"
                            aria-label={t("meal.placeFor", { person })}
                            aria-invalid={(form.errors[placeName] ?? []).length > 0 ? true : undefined}
                          />
                        </td>
                      </tr>
                    );
                  })}
                </tbody>
              </table>
            </TableFrame>
            <div className="buttons no-print">
              <button className="button" type="submit" name="intent" value="seating">
                {t("meal.saveSeating")}
              </button>
            </div>
          </Form>
          {tables.length === 0 ? null : (
            <Form method="post" action={here} className="no-print">
              <button className="button quiet" type="submit" name="intent" value="rest">
                {t("meal.seatRest")}
              </button>
            </Form>
          )}
        </>
      )}
    </section>
  );
}
