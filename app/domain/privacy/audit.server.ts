import { sql } from "drizzle-orm";
import type { Tx } from "#db/client.server.ts";
import { prepared } from "#db/client.server.ts";
import { auditEvent } from "#db/schema/index.ts";
import { newId } from "../../platform/crypto.server.ts";
import type { DomainContext } from "../context.ts";

export type AuditEntry = {
  /** What was done, as `noun.verb`, e.g. `registration.submit`. */
  action: string;
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
