import { and, asc, desc, eq, inArray, isNotNull, isNull, type SQL } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import { delegation, invitation, person, redo } from "#db/schema/index.ts";
import type { RedoKind } from "#db/vocabulary.ts";
import type { StaffContext } from "../context.ts";
import { type PageOf, pageOf } from "../page-of.ts";
import { classOf, mayRead } from "../person/classes.ts";
import { publishedForm } from "../registration/own.server.ts";
import { DEPENDENTS, type SubjectName } from "./dependents.server.ts";
import { PASSPORT_FIELD } from "./rules.ts";

/** Something to be done again, as staff of its side see it. */
export type RedoView = {
  id: string;
  invitationId: string;
  nameLatin: string;
  nameNative: string;
  kind: RedoKind;
  subjectId: string;
  subject: SubjectName;
  /** The standard answers that changed, as far as this reader may know of them. */
  fields: ReadonlyArray<string>;
  since: number;
  doneAt: number | null;
};

const PAGE = 50;
const MOST_DONE = 20;

/** What waits to be done again of this side's people, the oldest first, and what was done last. */
export function redoList(
  ctx: StaffContext,
  { after }: { after: string | null },
): { open: PageOf<RedoView>; done: ReadonlyArray<RedoView> } {
  const { orm } = ctx.db;
  const named = nameAll(orm, rowsOf(ctx, isNull(redo.doneAt)));
  const page = pageOf(named, { after, size: PAGE, idOf: ({ id }) => id });
  const done = nameAll(orm, rowsOf(ctx, isNotNull(redo.doneAt), MOST_DONE), true);
  const form = publishedForm(orm, ctx.scope.editionId).definition;
  const readable = (view: RedoView): RedoView => ({
    ...view,
    fields: view.fields.filter((field) =>
      field === PASSPORT_FIELD ? true : mayRead(classOf(field, form), ctx.scope),
    ),
  });
  return { open: { ...page, shown: page.shown.map(readable) }, done: done.map(readable) };
}

type Row = Omit<RedoView, "subject" | "fields"> & { stored: string };

function rowsOf(
  { db: { orm }, scope }: Pick<StaffContext, "db" | "scope">,
  state: SQL,
  limit = 5_000,
): Array<Row> {
  return orm
    .select({
      id: redo.id,
      invitationId: redo.invitationId,
      nameLatin: person.nameLatin,
      nameNative: person.nameNative,
      kind: redo.kind,
      subjectId: redo.subjectId,
      stored: redo.fields,
      since: redo.since,
      doneAt: redo.doneAt,
    })
    .from(redo)
    .innerJoin(invitation, eq(invitation.id, redo.invitationId))
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .innerJoin(person, eq(person.id, invitation.personId))
    .where(
      and(
        state,
        eq(invitation.editionId, scope.editionId),
        isNull(invitation.withdrawnAt),
        isNull(invitation.replacedAt),
        inArray(delegation.coHostId, [...scope.sideIds]),
      ),
    )
    .orderBy(limit === MOST_DONE ? desc(redo.doneAt) : asc(redo.since), asc(redo.id))
    .limit(limit)
    .all();
}

/** With the things' names. What is no longer good needs nothing done, unless it is told what was. */
function nameAll(orm: Orm, rows: ReadonlyArray<Row>, withGone = false): Array<RedoView> {
  const names = new Map(
    DEPENDENTS.map(({ kind, names }) => {
      const ids = rows.filter((row) => row.kind === kind).map(({ subjectId }) => subjectId);
      return [kind, ids.length === 0 ? new Map<string, SubjectName>() : names(orm, ids)] as const;
    }),
  );
  return rows.flatMap(({ stored, ...row }) => {
    const subject = names.get(row.kind)?.get(row.subjectId);
    if (subject === undefined && !withGone) return [];
    return [{ ...row, subject: subject ?? { en: "", zh: "" }, fields: JSON.parse(stored) }];
  });
}
