import { and, eq, ne, sql } from "drizzle-orm";
import type { Tx } from "#db/client.server.ts";
import { consent, registration, registrationSection } from "#db/schema/index.ts";
import { newId } from "../../platform/crypto.server.ts";
import type { DomainContext } from "../context.ts";
import { blankAnswers, CONSENT_TEXT_VERSION, sectionTexts } from "./answers.ts";
import { standingConsents } from "./record.server.ts";

/**
 * Makes a registration a draft again for somebody who is invited anew: the answers are there, and no consent is. For use
 * inside the command that invites.
 */
export function reopenRegistration(tx: Tx, ctx: Pick<DomainContext, "clock">, invitationId: string): void {
  const found = tx
    .select({ id: registration.id, locale: registration.locale })
    .from(registration)
    .where(eq(registration.invitationId, invitationId))
    .get();
  if (found === undefined) return;
  const at = ctx.clock.now();
  tx.update(registration)
    .set({ state: "draft", updatedAt: at, revision: sql`${registration.revision} + 1` })
    .where(eq(registration.id, found.id))
    .run();
  tx.update(registrationSection)
    .set({ state: "draft", updatedAt: at })
    .where(and(eq(registrationSection.registrationId, found.id), ne(registrationSection.state, "empty")))
    .run();
  tx.update(registrationSection)
    .set({ state: "empty", answers: sectionTexts(blankAnswers).consents, updatedAt: at })
    .where(and(eq(registrationSection.registrationId, found.id), eq(registrationSection.section, "consents")))
    .run();
  for (const kind of standingConsents(tx, invitationId))
    tx.insert(consent)
      .values({
        id: newId(),
        invitationId,
        kind,
        given: false,
        textVersion: CONSENT_TEXT_VERSION,
        locale: found.locale,
        channel: "system",
        at,
      })
      .run();
}
