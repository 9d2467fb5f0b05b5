import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { DATA_CLASSES, UPLOAD_STATES } from "../vocabulary.ts";
import { id, instant } from "./columns.ts";
import { invitation } from "./invitation.ts";

/**
 * A file that somebody handed in with an answer. Its bytes are in the vault, encrypted; the answer holds this row's id.
 * Without the row nobody can read the file any more.
 */
export const upload = sqliteTable(
  "upload",
  {
    id: id(),
    invitationId: text("invitation_id")
      .notNull()
      .references(() => invitation.id),
    /** The key of the question that it answers. */
    question: text("question").notNull(),
    state: text("state", { enum: UPLOAD_STATES }).notNull(),
    /** The class that the question had when it was handed in: people answered under that promise. */
    dataClass: text("data_class", { enum: DATA_CLASSES }).notNull(),
    /** As found in its content. */
    mediaType: text("media_type").notNull(),
    bytes: integer("bytes").notNull(),
    width: integer("width"),
    height: integer("height"),
    /** Its name in the vault: random. */
    stored: text("stored").notNull(),
    /** Its key in the vault and what the person called it, as JSON, sealed for this row. */
    sealed: text("sealed").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [index("upload_of").on(table.invitationId, table.state)],
);

/** Files that are to go from the vault: their rows, and with them their keys, are gone already. */
export const uploadRemoval = sqliteTable("upload_removal", { stored: text("stored").primaryKey() });
