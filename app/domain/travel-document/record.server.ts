import { eq, inArray } from "drizzle-orm";
import type { Orm } from "#db/client.server.ts";
import { travelDocument } from "#db/schema/index.ts";
import type { Keys } from "../../platform/crypto.server.ts";
import { readTravelDocument } from "./form.ts";
import type { TravelDocument } from "./rules.ts";

/** Where a passport's facts are sealed for: they open for no other invitation. */
export function placeOf(invitationId: string): string {
  return `travel_document/${invitationId}`;
}

/** What is stored for one invitation. The caller has seen to it that the invitation is within its scope. */
export function storedDocument(
  orm: Orm,
  keys: Keys,
  invitationId: string,
): { document: TravelDocument; updatedAt: number } | null {
  const row = orm
    .select({ sealed: travelDocument.sealed, updatedAt: travelDocument.updatedAt })
    .from(travelDocument)
    .where(eq(travelDocument.invitationId, invitationId))
    .get();
  if (row === undefined) return null;
  return {
    document: readTravelDocument(keys.open(row.sealed, placeOf(invitationId))),
    updatedAt: row.updatedAt,
  };
}

/** The same for several, by invitation. */
export function storedDocuments(
  orm: Orm,
  keys: Keys,
  invitationIds: ReadonlyArray<string>,
): Map<string, TravelDocument> {
  const rows = orm
    .select({ invitationId: travelDocument.invitationId, sealed: travelDocument.sealed })
    .from(travelDocument)
    .where(inArray(travelDocument.invitationId, [...invitationIds]))
    .all();
  return new Map(
    rows.map(({ invitationId, sealed }) => [
      invitationId,
      readTravelDocument(keys.open(sealed, placeOf(invitationId))),
    ]),
  );
}
