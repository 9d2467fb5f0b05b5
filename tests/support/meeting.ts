import { deviceCookie } from "#app/domain/access/devices.server.ts";
import { calendarAddress } from "#app/domain/access/link.server.ts";
import { programmeIn } from "#app/domain/agenda/queries.server.ts";
import type { PublishedItem } from "#app/domain/agenda/rules.ts";
import type { DomainContext } from "#app/domain/context.ts";
import { mailEdition, queueDelivery } from "#app/domain/mail/outbox.server.ts";
import { hashToken, type Keys, newId } from "#app/platform/crypto.server.ts";
import type { Orm } from "#db/client.server.ts";
import * as schema from "#db/schema/index.ts";
import type { AgendaKind } from "#db/vocabulary.ts";

/*
 * A meeting of any size, written straight into a database: for benchmarks and for tests that need hundreds of people
 * who all hold a link. Everything that a delegate's page, a submitted registration and a mail look at is there.
 */

export type Invitee = {
  invitationId: string;
  personId: string;
  delegationId: string;
  editionId: string;
  sideId: string;
  token: string;
  /** What their own browser sends: a code was typed in it. */
  cookie: string;
  /** Where their calendar program fetches the programme. */
  calendar: string;
  email: string;
  nameLatin: string;
};

export type Meeting = {
  editionId: string;
  /** `YYYY-MM-DD`: when people arrive and leave. */
  travelFrom: string;
  /** The first day of the meeting. */
  startsOn: string;
  travelTo: string;
  sideIds: [string, string];
  delegationIds: [string, string];
  /** In the order of the programme. */
  itemIds: ReadonlyArray<string>;
  /** In the order of `seats`. */
  visitIds: ReadonlyArray<string>;
  invitees: ReadonlyArray<Invitee>;
};

export type MeetingPlan = {
  slug: string;
  people: number;
  /** For each visit: its capacity, and the seats of each delegation, if they are limited. */
  seats: ReadonlyArray<{ capacity: number; quota: number | null }>;
  /** Epoch milliseconds; the meeting opens five weeks later. */
  now: number;
};

const DAY = 86_400_000;

/** Day of the meeting (0: the first), begin, end, kind, titles. Visits come on top. */
const PROGRAMME: ReadonlyArray<readonly [number, string, string, AgendaKind, string, string]> = [
  [-1, "15:00", "21:00", "logistics", "Arrivals and hotel check-in", "抵京与入住"],
  [0, "09:00", "09:40", "ceremony", "Opening ceremony: remarks by both co-hosts", "开幕式：双方主办单位致辞"],
  [0, "09:40", "10:00", "ceremony", "Group photo", "合影"],
  [0, "10:20", "12:00", "session", "Session 1: Safeguarding human rights", "第一单元：人权保障"],
  [0, "12:00", "13:30", "meal", "Lunch", "午餐"],
  [0, "13:30", "17:00", "session", "Session 1, continued", "第一单元（续）"],
  [0, "18:30", "20:30", "meal", "Welcome dinner", "欢迎晚宴"],
  [1, "09:00", "12:00", "session", "Session 2: Government supervision", "第二单元：政府监督"],
  [1, "13:30", "17:00", "session", "Session 3: Legal protections", "第三单元：法律保护"],
  [1, "18:30", "20:30", "meal", "Farewell dinner", "欢送晚宴"],
  [2, "17:00", "18:00", "ceremony", "Closing", "闭幕式"],
  [3, "06:00", "15:00", "logistics", "Departures", "离京"],
];

/** What the form of an item adds to one that is interpreted. */
const INTERPRETED = {
  addressEn: "",
  addressZh: "",
  dressEn: "",
  dressZh: "",
  bringEn: "",
  bringZh: "",
  languagePair: "en_zh",
} as const;

const ZONES = ["America/New_York", "Asia/Shanghai"] as const;

/** Writes one meeting in one transaction. Everybody has been invited, has accepted, and has not registered yet. */
export function writeMeeting(orm: Orm, keys: Keys, plan: MeetingPlan): Meeting {
  return orm.transaction((tx) => {
    const now = plan.now;
    const opens = Math.floor(now / DAY) * DAY + 35 * DAY;
    const day = (offset: number) => new Date(opens + offset * DAY).toISOString().slice(0, 10);
    const instant = (offset: number, time: string) => Date.parse(`${day(offset)}T${time}:00+08:00`);

    const sideIds: [string, string] = [newId(), newId()];
    const delegationIds: [string, string] = [newId(), newId()];
    const seriesId = newId();
    const editionId = newId();
    tx.insert(schema.series).values({ id: seriesId, titleEn: "Dialogue", titleZh: "对话" }).run();
    for (const [n, id] of sideIds.entries())
      tx.insert(schema.coHost)
        .values({ id, nameEn: `Committee ${n + 1}`, nameZh: `第${n + 1}委员会` })
        .run();
    tx.insert(schema.edition)
      .values({
        id: editionId,
        seriesId,
        slug: plan.slug,
        ordinal: 8,
        titleEn: "Dialogue on the Rule of Law, Beijing",
        titleZh: "法治对话（北京）",
        cityEn: "Beijing",
        cityZh: "北京",
        country: "CN",
        timeZone: "Asia/Shanghai",
        startsOn: day(0),
        endsOn: day(2),
        travelFrom: day(-1),
        travelTo: day(3),
        mode: "in_person",
        hostSideId: sideIds[1],
        replyBy: instant(-14, "18:00"),
        registerBy: instant(-7, "18:00"),
        costsEn: "The host covers the stay; each side covers its own travel.",
        costsZh: "当地食宿由主办方承担，国际旅费由各方自理。",
        phones: "+86 10 5555 0100",
        createdAt: now,
      })
      .run();
    for (const [n, coHostId] of sideIds.entries()) {
      tx.insert(schema.editionCoHost)
        .values({
          editionId,
          coHostId,
          position: n,
          titleEn: "Dialogue on the Rule of Law, Beijing",
          titleZh: "法治对话（北京）",
        })
        .run();
      tx.insert(schema.delegation)
        .values({
          id: delegationIds[n] ?? newId(),
          editionId,
          coHostId,
          key: n === 0 ? "us" : "cn",
          nameEn: n === 0 ? "U.S. delegation" : "Chinese delegation",
          nameZh: n === 0 ? "美方代表团" : "中方代表团",
          quota: plan.people === 0 ? null : plan.people,
          homeTimeZone: ZONES[n] ?? "UTC",
          position: n,
        })
        .run();
    }

    const items: Array<PublishedItem> = PROGRAMME.map(([offset, from, to, kind, titleEn, titleZh]) => ({
      id: newId(),
      kind,
      startsAt: instant(offset, from),
      endsAt: instant(offset, to),
      titleEn,
      titleZh,
      placeEn: "Conference Room 1",
      placeZh: "第一会议室",
      attribution: kind === "session" ? "chatham_house" : null,
      interpretation: kind === "session" ? "simultaneous" : null,
      audience: "all",
      delegationIds: [],
      functions: [],
      visit: null,
      details: kind === "session" ? INTERPRETED : null,
      changedIn: 1,
    }));
    const visitIds = plan.seats.map(() => newId());
    for (const [n, id] of visitIds.entries())
      items.push({
        id: newId(),
        kind: "site_visit",
        startsAt: instant(2, `${String(9 + 2 * n).padStart(2, "0")}:00`),
        endsAt: instant(2, `${String(10 + 2 * n).padStart(2, "0")}:30`),
        titleEn: `Visit to Court ${n + 1}`,
        titleZh: `参访第${n + 1}法院`,
        placeEn: `Court ${n + 1}`,
        placeZh: `第${n + 1}法院`,
        attribution: null,
        interpretation: "consecutive",
        audience: "visit",
        delegationIds: [],
        functions: [],
        visit: {
          id,
          hostEn: `Court ${n + 1}`,
          hostZh: `第${n + 1}法院`,
          meetAt: null,
          meetingPointEn: "Hotel lobby",
          meetingPointZh: "酒店大堂",
          dressEn: "Business",
          dressZh: "正装",
          bringEn: "Passport",
          bringZh: "护照",
        },
        details: INTERPRETED,
        changedIn: 1,
      });
    items.sort((a, b) => a.startsAt - b.startsAt);
    for (const [nameEn, nameZh] of [
      ["Conference Room 1", "第一会议室"],
      ["Hotel lobby", "酒店大堂"],
    ] as const)
      tx.insert(schema.venue).values({ id: newId(), editionId, nameEn, nameZh, updatedAt: now }).run();
    for (const item of items)
      tx.insert(schema.agendaItem)
        .values({
          id: item.id,
          editionId,
          kind: item.kind,
          startsAt: item.startsAt,
          endsAt: item.endsAt,
          titleEn: item.titleEn,
          titleZh: item.titleZh,
          placeEn: item.placeEn,
          placeZh: item.placeZh,
          audience: item.audience,
          attribution: item.attribution,
          interpretation: item.interpretation,
          languagePair: item.details?.languagePair ?? null,
          updatedAt: now,
        })
        .run();
    for (const item of items) {
      if (item.visit === null) continue;
      const { id, ...visit } = item.visit;
      const seats = plan.seats[visitIds.indexOf(id)];
      if (seats === undefined) continue;
      tx.insert(schema.siteVisit)
        .values({ ...visit, id, editionId, itemId: item.id, capacity: seats.capacity })
        .run();
      if (seats.quota !== null)
        for (const delegationId of delegationIds)
          tx.insert(schema.visitQuota).values({ visitId: id, delegationId, seats: seats.quota }).run();
    }
    tx.insert(schema.agendaVersion)
      .values({
        id: newId(),
        editionId,
        number: 1,
        publishedAt: now,
        publishedBy: "staff",
        items: JSON.stringify(items),
      })
      .run();

    const invitees = Array.from({ length: plan.people }, (_, n): Invitee => {
      const side = n % 2 === 0 ? 0 : 1;
      const invitationId = newId();
      const invitee = {
        invitationId,
        personId: newId(),
        delegationId: delegationIds[side],
        editionId,
        sideId: sideIds[side],
        token: keys.linkToken(invitationId, 1),
        cookie: `${deviceCookie(invitationId)}=${keys.linkToken(`browser of ${invitationId}`, 1)}`,
        calendar: calendarAddress({ keys }, { invitationId, generation: 1 }),
        email: `delegate-${n + 1}@${plan.slug}.example`,
        nameLatin: `Delegate ${n + 1} of ${plan.slug}`,
      };
      tx.insert(schema.person)
        .values({
          id: invitee.personId,
          coHostId: invitee.sideId,
          familyLatin: `Delegate ${n + 1}`,
          givenLatin: plan.slug,
          nameLatin: invitee.nameLatin,
          sortKey: `delegate ${String(n + 1).padStart(6, "0")}`,
          honorificEn: "Professor",
          honorificZh: "教授",
          institutionEn: "Riverbend Law School",
          institutionZh: "河湾法学院",
          positionEn: "Professor of Law",
          positionZh: "法学教授",
          email: invitee.email,
          emailKey: invitee.email,
          locale: "en",
          createdAt: now,
          updatedAt: now,
        })
        .run();
      tx.insert(schema.invitation)
        .values({
          id: invitationId,
          editionId,
          personId: invitee.personId,
          delegationId: invitee.delegationId,
          category: "delegate",
          number: `08-${String(n + 1).padStart(3, "0")}`,
          tokenHash: hashToken(invitee.token),
          tokenGeneration: 1,
          tokenExpiresAt: opens + 60 * DAY,
          reply: "accepted",
          repliedAt: now,
          sentAt: now,
          seenAt: now,
          createdAt: now,
        })
        .run();
      tx.insert(schema.device)
        .values({
          id: newId(),
          invitationId,
          tokenHash: hashToken(invitee.cookie.split("=")[1] ?? ""),
          browser: "Firefox",
          system: "Linux",
          createdAt: now,
          expiresAt: opens + 60 * DAY,
        })
        .run();
      for (const kind of ["drafted", "sent", "accepted"] as const)
        tx.insert(schema.invitationEvent)
          .values({
            id: newId(),
            invitationId,
            at: now,
            kind,
            channel: kind === "accepted" ? "self" : "staff",
          })
          .run();
      return invitee;
    });
    const itemIds = items.map((item) => item.id);
    return {
      editionId,
      travelFrom: day(-1),
      startsOn: day(0),
      travelTo: day(3),
      sideIds,
      delegationIds,
      itemIds,
      visitIds,
      invitees,
    };
  });
}

/** Queues an agenda mail to each of these people: everybody's own programme, with a calendar file. */
export async function queueAgendaMails(ctx: DomainContext, invitees: ReadonlyArray<Invitee>): Promise<void> {
  await ctx.db.write((tx) => {
    for (const invitee of invitees) {
      const programme = programmeIn(tx, invitee);
      queueDelivery(tx, ctx, {
        invitationId: invitee.invitationId,
        messageId: null,
        mail: {
          kind: "message",
          template: "agenda",
          edition: mailEdition(tx, invitee),
          salutationEn: "Dear Professor Delegate:",
          salutationZh: "尊敬的教授：",
          subjectEn: "Your programme in Beijing",
          subjectZh: "您在北京的日程",
          proseEn: [
            { type: "paragraph", runs: [{ text: "Please find your programme below." }] },
            { type: "paragraph", runs: [{ text: "We look forward to seeing you." }] },
            { type: "block", name: "programme" },
          ],
          proseZh: [
            { type: "paragraph", runs: [{ text: "您的日程如下。" }] },
            { type: "paragraph", runs: [{ text: "期待与您在北京相见。" }] },
            { type: "block", name: "programme" },
          ],
          programme: programme.items,
          version: programme.version ?? 0,
          publishedAt: programme.publishedAt ?? 0,
          changes: [],
          missing: [],
          registerBy: null,
          isTest: false,
        },
      });
    }
  });
}

/** Queues an invitation to each of these people. */
export async function queueInvitationMails(
  ctx: DomainContext,
  invitees: ReadonlyArray<Invitee>,
): Promise<void> {
  await ctx.db.write((tx) => {
    for (const invitee of invitees)
      queueDelivery(tx, ctx, {
        invitationId: invitee.invitationId,
        messageId: null,
        mail: {
          kind: "invitation",
          edition: mailEdition(tx, invitee),
          number: "08-001",
          salutationEn: "Dear Professor Delegate:",
          salutationZh: "尊敬的教授：",
          subjectEn: "Invitation to the dialogue",
          subjectZh: "对话邀请函",
          bodyEn: "We have the honour to invite you.",
          bodyZh: "谨此诚邀您出席。",
        },
      });
  });
}

/** The body of a complete registration, as a browser would post it. */
export function submission(
  { travelFrom, travelTo }: Pick<Meeting, "travelFrom" | "travelTo">,
  invitee: Pick<Invitee, "nameLatin" | "email">,
  visitIds: ReadonlyArray<string>,
): string {
  const form = new URLSearchParams({
    intent: "submit",
    familyLatin: "Delegate",
    givenLatin: "Person",
    nameLatin: invitee.nameLatin,
    familyNative: "钟",
    givenNative: "易",
    nameNative: "钟易",
    honorificEn: "Professor",
    honorificZh: "教授",
    institutionEn: "Riverbend Law School",
    institutionZh: "河湾法学院",
    positionEn: "Professor of Law",
    positionZh: "法学教授",
    email: invitee.email,
    secondEmail: "",
    mobile: "+1 212 555 0143",
    mailLocale: "en",
    assistantName: "",
    assistantEmail: "",
    emergencyName: "A. Relative",
    emergencyRelation: "Sister",
    emergencyPhone: "+1 212 555 0144",
    diets: "vegetarian",
    dietText: "",
    allergies: "Peanuts",
    allergySeverity: "severe",
    accessText: "",
    workingLanguages: "english",
    otherLanguages: "",
    needsInterpretation: "yes",
    arrivalBy: "flight",
    arrivalNumber: "CA982",
    arrivalFrom: "New York JFK",
    arrivalOn: travelFrom,
    arrivalTime: "18:20",
    arrivalAt: "Beijing Capital, Terminal 3",
    departureBy: "flight",
    departureNumber: "CA981",
    departureTo: "New York JFK",
    departureOn: travelTo,
    departureTime: "13:00",
    departureFrom: "Beijing Capital, Terminal 3",
    bookedBy: "self",
    consent_notice: "on",
    consent_sensitive_data: "on",
    consent_identity_documents: "on",
    consent_delegate_book: "on",
  });
  for (const visitId of visitIds) form.append("visitIds", visitId);
  return form.toString();
}
