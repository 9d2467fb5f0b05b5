/** Tables and words for the kitchen of the demonstration. */

import { arrange, savePlace } from "#app/domain/access-need/commands.server.ts";
import { accessPage } from "#app/domain/access-need/queries.server.ts";
import type { StaffContext } from "#app/domain/context.ts";
import { saveOutsider, savePost } from "#app/domain/interpretation/commands.server.ts";
import { interpretationPlan } from "#app/domain/interpretation/queries.server.ts";
import { saveSeating, saveTable, saveWords, seatTheRest } from "#app/domain/meal/commands.server.ts";
import { ABSENT } from "#app/domain/meal/form.ts";
import { mealList, mealPage } from "#app/domain/meal/queries.server.ts";
import { instantOf } from "#app/i18n/dates.ts";

const ZONE = "Asia/Shanghai";

export async function seedNeeds({
  clock,
  us,
  cn,
  people,
}: {
  clock: { set(instant: number): void };
  /** The leads of the two sides; the second is the host. */
  us: StaffContext;
  cn: StaffContext;
  people: { allergic: string; stays: string };
}): Promise<void> {
  clock.set(instantOf("2018-10-28", "21:40", ZONE));
  const dinner = mealList(cn).meals.find(({ titleEn }) => titleEn === "Welcome dinner");
  if (dinner === undefined) throw new Error("The demonstration's programme has no welcome dinner");
  const { itemId } = dinner;
  for (const [name, seats, head] of [
    ["1", 8, "on"],
    ["2", 10, null],
    ["3", 10, null],
  ] as const)
    done(await saveTable(cn, { itemId, tableId: "", name, seats, head }));
  done(
    await saveSeating(us, {
      itemId,
      seen: mealPage(us, itemId)?.seen ?? "",
      tables: { [people.stays]: ABSENT },
      places: {},
    }),
  );
  for (const side of [cn, us]) done(await seatTheRest(side, { itemId }));
  done(
    await saveWords(us, {
      invitationId: people.allergic,
      en: "No peanuts, no peanut oil, no satay sauce",
      zh: "不含花生、花生油及沙茶酱",
    }),
  );
  await seedAccess(us, cn);
  await seedInterpretation(us, cn);
}

/** What places have, and what a side has arranged for its people. */
async function seedAccess(us: StaffContext, cn: StaffContext): Promise<void> {
  const { places } = accessPage(cn);
  const place = (name: string) => {
    const found = places.find(({ venue }) => venue.nameEn.startsWith(name));
    if (found === undefined) throw new Error(`Nobody needs anything at the demonstration's ${name}`);
    return found.venue.id;
  };
  const facts = { has: { step_free: "yes", hearing: "yes" }, notes: { hearing: "Loop 听力环路" } } as const;
  done(await savePlace(cn, { venueId: place("Conference Room"), ...facts }));
  done(
    await savePlace(cn, {
      venueId: place("Supreme"),
      has: { step_free: "no" },
      notes: { step_free: "台阶12级" },
    }),
  );
  const call = accessPage(us).items.find(({ titleEn }) => titleEn.startsWith("Courtesy call"));
  if (call === undefined) throw new Error("Nobody needs anything at the demonstration's courtesy call");
  const note = "Side entrance with a lift; a court usher meets her. 走侧门电梯，法院派人引导。";
  done(await arrange(us, { itemId: call.itemId, need: "step_free", note }));
}

/** Somebody hired, who relieves one of the interpreters of the first session, and a session that is still short of one. */
async function seedInterpretation(us: StaffContext, cn: StaffContext): Promise<void> {
  const pairs: Array<"en_zh"> = ["en_zh"];
  const hired = {
    outsiderId: "",
    phone: "+86 10 0000 0300",
    pairs,
    note: "Half days only 仅限半天",
    revision: 0,
  };
  const { outsiderId } = done(await saveOutsider(cn, { ...hired, name: "何同传 He Tongchuan" }));
  done(await saveOutsider(us, { ...hired, name: "Iris Exemplar", phone: "+1 212 555 0142", note: "" }));
  const plan = interpretationPlan(cn);
  const session = plan.items.find(({ titleEn }) => titleEn.startsWith("Session 1: "));
  if (session === undefined) throw new Error("Nobody speaks at the demonstration's first session");
  const [named] = session.posts;
  const post = { itemId: session.itemId, pair: "en_zh", booth: "1" } as const;
  if (named?.key != null) done(await savePost(cn, { ...post, who: named.key }));
  done(await savePost(cn, { ...post, who: `o:${outsiderId}` }));
}

function done<T>(result: { ok: true; value: T } | { ok: false; refusal: string }): T {
  if (!result.ok) throw new Error(`The demonstration's needs were refused: ${result.refusal}`);
  return result.value;
}
