import { sql } from "drizzle-orm";
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { user } from "./access.ts";
import { day, id, instant } from "./columns.ts";
import { coHost, edition } from "./edition.ts";

/**
 * What a side noted about a task. Most tasks are reckoned from the edition's facts each time they are read and have no
 * row before somebody takes them on; those that staff typed are nothing but their row.
 */
export const task = sqliteTable(
  "task",
  {
    id: id(),
    editionId: text("edition_id")
      .notNull()
      .references(() => edition.id),
    coHostId: text("co_host_id")
      .notNull()
      .references(() => coHost.id),
    /** The fact that it is reckoned from (domain/task `TaskSource`); null: typed by staff. */
    source: text("source"),
    /** In the words of whoever typed it; empty where it is reckoned. */
    title: text("title").notNull().default(""),
    /** The day that was agreed in place of the usual one; for a typed one its day. */
    dueAt: instant("due_at"),
    ownerId: text("owner_id").references(() => user.id, { onDelete: "set null" }),
    note: text("note").notNull().default(""),
    doneAt: instant("done_at"),
    doneBy: text("done_by").references(() => user.id, { onDelete: "set null" }),
    /** Rises with each change: nobody overwrites what they have not seen. */
    revision: integer("revision").notNull().default(1),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [
    uniqueIndex("task_source").on(table.editionId, table.coHostId, table.source),
    index("task_by_side").on(table.editionId, table.coHostId, table.dueAt),
    check(
      "task_typed_has_title_and_day",
      sql`${table.source} is not null or (${table.title} <> '' and ${table.dueAt} is not null)`,
    ),
  ],
);

/** Who wants the tasks by mail each morning, of which side's. */
export const taskDigest = sqliteTable(
  "task_digest",
  {
    userId: text("user_id")
      .notNull()
      .references(() => user.id, { onDelete: "cascade" }),
    editionId: text("edition_id")
      .notNull()
      .references(() => edition.id),
    coHostId: text("co_host_id")
      .notNull()
      .references(() => coHost.id),
    /** The full hour, in the time of where the side's people live. */
    hour: integer("hour").notNull(),
    /** The last day there for which it was looked at; null: none yet. */
    lastDay: day("last_day"),
  },
  (table) => [
    primaryKey({ name: "task_digest_key", columns: [table.userId, table.editionId, table.coHostId] }),
    check("task_digest_in_the_morning", sql`${table.hour} between 5 and 11`),
  ],
);
