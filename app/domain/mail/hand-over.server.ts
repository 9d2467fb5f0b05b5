/**
 * A text that people of another side should get, too. Nobody writes to another side's people: their own secretariat does
 * (DOMAIN §4.3: what a release lets one read is for its purpose, and answers, bounces and the history of a person's mails
 * belong to the side that answers for them). So the text is handed over, as a draft among that side's own.
 */
import { and, eq } from "drizzle-orm";
import { editionCoHost, message } from "#db/schema/index.ts";
import { newId } from "../../platform/crypto.server.ts";
import type { StaffContext } from "../context.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { audienceOf, findMessage, storedFilter } from "./audience.server.ts";
import { type AudienceFilter, audienceFilter } from "./form.ts";

/**
 * Hands a message's text to another co-host of the edition. What crosses is subject and text in both languages, and those
 * conditions that name nobody and nothing of one's own side; who would get it here does not. The same text handed over
 * again while it waits there writes nothing.
 *
 * @returns refusals: `gone`, when message or co-host are not there; `checks`, when the text tells of somebody's travel,
 *   health or passport.
 */
export function handMessageOver(
  ctx: StaffContext,
  { messageId, toSideId }: { messageId: string; toSideId: string },
): Promise<Result<null, "gone" | "checks">> {
  return ctx.db.write((tx) => {
    const found = findMessage(tx, ctx, messageId);
    const there = tx
      .select({ id: editionCoHost.coHostId })
      .from(editionCoHost)
      .where(and(eq(editionCoHost.editionId, ctx.scope.editionId), eq(editionCoHost.coHostId, toSideId)))
      .get();
    if (found === null || there === undefined || toSideId === found.coHostId) return refused("gone");
    const now = ctx.clock.now();
    const { checks } = audienceOf(tx, found, { baseUrl: ctx.baseUrl, now });
    if (checks.some(({ check }) => check === "close_data" || check === "empty")) return refused("checks");
    const { kind, subjectEn, subjectZh, bodyEn, bodyZh } = found;
    const text = { kind, subjectEn, subjectZh, bodyEn, bodyZh };
    const waiting = tx
      .select({ id: message.id })
      .from(message)
      .where(
        and(
          eq(message.editionId, found.editionId),
          eq(message.coHostId, toSideId),
          eq(message.handedById, found.coHostId),
          eq(message.state, "draft"),
          eq(message.kind, kind),
          eq(message.subjectEn, subjectEn),
          eq(message.subjectZh, subjectZh),
          eq(message.bodyEn, bodyEn),
          eq(message.bodyZh, bodyZh),
        ),
      )
      .get();
    if (waiting !== undefined) return ok(null);
    tx.insert(message)
      .values({
        id: newId(),
        editionId: found.editionId,
        coHostId: toSideId,
        state: "draft",
        ...text,
        audience: JSON.stringify(common(storedFilter(found))),
        behind: found.behind,
        handedById: found.coHostId,
        createdBy: ctx.actor.id,
        createdAt: now,
      })
      .run();
    recordAudit(tx, ctx, {
      action: "message.hand_over",
      subjectKind: "message",
      subjectId: messageId,
      editionId: found.editionId,
      sideId: found.coHostId,
      details: { to: toSideId },
    });
    return ok(null);
  });
}

/** Of an audience, what means the same on both sides and tells of nobody. */
function common({ categories, replies, registration, functions, unseenVersion }: AudienceFilter) {
  return audienceFilter.parse({ categories, replies, registration, functions, unseenVersion });
}
