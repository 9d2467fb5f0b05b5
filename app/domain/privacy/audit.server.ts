import { sql } from "drizzle-orm";
import type { Tx } from "#db/client.server.ts";
import { prepared } from "#db/client.server.ts";
import { auditEvent } from "#db/schema/index.ts";
import type { MessageKey } from "../../i18n/catalogue/index.ts";
import { newId } from "../../platform/crypto.server.ts";
import type { DomainContext, StaffContext } from "../context.ts";

/** What was done, as `noun.verb`: only what the catalogue has words for, so that the trail can be read. */
export type AuditAction = ActionOf<MessageKey>;
type ActionOf<Key> = Key extends `auditAction.${infer Action}` ? Action : never;

export type AuditEntry = {
  /** E.g. `registration.submit`. */
  action: AuditAction;
  subjectKind: string;
  subjectId: string;
  editionId: string | null;
  /** The side whose people it concerns. */
  sideId: string | null;
  /** Counts, states, ids. Never names, addresses or answers. */
  details?: Record<string, string | number | boolean | null | ReadonlyArray<string>>;
};

const insertEvent = prepared((orm) =>
  orm
    .insert(auditEvent)
    .values({
      id: sql.placeholder("id"),
      at: sql.placeholder("at"),
      editionId: sql.placeholder("editionId"),
      coHostId: sql.placeholder("sideId"),
      actorKind: sql.placeholder("actorKind"),
      actorId: sql.placeholder("actorId"),
      action: sql.placeholder("action"),
      subjectKind: sql.placeholder("subjectKind"),
      subjectId: sql.placeholder("subjectId"),
      details: sql.placeholder("details"),
      requestId: sql.placeholder("requestId"),
    })
    .prepare(),
);

/** Writes who did what into the append-only trail, in the transaction of the deed. */
export function recordAudit(tx: Tx, ctx: DomainContext, entry: AuditEntry): void {
  insertEvent(tx).run({
    id: newId(),
    at: ctx.clock.now(),
    editionId: entry.editionId,
    sideId: entry.sideId,
    actorKind: ctx.actor.kind,
    actorId: ctx.actor.id,
    action: entry.action,
    subjectKind: entry.subjectKind,
    subjectId: entry.subjectId,
    details: JSON.stringify(entry.details ?? {}),
    requestId: ctx.requestId,
  });
}

/** One audit event for each side whose people it concerns; none where nothing was done. */
export function auditEachSide<Row extends { sideId: string }>(
  tx: Tx,
  ctx: StaffContext,
  rows: ReadonlyArray<Row>,
  entry: (own: ReadonlyArray<Row>) => Pick<AuditEntry, "action" | "details">,
): void {
  for (const sideId of new Set(rows.map((row) => row.sideId)))
    recordAudit(tx, ctx, {
      ...entry(rows.filter((row) => row.sideId === sideId)),
      subjectKind: "edition",
      subjectId: ctx.scope.editionId,
      editionId: ctx.scope.editionId,
      sideId,
    });
}
