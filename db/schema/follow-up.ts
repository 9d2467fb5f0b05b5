import { sql } from "drizzle-orm";
import { index, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { DATA_REQUEST_KINDS, DATA_REQUEST_STATES, REDO_KINDS } from "../vocabulary.ts";
import { id, instant } from "./columns.ts";
import { invitation } from "./invitation.ts";

/** Something that was made of answers, which are others by now: it is to be made again. */
export const redo = sqliteTable(
  "redo",
  {
    id: id(),
    invitationId: text("invitation_id")
      .notNull()
      .references(() => invitation.id),
    kind: text("kind", { enum: REDO_KINDS }).notNull(),
    /** Which letter, release, visit …; for a consent its kind. */
    subjectId: text("subject_id").notNull(),
    /** Names of the answers that changed, as a JSON list. */
    fields: text("fields").notNull(),
    since: instant("since").notNull(),
    doneAt: instant("done_at"),
    doneBy: text("done_by"),
  },
  (table) => [
    index("redo_by_invitation").on(table.invitationId, table.doneAt),
    uniqueIndex("redo_once")
      .on(table.invitationId, table.kind, table.subjectId)
      .where(sql`${table.doneAt} is null`),
  ],
);

/** What somebody asks about their own data: that it be corrected, or deleted. To be answered by a day. */
export const dataRequest = sqliteTable(
  "data_request",
  {
    id: id(),
    invitationId: text("invitation_id")
      .notNull()
      .references(() => invitation.id),
    kind: text("kind", { enum: DATA_REQUEST_KINDS }).notNull(),
    state: text("state", { enum: DATA_REQUEST_STATES }).notNull(),
    /** Their own words. */
    words: text("words").notNull(),
    askedAt: instant("asked_at").notNull(),
    dueAt: instant("due_at").notNull(),
    decidedAt: instant("decided_at"),
    decidedBy: text("decided_by"),
    /** What staff say to it, as the person reads it. */
    word: text("word").notNull().default(""),
  },
  (table) => [
    index("data_request_of").on(table.invitationId, table.state),
    uniqueIndex("data_request_once").on(table.invitationId, table.kind).where(sql`${table.state} = 'open'`),
  ],
);
