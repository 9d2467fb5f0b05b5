import { and, asc, desc, eq, inArray, ne, or, sql } from "drizzle-orm";
import type { Tx } from "#db/client.server.ts";
import { rosterView } from "#db/schema/index.ts";
import { newId } from "../../platform/crypto.server.ts";
import type { StaffContext } from "../context.ts";
import { refusedCharacters } from "../person/rules.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { readView } from "./form.ts";
import { type RosterView, USUAL_VIEW } from "./rules.ts";

/** Where people stood without naming it: so many of each login are kept, the newest. */
export const MOST_UNNAMED = 30;
export const LONGEST_VIEW_NAME = 80;

/** A view as the page needs it. `id` null: what somebody sees who has chosen nothing. */
export type OpenView = {
  id: string | null;
  name: string;
  shared: boolean;
  /** Whether it is the reader's own, to rename or delete. */
  own: boolean;
  view: RosterView;
};

/** A view that this reader may open: their own, or one that somebody shares with the side. Null: there is none. */
export function findView(ctx: StaffContext, id: string): OpenView | null {
  const found = ctx.db.orm
    .select()
    .from(rosterView)
    .where(and(eq(rosterView.id, id), mine(ctx)))
    .get();
  return found === undefined
    ? null
    : {
        id: found.id,
        name: found.name,
        shared: found.shared,
        own: found.ownerId === ctx.actor.id,
        view: readView(found.definition),
      };
}

export const USUAL: OpenView = { id: null, name: "", shared: false, own: false, view: USUAL_VIEW };

function mine(ctx: StaffContext) {
  return and(
    eq(rosterView.editionId, ctx.scope.editionId),
    inArray(rosterView.coHostId, [...ctx.scope.sideIds]),
    or(eq(rosterView.ownerId, ctx.actor.id), and(eq(rosterView.shared, true), ne(rosterView.name, ""))),
  );
}

/** The views with a name that this reader has, their own first. */
export function namedViews(ctx: StaffContext): Array<Omit<OpenView, "view"> & { id: string }> {
  return ctx.db.orm
    .select({
      id: rosterView.id,
      name: rosterView.name,
      shared: rosterView.shared,
      ownerId: rosterView.ownerId,
    })
    .from(rosterView)
    .where(and(mine(ctx), ne(rosterView.name, "")))
    .orderBy(asc(rosterView.name), asc(rosterView.id))
    .all()
    .map(({ ownerId, ...view }) => ({ ...view, own: ownerId === ctx.actor.id }))
    .sort((a, b) => Number(b.own) - Number(a.own));
}

/**
 * Keeps where somebody stands, so that an address can name it by an id. The same view again is the same row, and beyond
 * the newest thirty of a login the older ones go. Nothing in the trail: it changes nobody's data, and it is asked at
 * every step.
 */
export function keepPlace(ctx: StaffContext, view: RosterView): Promise<{ id: string }> {
  return ctx.db.write((tx) => {
    const definition = JSON.stringify(view);
    const own = and(
      eq(rosterView.editionId, ctx.scope.editionId),
      inArray(rosterView.coHostId, [...ctx.scope.sideIds]),
      eq(rosterView.ownerId, ctx.actor.id),
      eq(rosterView.name, ""),
    );
    const unnamed = tx
      .select({ id: rosterView.id, definition: rosterView.definition })
      .from(rosterView)
      .where(own)
      .orderBy(desc(rosterView.usedAt), desc(sql`rowid`))
      .all();
    const known = unnamed.find((each) => each.definition === definition);
    const now = ctx.clock.now();
    if (known !== undefined) {
      tx.update(rosterView).set({ usedAt: now }).where(eq(rosterView.id, known.id)).run();
      return { id: known.id };
    }
    const old = unnamed.slice(MOST_UNNAMED - 1).map(({ id }) => id);
    if (old.length > 0) tx.delete(rosterView).where(inArray(rosterView.id, old)).run();
    return { id: insert(tx, ctx, { definition, name: "", shared: false }) };
  });
}

function insert(
  tx: Tx,
  ctx: StaffContext,
  { definition, name, shared }: { definition: string; name: string; shared: boolean },
): string {
  const id = newId();
  const now = ctx.clock.now();
  tx.insert(rosterView)
    .values({
      id,
      editionId: ctx.scope.editionId,
      coHostId: ctx.scope.sideIds[0] ?? "",
      ownerId: ctx.actor.id,
      name,
      shared,
      definition,
      usedAt: now,
      createdAt: now,
    })
    .run();
  return id;
}

export type ViewRefusal = "noName" | "gone";

/**
 * Gives a view a name: a new one, or with `id` one of one's own, which then holds this. Shared, everybody on the side has
 * it in their list.
 *
 * Refused without a name (`noName`), or when there is no such view of one's own (`gone`).
 */
export function saveView(
  ctx: StaffContext,
  input: { id: string | null; name: string; shared: boolean; view: RosterView },
): Promise<Result<{ id: string }, ViewRefusal>> {
  return ctx.db.write((tx) => {
    const name = input.name.trim();
    if (name === "" || name.length > LONGEST_VIEW_NAME || refusedCharacters(name).length > 0)
      return refused("noName");
    const definition = JSON.stringify(input.view);
    let { id } = input;
    if (id === null) id = insert(tx, ctx, { definition, name, shared: input.shared });
    else {
      if (!owns(tx, ctx, id)) return refused("gone");
      tx.update(rosterView)
        .set({ name, shared: input.shared, definition, usedAt: ctx.clock.now() })
        .where(eq(rosterView.id, id))
        .run();
    }
    audit(tx, ctx, "rosterView.save", id, { shared: input.shared });
    return ok({ id });
  });
}

/** Deletes a view of one's own, for whomever it is shared with as well. Refused when there is none (`gone`). */
export function deleteView(ctx: StaffContext, id: string): Promise<Result<null, "gone">> {
  return ctx.db.write((tx) => {
    if (!owns(tx, ctx, id)) return refused("gone");
    tx.delete(rosterView).where(eq(rosterView.id, id)).run();
    audit(tx, ctx, "rosterView.delete", id, {});
    return ok(null);
  });
}

function owns(tx: Tx, ctx: StaffContext, id: string): boolean {
  return (
    tx
      .select({ id: rosterView.id })
      .from(rosterView)
      .where(
        and(
          eq(rosterView.id, id),
          eq(rosterView.editionId, ctx.scope.editionId),
          inArray(rosterView.coHostId, [...ctx.scope.sideIds]),
          eq(rosterView.ownerId, ctx.actor.id),
          ne(rosterView.name, ""),
        ),
      )
      .get() !== undefined
  );
}

function audit(
  tx: Tx,
  ctx: StaffContext,
  action: "rosterView.save" | "rosterView.delete",
  subjectId: string,
  details: Record<string, boolean>,
): void {
  recordAudit(tx, ctx, {
    action,
    subjectKind: "rosterView",
    subjectId,
    editionId: ctx.scope.editionId,
    sideId: ctx.scope.sideIds[0] ?? null,
    details,
  });
}
