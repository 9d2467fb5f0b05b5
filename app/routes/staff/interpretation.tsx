import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { LANGUAGE_PAIRS } from "#db/vocabulary.ts";
import { TableFrame, WorkHeading } from "../../components/desk.tsx";
import { ChoiceField, ErrorSummary, FieldsOf, TextField } from "../../components/fields.tsx";
import { useGapWords } from "../../components/interpretation-gaps.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { SheetForms } from "../../components/sheet-forms.tsx";
import { Text } from "../../components/text.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { removeOutsider, saveOutsider } from "../../domain/interpretation/commands.server.ts";
import { outsiderForm } from "../../domain/interpretation/form.ts";
import {
  interpretationPlan,
  type OutsiderView,
  type PlannedView,
} from "../../domain/interpretation/queries.server.ts";
import { isToDo } from "../../domain/interpretation/rules.ts";
import { deskRange } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm, withError } from "../../platform/form.ts";
import { emptyForm, type FormState } from "../../platform/form-state.ts";

export { shouldRevalidate } from "../../components/refused.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "interp.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, "logistics");
  return { locale, slug: edition.slug, ...interpretationPlan(ctx) };
}

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "logistics");
  const here = paths.interpretation(edition.slug);
  const formData = await args.request.formData();
  const outsiderId = String(formData.get("outsiderId") ?? "");
  if (formData.get("intent") === "remove") {
    const removed = await removeOutsider(ctx, { outsiderId });
    if (!removed.ok) throw notFound();
    throw redirect(`${here}?saved`, 303);
  }
  if (formData.get("intent") !== "outsider") throw data(null, { status: 400 });
  const parsed = parseForm(outsiderForm, formData);
  if (!parsed.ok) return data({ outsiderId, form: parsed.form }, { status: 422 });
  const saved = await saveOutsider(ctx, parsed.value);
  if (saved.ok) throw redirect(`${here}?saved`, 303);
  if (saved.refusal === "gone") throw notFound();
  return data({ outsiderId, form: withError(formData, "", "interp.refusal.changed") }, { status: 409 });
}

export default function Interpretation() {
  const { slug, items, open } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const [query] = useSearchParams();
  const t = useT();
  return (
    <>
      <WorkHeading>{t("interp.title")}</WorkHeading>
      {query.has("saved") && sent === undefined ? <Notice tone="good">{t("common.saved")}</Notice> : null}
      <p className="readable">{t("interp.intro")}</p>
      {items.length === 0 ? (
        <p>{t("interp.noItems")}</p>
      ) : (
        <>
          <section className="panel">
            <h2>{t("interp.gaps")}</h2>
            {open === 0 ? <Status tone="good">{t("interp.gaps.none")}</Status> : <Gaps />}
          </section>
          <section className="panel">
            <h2>{t("interp.plan")}</h2>
            <Plan />
            <p className="small muted">{t("interp.two")}</p>
          </section>
          <SheetForms
            slug={slug}
            note={null}
            files={[
              ["interpretation.pdf", t("interp.sheet.pdf")],
              ["interpretation.xlsx", t("interp.sheet.xlsx")],
            ]}
          />
        </>
      )}
      <Outsiders />
    </>
  );
}

/** The queue: a line for each gap that somebody can close, in the order of time. */
function Gaps() {
  const { slug, items, timeZone } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const words = useGapWords(items);
  return (
    <ul className="plain">
      {items.flatMap((item) =>
        item.gaps.filter(isToDo).map((gap) => (
          <li key={`${item.itemId}${JSON.stringify(gap)}`}>
            <Status tone={gap.kind === "booth" ? "wait" : "stop"}>
              <span className="wrap">{words(gap)}</span>
            </Status>
            <span className="second-line small">
              {deskRange(item.startsAt, item.endsAt, timeZone, locale)}{" "}
              <a href={paths.interpretedItem(slug, item.itemId)}>
                <Text en={item.titleEn} zh={item.titleZh} />
                <span className="visually-hidden"> {t("interp.assign")}</span>
              </a>
            </span>
          </li>
        )),
      )}
    </ul>
  );
}

function Plan() {
  const { slug, items, timeZone } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  return (
    <TableFrame label={t("interp.plan")}>
      <table className="fit stack">
        <thead>
          <tr>
            <th scope="col">{t("needs.column.item")}</th>
            <th scope="col">{t("interp.column.mode")}</th>
            <th scope="col">{t("interp.column.needs")}</th>
            <th scope="col">{t("interp.column.interpreters")}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.itemId}>
              <th scope="row">
                {deskRange(item.startsAt, item.endsAt, timeZone, locale)}
                <span className="second-line">
                  <a href={paths.interpretedItem(slug, item.itemId)}>
                    <Text en={item.titleEn} zh={item.titleZh} />
                  </a>
                </span>
              </th>
              <td data-label={t("interp.column.mode")}>
                {item.mode === null ? (
                  <span className="muted">{t("interp.notSaid")}</span>
                ) : (
                  t(`interpretation.${item.mode}`)
                )}
                {item.mode === "none"
                  ? null
                  : item.pairs.map((pair) => (
                      <span className="second-line" key={pair}>
                        {t(`languagePair.${pair}`)}
                      </span>
                    ))}
              </td>
              <td data-label={t("interp.column.needs")}>
                {LANGUAGE_PAIRS.map((pair) => {
                  const people = item.need.pairs[pair];
                  return people === undefined ? null : (
                    <span className="second-line" key={pair}>
                      {t("interp.pairPeople", { pair: t(`languagePair.${pair}`), people })}
                    </span>
                  );
                })}
                {item.need.unknown > 0 ? (
                  <span className="second-line small muted">
                    {t("interp.unknownPeople", { people: item.need.unknown })}
                  </span>
                ) : null}
              </td>
              <td
                data-label={
                  item.mode === "none" && item.posts.length === 0
                    ? undefined
                    : t("interp.column.interpreters")
                }
              >
                <Interpreters item={item} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function Interpreters({ item }: { item: PlannedView }) {
  const t = useT();
  if (item.mode === "none" && item.posts.length === 0) return null;
  return (
    <>
      {item.wants > 0 ? (
        <Status tone={item.posts.length >= item.wants ? "good" : "stop"}>
          {t("interp.wants", { has: item.posts.length, wants: item.wants * Math.max(item.pairs.length, 1) })}
        </Status>
      ) : null}
      {item.posts.map((post, n) => (
        <span className="second-line" key={post.key ?? `other ${n}`}>
          {post.key === null ? t("interp.ofOthers") : post.name}
          {post.booth === "" ? null : (
            <span className="small muted"> · {t("interp.booth", { booth: post.booth })}</span>
          )}
        </span>
      ))}
    </>
  );
}

function OutsiderFields({ form }: { form: FormState }) {
  const t = useT();
  return (
    <>
      <TextField form={form} name="name" label={t("interp.field.name")} required />
      <ChoiceField
        form={form}
        name="pairs"
        type="checkbox"
        label={t("interp.field.pairs")}
        required
        options={LANGUAGE_PAIRS.map((pair) => ({ value: pair, label: t(`languagePair.${pair}`) }))}
      />
      <TextField form={form} name="phone" label={t("interp.field.phone")} type="tel" />
      <TextField form={form} name="note" label={t("interp.field.note")} />
    </>
  );
}

function Outsiders() {
  const { slug, outsiders } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  const labels = { name: t("interp.field.name"), pairs: t("interp.field.pairs") };
  const formOf = (outsiderId: string, stored: FormState) =>
    sent?.outsiderId === outsiderId ? sent.form : stored;
  return (
    <section className="panel no-print">
      <h2>{t("interp.outsiders")}</h2>
      <p className="readable small">{t("interp.outsidersNote")}</p>
      {outsiders.length === 0 ? <p className="muted">{t("interp.outsiders.none")}</p> : null}
      <ul className="plain">
        {outsiders.map((one) => (
          <li key={one.outsiderId}>
            <strong>{one.name}</strong> {one.pairs.map((pair) => t(`languagePair.${pair}`)).join(" · ")}{" "}
            {one.own ? (
              <>
                {one.phone}
                {one.note === "" ? null : <span className="second-line small">{one.note}</span>}
                <details open={sent?.outsiderId === one.outsiderId}>
                  <summary>{t("interp.changeOutsider", { name: one.name })}</summary>
                  <Form method="post" action={paths.interpretation(slug)} noValidate className="wide">
                    <FieldsOf of={one.outsiderId}>
                      <ErrorSummary form={formOf(one.outsiderId, emptyForm)} labels={labels} />
                      <input type="hidden" name="outsiderId" value={one.outsiderId} />
                      <input type="hidden" name="revision" value={one.revision} />
                      <OutsiderFields form={formOf(one.outsiderId, stored(one))} />
                    </FieldsOf>
                    <div className="buttons">
                      <button className="button small" type="submit" name="intent" value="outsider">
                        {t("common.save")}
                      </button>
                      <button className="button quiet small" type="submit" name="intent" value="remove">
                        {t("interp.removeOutsider")}
                        <span className="visually-hidden"> {one.name}</span>
                      </button>
                    </div>
                  </Form>
                </details>
              </>
            ) : (
              <span className="small muted">{t("interp.byOtherSide")}</span>
            )}
          </li>
        ))}
      </ul>
      <details open={sent?.outsiderId === ""}>
        <summary>{t("interp.addOutsider")}</summary>
        <Form
          method="post"
          action={paths.interpretation(slug)}
          noValidate
          className="wide"
          key={outsiders.length}
        >
          <FieldsOf of="new">
            <ErrorSummary form={formOf("", emptyForm)} labels={labels} />
            <OutsiderFields form={formOf("", emptyForm)} />
          </FieldsOf>
          <button className="button" type="submit" name="intent" value="outsider">
            {t("interp.addOutsider")}
          </button>
        </Form>
      </details>
    </section>
  );
}

function stored({ name, phone, note, pairs }: OutsiderView): FormState {
  return { errors: {}, values: { name, phone, note, pairs } };
}
