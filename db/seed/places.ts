/** Where the demonstration takes place: a hotel with its rooms, the two courts, and how long it takes between them. */

import { changeAgendaItem } from "#app/domain/agenda/commands.server.ts";
import { draftAgenda, draftItem } from "#app/domain/agenda/draft.server.ts";
import { agendaItemForm } from "#app/domain/agenda/form.ts";
import { itemValues } from "#app/domain/agenda/item-values.ts";
import type { StaffContext } from "#app/domain/context.ts";
import { addVenue, changeVenue, setWays } from "#app/domain/venue/commands.server.ts";
import { venueList } from "#app/domain/venue/queries.server.ts";
import { parseForm } from "#app/platform/form.ts";

const HOTEL = {
  nameEn: "Example Hotel Beijing",
  nameZh: "北京示例饭店",
  addressEn: "1 Example Street, Dongcheng District, Beijing",
  addressZh: "北京市东城区示例街1号",
};
const SPC = {
  nameEn: "Supreme People's Court",
  nameZh: "最高人民法院",
  addressEn: "27 Dongjiaominxiang, Dongcheng District, Beijing",
  addressZh: "北京市东城区东交民巷27号",
};
const BIC = {
  nameEn: "Beijing Internet Court",
  nameZh: "北京互联网法院",
  addressEn: "Fengtai District, Beijing",
  addressZh: "北京市丰台区",
};
/** How many people the rooms take that the programme names. */
const ROOMS: Readonly<Record<string, number>> = {
  "Conference Room 1": 80,
  "Conference Room 2": 16,
  "Dining Room": 70,
  "Banquet Hall": 120,
};

/** Minutes by bus in the morning. After the late change there are none left between the Supreme People's Court and the closing. */
const WAYS = { hotelToSpc: 30, hotelToBic: 45, spcToBic: 40 };

export async function seedPlaces(lead: StaffContext, timeZone: string): Promise<void> {
  const added = async (place: typeof HOTEL) => {
    const result = await addVenue(lead, { ...place, withinId: null, capacity: null });
    if (!result.ok) throw new Error("A place of the demonstration was refused");
    return result.value.venueId;
  };
  const rooms = venueList(lead).venues;
  const hotel = await added(HOTEL);
  const spc = await added(SPC);
  const bic = await added(BIC);
  for (const { id, nameEn, nameZh, addressEn, addressZh } of rooms) {
    const input = { nameEn, nameZh, addressEn, addressZh, withinId: hotel, capacity: ROOMS[nameEn] ?? null };
    await changeVenue(lead, { venueId: id, input });
  }
  const fromHotel = new Map([
    [spc, WAYS.hotelToSpc],
    [bic, WAYS.hotelToBic],
  ]);
  await setWays(lead, { venueId: hotel, minutes: fromHotel });
  await setWays(lead, { venueId: spc, minutes: new Map([[bic, WAYS.spcToBic]]) });

  const lobby = rooms.find(({ nameEn }) => nameEn === "Lobby")?.id ?? hotel;
  for (const { id, visit } of draftAgenda(lead).items) {
    const venueId = visit?.hostEn === SPC.nameEn ? spc : visit?.hostEn === BIC.nameEn ? bic : null;
    const page = venueId === null ? null : draftItem(lead, id);
    if (venueId === null || page === null) continue;
    const form = new FormData();
    for (const [name, value] of Object.entries({
      ...itemValues(page.item, timeZone),
      venueId,
      fromVenueId: lobby,
    }))
      for (const one of typeof value === "string" ? [value] : value) form.append(name, one);
    const parsed = parseForm(agendaItemForm, form);
    if (!parsed.ok) throw new Error("A visit of the demonstration does not fit its form");
    const changed = await changeAgendaItem(lead, {
      itemId: id,
      seenAt: page.item.updatedAt,
      input: parsed.value,
    });
    if (!changed.ok) throw new Error("A visit of the demonstration was refused");
  }
}
