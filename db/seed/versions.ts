import { changeAgendaItem, publishAgenda } from "#app/domain/agenda/commands.server.ts";
import { draftAgenda } from "#app/domain/agenda/draft.server.ts";
import { agendaItemForm } from "#app/domain/agenda/form.ts";
import { itemValues } from "#app/domain/agenda/item-values.ts";
import { confirmSeen } from "#app/domain/agenda/seen.server.ts";
import type { InvitationContext, StaffContext } from "#app/domain/context.ts";
import { instantOf } from "#app/i18n/dates.ts";
import { parseForm } from "#app/platform/form.ts";

const ZONE = "Asia/Shanghai";

/**
 * The programme of the demonstration in its second version: the host moved a dinner one evening and told its own people, two
 * of whom have said that they saw it. What the guests' side tells its people waits for that side.
 */
export async function seedVersions({
  clock,
  host,
  readers,
  post,
}: {
  clock: { set(instant: number): void };
  host: StaffContext;
  readers: ReadonlyArray<InvitationContext>;
  post: { drain(): Promise<void> };
}): Promise<void> {
  clock.set(instantOf("2018-10-27", "20:30", ZONE));
  const dinner = draftAgenda(host).items.find(({ titleEn }) => titleEn.startsWith("Welcome dinner"));
  if (dinner === undefined) throw new Error("The demonstration's programme has no welcome dinner");
  const form = new FormData();
  const values = { ...itemValues(dinner, ZONE), start: "19:00", end: "21:00" };
  for (const [name, value] of Object.entries(values))
    for (const one of typeof value === "string" ? [value] : value) if (one !== "") form.append(name, one);
  const parsed = parseForm(agendaItemForm, form);
  if (!parsed.ok) throw new Error("The demonstration's dinner is no agenda item");
  const outcomes: Array<{ ok: boolean }> = [
    await changeAgendaItem(host, { itemId: dinner.id, seenAt: dinner.updatedAt, input: parsed.value }),
  ];
  clock.set(instantOf("2018-10-27", "20:34", ZONE));
  outcomes.push(await publishAgenda(host, { notify: true }));
  clock.set(instantOf("2018-10-27", "20:40", ZONE));
  await post.drain();
  clock.set(instantOf("2018-10-27", "21:02", ZONE));
  for (const reader of readers) outcomes.push(await confirmSeen(reader, { number: 2 }));
  if (outcomes.some(({ ok }) => !ok)) throw new Error("The demonstration's second version was refused");
}
