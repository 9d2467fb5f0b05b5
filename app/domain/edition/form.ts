/** The forms about an edition. Names of fields are flat: the pages work without JavaScript. */
import { z } from "zod";
import { APPROVALS, MODES } from "#db/vocabulary.ts";
import { instantOf, isTimeZone } from "../../i18n/dates.ts";
import { defaultHomeZone, type EditionPlan, slugFor, slugOf } from "./rules.ts";

/** How many delegations the form for a new edition has room for; more can be added afterwards. */
export const DELEGATION_ROWS = [1, 2, 3, 4] as const;

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  return isInstant(text, "00:00");
}

function isTime(text: string): boolean {
  return /^\d{2}:\d{2}$/.test(text) && isInstant("2000-01-01", text);
}

function isInstant(day: string, time: string): boolean {
  try {
    instantOf(day, time, "UTC");
    return true;
  } catch {
    return false;
  }
}

const line = (longest: number) =>
  z
    .string({ error: "error.required" })
    .trim()
    .min(1, { error: "error.required" })
    .max(longest, { error: "error.tooLong" })
    .refine((text) => !/[\p{Cc}\u2028\u2029]/u.test(text), { error: "error.characters" });

/** A day as `YYYY-MM-DD`, a time as `HH:MM`. */
export const day = z.string({ error: "error.required" }).refine(isDay, { error: "error.date" });
export const time = z.string({ error: "error.required" }).refine(isTime, { error: "error.time" });
const zone = z.string({ error: "error.required" }).trim().refine(isTimeZone, { error: "edition.error.zone" });
const quota = z
  .int({ error: "error.number" })
  .min(0, { error: "error.number" })
  .max(10_000, { error: "error.number" })
  .optional();
/** Which co-host: its number in the form. */
const host = z.enum(["1", "2"], { error: "error.choose" });

const editionFields = z.object({
  titleEn: line(200),
  titleZh: line(200),
  seriesEn: line(200).optional(),
  seriesZh: line(200).optional(),
  ordinal: z
    .int({ error: "error.number" })
    .min(1, { error: "error.number" })
    .max(999, { error: "error.number" })
    .optional(),
  cityEn: line(80),
  cityZh: line(80),
  country: line(2).regex(/^[A-Z]{2}$/, { error: "programmeFile.error.country" }),
  timeZone: zone,
  startsOn: day,
  endsOn: day,
  travelFrom: day.optional(),
  travelTo: day.optional(),
  mode: z.enum(MODES, { error: "error.choose" }),
  replyOn: day.optional(),
  replyTime: time.optional(),
  host1En: line(160),
  host1Zh: line(160),
  host2En: line(160).optional(),
  host2Zh: line(160).optional(),
  ownHost: host,
  hostSide: host,
  delegation1En: line(120),
  delegation1Zh: line(120),
  delegation1Quota: quota,
  delegation1Host: host,
  delegation2En: line(120).optional(),
  delegation2Zh: line(120).optional(),
  delegation2Quota: quota,
  delegation2Host: host.optional(),
  delegation3En: line(120).optional(),
  delegation3Zh: line(120).optional(),
  delegation3Quota: quota,
  delegation3Host: host.optional(),
  delegation4En: line(120).optional(),
  delegation4Zh: line(120).optional(),
  delegation4Quota: quota,
  delegation4Host: host.optional(),
});

/** A new edition, typed in. Gives a plan without an agenda, and who of the co-hosts the creator works for. */
export const editionForm = editionFields
  .superRefine((form, check) => {
    const wrong = (field: keyof z.output<typeof editionFields>, message: string) =>
      check.addIssue({ code: "custom", path: [field], message });
    if (form.endsOn < form.startsOn) wrong("endsOn", "edition.error.endsBeforeItStarts");
    if (form.travelFrom !== undefined && form.travelFrom > form.startsOn)
      wrong("travelFrom", "edition.error.travelWindow");
    if (form.travelTo !== undefined && form.travelTo < form.endsOn)
      wrong("travelTo", "edition.error.travelWindow");
    if (form.replyTime !== undefined && form.replyOn === undefined) wrong("replyOn", "error.required");
    if ((form.seriesEn === undefined) !== (form.seriesZh === undefined))
      wrong(form.seriesEn === undefined ? "seriesEn" : "seriesZh", "edition.error.bothLanguages");
    if ((form.host2En === undefined) !== (form.host2Zh === undefined))
      wrong(form.host2En === undefined ? "host2En" : "host2Zh", "edition.error.bothLanguages");
    if (form.host2En === undefined && form.host2Zh === undefined) {
      for (const field of ["ownHost", "hostSide"] as const)
        if (form[field] === "2") wrong(field, "edition.error.noSecondHost");
    }
    for (const n of DELEGATION_ROWS) {
      const row = delegationRow(form, n);
      if (!row.begun) continue;
      if (row.nameEn === undefined) wrong(`delegation${n}En`, "error.required");
      if (row.nameZh === undefined) wrong(`delegation${n}Zh`, "error.required");
      if (row.host === undefined) wrong(`delegation${n}Host`, "error.choose");
      if (row.host === "2" && form.host2En === undefined && form.host2Zh === undefined)
        wrong(`delegation${n}Host`, "edition.error.noSecondHost");
    }
  })
  .transform((form): { plan: EditionPlan; ownCoHost: number } => {
    const rows = DELEGATION_ROWS.map((n) => delegationRow(form, n)).filter((row) => row.begun);
    const keys = new Set<string>();
    return {
      ownCoHost: Number(form.ownHost) - 1,
      plan: {
        seriesEn: form.seriesEn ?? form.titleEn,
        seriesZh: form.seriesZh ?? form.titleZh,
        slug: slugFor(form),
        ordinal: form.ordinal ?? null,
        titleEn: form.titleEn,
        titleZh: form.titleZh,
        cityEn: form.cityEn,
        cityZh: form.cityZh,
        country: form.country,
        timeZone: form.timeZone,
        startsOn: form.startsOn,
        endsOn: form.endsOn,
        travelFrom: form.travelFrom ?? form.startsOn,
        travelTo: form.travelTo ?? form.endsOn,
        mode: form.mode,
        replyBy:
          form.replyOn === undefined
            ? null
            : instantOf(form.replyOn, form.replyTime ?? "18:00", form.timeZone),
        registerBy: null,
        costsEn: "",
        costsZh: "",
        phones: "",
        coHosts: [
          { nameEn: form.host1En, nameZh: form.host1Zh, title: null },
          ...(form.host2En === undefined || form.host2Zh === undefined
            ? []
            : [{ nameEn: form.host2En, nameZh: form.host2Zh, title: null }]),
        ],
        hostSide: Number(form.hostSide) - 1,
        delegations: rows.map((row) => {
          const key = delegationKey(row.nameEn ?? "", keys);
          return {
            key,
            nameEn: row.nameEn ?? "",
            nameZh: row.nameZh ?? "",
            quota: row.quota ?? null,
            coHost: Number(row.host ?? "1") - 1,
            homeTimeZone: defaultHomeZone(key, form.timeZone),
          };
        }),
        items: [],
      },
    };
  });

/** `us` and `cn` for the delegations that everybody calls so, otherwise the words of the name; each once. */
function delegationKey(nameEn: string, taken: Set<string>): string {
  const slug = slugOf(nameEn.replaceAll(".", ""));
  const wish = /^(us|american|united-states)\b/.test(slug)
    ? "us"
    : /^(chinese|china|prc)\b/.test(slug)
      ? "cn"
      : slug.slice(0, 30) || "delegation";
  let key = wish;
  for (let n = 2; taken.has(key); n += 1) key = `${wish}-${n}`;
  taken.add(key);
  return key;
}

function delegationRow(form: z.output<typeof editionFields>, n: (typeof DELEGATION_ROWS)[number]) {
  const row = {
    nameEn: form[`delegation${n}En`],
    nameZh: form[`delegation${n}Zh`],
    quota: form[`delegation${n}Quota`],
    host: form[`delegation${n}Host`],
  };
  const begun = row.nameEn !== undefined || row.nameZh !== undefined || row.quota !== undefined;
  return { ...row, begun };
}

/** Deadlines by the clock in the edition's zone, costs and phones. */
export function termsForm(timeZone: string) {
  return z
    .object({
      replyOn: day.optional(),
      replyTime: time.optional(),
      registerOn: day.optional(),
      registerTime: time.optional(),
      costsEn: line(500).optional(),
      costsZh: line(500).optional(),
      phones: line(200).optional(),
    })
    .superRefine((form, check) => {
      const wrong = (field: string, message: string) =>
        check.addIssue({ code: "custom", path: [field], message });
      if (form.replyTime !== undefined && form.replyOn === undefined) wrong("replyOn", "error.required");
      if (form.registerTime !== undefined && form.registerOn === undefined)
        wrong("registerOn", "error.required");
      if ((form.costsEn === undefined) !== (form.costsZh === undefined))
        wrong(form.costsEn === undefined ? "costsEn" : "costsZh", "edition.error.bothLanguages");
    })
    .transform((form) => ({
      replyBy:
        form.replyOn === undefined ? null : instantOf(form.replyOn, form.replyTime ?? "18:00", timeZone),
      registerBy:
        form.registerOn === undefined
          ? null
          : instantOf(form.registerOn, form.registerTime ?? "18:00", timeZone),
      costsEn: form.costsEn ?? "",
      costsZh: form.costsZh ?? "",
      phones: form.phones ?? "",
    }));
}

/** Who has to approve an invitation before it goes out. */
export const approvalForm = z.object({ approval: z.enum(APPROVALS, { error: "error.choose" }) });

/** One's own delegations as `rows[n].…`, and perhaps one more as `added.…`. */
export const delegationsForm = z.object({
  rows: z.array(
    z.object({ id: z.string(), nameEn: line(120), nameZh: line(120), quota, homeTimeZone: zone }),
  ),
  added: z
    .object({
      nameEn: line(120).optional(),
      nameZh: line(120).optional(),
      quota,
      homeTimeZone: zone.optional(),
    })
    .optional()
    .superRefine((entry, check) => {
      if (entry === undefined || (entry.nameEn === undefined && entry.nameZh === undefined)) return;
      for (const field of ["nameEn", "nameZh"] as const)
        if (entry[field] === undefined)
          check.addIssue({ code: "custom", path: [field], message: "edition.error.bothLanguages" });
    }),
});

/** The confirmation of a programme file's preview: its text once more, and who is which side. Numbers count co-hosts from 0. */
export const confirmForm = z.object({
  text: z.string({ error: "edition.error.noFile" }),
  id: z.string().regex(/^[A-Za-z0-9_-]{20}$/),
  ownHost: coHostNumber(),
  hostSide: coHostNumber(),
  /** A side that the creator leads, or nothing for a new co-host of the file's name. */
  ownSide: z.string().optional(),
  sides: z.array(coHostNumber()),
});

function coHostNumber() {
  return z
    .string({ error: "error.choose" })
    .regex(/^\d$/, { error: "error.choose" })
    .transform((digit) => Number(digit));
}

/** Up to which instant somebody has seen what changed, as the page said it. */
export const lookForm = z.object({
  until: z.int({ error: "error.number" }).min(0, { error: "error.number" }),
});
