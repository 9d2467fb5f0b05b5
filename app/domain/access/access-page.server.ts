import { eq } from "drizzle-orm";
import { invitation, person } from "#db/schema/index.ts";
import type { StaffContext } from "../context.ts";
import { type Assistant, assistantsForStaff } from "./assistants.server.ts";
import { type Device, devicesForStaff } from "./devices.server.ts";
import { invitedForStaff } from "./invited.server.ts";

/** What staff see of one person's link and of who may use it. Instants are epoch milliseconds. */
export type AccessPage = {
  nameLatin: string;
  nameNative: string;
  hasAddress: boolean;
  expiresAt: number;
  revokedAt: number | null;
  notMeAt: number | null;
  devices: ReadonlyArray<Device>;
  assistants: ReadonlyArray<Assistant>;
};

/** The link of one of this side's people, or null when there is no such person on it. */
export function accessPage(ctx: StaffContext, invitationId: string): AccessPage | null {
  const { orm } = ctx.db;
  const invited = invitedForStaff(orm, ctx, invitationId);
  if (invited === null) return null;
  const { nameLatin, nameNative, expiresAt, revokedAt } = invited;
  const more = orm
    .select({ email: person.email, notMeAt: invitation.notMeAt })
    .from(invitation)
    .innerJoin(person, eq(person.id, invitation.personId))
    .where(eq(invitation.id, invitationId))
    .get();
  return {
    nameLatin,
    nameNative,
    hasAddress: more?.email != null,
    expiresAt,
    revokedAt,
    notMeAt: more?.notMeAt ?? null,
    devices: devicesForStaff(ctx, invitationId),
    assistants: assistantsForStaff(ctx, invitationId),
  };
}
