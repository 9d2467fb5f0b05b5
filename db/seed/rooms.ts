import type { StaffContext } from "#app/domain/context.ts";
import { blockNights, saveHotel, saveRoomType } from "#app/domain/lodging/block.server.ts";
import { bookRoom, noteSharing, saveWish } from "#app/domain/lodging/commands.server.ts";
import { freezeRoomingList } from "#app/domain/lodging/rooming.server.ts";
import { instantOf } from "#app/i18n/dates.ts";

const ZONE = "Asia/Shanghai";

/** The host's hotel with its block, rooms of both sides in it, and the visitors' first list for the hotel. */
export async function seedRooms({
  clock,
  us,
  cn,
  people,
}: {
  clock: { set(instant: number): void };
  /** The leads of the two sides; the second is the host. */
  us: StaffContext;
  cn: StaffContext;
  people: {
    alone: ReadonlyArray<string>;
    sharing: readonly [string, string];
    undecided: readonly [string, string];
    privately: string;
    wouldShare: readonly [string, string];
    hosts: ReadonlyArray<string>;
  };
}): Promise<void> {
  clock.set(instantOf("2018-10-20", "10:00", ZONE));
  const { hotelId } = done(
    await saveHotel(cn, {
      hotelId: null,
      nameEn: "Sample Hotel Beijing",
      nameZh: "北京示例饭店",
      addressEn: "1 Sample Street, Beijing",
      addressZh: "北京市样本街1号",
      phone: "+86 10 0000 0200",
      deadlineDay: "2018-11-19",
      deadlineTime: "18:00",
      places: {
        nameNative: "1",
        nameLatin: "2",
        passportName: "3",
        roomType: "4",
        checkIn: "5",
        checkOut: "6",
        nights: "7",
        sharingWith: "8",
        payer: "9",
        arrival: "10",
        note: "11",
      },
      headings: { nameNative: "客人姓名 Guest", checkIn: "到店日期", checkOut: "离店日期" },
      revision: 0,
    }),
  );
  const nights = blockNights(cn.db.orm, cn.scope.editionId);
  const block = (rooms: number) =>
    Object.fromEntries(
      nights.map((night) => [night, night >= "2018-12-02" && night <= "2018-12-06" ? String(rooms) : "0"]),
    );
  const single = done(
    await saveRoomType(cn, {
      hotelId,
      typeId: "",
      nameEn: "King",
      nameZh: "大床房",
      sleeps: 1,
      rooms: { ...block(14), "2018-12-06": "4" },
    }),
  ).typeId;
  const twin = done(
    await saveRoomType(cn, {
      hotelId,
      typeId: "",
      nameEn: "Twin",
      nameZh: "双床房",
      sleeps: 2,
      rooms: block(3),
    }),
  ).typeId;

  clock.set(instantOf("2018-10-27", "21:00", ZONE));
  const stay = {
    checkIn: "2018-12-02",
    checkOut: "2018-12-06",
    payer: "host_side",
    otherId: "",
    smoking: null,
    earlyCheckIn: null,
    note: "",
  } as const;
  for (const invitationId of people.alone)
    done(await bookRoom(us, { ...stay, typeId: single, invitationId }));
  const together = async ([invitationId, otherId]: readonly [string, string]) =>
    done(await bookRoom(us, { ...stay, typeId: twin, invitationId, otherId, note: "Quiet side, please" }))
      .roomId;
  const roomId = await together(people.sharing);
  for (const invitationId of people.sharing)
    done(await noteSharing(us, { roomId, invitationId, answer: "agreed" }));
  await together(people.undecided);
  const wish = { address: "", mayShare: null, shareWithId: "", note: "" };
  done(
    await saveWish(us, {
      ...wish,
      invitationId: people.privately,
      lodging: "private",
      address: "With a cousin, Haidian District",
    }),
  );
  for (const invitationId of people.wouldShare)
    done(await saveWish(us, { ...wish, invitationId, lodging: "hotel", mayShare: "on" }));
  for (const invitationId of people.hosts)
    done(await bookRoom(cn, { ...stay, typeId: single, invitationId, checkOut: "2018-12-05" }));
  clock.set(instantOf("2018-10-28", "21:30", ZONE));
  done(await freezeRoomingList(us, { hotelId, locale: "zh-CN" }));
}

function done<T>(result: { ok: true; value: T } | { ok: false; refusal: string }): T {
  if (!result.ok) throw new Error(`The demonstration's rooms were refused: ${result.refusal}`);
  return result.value;
}
