import { type ActionFunctionArgs, data, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { CARD_KINDS, type CardKind, LOCALES } from "#db/vocabulary.ts";
import { Heads, TableFrame, Toolbar, WorkHeading } from "../../components/desk.tsx";
import { SelectField } from "../../components/fields.tsx";
import { ListName } from "../../components/name.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { Paging } from "../../components/paging.tsx";
import { Text } from "../../components/text.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { sizesOf } from "../../documents/card-sheet.ts";
import { glyphCheck, paperOf } from "../../documents/pdf.server.ts";
import {
  CARD_ACT,
  type CardPerson,
  cardBoard,
  cardPeople,
  frontAtHome,
  isDue,
} from "../../domain/card/queries.server.ts";
import { CARD_ORDERS, MOST_CARDS } from "../../domain/card/rules.ts";
import type { StaffContext } from "../../domain/context.ts";
import { pageOf } from "../../domain/page-of.ts";
import { dayOf, writtenDay } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { ticked } from "../../platform/form.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "cards.title") },
];

const SHOWN = ["all", "due", "lacks"] as const;
type Shown = (typeof SHOWN)[number];
const PAGE = 100;

function kindOf(request: Request): CardKind {
  const asked = new URL(request.url).searchParams.get("kind");
  return CARD_KINDS.find((kind) => kind === asked) ?? "badge";
}

/** Somebody as the page shows them. */
function lineOf({ sideId: _side, titleEn: _en, titleZh: _zh, ...person }: CardPerson) {
  return person;
}
type Line = ReturnType<typeof lineOf>;

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, CARD_ACT);
  const query = new URL(args.request.url).searchParams;
  const kind = kindOf(args.request);
  const show: Shown = SHOWN.find((each) => each === query.get("show")) ?? "all";
  const { coming, due, back } = cardBoard(ctx, { kind, order: "alphabet", glyphs: await glyphCheck() });
  const lacking = coming.filter(({ lacks }) => lacks.length > 0);
  const list = show === "all" ? coming : show === "due" ? coming.filter(isDue) : lacking;
  const page = pageOf(list, {
    after: query.get("after"),
    size: PAGE,
    idOf: ({ invitationId }) => invitationId,
  });
  return {
    locale,
    slug: edition.slug,
    timeZone: edition.timeZone,
    kind,
    show,
    usual: { paper: paperOf(locale), front: frontAtHome(ctx) },
    counts: { all: coming.length, due, lacks: lacking.length },
    unprintable: unprintableOf(coming),
    page: { ...page, shown: page.shown.map(lineOf) },
    back: back.slice(0, PAGE).map(lineOf),
  };
}

function unprintableOf(people: ReadonlyArray<CardPerson>) {
  return people
    .filter(({ unprintable }) => unprintable.length > 0)
    .slice(0, PAGE)
    .map(({ invitationId, nameLatin, nameNative, unprintable }) => ({
      invitationId,
      name: nameLatin || nameNative,
      characters: unprintable.join(" "),
    }));
}

/** The same for people who were chosen in the list of everybody. Nothing is printed yet. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx } = await staffEdition(args, CARD_ACT);
  const chosen = ticked(await args.request.formData(), "invitation");
  if (chosen === null) throw data(null, { status: 413 });
  return data(await chosenPeople(ctx, kindOf(args.request), chosen));
}

async function chosenPeople(ctx: StaffContext, kind: CardKind, chosen: ReadonlyArray<string>) {
  const ids = [...new Set(chosen)];
  const people = cardPeople(ctx.db.orm, ctx, {
    kind,
    order: "alphabet",
    glyphs: await glyphCheck(),
    invitationIds: ids,
  });
  if (people.length < ids.length) throw notFound();
  return { people: people.map(lineOf), unprintable: unprintableOf(people) };
}

export default function Badges() {
  const { slug, kind, page, back } = useLoaderData<typeof loader>();
  const chosen = useActionData<typeof action>();
  const [query] = useSearchParams();
  const t = useT();
  const people = chosen?.people ?? page.shown;
  return (
    <>
      <WorkHeading>{t("cards.title")}</WorkHeading>
      <nav className="pages" aria-label={t("cards.kinds")}>
        {CARD_KINDS.map((each) => (
          <a key={each} href={paths.badges(slug, each)} aria-current={each === kind ? "page" : undefined}>
            {t(`cards.title.${each}`)}
          </a>
        ))}
      </nav>
      {query.has("nobody") && chosen === undefined ? (
        <Notice tone="wait">
          <p>{t("cards.nobody")}</p>
        </Notice>
      ) : null}
      <p className="readable">{t(`cards.intro.${kind}`)}</p>
      <Unprintable />
      <form method="post" action={paths.badgesFile(slug)} key={kind}>
        <input type="hidden" name="kind" value={kind} />
        <Settings
          isChosen={chosen !== undefined}
          canPrint={people.some(({ obstacle }) => obstacle === null)}
        />
        {chosen === undefined ? (
          <Shows />
        ) : (
          <p>
            {t("cards.chosen", { count: people.length })}{" "}
            <a href={paths.badges(slug, kind)}>{t("cards.everybody")}</a>
          </p>
        )}
        {people.length === 0 ? (
          <p className="muted">{t("cards.none")}</p>
        ) : (
          <People people={people} areChosen={chosen !== undefined} />
        )}
      </form>
      {chosen === undefined ? (
        <>
          <Paging
            page={page}
            address={(after) => pageAddress(slug, { kind, show: query.get("show"), after })}
          />
          {back.length === 0 ? null : <TakeBack />}
        </>
      ) : null}
    </>
  );
}

function pageAddress(
  slug: string,
  { kind, show, after }: { kind: CardKind; show: string | null; after: string | null },
): string {
  const query = new URLSearchParams();
  if (kind !== "badge") query.set("kind", kind);
  if (show !== null && show !== "all") query.set("show", show);
  if (after !== null) query.set("after", after);
  return query.size === 0 ? paths.badges(slug) : `${paths.badges(slug)}?${query}`;
}

/** How it is printed, and for whom. */
function Settings({ isChosen, canPrint }: { isChosen: boolean; canPrint: boolean }) {
  const { kind, usual, counts } = useLoaderData<typeof loader>();
  const t = useT();
  const sizes = sizesOf(kind);
  const form = { values: { size: sizes[0] ?? "", ...usual, order: "alphabet" }, errors: {} };
  return (
    <fieldset className="panel">
      <legend className="visually-hidden">{t("cards.print")}</legend>
      <div className="two-up">
        <SelectField
          form={form}
          name="size"
          label={t("cards.size")}
          required
          options={sizes.map((size) => ({ value: size, label: t(`cards.size.${size}`) }))}
        />
        <SelectField
          form={form}
          name="paper"
          label={t("cards.paper")}
          required
          options={(["A4", "LETTER"] as const).map((paper) => ({
            value: paper,
            label: t(`cards.paper.${paper}`),
          }))}
        />
        <SelectField
          form={form}
          name="front"
          label={t("cards.front")}
          required
          help={t("cards.frontHelp")}
          options={LOCALES.map((each) => ({ value: each, label: t(`cards.front.${each}`) }))}
        />
        <SelectField
          form={form}
          name="order"
          label={t("cards.order")}
          required
          options={CARD_ORDERS.map((order) => ({ value: order, label: t(`cards.order.${order}`) }))}
        />
      </div>
      <Toolbar>
        {isChosen ? (
          <button className="button" type="submit" name="who" value="chosen" disabled={!canPrint}>
            {t("cards.printChosen")}
          </button>
        ) : (
          <>
            <button className="button" type="submit" name="who" value="due" disabled={counts.due === 0}>
              {t("cards.printDue", { count: counts.due })}
            </button>
            <button className="button quiet" type="submit" name="who" value="all" disabled={counts.all === 0}>
              {t("cards.printAll", { count: counts.all })}
            </button>
            <button className="button quiet" type="submit" name="who" value="chosen">
              {t("cards.printChosen")}
            </button>
          </>
        )}
      </Toolbar>
      <p className="small muted">
        {counts.all > MOST_CARDS ? `${t("cards.most", { most: MOST_CARDS })} ` : null}
        {t("cards.after")}
      </p>
    </fieldset>
  );
}

/** Told before anything is printed: whose names the typeface cannot write. */
function Unprintable() {
  const page = useLoaderData<typeof loader>();
  const chosen = useActionData<typeof action>();
  const t = useT();
  const unprintable = chosen?.unprintable ?? page.unprintable;
  if (unprintable.length === 0) return null;
  return (
    <Notice tone="stop">
      <p>{t("cards.unprintable")}</p>
      <ul>
        {unprintable.map(({ invitationId, name, characters }) => (
          <li key={invitationId}>
            <a href={paths.person(page.slug, invitationId)}>
              <bdi>{t("cards.unprintableOf", { name, characters })}</bdi>
            </a>
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function Shows() {
  const { slug, kind, show, counts } = useLoaderData<typeof loader>();
  const t = useT();
  return (
    <nav className="pages" aria-label={t("cards.show")}>
      {SHOWN.map((each) => (
        <a
          key={each}
          href={pageAddress(slug, { kind, show: each, after: null })}
          aria-current={each === show ? "page" : undefined}
        >
          {t(`cards.show.${each}`, { count: counts[each] })}
        </a>
      ))}
    </nav>
  );
}

function People({ people, areChosen }: { people: ReadonlyArray<Line>; areChosen: boolean }) {
  const { slug, kind } = useLoaderData<typeof loader>();
  const t = useT();
  return (
    <TableFrame label={t(`cards.title.${kind}`)}>
      <table className="fit">
        <Heads
          columns={(["choose", "person", "state", "lacks", "category", "delegation"] as const).map((column) =>
            t(`cards.column.${column}`),
          )}
        />
        <tbody>
          {people.map((person) => (
            <tr key={person.invitationId}>
              <td>
                <input
                  type="checkbox"
                  name="invitation"
                  value={person.invitationId}
                  defaultChecked={areChosen && person.obstacle === null}
                  disabled={person.obstacle !== null}
                  aria-label={t("cards.choosePerson", { name: person.nameLatin || person.nameNative })}
                />
              </td>
              <th scope="row" className="row-name">
                <a href={paths.person(slug, person.invitationId)}>
                  <ListName person={person} />
                </a>
              </th>
              <td>
                <State person={person} />
              </td>
              <td>
                <Lacks person={person} />
              </td>
              <td>{t(`category.${person.category}`)}</td>
              <td>
                <Text en={person.delegationEn} zh={person.delegationZh} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function State({ person: { standing, obstacle, accepted } }: { person: Line }) {
  const { timeZone } = useLoaderData<typeof loader>();
  const t = useT();
  const locale = useLocale();
  if (obstacle !== null)
    return (
      <>
        <Status tone="stop">{t("cards.obstacle")}</Status>
        <span className="second-line muted">{t(`cards.obstacle.${obstacle}`)}</span>
      </>
    );
  return (
    <>
      {standing.state === "changed" ? (
        <Status tone="stop">
          <span className="wrap">
            {t("cards.state.changed", {
              facts: standing.changed.map((fact) => t(`cards.fact.${fact}`)).join(t("cards.separator")),
            })}
          </span>
        </Status>
      ) : (
        <Status tone={standing.state === "printed" ? "good" : "wait"}>
          {t(`cards.state.${standing.state}`)}
        </Status>
      )}
      {standing.state === "new" ? null : (
        <span className="second-line muted">{writtenDay(dayOf(standing.printedAt, timeZone), locale)}</span>
      )}
      {accepted ? null : <span className="second-line muted">{t("cards.notAccepted")}</span>}
    </>
  );
}

function Lacks({ person: { lacks, unprintable, isPersonal } }: { person: Line }) {
  const { kind } = useLoaderData<typeof loader>();
  const t = useT();
  return (
    <>
      {lacks.map((lack) => (
        <span className="second-line" key={lack}>
          <Status tone={lack === "glyphs" ? "stop" : "wait"}>
            <span className="wrap">{t(`cards.lack.${lack}`, { characters: unprintable.join(" ") })}</span>
          </Status>
        </span>
      ))}
      {isPersonal && kind === "badge" ? <span className="muted">{t("cards.personal")}</span> : null}
    </>
  );
}

/** Cards that lie in the pile and are nobody's any more. */
function TakeBack() {
  const { slug, back } = useLoaderData<typeof loader>();
  const t = useT();
  return (
    <section className="panel">
      <h2>{t("cards.back")}</h2>
      <p className="muted">{t("cards.backHelp")}</p>
      <ul className="plain">
        {back.map((person) => (
          <li key={person.invitationId}>
            <a href={paths.person(slug, person.invitationId)}>
              <ListName person={person} />
            </a>{" "}
            <span className="muted">
              {person.obstacle === null ? null : t(`cards.obstacle.${person.obstacle}`)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
