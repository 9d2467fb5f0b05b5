import { desc, sql } from "drizzle-orm";
import { type Orm, prepared } from "#db/client.server.ts";
import { changeRequest } from "#db/schema/index.ts";

/** A wish of one's own to change answers after the deadline. Instants are epoch milliseconds. */
export type OwnRequest = {
  state: (typeof changeRequest.$inferSelect)["state"];
  askedAt: number;
  decidedAt: number | null;
  word: string;
};

const newest = prepared((orm) =>
  orm
    .select({
      state: changeRequest.state,
      askedAt: changeRequest.askedAt,
      decidedAt: changeRequest.decidedAt,
      word: changeRequest.word,
    })
    .from(changeRequest)
    .where(sql`${changeRequest.invitationId} = ${sql.placeholder("invitation")}`)
    .orderBy(desc(changeRequest.askedAt), desc(sql`rowid`))
    .limit(1)
    .prepare(),
);

/** The newest wish of somebody's, or null. */
export function newestRequest(orm: Orm, invitationId: string): OwnRequest | null {
  return newest(orm).get({ invitation: invitationId }) ?? null;
}
