import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { ACCESS_NEEDS } from "#db/vocabulary.ts";
import { TableFrame, WorkHeading } from "../../components/desk.tsx";
import { BothNames } from "../../components/name.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { SheetForms } from "../../components/sheet-forms.tsx";
import { inLocale, Text } from "../../components/text.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { arrange, lookAtAccess, savePlace, unarrange } from "../../domain/access-need/commands.server.ts";
import { arrangeForm, placeForm } from "../../domain/access-need/form.ts";
import {
  type AccessItem,
  type AccessLine,
  type AccessName,
  accessPage,
  type PlaceFacts,
} from "../../domain/access-need/queries.server.ts";
import { OF_PLACES } from "../../domain/access-need/rules.ts";
import { deskRange } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm } from "../../platform/form.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "needs.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, "logistics");
  return { locale, slug: edition.slug, ...accessPage(ctx) };
}

type Sent = { names: Array<AccessName> | null; problem: "note" | null };

export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "logistics");
  const here = paths.accessNeeds(edition.slug);
  const formData = await args.request.formData();
  switch (formData.get("intent")) {
    case "look":
      return data<Sent>({ names: await lookAtAccess(ctx), problem: null });
    case "arrange": {
      const parsed = parseForm(arrangeForm, formData);
      if (!parsed.ok) return data<Sent>({ names: null, problem: "note" }, { status: 422 });
      const arranged = await arrange(ctx, parsed.value);
      if (!arranged.ok) throw notFound();
      throw redirect(`${here}?saved`, 303);
    }
    case "unarrange": {
      const need = ACCESS_NEEDS.find((each) => each === formData.get("need"));
      const itemId = String(formData.get("itemId") ?? "");
      const undone = need === undefined ? null : await unarrange(ctx, { itemId, need });
      if (undone === null || !undone.ok) throw notFound();
      throw redirect(`${here}?saved`, 303);
    }
    case "place": {
      const parsed = parseForm(placeForm, formData);
      if (!parsed.ok) return data<Sent>({ names: null, problem: "note" }, { status: 422 });
      const saved = await savePlace(ctx, parsed.value);
      if (!saved.ok) throw notFound();
      throw redirect(`${here}?saved`, 303);
    }
    default:
      throw data(null, { status: 400 });
  }
}

function isOpen({ state }: AccessLine): boolean {
  return state === "missing" || state === "ask";
}

export default function AccessNeeds() {
  const { slug, isHost, items, open, places } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const [query] = useSearchParams();
  const t = useT();
  const onlyOpen = query.has("open");
  const shown = onlyOpen
    ? items
        .map((item) => ({ ...item, lines: item.lines.filter(isOpen) }))
        .filter(({ lines }) => lines.length > 0)
    : items;
  return (
    <>
      <WorkHeading>{t("needs.title")}</WorkHeading>
      {query.has("saved") && sent === undefined ? <Notice tone="good">{t("common.saved")}</Notice> : null}
      {sent?.problem === "note" ? <Notice tone="stop">{t("needs.problem")}</Notice> : null}
      <p className="readable">{t(isHost ? "needs.introHost" : "needs.introGuest")}</p>
      {items.length === 0 ? (
        <p>{t("needs.none")}</p>
      ) : (
        <>
          <p>
            <Status tone={open === 0 ? "good" : "wait"}>{t("needs.open", { count: open })}</Status>{" "}
            <a className="no-print" href={paths.accessNeeds(slug) + (onlyOpen ? "" : "?open")}>
              {t(onlyOpen ? "needs.all" : "needs.onlyOpen")}
            </a>
          </p>
          <section className="panel">
            <h2>{t("needs.work")}</h2>
            <TableFrame label={t("needs.work")}>
              <table className="fit stack">
                <thead>
                  <tr>
                    <th scope="col">{t("needs.column.item")}</th>
                    <th scope="col">{t("needs.column.need")}</th>
                    <th scope="col">{t("needs.column.people")}</th>
                    <th scope="col">{t("needs.column.state")}</th>
                    <th scope="col">{t("needs.column.do")}</th>
                  </tr>
                </thead>
                <tbody>
                  {shown.flatMap((item) =>
                    item.lines.map((line, n) => (
                      <Line key={`${item.itemId}${line.need}`} item={item} line={line} first={n === 0} />
                    )),
                  )}
                </tbody>
              </table>
            </TableFrame>
          </section>
          <Names />
          <SheetForms
            slug={slug}
            note={null}
            files={[
              ["access.pdf", t("needs.sheet.forDesk")],
              ["access.xlsx", t("needs.sheet.forDeskXlsx")],
              ["access-places.pdf", t("needs.sheet.forPlaces")],
            ]}
          />
        </>
      )}
      {places.length === 0 ? null : (
        <section className="panel no-print">
          <h2>{t("needs.places")}</h2>
          <p className="readable small">{t("needs.placesNote")}</p>
          {places.map((place) => (
            <Place key={place.venue.id} place={place} />
          ))}
        </section>
      )}
    </>
  );
}

const TONES = { there: "good", arranged: "good", missing: "stop", ask: "wait" } as const;

function Line({ item, line, first }: { item: AccessItem; line: AccessLine; first: boolean }) {
  const { slug, timeZone, isHost } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  const title = inLocale({ en: item.titleEn, zh: item.titleZh }, locale).text;
  return (
    <tr>
      <th scope="row">
        {deskRange(item.startsAt, item.endsAt, timeZone, locale)}
        <span className={first ? "second-line" : "second-line small muted"}>
          <Text en={item.titleEn} zh={item.titleZh} />
        </span>
        <span className="second-line small muted">
          <Text en={item.placeEn} zh={item.placeZh} />
        </span>
      </th>
      <td data-label={t("needs.column.need")}>{t(`access.${line.need}`)}</td>
      <td data-label={t("needs.column.people")}>
        {isHost ? t("needs.ownAndOthers", { own: line.own, others: line.others }) : line.own}
      </td>
      <td data-label={t("needs.column.state")}>
        <Status tone={TONES[line.state]}>
          <span className="wrap">{t(`needs.state.${line.state}`)}</span>
        </Status>
        {line.placeNote === "" ? null : <span className="second-line small">{line.placeNote}</span>}
      </td>
      <td>
        {line.own === 0 ? (
          <span className="small muted">{t("needs.othersOnly")}</span>
        ) : line.state === "there" ? null : (
          <Form method="post" action={paths.accessNeeds(slug)} className="inline-form">
            <input type="hidden" name="itemId" value={item.itemId} />
            <input type="hidden" name="need" value={line.need} />
            {line.arranged === null ? (
              <>
                <input
                  name="note"
                  maxLength={200}
                  autoComplete="off"
                  aria-label={t("needs.noteFor", { need: t(`access.${line.need}`), item: title })}
                />{" "}
                <button className="button quiet small no-print" type="submit" name="intent" value="arrange">
                  {t("needs.arrange")}
                </button>
              </>
            ) : (
              <>
                <span className="second-line">{line.arranged}</span>
                <button
                  className="link no-print"
                  type="submit"
                  name="intent"
                  value="unarrange"
                  aria-label={t("needs.unarrangeWhich", { need: t(`access.${line.need}`), item: title })}
                >
                  {t("needs.unarrange")}
                </button>
              </>
            )}
          </Form>
        )}
      </td>
    </tr>
  );
}

function Names() {
  const { slug, items } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const t = useT();
  const locale = useLocale();
  const titles = new Map(
    items.map((item) => [item.itemId, inLocale({ en: item.titleEn, zh: item.titleZh }, locale).text]),
  );
  return (
    <section className="panel" id="names">
      <h2>{t("needs.names")}</h2>
      {sent?.names == null ? (
        <>
          <p className="readable">{t("needs.namesIntro")}</p>
          <Form method="post" action={paths.accessNeeds(slug)} className="no-print">
            <button className="button quiet" type="submit" name="intent" value="look">
              {t("needs.look")}
            </button>
          </Form>
        </>
      ) : (
        <>
          <p className="small muted">{t("meal.looked")}</p>
          <TableFrame label={t("needs.names")}>
            <table className="fit stack">
              <thead>
                <tr>
                  <th scope="col">{t("needs.column.who")}</th>
                  <th scope="col">{t("needs.column.need")}</th>
                  <th scope="col">{t("needs.work")}</th>
                </tr>
              </thead>
              <tbody>
                {sent.names.map((one) => (
                  <tr key={one.invitationId}>
                    <th scope="row">
                      <BothNames person={one} />
                    </th>
                    <td data-label={t("needs.column.need")}>
                      {one.needs.map((need) => (
                        <span className="second-line" key={need}>
                          {t(`access.${need}`)}
                        </span>
                      ))}
                      {one.text === "" ? null : <span className="second-line wrap">{one.text}</span>}
                    </td>
                    <td data-label={t("needs.work")}>
                      {one.itemIds.map((id) => (
                        <span className="second-line small" key={id}>
                          {titles.get(id)}
                        </span>
                      ))}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </TableFrame>
        </>
      )}
    </section>
  );
}

function Place({ place: { venue, facts } }: { place: PlaceFacts }) {
  const { slug } = useLoaderData<typeof loader>();
  const t = useT();
  const known = OF_PLACES.filter((need) => facts[need].there !== null).length;
  return (
    <details>
      <summary>
        <Text en={venue.nameEn} zh={venue.nameZh} />{" "}
        <span className="muted small">{t("needs.placeSummary", { known, all: OF_PLACES.length })}</span>
      </summary>
      <Form method="post" action={paths.accessNeeds(slug)} className="wide">
        <input type="hidden" name="venueId" value={venue.id} />
        <ul className="plain">
          {OF_PLACES.map((need) => (
            <li key={need} className="inline-form">
              <label>
                {t(`access.${need}`)}{" "}
                <select
                  name={`has.${need}`}
                  defaultValue={facts[need].there === null ? "" : facts[need].there ? "yes" : "no"}
                >
                  <option value="">{t("needs.has.unknown")}</option>
                  <option value="yes">{t("needs.has.yes")}</option>
                  <option value="no">{t("needs.has.no")}</option>
                </select>
              </label>{" "}
              <input
                name={`notes.${need}`}
                defaultValue={facts[need].note}
                maxLength={200}
                autoComplete="off"
                aria-label={t("needs.placeNote", { need: t(`access.${need}`) })}
              />
            </li>
          ))}
        </ul>
        <button className="button quiet small" type="submit" name="intent" value="place">
          {t("common.save")}
        </button>
      </Form>
    </details>
  );
}
