import { createHash } from "node:crypto";
import { and, eq, inArray } from "drizzle-orm";
import type { Orm, Tx } from "#db/client.server.ts";
import {
  agendaItem,
  clearanceAnswer,
  clearanceEntry,
  clearancePart,
  clearanceRow,
  clearanceVersion,
  clearanceVersionPart,
  siteVisit,
} from "#db/schema/index.ts";
import type { ClearanceAnswer, Locale } from "#db/vocabulary.ts";
import {
  amendmentLines,
  amendmentRows,
  amendmentSheet,
  cellText,
  clearanceCell,
  headLines,
  type ListHead,
  listRows,
  listSheet,
  sheetCsv,
} from "../../documents/clearance-list.ts";
import { translator } from "../../i18n/translate.ts";
import { newId } from "../../platform/crypto.server.ts";
import type { StaffContext } from "../context.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { insertRelease } from "../privacy/release.server.ts";
import { endOfDay, type ReleaseColumn } from "../privacy/release.ts";
import { ok, type Result, refused } from "../result.ts";
import { giveUpPlace } from "../visit/seats.server.ts";
import { dealsWithHost, type ListedVisit, listable, listedVisit } from "./facts.server.ts";
import { type ClearanceColumn, columnsMark, type FactName, factOf } from "./facts.ts";
import {
  type Gathered,
  gathered,
  newestPart,
  newestVersion,
  type PartRows,
  partPlace,
  readFrozen,
  versionPlace,
} from "./record.server.ts";
import { type FrozenList, type ListChange, listChanges } from "./rules.ts";

/**
 * The host's columns, and the language of its list. What was sent stays as it is. `changed_meanwhile`: somebody else has set
 * them otherwise since they were `seen`.
 */
export function changeColumns(
  ctx: StaffContext,
  {
    visitId,
    columns,
    locale,
    seen,
  }: { visitId: string; columns: ReadonlyArray<ClearanceColumn>; locale: Locale; seen?: string },
): Promise<Result<null, "gone" | "changed_meanwhile">> {
  return ctx.db.write((tx) => {
    const { editionId } = ctx.scope;
    const visit = listedVisit(tx, editionId, visitId);
    if (visit === null) return refused("gone");
    const stands = columnsMark(visit);
    if (seen !== undefined && seen !== stands)
      return stands === columnsMark({ columns, locale }) ? ok(null) : refused("changed_meanwhile");
    const changed = tx
      .update(siteVisit)
      .set({ clearanceColumns: JSON.stringify(columns), clearanceLocale: locale })
      .where(and(eq(siteVisit.id, visitId), eq(siteVisit.editionId, editionId)))
      .run();
    if (changed.changes === 0) return refused("gone");
    recordAudit(tx, ctx, {
      action: "clearance.columns",
      subjectKind: "site_visit",
      subjectId: visitId,
      editionId,
      sideId: null,
      details: { columns: columns.map(({ fact }) => fact), locale },
    });
    return ok(null);
  });
}

/** Which columns of a release say what a fact says; of passports there are none: they are in the file alone. */
const RELEASED_AS: Readonly<Partial<Record<FactName, ReadonlyArray<ReleaseColumn>>>> = {
  nameLatin: ["nameLatin"],
  nameNative: ["nameNative"],
  familyLatin: ["familyLatin"],
  givenLatin: ["givenLatin"],
  honorific: ["honorificEn", "honorificZh"],
  position: ["positionEn", "positionZh"],
  institution: ["institutionEn", "institutionZh"],
  delegation: ["delegationEn", "delegationZh"],
  category: ["category"],
  phone: ["phone"],
  email: ["email"],
};

/**
 * Releases to a host's list everybody of one's own sides who is ready, with the facts that the host asks for: a release is
 * recorded for just these people and columns, until the travellers are home. Nothing new: nothing is written.
 *
 * `nothing`: nobody is ready, and nobody was released before.
 */
export function releaseToList(
  ctx: StaffContext,
  visitId: string,
): Promise<Result<{ people: number; changed: boolean }, "gone" | "nothing">> {
  return ctx.db.write((tx) => {
    const visit = listedVisit(tx, ctx.scope.editionId, visitId);
    if (visit === null) return refused("gone");
    const ready = listable({ orm: tx, keys: ctx.keys }, visit, ctx.scope.sideIds).filter(
      (one) => one.agrees && one.lacks.length === 0,
    );
    let changed = false;
    for (const sideId of ctx.scope.sideIds) {
      const own = ready.filter((one) => one.sideId === sideId);
      const before = newestPart(tx, { visitId, sideId });
      if (own.length === 0 && before === null) continue;
      const facts = factsAsked(visit);
      const same =
        before !== null &&
        JSON.stringify(before.facts) === JSON.stringify(facts) &&
        before.isOpen(ctx.clock.now()) &&
        before.rows.length === own.length &&
        own.every((one) => before.digests.get(one.invitationId) === one.digest);
      if (same) continue;
      changed = true;
      const partId = newId();
      const releaseId = own.length === 0 ? null : recordRelease(tx, ctx, { visit, sideId, people: own });
      tx.insert(clearancePart)
        .values({
          id: partId,
          visitId,
          coHostId: sideId,
          number: (before?.number ?? 0) + 1,
          releaseId,
          facts: JSON.stringify(facts),
          sealed: ctx.keys.seal(
            JSON.stringify(own.map(({ invitationId, facts: known }) => ({ invitationId, facts: known }))),
            partPlace(partId),
          ),
          releasedAt: ctx.clock.now(),
          releasedBy: ctx.actor.id,
        })
        .run();
      for (const { invitationId, digest } of own)
        tx.insert(clearanceRow).values({ partId, invitationId, digest }).run();
      recordAudit(tx, ctx, {
        action: "clearance.release",
        subjectKind: "site_visit",
        subjectId: visitId,
        editionId: visit.editionId,
        sideId,
        details: { people: own.length, columns: facts, release: releaseId },
      });
    }
    if (!changed && ready.length === 0) return refused("nothing");
    return ok({ people: ready.length, changed });
  });
}

function factsAsked({ columns }: Pick<ListedVisit, "columns">): Array<FactName> {
  return [...new Set(columns.map(({ fact }) => fact))].sort();
}

function recordRelease(
  tx: Tx,
  ctx: StaffContext,
  {
    visit,
    sideId,
    people,
  }: { visit: ListedVisit; sideId: string; people: ReadonlyArray<{ invitationId: string }> },
): string {
  // Whoever deals with the host has to know whom a row is about.
  const columns = [
    "nameLatin" as const,
    "nameNative" as const,
    ...factsAsked(visit).flatMap((fact) => RELEASED_AS[fact] ?? []),
  ];
  const inFile = factsAsked(visit).filter((fact) => factOf(fact).dataClass === "C5");
  const words = (locale: Locale) =>
    translator(locale)("clearance.purpose", {
      host: locale === "en" ? visit.hostEn || visit.hostZh : visit.hostZh || visit.hostEn,
    });
  return insertRelease(tx, ctx, {
    fromSideId: sideId,
    toSideId: visit.hostSideId === sideId ? null : visit.hostSideId,
    recipient: `${visit.hostEn} ${visit.hostZh}`.trim(),
    purpose: `${words("en")} / ${words("zh-CN")}`,
    columns: [...new Set(columns)],
    inFile,
    invitationIds: people.map((one) => one.invitationId),
    expiresAt: endOfDay(visit.travelTo, visit.timeZone),
  });
}

/**
 * Puts the list together from what each side released, and freezes it as the next version, from the second on with its
 * amendment. The workbooks are made outside the transaction; so when they are done, all must still be what they say.
 *
 * `nothing`: nobody was released; `unchanged`: it is what was sent last; `facts`: a side has yet to release what the host
 * asks for now; `changed`: somebody released or withdrew meanwhile; `not_host`: another side deals with the host.
 */
export async function freezeList(
  ctx: StaffContext,
  visitId: string,
): Promise<
  Result<{ number: number }, "gone" | "not_host" | "nothing" | "unchanged" | "facts" | "changed" | "purged">
> {
  const drawn = nextVersion(ctx, ctx.db.orm, visitId);
  if (!drawn.ok) return drawn;
  const { list, changes, head } = drawn.value;
  const { xlsxBytes } = await import("../../documents/xlsx.server.ts");
  const whole = await xlsxBytes(listSheet(list, head));
  const amendment = changes === null ? null : await xlsxBytes(amendmentSheet(list, changes, head));
  return ctx.db.write((tx) => {
    const again = nextVersion(ctx, tx, visitId);
    if (!again.ok) return again;
    const { visit, sources } = again.value;
    if (JSON.stringify([again.value.list, again.value.head.number]) !== JSON.stringify([list, head.number]))
      return refused("changed");
    const versionId = newId();
    const count = (change: ListChange["change"]) =>
      changes === null ? 0 : changes.filter((one) => one.change === change).length;
    const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
    tx.insert(clearanceVersion)
      .values({
        id: versionId,
        visitId,
        number: head.number,
        locale: list.locale,
        sealed: ctx.keys.seal(
          JSON.stringify({
            list,
            changes,
            head,
            xlsx: base64(whole),
            amendmentXlsx: amendment === null ? null : base64(amendment),
          }),
          versionPlace(versionId),
        ),
        people: list.rows.length,
        added: count("added"),
        removed: count("removed"),
        changed: count("changed"),
        sha256: sha256(whole),
        amendmentSha256: amendment === null ? null : sha256(amendment),
        frozenAt: head.frozenAt,
        frozenBy: ctx.actor.id,
      })
      .run();
    for (const { partId } of sources) tx.insert(clearanceVersionPart).values({ versionId, partId }).run();
    for (const [index, { key }] of list.rows.entries())
      tx.insert(clearanceEntry)
        .values({ versionId, invitationId: key, row: index + 1 })
        .run();
    for (const { sideId, rows } of sources)
      recordAudit(tx, ctx, {
        action: "clearance.freeze",
        subjectKind: "clearance_version",
        subjectId: versionId,
        editionId: visit.editionId,
        sideId,
        details: { number: head.number, people: rows.length, sha256: sha256(whole) },
      });
    return ok({ number: head.number });
  });
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

type NextVersion = {
  visit: ListedVisit;
  list: FrozenList;
  changes: Array<ListChange> | null;
  head: ListHead;
  sources: ReadonlyArray<PartRows>;
};

function nextVersion(
  ctx: StaffContext,
  orm: Orm,
  visitId: string,
): Result<NextVersion, "gone" | "not_host" | "nothing" | "unchanged" | "facts" | "purged"> {
  const visit = listedVisit(orm, ctx.scope.editionId, visitId);
  if (visit === null) return refused("gone");
  if (!dealsWithHost(visit, ctx.scope)) return refused("not_host");
  const found: Gathered = gathered({ orm, keys: ctx.keys }, visit, ctx.clock.now());
  const previous = newestVersion(orm, visitId);
  if (found.sources.length === 0 && previous === null) return refused("nothing");
  const asked = factsAsked(visit);
  if (found.sources.some(({ facts }) => asked.some((fact) => !facts.includes(fact)))) return refused("facts");
  const list: FrozenList = {
    locale: visit.locale,
    columns: visit.columns,
    rows: found.rows.map(({ invitationId, facts }) => ({
      key: invitationId,
      cells: visit.columns.map((column) => clearanceCell(column, facts[column.fact], visit.locale)),
    })),
  };
  const before = previous === null ? null : readFrozen(ctx.keys, previous);
  if (previous !== null && before === null) return refused("purged");
  const changes = before === null ? null : listChanges(before.list, list);
  if (changes !== null && changes.length === 0) return refused("unchanged");
  const item = orm
    .select({ titleEn: agendaItem.titleEn, titleZh: agendaItem.titleZh })
    .from(siteVisit)
    .innerJoin(agendaItem, eq(agendaItem.id, siteVisit.itemId))
    .where(eq(siteVisit.id, visitId))
    .get();
  const head: ListHead = {
    hostEn: visit.hostEn,
    hostZh: visit.hostZh,
    titleEn: item?.titleEn ?? "",
    titleZh: item?.titleZh ?? "",
    number: (previous?.number ?? 0) + 1,
    frozenAt: ctx.clock.now(),
    timeZone: visit.timeZone,
  };
  return ok({ visit, list, changes, head, sources: found.sources });
}

export type FilePart = "list" | "amendment";
export type FileFormat = "xlsx" | "pdf" | "csv";

/**
 * A version's file, or its amendment's. For whoever deals with the host; that it was taken stands in the trail of each side
 * whose people are in it, with the digest of the very bytes. `revoked`: a side has taken back what it released to it;
 * `purged`: it is no longer kept.
 */
export async function takeList(
  ctx: StaffContext,
  { visitId, number, part, format }: { visitId: string; number: number; part: FilePart; format: FileFormat },
): Promise<Result<{ bytes: Uint8Array<ArrayBuffer> }, "gone" | "not_host" | "revoked" | "purged">> {
  const { orm } = ctx.db;
  const visit = listedVisit(orm, ctx.scope.editionId, visitId);
  const version = orm
    .select()
    .from(clearanceVersion)
    .where(and(eq(clearanceVersion.visitId, visitId), eq(clearanceVersion.number, number)))
    .get();
  if (visit === null || version === undefined) return refused("gone");
  if (!dealsWithHost(visit, ctx.scope)) return refused("not_host");
  const frozen = readFrozen(ctx.keys, version);
  if (frozen === null) return refused("purged");
  const { list, changes, head } = frozen;
  if (part === "amendment" && (changes === null || frozen.amendmentXlsx === null)) return refused("gone");
  const isList = part === "list";
  const sheet = isList ? listSheet(list, head) : amendmentSheet(list, changes ?? [], head);
  const rows = isList ? listRows(list) : amendmentRows(list, changes ?? []);
  let bytes: Uint8Array<ArrayBuffer>;
  if (format === "xlsx")
    bytes = new Uint8Array(Buffer.from((isList ? frozen.xlsx : frozen.amendmentXlsx) ?? "", "base64"));
  else if (format === "csv") bytes = new TextEncoder().encode(sheetCsv(sheet, rows));
  else {
    const { clearancePdf } = await import("../../documents/clearance-pdf.server.ts");
    bytes = await clearancePdf({
      above: isList
        ? headLines(head, list.rows.length, list.locale)
        : amendmentLines(head, changes ?? [], list.locale),
      headings: sheet.columns.map(({ heading }) => heading),
      rows: rows.map((row) => row.map(cellText)),
      locale: list.locale,
      at: head.frozenAt,
      hash: (isList ? version.sha256 : version.amendmentSha256) ?? "",
    });
  }
  return ctx.db.write((tx) => {
    const parts = partsOf(tx, version.id);
    if (!parts.every((one) => one.isOpen(ctx.clock.now()))) return refused("revoked");
    for (const { sideId, rows: own } of parts)
      recordAudit(tx, ctx, {
        action: "clearance.take",
        subjectKind: "clearance_version",
        subjectId: version.id,
        editionId: visit.editionId,
        sideId,
        details: { number, part, format, rows: own.length, sha256: sha256(bytes) },
      });
    return ok({ bytes });
  });
}

function partsOf(tx: Tx, versionId: string): Array<PartRows> {
  return tx
    .select({
      partId: clearanceVersionPart.partId,
      visitId: clearancePart.visitId,
      sideId: clearancePart.coHostId,
    })
    .from(clearanceVersionPart)
    .innerJoin(clearancePart, eq(clearancePart.id, clearanceVersionPart.partId))
    .where(eq(clearanceVersionPart.versionId, versionId))
    .all()
    .flatMap((one) => newestPart(tx, one) ?? []);
}

/**
 * Writes down what the host said about people on its newest list; `null` takes it back. For whoever deals with the host:
 * it is they who are told. `gone`: somebody is not on it.
 */
export function recordAnswer(
  ctx: StaffContext,
  {
    visitId,
    number,
    rows,
    answer,
  }: { visitId: string; number?: number; rows: ReadonlyArray<number>; answer: ClearanceAnswer | null },
): Promise<Result<{ people: number }, "gone" | "not_host" | "new_version">> {
  return ctx.db.write((tx) => {
    const visit = listedVisit(tx, ctx.scope.editionId, visitId);
    if (visit === null) return refused("gone");
    if (!dealsWithHost(visit, ctx.scope)) return refused("not_host");
    const newest = newestVersion(tx, visitId);
    if (newest === null || rows.length === 0) return refused("gone");
    // A row is somebody else in another version.
    if (number !== undefined && number !== newest.number) return refused("new_version");
    const people = tx
      .select({ invitationId: clearanceEntry.invitationId })
      .from(clearanceEntry)
      .where(and(eq(clearanceEntry.versionId, newest.id), inArray(clearanceEntry.row, [...new Set(rows)])))
      .all();
    if (people.length !== new Set(rows).size) return refused("gone");
    const at = ctx.clock.now();
    for (const { invitationId } of people) {
      if (answer === null)
        tx.delete(clearanceAnswer)
          .where(and(eq(clearanceAnswer.visitId, visitId), eq(clearanceAnswer.invitationId, invitationId)))
          .run();
      else
        tx.insert(clearanceAnswer)
          .values({ visitId, invitationId, answer, at, by: ctx.actor.id })
          .onConflictDoUpdate({
            target: [clearanceAnswer.visitId, clearanceAnswer.invitationId],
            set: { answer, at, by: ctx.actor.id },
          })
          .run();
    }
    const sides = tx
      .selectDistinct({ sideId: clearancePart.coHostId })
      .from(clearanceVersionPart)
      .innerJoin(clearancePart, eq(clearancePart.id, clearanceVersionPart.partId))
      .where(eq(clearanceVersionPart.versionId, newest.id))
      .all();
    for (const { sideId } of sides)
      recordAudit(tx, ctx, {
        action: "clearance.answer",
        subjectKind: "site_visit",
        subjectId: visitId,
        editionId: visit.editionId,
        sideId,
        details: { answer: answer ?? "none", people: people.length },
      });
    return ok({ people: people.length });
  });
}

/**
 * Frees the seat of somebody of one's own side whom the host refused; the next in line gets it. They are not written to: such
 * news comes from a person. `gone`: nobody of this side was refused so, or they have no seat any more.
 */
export function freeRefused(
  ctx: StaffContext,
  { visitId, invitationId }: { visitId: string; invitationId: string },
): Promise<Result<null, "gone">> {
  return ctx.db.write((tx) => {
    const visit = listedVisit(tx, ctx.scope.editionId, visitId);
    if (visit === null) return refused("gone");
    const own = listable({ orm: tx, keys: ctx.keys }, visit, ctx.scope.sideIds).find(
      (one) => one.invitationId === invitationId,
    );
    const said = tx
      .select({ answer: clearanceAnswer.answer })
      .from(clearanceAnswer)
      .where(and(eq(clearanceAnswer.visitId, visitId), eq(clearanceAnswer.invitationId, invitationId)))
      .get();
    if (own === undefined || said?.answer !== "refused") return refused("gone");
    giveUpPlace(tx, ctx, { visitId, invitationId, cause: "host_refused" });
    recordAudit(tx, ctx, {
      action: "clearance.free",
      subjectKind: "site_visit",
      subjectId: visitId,
      editionId: visit.editionId,
      sideId: own.sideId,
      details: { invitation: invitationId },
    });
    return ok(null);
  });
}
