import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData, useNavigate, useSearchParams } from "@remix-run/react";
import { type FormEvent, type KeyboardEvent, useMemo } from "react";
import { z } from "zod";
import { AgendaGrid, type GridCard, type GridDay, type GridSpot } from "../../components/agenda-grid.tsx";
import { AgendaTabs } from "../../components/agenda-tabs.tsx";
import { clashSentence } from "../../components/clash-words.ts";
import { Toolbar, WorkHeading } from "../../components/desk.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { inLocale } from "../../components/text.tsx";
import { requirePost, staffEdition } from "../../context.server.ts";
import { agendaBoard } from "../../domain/agenda/board.server.ts";
import { type Clash, findClashes } from "../../domain/agenda/clashes.ts";
import { redoAgendaStep, skipAgendaStep, undoAgendaStep } from "../../domain/agenda/moving.server.ts";
import {
  atMinute,
  GRID,
  type MoveRefusal,
  minuteOfDay,
  type Placing,
  refusalOf,
  SHORTEST_ITEM,
  shifted,
} from "../../domain/agenda/placing.ts";
import { calendarDay, clockTime24, dayHeading, dayOf, zoneName } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm } from "../../platform/form.ts";
import { type AgendaItem, useAgendaBoard } from "./use-agenda-board.ts";

export { shouldRevalidate } from "../../components/refused.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "board.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args);
  return { locale, slug: edition.slug, timeZone: edition.timeZone, ...agendaBoard(ctx) };
}

const wayForm = z.object({ way: z.enum(["undo", "redo"]) });

/** The way back, for a page without script; moves come from the grid's script alone. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "agenda");
  const formData = await args.request.formData();
  const back = (result: { ok: true } | { ok: false; refusal: string }) => {
    const intent = String(formData.get("intent"));
    if (result.ok) throw redirect(`${paths.agendaBoard(edition.slug)}?done=${intent}`, 303);
    return data({ intent, refusal: refusalOf(result.refusal) }, { status: 409 });
  };
  const seen = (name: string) => {
    const step = formData.get(name);
    return typeof step === "string" && step !== "" ? { seen: step } : {};
  };
  switch (formData.get("intent")) {
    case "undo":
      return back(await undoAgendaStep(ctx, seen("undoes")));
    case "redo":
      return back(await redoAgendaStep(ctx, seen("redoes")));
    case "skip": {
      const parsed = parseForm(wayForm, formData);
      if (!parsed.ok) throw data(null, { status: 400 });
      return back(await skipAgendaStep(ctx, parsed.value.way));
    }
    default:
      throw data(null, { status: 400 });
  }
}

type Loaded = ReturnType<typeof useLoaderData<typeof loader>>;
export default function AgendaBoard() {
  const loaded = useLoaderData<typeof loader>();
  const editor = useAgendaBoard(loaded, paths.agendaMoves(loaded.slug));
  const page: Loaded = { ...loaded, ...editor.board };
  const sent = useActionData<typeof action>();
  const { slug, timeZone, mayWrite, words } = page;
  const t = useT();
  const locale = useLocale();
  const [query] = useSearchParams();
  const together = query.get("rooms") === "together";
  const navigate = useNavigate();
  const items = editor.items;
  const clashes = useMemo(
    () => open(findClashes({ ...page.facts, items }), page.accepted),
    [page.facts, page.accepted, items],
  );
  const clashing = useMemo(() => new Set(clashes.flatMap(({ itemIds }) => itemIds)), [clashes]);
  const titles = useMemo(() => new Map(words.items.map((one) => [one.id, one])), [words.items]);
  const titleOf = (id: string) => {
    const found = titles.get(id);
    return found === undefined ? "" : inLocale({ en: found.titleEn, zh: found.titleZh }, locale).text;
  };
  const days = daysOf(items, page, { locale, together, nowhere: t("board.nowhere") });
  const venueName = (id: string | null) => {
    const found = words.venues.find((one) => one.id === id);
    return found === undefined ? "" : inLocale({ en: found.nameEn, zh: found.nameZh }, locale).text;
  };
  const sayOf = (clash: Clash) => clashSentence(clash, { ...words, timeZone }, { t, locale });
  const where = (item: Pick<AgendaItem, "id" | "startsAt" | "endsAt" | "venueId">) =>
    t("board.where", {
      item: titleOf(item.id),
      day: calendarDay(dayOf(item.startsAt, timeZone), locale),
      from: clockTime24(item.startsAt, timeZone),
      to: clockTime24(item.endsAt, timeZone),
      place: venueName(item.venueId),
    });
  const cards = items
    .toSorted((a, b) => a.startsAt - b.startsAt || a.endsAt - b.endsAt || (a.id < b.id ? -1 : 1))
    .map((item): GridCard => {
      const title = titles.get(item.id);
      const from = minuteOfDay(item.startsAt, timeZone);
      return {
        id: item.id,
        day: dayOf(item.startsAt, timeZone),
        lane: together ? "" : (item.venueId ?? ""),
        from,
        to: from + (item.endsAt - item.startsAt) / 60_000,
        title: { en: title?.titleEn ?? "", zh: title?.titleZh ?? "" },
        time: `${clockTime24(item.startsAt, timeZone)}–${clockTime24(item.endsAt, timeZone)}`,
        kind: item.kind,
        clashing: clashing.has(item.id),
        pending: editor.pending.has(item.id),
        label: clashing.has(item.id) ? t("board.labelClashing", { where: where(item) }) : where(item),
        href: mayWrite ? paths.agendaItem(slug, item.id) : null,
      };
    });

  const announced = (item: AgendaItem, to: Placing) => {
    const moved = { ...item, ...to, venueId: to.venueId === undefined ? item.venueId : to.venueId };
    const would = open(
      findClashes({ ...page.facts, items: items.map((one) => (one.id === item.id ? moved : one)) }),
      page.accepted,
    ).filter(({ itemIds }) => itemIds.includes(item.id));
    const [first] = would;
    return [
      where(moved),
      first === undefined
        ? t("board.fits")
        : t("board.clashes", { count: would.length, first: sayOf(first) }),
    ].join(" ");
  };
  const place = (id: string, to: Placing, copy = false) => {
    const item = editor.now(id);
    if (item === undefined) return;
    if (!copy) editor.say(announced(item, to));
    const wish = { itemId: id, seenAt: editor.seenAt(id), to };
    editor.send(copy ? { intent: "copy", ...wish } : { intent: "move", ...wish, tried: [] });
  };
  const spotToPlacing = (id: string, spot: GridSpot): Placing => {
    const item = items.find((one) => one.id === id);
    const startsAt = atMinute(spot.day, spot.from, timeZone);
    const same = together || spot.lane === (item?.venueId ?? "");
    return {
      startsAt,
      endsAt: startsAt + (spot.to - spot.from) * 60_000,
      venueId: same ? undefined : spot.lane === "" ? null : spot.lane,
    };
  };
  const key = (event: KeyboardEvent, id: string) => {
    // Keys that are held come faster than the page is drawn: each goes on from the one before.
    const item = editor.now(id);
    if (item === undefined || event.metaKey || event.ctrlKey) return;
    const act = () => {
      event.preventDefault();
      editor.focusOn(id);
    };
    const { startsAt, endsAt } = item;
    switch (event.key) {
      case "ArrowUp":
      case "ArrowDown": {
        act();
        const minutes = (event.key === "ArrowUp" ? -GRID : GRID) * (event.altKey ? 6 : 1);
        if (event.shiftKey) {
          if (endsAt + minutes * 60_000 - startsAt >= SHORTEST_ITEM)
            place(id, { startsAt, endsAt: endsAt + minutes * 60_000 });
        } else place(id, shifted({ startsAt, endsAt }, { minutes }, timeZone));
        return;
      }
      case "ArrowLeft":
      case "ArrowRight": {
        if (event.altKey) return;
        act();
        const by = event.key === "ArrowLeft" ? -1 : 1;
        if (event.shiftKey) {
          const rooms = [null, ...words.venues.map((one) => one.id)];
          const next = rooms[(rooms.indexOf(item.venueId) + by + rooms.length) % rooms.length];
          if (next !== undefined) place(id, { startsAt, endsAt, venueId: next });
        } else place(id, shifted({ startsAt, endsAt }, { days: by }, timeZone));
        return;
      }
      case "c":
        act();
        place(id, { startsAt: endsAt, endsAt: endsAt + (endsAt - startsAt) }, true);
        return;
      case "Delete":
        act();
        editor.focusOn(null);
        editor.send({ intent: "remove", itemId: id });
        return;
      default:
        return;
    }
  };
  const draw = ({ day, lane, from, to }: GridSpot) => {
    const asked = new URLSearchParams({
      day,
      start: clockTime24(atMinute(day, from, timeZone), timeZone),
      end: clockTime24(atMinute(day, to, timeZone), timeZone),
      ...(lane === "" ? {} : { venue: lane }),
    });
    navigate(`${paths.newAgendaItem(slug)}?${asked}`);
  };
  const back = (step: Loaded["undo"]) =>
    step === null ? "" : t(`board.step.${stepName(step.did)}`, { item: titleOf(step.itemId) });
  // The buttons take their turn behind what is on its way.
  const byScript = (skipped: "undo" | "redo" | null) => (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { submitter } = event.nativeEvent as SubmitEvent;
    const way = submitter instanceof HTMLButtonElement && submitter.value === "redo" ? "redo" : "undo";
    editor.send(skipped === null ? { intent: way } : { intent: "skip", way: skipped });
  };
  const wayOf = (intent: string): "undo" | "redo" | null =>
    intent === "undo" || intent === "redo" ? intent : null;
  const refused: { refusal: MoveRefusal; way: "undo" | "redo" | null } | null =
    editor.stuck !== null
      ? { refusal: "changed_meanwhile", way: editor.stuck }
      : sent === undefined
        ? null
        : { refusal: sent.refusal, way: wayOf(sent.intent) };
  const done = sent === undefined ? query.get("done") : null;
  return (
    <>
      <WorkHeading
        actions={
          mayWrite ? (
            <a className="button quiet" href={paths.newAgendaItem(slug)}>
              {t("agenda.add")}
            </a>
          ) : undefined
        }
      >
        {t("board.title")}
      </WorkHeading>
      <AgendaTabs slug={slug} here="board" />
      {done === "undo" || done === "redo" || done === "skip" ? (
        <Notice tone="good">{t(`board.done.${done}`)}</Notice>
      ) : null}
      {editor.connection === "fine" ? null : (
        <div className={editor.connection === "gone" ? "notice stop" : "notice wait"} role="status">
          {t(editor.connection === "gone" ? "board.gone" : "board.offline", { count: editor.waiting })}
        </div>
      )}
      {refused === null ? null : (
        <Notice tone="stop">
          <p>{t(`board.refusal.${refused.refusal}`)}</p>
          {refused.refusal === "changed_meanwhile" && refused.way !== null ? (
            <Form method="post" onSubmit={byScript(refused.way)}>
              <input type="hidden" name="way" value={refused.way} />
              <button className="button quiet small" type="submit" name="intent" value="skip">
                {t("board.skip")}
              </button>
            </Form>
          ) : null}
        </Notice>
      )}
      <div className="board-bar">
        {mayWrite ? (
          <Form method="post" className="toolbar" onSubmit={byScript(null)}>
            <input type="hidden" name="undoes" value={page.undo?.id ?? ""} />
            <input type="hidden" name="redoes" value={page.redo?.id ?? ""} />
            <button
              className="button quiet small"
              type="submit"
              name="intent"
              value="undo"
              disabled={page.undo === null && editor.waiting === 0}
              title={back(page.undo)}
            >
              {t("board.undo")}
            </button>
            <button
              className="button quiet small"
              type="submit"
              name="intent"
              value="redo"
              disabled={page.redo === null}
              title={back(page.redo)}
            >
              {t("board.redo")}
            </button>
          </Form>
        ) : null}
        <a className="small" href={together ? "?" : "?rooms=together"}>
          {together ? t("board.rooms.apart") : t("board.rooms.together")}
        </a>
        <a className="small" href={paths.clashes(slug)}>
          {t("clash.openCount", { count: clashes.length })}
        </a>
        <output className="small board-said" aria-live="polite">
          {editor.said}
        </output>
      </div>
      {page.undo === null ? null : (
        <p className="muted small">{t("board.last", { what: back(page.undo) })}</p>
      )}
      <p className="muted small" id="grid-help">
        {t("agenda.times", { zone: zoneName(timeZone, locale) })}{" "}
        {mayWrite ? t("board.help") : t("board.readOnly")}
      </p>
      {items.length === 0 ? <p>{t("agenda.empty")}</p> : null}
      <AgendaGrid
        days={days}
        cards={cards}
        hours={hoursOf(cards)}
        label={t("board.title")}
        describedBy="grid-help"
        focus={editor.focus}
        edit={
          mayWrite ? { place: (id, spot, copy) => place(id, spotToPlacing(id, spot), copy), key, draw } : null
        }
      />
      {mayWrite ? (
        <details className="board-keys">
          <summary>{t("board.keys")}</summary>
          <dl className="facts">
            {KEYS.map((name) => (
              <div className="fact" key={name}>
                <dt>{t(`board.key.${name}`)}</dt>
                <dd>{t(`board.does.${name}`)}</dd>
              </div>
            ))}
          </dl>
        </details>
      ) : null}
      <section className="apart" aria-labelledby="board-clashes">
        <h2 id="board-clashes">{t("clash.title")}</h2>
        {clashes.length === 0 ? <p>{t("clash.none")}</p> : null}
        <ul className="changes">
          {clashes.map((clash) => (
            <li key={`${clash.sideId} ${clash.key}`}>
              <Status tone="stop">{t(`clash.kind.${clash.kind}`)}</Status> {sayOf(clash)}
            </li>
          ))}
        </ul>
        {clashes.length === 0 ? null : (
          <Toolbar>
            <a className="button quiet small" href={paths.clashes(slug)}>
              {t("board.toClashes")}
            </a>
          </Toolbar>
        )}
      </section>
    </>
  );
}

const KEYS = ["time", "day", "length", "room", "half", "copy", "remove", "undo", "redo", "open"] as const;

const STEPS = ["add", "remove", "change", "assign", "unassign"] as const;
function stepName(did: string): (typeof STEPS)[number] {
  return STEPS.find((one) => one === did) ?? "change";
}

/** The clashes that nobody lets stand as they are. */
function open(clashes: ReadonlyArray<Clash>, accepted: Loaded["accepted"]): Array<Clash> {
  return clashes.filter(({ sideId, key, facts }) => accepted[`${sideId} ${key}`] !== facts);
}

/** The days that have something, and those of the programme; each with the rooms that are used on it. */
function daysOf(
  items: ReadonlyArray<AgendaItem>,
  { facts, words, timeZone }: Loaded,
  { locale, together, nowhere }: { locale: Loaded["locale"]; together: boolean; nowhere: string },
): Array<GridDay> {
  const byDay = Map.groupBy(items, (item) => dayOf(item.startsAt, timeZone));
  const days = [...new Set([...facts.days, ...byDay.keys()])].sort();
  return days.map((day) => {
    const used = new Set((byDay.get(day) ?? []).map((item) => item.venueId));
    const rooms = words.venues.filter(({ id }) => used.has(id));
    const lanes = [
      ...rooms.map(({ id, nameEn, nameZh }) => ({ key: id, name: { en: nameEn, zh: nameZh } })),
      ...(used.has(null) || rooms.length === 0 ? [{ key: "", name: { en: nowhere, zh: nowhere } }] : []),
    ];
    return {
      day,
      heading: dayHeading(day, locale),
      lanes: together ? [{ key: "", name: { en: "", zh: "" } }] : lanes,
    };
  });
}

function hoursOf(cards: ReadonlyArray<GridCard>): readonly [number, number] {
  const first = Math.min(8, ...cards.map(({ from }) => Math.floor(from / 60)));
  const last = Math.max(20, ...cards.map(({ to }) => Math.ceil(to / 60)));
  return [first, Math.min(24, last)];
}
