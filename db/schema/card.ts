import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { CARD_KINDS } from "../vocabulary.ts";
import { instant } from "./columns.ts";
import { invitation } from "./invitation.ts";

/** Whose badge or place card was printed last, when, and by what it can be told that something in it has changed. */
export const printedCard = sqliteTable(
  "printed_card",
  {
    invitationId: text("invitation_id")
      .notNull()
      .references(() => invitation.id),
    kind: text("kind", { enum: CARD_KINDS }).notNull(),
    /** Keyed digests of what stands in it, as JSON. */
    digests: text("digests").notNull(),
    /** The how-manieth printing of its side it was; stands on the sheet. */
    printing: integer("printing").notNull(),
    at: instant("at").notNull(),
    by: text("by").notNull(),
  },
  (table) => [
    primaryKey({ name: "printed_card_key", columns: [table.invitationId, table.kind] }),
    index("printed_card_by_kind").on(table.kind, table.invitationId),
  ],
);
