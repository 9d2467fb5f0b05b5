/**
 * The programme file: an edition as JSON, in the shape of `db/seed/beijing-2018.json`. Whoever writes one by hand may leave
 * out whatever is not known yet; whatever is wrong is named, all of it at once, with the place where it stands.
 */
import { z } from "zod";
import { AGENDA_KINDS, ATTRIBUTIONS, INTERPRETATIONS, MODES } from "#db/vocabulary.ts";
import type { MessageKey } from "../../i18n/catalogue/index.ts";
import { instantOf, isTimeZone } from "../../i18n/dates.ts";
import {
  defaultAudience,
  defaultHomeZone,
  defaultSides,
  dressInBoth,
  type EditionPlan,
  type PlannedItem,
  type PlannedVisit,
  slugFor,
} from "./rules.ts";

/** Larger files are no programme of a meeting. In UTF-16 units. */
export const LARGEST_FILE = 500_000;

/** Something wrong in a file: where (`agenda[3].visit.capacity`), what, and the words to fill into the message. */
export type FileProblem = { path: string; key: MessageKey; values?: Readonly<Record<string, string>> };

/** One line of text: nothing that could break a mail header or a table. */
const line = (longest: number) =>
  z
    .string({ error: "programmeFile.error.text" })
    .trim()
    .min(1, { error: "programmeFile.error.missing" })
    .max(longest, { error: "error.tooLong" })
    .refine((text) => !/[\p{Cc}\u2028\u2029]/u.test(text), { error: "error.characters" });

const inBoth = (longest: number) =>
  z.object({ en: line(longest), "zh-CN": line(longest) }, { error: "programmeFile.error.inBoth" });

const count = z
  .int({ error: "error.number" })
  .min(0, { error: "error.number" })
  .max(10_000, { error: "error.number" });

const calendarDate = z
  .string({ error: "error.date" })
  .refine((text) => isMoment(text, "00:00"), { error: "error.date" });

const wallClock = z
  .string({ error: "error.time" })
  .refine((text) => isMoment("2000-01-01", text), { error: "error.time" });

/** `2018-11-19T18:00`, by the clock in the edition's zone. */
const localMoment = z.string({ error: "programmeFile.error.moment" }).refine(
  (text) => {
    const [date, time, ...rest] = text.split("T");
    return date !== undefined && time !== undefined && rest.length === 0 && isMoment(date, time);
  },
  { error: "programmeFile.error.moment" },
);

const key = z
  .string({ error: "programmeFile.error.text" })
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/, { error: "programmeFile.error.key" });

const fileEvent = z.object(
  {
    slug: z
      .string({ error: "programmeFile.error.text" })
      .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, { error: "programmeFile.error.slug" })
      .max(60, { error: "error.tooLong" })
      .optional(),
    ordinal: count.min(1, { error: "error.number" }).max(999, { error: "error.number" }).nullish(),
    title: inBoth(200),
    city: inBoth(80),
    country: z
      .string({ error: "programmeFile.error.country" })
      .regex(/^[A-Z]{2}$/, { error: "programmeFile.error.country" }),
    timeZone: z.string({ error: "edition.error.zone" }).refine(isTimeZone, { error: "edition.error.zone" }),
    startsOn: calendarDate,
    endsOn: calendarDate,
    travelWindow: z
      .string({ error: "programmeFile.error.window" })
      .refine((text) => text.split("/").length === 2 && text.split("/").every((d) => isMoment(d, "00:00")), {
        error: "programmeFile.error.window",
      })
      .optional(),
    mode: z.enum(MODES, { error: "error.choose" }).optional(),
    replyBy: localMoment.nullish(),
    registerBy: localMoment.nullish(),
    costs: inBoth(500).nullish(),
    phones: line(200).nullish(),
    hosts: z
      .array(inBoth(160).extend({ title: inBoth(200).optional() }), { error: "programmeFile.error.list" })
      .min(1, { error: "programmeFile.error.host" })
      .max(6, { error: "programmeFile.error.many" }),
  },
  { error: "programmeFile.error.object" },
);

const fileDelegation = z.object(
  { key, name: inBoth(120), quota: count.nullish() },
  { error: "programmeFile.error.object" },
);

const fileVisit = z.object(
  {
    host: inBoth(160),
    capacity: count,
    perDelegation: z.record(z.string(), count, { error: "programmeFile.error.object" }).optional(),
    clearanceDeadline: localMoment.nullish(),
    clearanceColumns: z
      .array(line(60), { error: "programmeFile.error.list" })
      .max(40, { error: "programmeFile.error.many" })
      .optional(),
    dressCode: z.union([line(120), inBoth(120)], { error: "programmeFile.error.inBoth" }).nullish(),
    meetAt: wallClock.nullish(),
    meetingPoint: inBoth(160).nullish(),
    bring: inBoth(300).nullish(),
  },
  { error: "programmeFile.error.object" },
);

const fileItem = z.object(
  {
    key: key.optional(),
    day: calendarDate,
    start: wallClock,
    end: wallClock,
    kind: z.enum(AGENDA_KINDS, { error: "programmeFile.error.kind" }),
    title: inBoth(200),
    room: inBoth(160).nullish(),
    attribution: z.enum(ATTRIBUTIONS, { error: "programmeFile.error.attribution" }).nullish(),
    interpretation: z.enum(INTERPRETATIONS, { error: "programmeFile.error.interpretation" }).nullish(),
    delegations: z.array(key, { error: "programmeFile.error.list" }).optional(),
    visit: fileVisit.nullish(),
  },
  { error: "programmeFile.error.object" },
);

/** The whole file. What it does not know (notes, earlier meetings) it leaves alone. */
export const programmeFile = z.object(
  {
    series: inBoth(200).optional(),
    event: fileEvent,
    delegations: z
      .array(fileDelegation, { error: "programmeFile.error.list" })
      .min(1, { error: "programmeFile.error.delegation" })
      .max(12, { error: "programmeFile.error.many" }),
    agenda: z
      .array(fileItem, { error: "programmeFile.error.list" })
      .max(500, { error: "programmeFile.error.many" })
      .optional(),
  },
  { error: "programmeFile.error.object" },
);
export type ProgrammeFile = z.output<typeof programmeFile>;

/**
 * Reads a file's text and plans the edition that it describes, with the likely sides; or gives everything that is wrong
 * with it, in the order of the file.
 */
export function planOfFile(
  text: string,
): { ok: true; plan: EditionPlan } | { ok: false; problems: ReadonlyArray<FileProblem> } {
  if (text.length > LARGEST_FILE) return failed([{ path: "", key: "programmeFile.error.large" }]);
  let raw: unknown;
  try {
    raw = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return failed([{ path: "", key: "programmeFile.error.json" }]);
  }
  const parsed = programmeFile.safeParse(raw);
  const problems = [
    ...(parsed.success ? [] : parsed.error.issues.map((issue) => problemOf(issue, raw))),
    // The parts that are right on their own are also held against each other, so that one reading finds everything.
    ...crossCheck(raw),
  ];
  if (!parsed.success || problems.length > 0) return failed(problems);
  return { ok: true, plan: planOf(parsed.data) };
}

function failed(problems: ReadonlyArray<FileProblem>) {
  return { ok: false, problems } as const;
}

function problemOf(issue: z.core.$ZodIssue, raw: unknown): FileProblem {
  // A part that is not there at all is missing, whatever it should have been.
  const missing = valueAt(raw, issue.path) === undefined;
  return {
    path: pathOf(issue.path),
    key: missing ? "programmeFile.error.missing" : fileMessage(issue.message),
  };
}

function valueAt(raw: unknown, path: ReadonlyArray<PropertyKey>): unknown {
  return path.reduce<unknown>(
    (value, part) => (typeof value === "object" && value !== null ? Reflect.get(value, part) : undefined),
    raw,
  );
}

const FILE_MESSAGES = [
  "error.characters",
  "error.choose",
  "error.date",
  "error.number",
  "error.time",
  "error.tooLong",
  "edition.error.zone",
  "programmeFile.error.attribution",
  "programmeFile.error.country",
  "programmeFile.error.delegation",
  "programmeFile.error.host",
  "programmeFile.error.inBoth",
  "programmeFile.error.interpretation",
  "programmeFile.error.key",
  "programmeFile.error.kind",
  "programmeFile.error.list",
  "programmeFile.error.many",
  "programmeFile.error.missing",
  "programmeFile.error.moment",
  "programmeFile.error.object",
  "programmeFile.error.slug",
  "programmeFile.error.text",
  "programmeFile.error.window",
] as const satisfies ReadonlyArray<MessageKey>;

function fileMessage(message: string): MessageKey {
  return FILE_MESSAGES.find((known) => known === message) ?? "error.invalid";
}

function pathOf(path: ReadonlyArray<PropertyKey>): string {
  return path
    .map((part, n) => (typeof part === "number" ? `[${part}]` : `${n === 0 ? "" : "."}${String(part)}`))
    .join("");
}

/** What only shows when parts are held against each other. Parts that are wrong by themselves are left out. */
function crossCheck(raw: unknown): Array<FileProblem> {
  const problems: Array<FileProblem> = [];
  const file = z
    .object({
      event: z.unknown(),
      delegations: z.array(z.unknown()).catch([]),
      agenda: z.array(z.unknown()).catch([]),
    })
    .partial()
    .safeParse(raw);
  if (!file.success) return problems;
  const days = fileEvent
    .pick({ startsOn: true, endsOn: true, travelWindow: true })
    .safeParse(file.data.event);
  const window = days.success ? travelWindow(days.data) : null;
  if (days.success && window !== null) {
    if (days.data.endsOn < days.data.startsOn)
      problems.push({ path: "event.endsOn", key: "edition.error.endsBeforeItStarts" });
    else if (window.from > days.data.startsOn || window.to < days.data.endsOn)
      problems.push({ path: "event.travelWindow", key: "edition.error.travelWindow" });
  }

  const keys = new Set<string>();
  for (const [n, entry] of (file.data.delegations ?? []).entries()) {
    const own = fileDelegation.pick({ key: true }).safeParse(entry);
    if (!own.success) continue;
    if (keys.has(own.data.key))
      problems.push({
        path: `delegations[${n}].key`,
        key: "programmeFile.error.twice",
        values: { key: own.data.key },
      });
    keys.add(own.data.key);
  }

  const itemKeys = new Set<string>();
  for (const [n, entry] of (file.data.agenda ?? []).entries()) {
    const at = `agenda[${n}]`;
    const named = fileItem.pick({ key: true }).safeParse(entry);
    if (named.success && named.data.key !== undefined) {
      if (itemKeys.has(named.data.key))
        problems.push({
          path: `${at}.key`,
          key: "programmeFile.error.twice",
          values: { key: named.data.key },
        });
      itemKeys.add(named.data.key);
    }
    const times = fileItem.pick({ start: true, end: true }).safeParse(entry);
    if (times.success && times.data.end <= times.data.start)
      problems.push({ path: `${at}.end`, key: "programmeFile.error.endsBeforeItStarts" });
    const on = fileItem.pick({ day: true }).safeParse(entry);
    if (on.success && window !== null && (on.data.day < window.from || on.data.day > window.to))
      problems.push({ path: `${at}.day`, key: "programmeFile.error.outsideWindow" });
    const kind = fileItem.pick({ kind: true, visit: true }).safeParse(entry);
    if (kind.success && kind.data.kind === "site_visit" && kind.data.visit == null)
      problems.push({ path: `${at}.visit`, key: "programmeFile.error.noVisit" });
    if (kind.success && kind.data.kind !== "site_visit" && kind.data.visit != null)
      problems.push({ path: `${at}.visit`, key: "programmeFile.error.visitElsewhere" });
    const audience = fileItem.pick({ delegations: true }).safeParse(entry);
    for (const [m, name] of (audience.success ? (audience.data.delegations ?? []) : []).entries())
      if (!keys.has(name))
        problems.push({
          path: `${at}.delegations[${m}]`,
          key: "programmeFile.error.unknownDelegation",
          values: { key: name },
        });
    const visit = z
      .object({ visit: fileVisit.pick({ capacity: true, perDelegation: true, meetAt: true }) })
      .safeParse(entry);
    if (!visit.success) continue;
    for (const [name, seats] of Object.entries(visit.data.visit.perDelegation ?? {})) {
      const path = `${at}.visit.perDelegation.${name}`;
      if (!keys.has(name))
        problems.push({ path, key: "programmeFile.error.unknownDelegation", values: { key: name } });
      else if (seats > visit.data.visit.capacity)
        problems.push({ path, key: "programmeFile.error.moreThanCapacity" });
    }
    const { meetAt } = visit.data.visit;
    if (meetAt != null && times.success && meetAt > times.data.start)
      problems.push({ path: `${at}.visit.meetAt`, key: "programmeFile.error.meetsAfterStart" });
  }
  return problems;
}

function isMoment(date: string, time: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || !/^\d{2}:\d{2}$/.test(time)) return false;
  try {
    instantOf(date, time, "UTC");
    return true;
  } catch {
    return false;
  }
}

/** The travel window; without one, the programme's own days. */
function travelWindow(event: { startsOn: string; endsOn: string; travelWindow?: string | undefined }): {
  from: string;
  to: string;
} {
  const [from = event.startsOn, to = event.endsOn] = event.travelWindow?.split("/") ?? [];
  return { from, to };
}

function planOf(file: ProgrammeFile): EditionPlan {
  const { event } = file;
  const series = file.series ?? event.title;
  const window = travelWindow(event);
  const at = (moment: string | null | undefined): number | null => {
    const [date, time] = moment?.split("T") ?? [];
    return date === undefined || time === undefined ? null : instantOf(date, time, event.timeZone);
  };
  const sides = defaultSides(
    file.delegations.map((entry) => entry.key),
    event.hosts.length,
    event.country,
  );
  return {
    seriesEn: series.en,
    seriesZh: series["zh-CN"],
    slug: event.slug ?? slugFor({ cityEn: event.city.en, startsOn: event.startsOn }),
    ordinal: event.ordinal ?? null,
    titleEn: event.title.en,
    titleZh: event.title["zh-CN"],
    cityEn: event.city.en,
    cityZh: event.city["zh-CN"],
    country: event.country,
    timeZone: event.timeZone,
    startsOn: event.startsOn,
    endsOn: event.endsOn,
    travelFrom: window.from,
    travelTo: window.to,
    mode: event.mode ?? "in_person",
    replyBy: at(event.replyBy),
    registerBy: at(event.registerBy),
    costsEn: event.costs?.en ?? "",
    costsZh: event.costs?.["zh-CN"] ?? "",
    phones: event.phones ?? "",
    coHosts: event.hosts.map((host) => ({
      nameEn: host.en,
      nameZh: host["zh-CN"],
      title: host.title === undefined ? null : { en: host.title.en, zh: host.title["zh-CN"] },
    })),
    hostSide: sides.hostSide,
    delegations: file.delegations.map((entry) => ({
      key: entry.key,
      nameEn: entry.name.en,
      nameZh: entry.name["zh-CN"],
      quota: entry.quota ?? null,
      coHost: sides.coHostOf.get(entry.key) ?? sides.hostSide,
      homeTimeZone: defaultHomeZone(entry.key, event.timeZone),
    })),
    items: (file.agenda ?? []).map((item): PlannedItem => {
      const attribution = item.attribution ?? null;
      const delegationKeys = item.delegations ?? [];
      return {
        kind: item.kind,
        startsAt: instantOf(item.day, item.start, event.timeZone),
        endsAt: instantOf(item.day, item.end, event.timeZone),
        titleEn: item.title.en,
        titleZh: item.title["zh-CN"],
        placeEn: item.room?.en ?? "",
        placeZh: item.room?.["zh-CN"] ?? "",
        audience: defaultAudience({ kind: item.kind, attribution, delegationKeys }),
        delegationKeys,
        attribution,
        interpretation: item.interpretation ?? null,
        visit: item.visit == null ? null : plannedVisit(item.visit, item.day, event.timeZone),
      };
    }),
  };
}

function plannedVisit(visit: z.output<typeof fileVisit>, day: string, timeZone: string): PlannedVisit {
  const [deadlineDay, deadlineTime] = visit.clearanceDeadline?.split("T") ?? [];
  const dress =
    visit.dressCode == null
      ? { dressEn: "", dressZh: "" }
      : typeof visit.dressCode === "string"
        ? dressInBoth(visit.dressCode)
        : { dressEn: visit.dressCode.en, dressZh: visit.dressCode["zh-CN"] };
  return {
    hostEn: visit.host.en,
    hostZh: visit.host["zh-CN"],
    capacity: visit.capacity,
    seats: Object.entries(visit.perDelegation ?? {}).map(([delegationKey, seats]) => ({
      delegationKey,
      seats,
    })),
    clearanceDeadline:
      deadlineDay === undefined || deadlineTime === undefined
        ? null
        : instantOf(deadlineDay, deadlineTime, timeZone),
    clearanceColumns: visit.clearanceColumns ?? [],
    meetAt: visit.meetAt == null ? null : instantOf(day, visit.meetAt, timeZone),
    meetingPointEn: visit.meetingPoint?.en ?? "",
    meetingPointZh: visit.meetingPoint?.["zh-CN"] ?? "",
    ...dress,
    bringEn: visit.bring?.en ?? "",
    bringZh: visit.bring?.["zh-CN"] ?? "",
  };
}
