import { and, isNull } from "drizzle-orm";
import { invitation } from "#db/schema/index.ts";

/** What makes an invitation one that still stands: not taken back, and nobody else comes instead. */
export const stands = and(isNull(invitation.withdrawnAt), isNull(invitation.replacedAt));
