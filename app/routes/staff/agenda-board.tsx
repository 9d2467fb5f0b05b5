import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import {
  Form,
  useActionData,
  useFetcher,
  useLoaderData,
  useNavigate,
  useRevalidator,
  useSearchParams,
} from "@remix-run/react";
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { z } from "zod";
import { AgendaGrid, type GridCard, type GridDay, type GridSpot } from "../../components/agenda-grid.tsx";
import { AgendaTabs } from "../../components/agenda-tabs.tsx";
import { clashSentence } from "../../components/clash-words.ts";
import { Toolbar, WorkHeading } from "../../components/desk.tsx";
import { Notice, Status } from "../../components/page.tsx";
import { inLocale } from "../../components/text.tsx";
import { notFound, requirePost, staffEdition } from "../../context.server.ts";
import { agendaBoard } from "../../domain/agenda/board.server.ts";
import { type Clash, findClashes } from "../../domain/agenda/clashes.ts";
import { removeAgendaItem } from "../../domain/agenda/commands.server.ts";
import {
  copyAgendaItem,
  moveAgendaItem,
  redoAgendaStep,
  skipAgendaStep,
  undoAgendaStep,
} from "../../domain/agenda/moving.server.ts";
import {
  atMinute,
  GRID,
  minuteOfDay,
  type Placing,
  placingForm,
  placingOf,
  SHORTEST_ITEM,
  shifted,
} from "../../domain/agenda/placing.ts";
import { calendarDay, clockTime24, dayHeading, dayOf, zoneName } from "../../i18n/dates.ts";
import { useLocale, useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { parseForm } from "../../platform/form.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "board.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args);
  return { locale, slug: edition.slug, timeZone: edition.timeZone, ...agendaBoard(ctx) };
}

const itemForm = z.object({ itemId: z.string() });
const wayForm = z.object({ way: z.enum(["undo", "redo"]) });

/** Answers the grid's own script with what came of it, and a form without script with the page. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { ctx, edition } = await staffEdition(args, "agenda");
  const formData = await args.request.formData();
  const scripted = formData.get("scripted") === "on";
  const back = (
    result: { ok: true; value: { itemId: string; updatedAt?: number } } | { ok: false; refusal: string },
  ) => {
    if (!result.ok && (result.refusal === "not_found" || result.refusal === "unknown_place") && !scripted)
      throw notFound();
    if (result.ok && !scripted)
      throw redirect(`${paths.agendaBoard(edition.slug)}?done=${String(formData.get("intent"))}`, 303);
    const answer = result.ok
      ? { refusal: null, ...result.value }
      : { refusal: refusalOf(result.refusal), itemId: String(formData.get("itemId") ?? "") };
    // The script knows by this which of its wishes was answered.
    const wish = Number(formData.get("wish") ?? 0);
    return data(
      { intent: String(formData.get("intent")), wish, ...answer },
      { status: result.ok ? 200 : 409 },
    );
  };
  switch (formData.get("intent")) {
    case "move":
    case "copy": {
      const parsed = parseForm(placingForm, formData);
      if (!parsed.ok) throw data(null, { status: 400 });
      const { itemId, seenAt } = parsed.value;
      const to = placingOf(parsed.value);
      return formData.get("intent") === "copy"
        ? back(await copyAgendaItem(ctx, { itemId, to }))
        : back(await moveAgendaItem(ctx, { itemId, seenAt, to }));
    }
    case "remove": {
      const parsed = parseForm(itemForm, formData);
      if (!parsed.ok) throw data(null, { status: 400 });
      const removed = await removeAgendaItem(ctx, parsed.value);
      return back(removed.ok ? { ok: true, value: parsed.value } : removed);
    }
    case "undo":
      return back(await undoAgendaStep(ctx));
    case "redo":
      return back(await redoAgendaStep(ctx));
    case "skip": {
      const parsed = parseForm(wayForm, formData);
      if (!parsed.ok) throw data(null, { status: 400 });
      const skipped = await skipAgendaStep(ctx, parsed.value.way);
      return back(skipped.ok ? { ok: true, value: { itemId: "" } } : skipped);
    }
    default:
      throw data(null, { status: 400 });
  }
}

const REFUSALS = [
  "changed_meanwhile",
  "has_places",
  "nothing",
  "wrong_time",
  "not_found",
  "unknown_place",
] as const;
type Refusal = (typeof REFUSALS)[number];
function refusalOf(text: string): Refusal {
  return REFUSALS.find((one) => one === text) ?? "not_found";
}

type Loaded = ReturnType<typeof useLoaderData<typeof loader>>;
type Item = Loaded["facts"]["items"][number];

/** What is on its way to the server. Moves are drawn at once; a copy is there when it has an id. */
type Wish =
  | { intent: "move"; itemId: string; seenAt: number; to: Placing }
  | { intent: "copy"; itemId: string; seenAt: number; to: Placing }
  | { intent: "remove"; itemId: string }
  | { intent: "undo" | "redo" };

export default function AgendaBoard() {
  const page = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const { slug, timeZone, mayWrite, words } = page;
  const t = useT();
  const locale = useLocale();
  const [query] = useSearchParams();
  const together = query.get("rooms") === "together";
  const navigate = useNavigate();
  const editor = useEditor(page);
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
  const where = (item: Pick<Item, "id" | "startsAt" | "endsAt" | "venueId">) =>
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

  const announced = (item: Item, to: Placing) => {
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
    editor.send({ intent: copy ? "copy" : "move", itemId: id, seenAt: editor.seenAt(id), to });
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
      {sent?.refusal == null ? null : (
        <Notice tone="stop">
          <p>{t(`board.refusal.${sent.refusal}`)}</p>
          {sent.refusal === "changed_meanwhile" && (sent.intent === "undo" || sent.intent === "redo") ? (
            <Form method="post">
              <input type="hidden" name="way" value={sent.intent} />
              <button className="button quiet small" type="submit" name="intent" value="skip">
                {t("board.skip")}
              </button>
            </Form>
          ) : null}
        </Notice>
      )}
      <div className="board-bar">
        {mayWrite ? (
          <Form method="post" className="toolbar">
            <button
              className="button quiet small"
              type="submit"
              name="intent"
              value="undo"
              disabled={page.undo === null}
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
  items: ReadonlyArray<Item>,
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

/** How often (milliseconds) the grid asks what colleagues did. */
const LOOK_AGAIN = 20_000;

/**
 * The draft as it is seen here: what the server says, with one's own moves already made. Wishes go one after the other;
 * one that is refused is drawn back, and what was wished for the same item after it is dropped with it.
 */
function useEditor(page: Loaded) {
  const t = useT();
  const locale = useLocale();
  const fetcher = useFetcher<typeof action>();
  const revalidator = useRevalidator();
  const [wishes, setWishes] = useState<ReadonlyArray<Wish>>([]);
  const [said, say] = useState("");
  const [focus, focusOn] = useState<string | null>(null);
  const current = useRef<Wish | null>(null);
  const count = useRef(0);
  const known = useRef(page.seenAt);
  const { facts, words, seenAt: stored } = page;

  /** What is wished for, known at once; the state is for drawing it. */
  const wished = useRef<ReadonlyArray<Wish>>([]);
  const update = useCallback((change: (all: ReadonlyArray<Wish>) => ReadonlyArray<Wish>) => {
    wished.current = change(wished.current);
    setWishes(wished.current);
  }, []);
  const send = useCallback(
    (wish: Wish) =>
      update((all) => {
        const last = all.at(-1);
        // What has not been sent yet is replaced: ten presses of a key are one move.
        const waits = last !== undefined && last !== current.current;
        return waits && last.intent === "move" && wish.intent === "move" && last.itemId === wish.itemId
          ? [
              ...all.slice(0, -1),
              { ...wish, seenAt: last.seenAt, to: { ...wish.to, venueId: venueOf(wish.to, last.to) } },
            ]
          : [...all, wish];
      }),
    [update],
  );

  // The next wish goes when the one before has been answered and the page knows what came of it.
  useEffect(() => {
    if (fetcher.state !== "idle") return;
    const sentWish = current.current;
    if (sentWish !== null) {
      const answer = fetcher.data;
      if (answer?.wish !== count.current) return;
      current.current = null;
      known.current = stored;
      const refusal = answer.refusal;
      if (refusal !== null) say(t(`board.refusal.${refusal}`));
      else if (sentWish.intent === "copy") {
        focusOn(answer.itemId);
        say(t("board.said.copied"));
      } else if (sentWish.intent !== "move") say(t(`board.done.${sentWish.intent}`));
      update((all) =>
        all
          .filter((wish) => wish !== sentWish)
          .filter(
            (wish) =>
              refusal === null ||
              !("itemId" in wish) ||
              !("itemId" in sentWish) ||
              wish.itemId !== sentWish.itemId,
          )
          // What was wished for what is one's own doing refers to that from now on.
          .map((wish) =>
            wish.intent === "move" && sentWish.intent === "move" && wish.itemId === sentWish.itemId
              ? {
                  ...wish,
                  seenAt: "updatedAt" in answer ? (answer.updatedAt ?? wish.seenAt) : wish.seenAt,
                }
              : wish,
          ),
      );
      return;
    }
    const [next] = wishes;
    if (next === undefined) return;
    current.current = next;
    const form = new FormData();
    count.current += 1;
    form.set("scripted", "on");
    form.set("wish", String(count.current));
    form.set("intent", next.intent);
    if ("itemId" in next) form.set("itemId", next.itemId);
    if ("to" in next) {
      form.set("seenAt", String(next.seenAt));
      form.set("startsAt", String(next.to.startsAt));
      form.set("endsAt", String(next.to.endsAt));
      if (next.to.venueId !== undefined) form.set("venue", next.to.venueId ?? "none");
    }
    fetcher.submit(form, { method: "post" });
  }, [fetcher, fetcher.state, fetcher.data, wishes, stored, update, t]);

  // A colleague's doing: told, and on the grid.
  useEffect(() => {
    if (current.current !== null || revalidator.state !== "idle") return;
    const before = known.current;
    known.current = stored;
    const changed = Object.keys(stored).filter((id) => before[id] !== stored[id]);
    const gone = Object.keys(before).filter((id) => stored[id] === undefined);
    if (changed.length + gone.length === 0) return;
    const title = words.items.find(({ id }) => id === changed[0]);
    say(
      t("board.said.colleague", {
        count: changed.length + gone.length,
        item: title === undefined ? "" : inLocale({ en: title.titleEn, zh: title.titleZh }, locale).text,
      }),
    );
  }, [stored, words.items, revalidator.state, locale, t]);
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === "visible" && current.current === null && revalidator.state === "idle")
        revalidator.revalidate();
    };
    const timer = window.setInterval(look, LOOK_AGAIN);
    window.addEventListener("focus", look);
    return () => {
      window.clearInterval(timer);
      window.removeEventListener("focus", look);
    };
  }, [revalidator]);

  // Undo and redo by keys, wherever on the page one is but in a field.
  useEffect(() => {
    if (!page.mayWrite) return;
    const pressed = (event: globalThis.KeyboardEvent) => {
      const field =
        event.target instanceof HTMLElement && event.target.closest("input, textarea, select") !== null;
      if (field || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      const letter = event.key.toLowerCase();
      if (letter !== "z" && letter !== "y") return;
      event.preventDefault();
      send({ intent: letter === "y" || event.shiftKey ? "redo" : "undo" });
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [page.mayWrite, send]);

  const items = useMemo(() => drawn(facts.items, wishes), [facts.items, wishes]);
  const pending = new Set(wishes.flatMap((wish) => (wish.intent === "move" ? [wish.itemId] : [])));
  const now = (id: string) => drawn(facts.items, wished.current).find((item) => item.id === id);
  const seenAt = (id: string) => stored[id] ?? 0;
  return { items, now, pending, said, say, send, seenAt, focus, focusOn };
}

function venueOf(to: Placing, before: Placing | undefined): Placing["venueId"] {
  return to.venueId === undefined ? before?.venueId : to.venueId;
}

/** The items as they will be when all that is wished for has been done. */
function drawn(items: ReadonlyArray<Item>, wishes: ReadonlyArray<Wish>): Array<Item> {
  const moves = new Map<string, Placing>();
  const removed = new Set<string>();
  for (const wish of wishes)
    if (wish.intent === "move")
      moves.set(wish.itemId, { ...wish.to, venueId: venueOf(wish.to, moves.get(wish.itemId)) });
    else if (wish.intent === "remove") removed.add(wish.itemId);
  return items
    .filter(({ id }) => !removed.has(id))
    .map((item) => {
      const to = moves.get(item.id);
      return to === undefined ? item : moved(item, to);
    });
}

/** The item where it is put; a visit's meeting time goes with it, as on the server. */
function moved(item: Item, to: Placing): Item {
  const { visit } = item;
  const shift = to.startsAt - item.startsAt;
  return {
    ...item,
    startsAt: to.startsAt,
    endsAt: to.endsAt,
    venueId: to.venueId === undefined ? item.venueId : to.venueId,
    visit: visit === null || visit.meetAt === null ? visit : { ...visit, meetAt: visit.meetAt + shift },
  };
}
