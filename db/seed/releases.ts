import type { StaffContext } from "#app/domain/context.ts";
import { endOfDay, type ReleaseColumn } from "#app/domain/privacy/release.ts";
import { createRelease, takeRelease } from "#app/domain/privacy/release-commands.server.ts";
import { previewRelease, type ReleaseDraft } from "#app/domain/privacy/release-queries.server.ts";
import { instantOf } from "#app/i18n/dates.ts";
import { newId } from "#app/platform/crypto.server.ts";

const ZONE = "Asia/Shanghai";

/** Releases of the demonstration: the host meets flights, and once needed a first list of names for the hotel. */
export async function seedReleases({
  clock,
  giver,
  taker,
  toSideId,
  guests,
  arriving,
}: {
  clock: { set(instant: number): void };
  /** The lead of the visiting side, and that of the host. */
  giver: StaffContext;
  taker: StaffContext & { name: string };
  toSideId: string;
  guests: ReadonlyArray<string>;
  /** Of them, those who have booked their flights. */
  arriving: ReadonlyArray<string>;
}): Promise<void> {
  clock.set(instantOf("2018-10-18", "20:40", ZONE));
  await give(giver, {
    toSideId,
    recipient: "",
    purpose: "First list of names for the hotel block · 酒店订房名单初稿",
    columns: ["nameLatin", "nameNative", "institutionEn", "institutionZh"],
    invitationIds: guests,
    expiresAt: endOfDay("2018-10-25", ZONE),
  });
  clock.set(instantOf("2018-10-26", "21:10", ZONE));
  const releaseId = await give(giver, {
    toSideId,
    recipient: "",
    purpose: "Airport pick-up on December 2 · 12月2日接机",
    columns: PICK_UP,
    invitationIds: arriving,
    expiresAt: endOfDay("2018-12-03", ZONE),
  });
  clock.set(instantOf("2018-10-28", "10:05", ZONE));
  const { editionId, sideIds } = taker.scope;
  const taken = await takeRelease(
    taker,
    { editionId, givingSideIds: sideIds, receivingSideIds: sideIds },
    { releaseId, taker: taker.name, locale: "zh-CN" },
  );
  if (!taken.ok) throw new Error("The demonstration's release cannot be taken");
}

const PICK_UP: ReadonlyArray<ReleaseColumn> = [
  "nameLatin",
  "nameNative",
  "arrivalNumber",
  "arrivalFrom",
  "arrivalOn",
  "arrivalTime",
  "arrivalAt",
];

/** What staff do: look at what would cross, and release it. */
async function give(ctx: StaffContext, draft: ReleaseDraft): Promise<string> {
  const preview = previewRelease(ctx, draft);
  if (!preview.ok) throw new Error(`The demonstration's release was refused: ${preview.refusal}`);
  const { hash, people } = preview.value;
  const given = await createRelease(ctx, { ...draft, releaseId: newId(), hash, count: people.length });
  if (!given.ok) throw new Error(`The demonstration's release was refused: ${given.refusal}`);
  return given.value.releaseId;
}
