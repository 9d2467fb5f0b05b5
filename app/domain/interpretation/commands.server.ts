import { createHash } from "node:crypto";
import { and, eq, inArray } from "drizzle-orm";
import type { Orm, Tx } from "#db/client.server.ts";
import { agendaItem, interpreterPost, outsideInterpreter } from "#db/schema/index.ts";
import type { Locale } from "#db/vocabulary.ts";
import { newId } from "../../platform/crypto.server.ts";
import type { StaffContext } from "../context.ts";
import { findOwn, over } from "../invitation/own.server.ts";
import { sheetBytes } from "../meal/sheets.server.ts";
import { auditSide } from "../privacy/audit-sides.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { justSo } from "../twice.server.ts";
import type { OutsiderForm, PostForm } from "./form.ts";
import { interpretationPlan, outsiders } from "./queries.server.ts";
import { interpretationSheet } from "./sheet.ts";

/** Adds an interpreter who is hired, or changes one whom one's own side hired. */
export function saveOutsider(
  ctx: StaffContext,
  input: OutsiderForm,
): Promise<Result<{ outsiderId: string }, "gone" | "changed">> {
  return ctx.db.write((tx) => {
    const facts = {
      name: input.name,
      phone: input.phone,
      pairs: JSON.stringify(input.pairs),
      note: input.note,
      revision: input.revision + 1,
    };
    const coHostId = ctx.scope.sideIds[0];
    if (coHostId === undefined) return refused("gone");
    const twin = input.outsiderId === "" ? sameOutsider(tx, ctx, facts) : undefined;
    if (twin !== undefined) return ok({ outsiderId: twin.id });
    const outsiderId = input.outsiderId === "" ? newId() : input.outsiderId;
    if (input.outsiderId === "")
      tx.insert(outsideInterpreter)
        .values({ id: outsiderId, editionId: ctx.scope.editionId, coHostId, ...facts })
        .run();
    else {
      const known = ownOutsider(tx, ctx, outsiderId);
      if (known === undefined) return refused("gone");
      if (known.revision !== input.revision) return refused("changed");
      tx.update(outsideInterpreter).set(facts).where(eq(outsideInterpreter.id, outsiderId)).run();
    }
    auditSide(tx, ctx, { action: "interpreter.save", subjectKind: "interpreter", subjectId: outsiderId });
    return ok({ outsiderId });
  });
}

/** Somebody who was hired, in just these words: a form may come twice. */
function sameOutsider(
  tx: Tx,
  ctx: StaffContext,
  { name, phone, pairs, note }: { name: string; phone: string; pairs: string; note: string },
) {
  return tx
    .select({ id: outsideInterpreter.id })
    .from(outsideInterpreter)
    .where(
      and(
        inArray(outsideInterpreter.coHostId, [...ctx.scope.sideIds]),
        justSo(outsideInterpreter, { editionId: ctx.scope.editionId, name, phone, pairs, note }),
      ),
    )
    .get();
}

/** Takes somebody who was hired out of the plan, with all their posts. Gone already: nothing to do. */
export function removeOutsider(
  ctx: StaffContext,
  { outsiderId }: { outsiderId: string },
): Promise<Result<null, "gone">> {
  return ctx.db.write((tx) => {
    if (ownOutsider(tx, ctx, outsiderId) === undefined)
      return outsiders(tx, ctx.scope).some((one) => one.outsiderId === outsiderId)
        ? refused("gone")
        : ok(null);
    tx.delete(outsideInterpreter).where(eq(outsideInterpreter.id, outsiderId)).run();
    auditSide(tx, ctx, { action: "interpreter.remove", subjectKind: "interpreter", subjectId: outsiderId });
    return ok(null);
  });
}

function ownOutsider(orm: Orm, ctx: StaffContext, outsiderId: string) {
  return orm
    .select({ revision: outsideInterpreter.revision })
    .from(outsideInterpreter)
    .where(
      and(
        eq(outsideInterpreter.id, outsiderId),
        eq(outsideInterpreter.editionId, ctx.scope.editionId),
        inArray(outsideInterpreter.coHostId, [...ctx.scope.sideIds]),
      ),
    )
    .get();
}

/**
 * Has somebody interpret an item: one of one's own side's people, or somebody who was hired, by whichever side. There
 * already: between these languages and in this booth from now on.
 */
export function savePost(
  ctx: StaffContext,
  { itemId, who, pair, booth }: PostForm & { itemId: string },
): Promise<Result<null, "gone">> {
  return ctx.db.write((tx) => {
    const item = itemIn(tx, ctx, itemId);
    const one = interpreterOf(tx, ctx, who);
    if (item === undefined || one === null) return refused("gone");
    const { sideId, ...whose } = one;
    const known = tx
      .select({ id: interpreterPost.id })
      .from(interpreterPost)
      .where(
        and(
          eq(interpreterPost.itemId, itemId),
          one.invitationId === null
            ? eq(interpreterPost.outsiderId, one.outsiderId ?? "")
            : eq(interpreterPost.invitationId, one.invitationId),
        ),
      )
      .get();
    // Whoever put them there may take them off, whichever side says in which booth.
    if (known !== undefined)
      tx.update(interpreterPost).set({ pair, booth }).where(eq(interpreterPost.id, known.id)).run();
    else
      tx.insert(interpreterPost)
        .values({ id: newId(), itemId, coHostId: sideId, ...whose, pair, booth })
        .run();
    auditSide(tx, ctx, { action: "interpreter.post", subjectKind: "agenda_item", subjectId: itemId });
    return ok(null);
  });
}

function itemIn(orm: Orm, ctx: StaffContext, itemId: string) {
  return orm
    .select({ id: agendaItem.id })
    .from(agendaItem)
    .where(and(eq(agendaItem.id, itemId), eq(agendaItem.editionId, ctx.scope.editionId)))
    .get();
}

function interpreterOf(
  orm: Orm,
  ctx: StaffContext,
  who: string,
): { sideId: string; invitationId: string | null; outsiderId: string | null } | null {
  const id = who.slice(2);
  const sideId = ctx.scope.sideIds[0] ?? "";
  if (who.startsWith("i:")) {
    const found = findOwn(orm, ctx, id);
    return found === null || over(found) !== null || found.reply === "declined"
      ? null
      : { sideId: found.sideId, invitationId: id, outsiderId: null };
  }
  const hired = orm
    .select({ id: outsideInterpreter.id })
    .from(outsideInterpreter)
    .where(and(eq(outsideInterpreter.id, id), eq(outsideInterpreter.editionId, ctx.scope.editionId)))
    .get();
  return hired === undefined ? null : { sideId, invitationId: null, outsiderId: id };
}

/** Takes an interpreter off an item: those whom one's own side put there. Gone already: nothing to do. */
export function removePost(
  ctx: StaffContext,
  { itemId, postId }: { itemId: string; postId: string },
): Promise<Result<null, "gone">> {
  return ctx.db.write((tx) => {
    const { changes } = tx
      .delete(interpreterPost)
      .where(
        and(
          eq(interpreterPost.id, postId),
          eq(interpreterPost.itemId, itemId),
          inArray(interpreterPost.coHostId, [...ctx.scope.sideIds]),
        ),
      )
      .run();
    if (changes === 0) {
      const others = tx
        .select({ id: interpreterPost.id })
        .from(interpreterPost)
        .where(and(eq(interpreterPost.id, postId), eq(interpreterPost.itemId, itemId)))
        .get();
      return others === undefined && itemIn(tx, ctx, itemId) !== undefined ? ok(null) : refused("gone");
    }
    auditSide(tx, ctx, { action: "interpreter.unpost", subjectKind: "agenda_item", subjectId: itemId });
    return ok(null);
  });
}

/** The plan as a file; that it was taken stands in the trail. */
export async function takeInterpretationSheet(
  ctx: StaffContext,
  { file, locale }: { file: string; locale: Locale },
): Promise<Uint8Array<ArrayBuffer>> {
  const now = ctx.clock.now();
  const bytes = await sheetBytes(interpretationSheet(interpretationPlan(ctx), { now }), {
    file,
    locale,
    now,
  });
  await ctx.db.write((tx) => {
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    auditSide(tx, ctx, { action: "interpreter.takeSheet", details: { file, sha256 } });
    return null;
  });
  return bytes;
}
