import { type AssistantPlan, nameAssistant } from "#app/domain/access/assistants.server.ts";
import { sendCode, typeCode } from "#app/domain/access/codes.server.ts";
import type { InvitationContext } from "#app/domain/context.ts";
import { instantOf } from "#app/i18n/dates.ts";
import { createLimits } from "#app/platform/limits.server.ts";
import { accessCode } from "../schema/index.ts";

const ZONE = "Asia/Shanghai";
const PHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 12_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.0 Mobile/15E148 Safari/604.1";

/** Assistants of the demonstration: each delegate types a code on a telephone, and names who fills in their journey. */
export async function seedLinks({
  clock,
  delegates,
}: {
  clock: { set(instant: number): void };
  delegates: ReadonlyArray<{ ctx: InvitationContext; assistant: AssistantPlan }>;
}): Promise<void> {
  const limits = createLimits();
  for (const [n, { ctx, assistant }] of delegates.entries()) {
    const client = `telephone ${n}`;
    clock.set(instantOf("2018-10-19", `09:1${n}`, ZONE));
    const sent = await sendCode(ctx, { limits }, { client });
    const newest = ctx.db.orm.select().from(accessCode).all().at(-1);
    if (!sent.ok || newest === undefined) throw new Error("The demonstration's code could not be sent");
    const typed = ctx.keys.accessCode(newest.id);
    const taken = await typeCode(ctx, { limits }, { client, typed, attempt: "", userAgent: PHONE });
    const named = await nameAssistant(ctx, assistant);
    if (!taken.ok || !named.ok) throw new Error("The demonstration's assistant could not be named");
  }
}
