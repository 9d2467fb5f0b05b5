import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import type { StaffContext } from "#app/domain/context.ts";
import { saveHotel, saveRoomType } from "#app/domain/lodging/block.server.ts";
import { saveTrip, saveVehicle } from "#app/domain/vehicle/commands.server.ts";
import { actOfGift, giveToChosen, rosterGifts } from "#app/routes/staff/roster-acts.server.ts";
import { rosterDesk } from "#app/routes/staff/roster-page.server.ts";
import * as schema from "#db/schema/index.ts";
import { AUTUMN_2018, testContext } from "#tests/support/context.ts";
import { type Meeting, writeMeeting } from "#tests/support/meeting.ts";

let meeting: Meeting;
let lead: StaffContext;
let chosen: Array<string>;

beforeEach(() => {
  const base = testContext({ actor: { kind: "staff", id: "grace" } });
  meeting = writeMeeting(base.db.orm, base.keys, {
    slug: "beijing",
    people: 12,
    seats: [{ capacity: 20, quota: null }],
    now: AUTUMN_2018,
  });
  const sideId = meeting.sideIds[0];
  lead = {
    ...base,
    scope: { editionId: meeting.editionId, sideIds: [sideId], permissions: ["lead"], bookSideIds: [sideId] },
  };
  chosen = meeting.invitees.filter((one) => one.sideId === sideId).map(({ invitationId }) => invitationId);
  base.db.orm.update(schema.invitation).set({ reply: "accepted", repliedAt: AUTUMN_2018 }).run();
});

function gifts(ctx = lead) {
  const desk = rosterDesk(ctx, "en", { timeZone: "Asia/Shanghai" });
  return rosterGifts(desk).flatMap((group) => group.gifts.map(({ value }) => value));
}

describe("what people chosen in the list are given", () => {
  it("is a seat on a trip for as many as there are seats, and a reason for each of the others", async () => {
    const vehicle = await saveVehicle(lead, {
      vehicleId: null,
      name: "Van",
      plate: "",
      seats: 2,
      driver: "",
      driverPhone: "",
      position: 1,
      revision: 0,
    });
    if (!vehicle.ok) throw new Error(vehicle.refusal);
    const planned = await saveTrip(lead, {
      tripId: null,
      kind: "transfer",
      vehicleId: vehicle.value.vehicleId,
      day: meeting.startsOn,
      time: "09:00",
      returnDay: null,
      returnTime: null,
      fromPlace: "Hotel",
      toPlace: "Court",
      sign: "",
      captain: "",
      captainPhone: "",
      revision: 0,
    });
    if (!planned.ok) throw new Error(planned.refusal);
    const trip = gifts().find((value) => value.startsWith("trip:")) ?? "";
    const done = await giveToChosen(lead, trip, chosen);
    expect(done).toMatchObject({ given: 2 });
    expect(done?.stuck).toHaveLength(chosen.length - 2);
    expect(done?.stuck[0]?.problem).toBe("vehicles.refusal.full");
    expect(lead.db.orm.select().from(schema.tripPassenger).all()).toHaveLength(2);
  });

  it("is a place on a visit by the visit's own rules", async () => {
    const visit = `visit:${meeting.visitIds[0]}`;
    expect(gifts()).toContain(visit);
    const before = lead.db.orm.select().from(schema.visitPlace).all().length;
    const done = await giveToChosen(lead, visit, chosen);
    const places = lead.db.orm
      .select()
      .from(schema.visitPlace)
      .where(eq(schema.visitPlace.state, "granted"))
      .all();
    const granted = chosen.filter((id) => places.some(({ invitationId }) => invitationId === id));
    expect(done?.given).toBe(granted.length);
    expect((done?.given ?? 0) + (done?.stuck.length ?? 0)).toBe(chosen.length);
    expect(lead.db.orm.select().from(schema.visitPlace).all().length).toBeGreaterThanOrEqual(before);
  });

  it("is no letter for whom something is missing", async () => {
    const done = await giveToChosen(lead, "letter:invitation_letter", chosen.slice(0, 2));
    expect(done?.given).toBe(0);
    expect(done?.stuck.map(({ problem }) => problem)).toEqual([
      "roster.gift.noLetter",
      "roster.gift.noLetter",
    ]);
  });

  it("is a room by the block's own rules, and nothing for those of whom no stay is known", async () => {
    const hotel = await saveHotel(lead, {
      hotelId: null,
      nameEn: "Sample Hotel",
      nameZh: "示例饭店",
      addressEn: "",
      addressZh: "",
      phone: "",
      deadlineDay: null,
      deadlineTime: "18:00",
      places: { nameLatin: "1" },
      headings: {},
      revision: 0,
    });
    if (!hotel.ok) throw new Error(hotel.refusal);
    const type = await saveRoomType(lead, {
      hotelId: hotel.value.hotelId,
      typeId: "",
      nameEn: "Twin",
      nameZh: "双床房",
      sleeps: 2,
      rooms: {},
    });
    if (!type.ok) throw new Error(type.refusal);
    const room = `room:${type.value.typeId}`;
    expect(gifts()).toContain(room);
    expect(actOfGift(room)).toBe("logistics");
    const done = await giveToChosen(lead, room, chosen.slice(0, 2), "own_side");
    expect(done?.given).toBe(0);
    expect(done?.stuck.map(({ problem }) => problem)).toEqual([
      "roster.gift.room.noStay",
      "roster.gift.room.noStay",
    ]);
    expect(await giveToChosen(lead, "room:nowhere", chosen)).toBeNull();
  });

  it("is offered to those alone whose work it is, and nothing else is given", async () => {
    const reader: StaffContext = { ...lead, scope: { ...lead.scope, permissions: ["read_only"] } };
    expect(gifts(reader)).toEqual([]);
    expect(actOfGift("category:head")).toBeNull();
    expect(await giveToChosen(lead, "visit:nowhere", chosen)).toBeNull();
    expect(await giveToChosen(lead, "letter:love", chosen)).toBeNull();
  });
});
