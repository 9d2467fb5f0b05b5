/** Addresses to which nothing goes any more because a mail came back for good. Staff correct the card, or lift it. */
import { and, eq, isNull, sql } from "drizzle-orm";
import { type Orm, prepared, type Tx } from "#db/client.server.ts";
import { mailSuppression } from "#db/schema/index.ts";
import type { MailReason } from "#db/vocabulary.ts";
import { newId } from "../../platform/crypto.server.ts";

const standing = prepared((orm) =>
  orm
    .select({ id: mailSuppression.id })
    .from(mailSuppression)
    .where(
      and(
        eq(mailSuppression.coHostId, sql.placeholder("side")),
        eq(mailSuppression.address, sql.placeholder("address")),
        isNull(mailSuppression.liftedAt),
      ),
    )
    .limit(1)
    .prepare(),
);

/** Whether a side sends nothing to an address. */
export function isStopped(orm: Orm, { sideId, address }: { sideId: string; address: string }): boolean {
  return standing(orm).get({ side: sideId, address: address.toLowerCase() }) !== undefined;
}

/** Stops an address of a side after a mail came back for good; once. */
export function stopAddress(
  tx: Tx,
  {
    editionId,
    sideId,
    address,
    reason,
    deliveryId,
    at,
  }: {
    editionId: string;
    sideId: string;
    address: string;
    reason: MailReason;
    deliveryId: string;
    at: number;
  },
): void {
  if (address === "" || isStopped(tx, { sideId, address })) return;
  tx.insert(mailSuppression)
    .values({
      id: newId(),
      editionId,
      coHostId: sideId,
      address: address.toLowerCase(),
      reason,
      deliveryId,
      at,
    })
    .run();
}

/** Lets a side's mails go to an address again. */
export function liftStops(
  tx: Tx,
  { sideId, address, by, at }: { sideId: string; address: string; by: string; at: number },
): void {
  tx.update(mailSuppression)
    .set({ liftedAt: at, liftedBy: by })
    .where(
      and(
        eq(mailSuppression.coHostId, sideId),
        eq(mailSuppression.address, address.toLowerCase()),
        isNull(mailSuppression.liftedAt),
      ),
    )
    .run();
}
