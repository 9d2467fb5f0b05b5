import type { InvitationContext } from "#app/domain/context.ts";
import { askAboutData } from "#app/domain/data-request/commands.server.ts";
import { withdrawConsent } from "#app/domain/registration/own-consents.server.ts";
import { instantOf } from "#app/i18n/dates.ts";

const ZONE = "Asia/Shanghai";

/** On each side somebody takes a consent back, and somebody wants something corrected. */
export async function seedRights({
  clock,
  sides,
}: {
  clock: { set(instant: number): void };
  sides: ReadonlyArray<{ withdraws: InvitationContext; corrects: InvitationContext; words: string }>;
}): Promise<void> {
  for (const [n, { withdraws, corrects, words }] of sides.entries()) {
    clock.set(instantOf("2018-10-26", `10:1${n}`, ZONE));
    const taken = await withdrawConsent(withdraws, "delegate_book");
    const asked = await askAboutData(corrects, { kind: "correction", words });
    if (!taken.ok || !asked.ok) throw new Error("The demonstration's consent or request was refused");
  }
}
