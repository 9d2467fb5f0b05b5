/**
 * The contact books of the demonstration: the two editions before, with who was there and as what, and cards that are
 * not invited this time. Those years had no Secretariat: their letters went out on paper, and what is known of them was
 * recorded afterwards. People are fictional.
 */
import { inArray } from "drizzle-orm";
import { findEditionForStaff } from "#app/domain/access/queries.server.ts";
import { assignFunction } from "#app/domain/agenda/commands.server.ts";
import { carryOver } from "#app/domain/contact/carry-over.server.ts";
import {
  addAssistant,
  addContact,
  addNameForm,
  markDoNotInvite,
  writeNote,
} from "#app/domain/contact/commands.server.ts";
import type { StaffContext } from "#app/domain/context.ts";
import { createEdition } from "#app/domain/edition/commands.server.ts";
import type { EditionPlan } from "#app/domain/edition/rules.ts";
import { recordAttendance } from "#app/domain/invitation/attendance.server.ts";
import { recordReply } from "#app/domain/invitation/commands.server.ts";
import { noteEvent } from "#app/domain/invitation/events.server.ts";
import type { PersonFacts } from "#app/domain/person/rules.ts";
import { instantOf } from "#app/i18n/dates.ts";
import { newId } from "#app/platform/crypto.server.ts";
import { agendaItem, consent, invitation, person } from "../schema/index.ts";
import type { Category, SessionFunction } from "../vocabulary.ts";

const BEIJING = "Asia/Shanghai";
const NEW_YORK = "America/New_York";

/** One of the two editions before. Dates, cities and themes are public facts. */
type Before = Pick<
  EditionPlan,
  | "slug"
  | "ordinal"
  | "titleEn"
  | "titleZh"
  | "cityEn"
  | "cityZh"
  | "country"
  | "timeZone"
  | "startsOn"
  | "endsOn"
  | "travelFrom"
  | "travelTo"
> & { session: { en: string; zh: string } };

const BEFORE: ReadonlyArray<Before> = [
  {
    slug: "beijing-2015",
    ordinal: 6,
    titleEn: "U.S.-China Track II Dialogue on the Rule of Law & Human Rights, Beijing 2015",
    titleZh: "2015年中美法治与人权二轨对话（北京）",
    cityEn: "Beijing",
    cityZh: "北京",
    country: "CN",
    timeZone: BEIJING,
    startsOn: "2015-12-07",
    endsOn: "2015-12-08",
    travelFrom: "2015-12-06",
    travelTo: "2015-12-10",
    session: { en: "Human rights in judicial reform", zh: "司法改革中的人权理念" },
  },
  {
    slug: "new-york-2017",
    ordinal: 7,
    titleEn: "U.S.-China Track II Dialogue on the Rule of Law & Human Rights, New York 2017",
    titleZh: "2017年中美法治与人权二轨对话（纽约）",
    cityEn: "New York",
    cityZh: "纽约",
    country: "US",
    timeZone: NEW_YORK,
    startsOn: "2017-11-14",
    endsOn: "2017-11-15",
    travelFrom: "2017-11-13",
    travelTo: "2017-11-16",
    session: { en: "Judicial protection of human rights", zh: "司法建设与人权保障" },
  },
];

/** Somebody at one of them: by mailbox, or by the key of a card below. */
type Guest = {
  who: string;
  category?: Category;
  as?: SessionFunction;
  /** Declined, or did not come. */
  out?: "declined" | "no_show";
  /** Agreed to be contacted for the next edition. */
  again?: true;
};

const US = "us-delegation.example";
const CN = "cn-delegation.example";

const GUESTS_US: Readonly<Record<string, ReadonlyArray<Guest>>> = {
  "beijing-2015": [
    { who: "hadley", category: "head", as: "opening_speaker", again: true },
    { who: `robert.a.sampleton.iii@${US}`, as: "discussant" },
    { who: `patrick.o.example@${US}`, as: "presenter" },
    { who: "jane-2015", as: "presenter" },
    { who: "walter", as: "discussant" },
  ],
  "new-york-2017": [
    { who: `robert.a.sampleton.iii@${US}`, category: "head", as: "opening_speaker", again: true },
    { who: `eleanor.van.der.demo@${US}`, as: "chair", again: true },
    { who: `patrick.o.example@${US}`, again: true },
    { who: "jane-2017", as: "discussant", again: true },
    { who: "hadley", out: "declined" },
    { who: "winifred", category: "observer" },
    { who: "walter", out: "no_show" },
  ],
};

const GUESTS_CN: Readonly<Record<string, ReadonlyArray<Guest>>> = {
  "beijing-2015": [
    { who: `shili.chen@${CN}`, category: "head", as: "opening_speaker" },
    { who: `yangben.zeng@${CN}`, as: "presenter" },
    { who: `shiyong.lu@${CN}`, as: "discussant" },
    { who: "fan-2015", as: "presenter" },
    { who: "tang", category: "observer" },
  ],
  "new-york-2017": [
    { who: `shili.chen@${CN}`, category: "head", as: "opening_speaker", again: true },
    { who: `yangben.zeng@${CN}`, as: "co_chair", again: true },
    { who: `yanshi.ouyang@${CN}`, as: "presenter", again: true },
    { who: "fan-2017", as: "discussant", again: true },
    { who: "tang", out: "no_show" },
  ],
};

type Card = { key: string; since: "2015-10-12" | "2017-09-18"; facts: PersonFacts };

function card(key: string, since: Card["since"], facts: Partial<PersonFacts>): Card {
  return {
    key,
    since,
    facts: {
      familyLatin: "",
      givenLatin: "",
      nameLatin: "",
      familyNative: "",
      givenNative: "",
      nameNative: "",
      sortKey: "",
      honorificEn: "",
      honorificZh: "",
      salutationEn: "",
      salutationZh: "",
      institutionEn: "",
      institutionZh: "",
      positionEn: "",
      positionZh: "",
      email: null,
      phone: null,
      locale: "en",
      ...facts,
    },
  };
}

const CARDS_US: ReadonlyArray<Card> = [
  card("hadley", "2015-10-12", {
    familyLatin: "Example-Hadley",
    givenLatin: "Constance",
    nameLatin: "Constance Example-Hadley",
    sortKey: "example-hadley constance",
    honorificEn: "Judge",
    institutionEn: "U.S. Court of Appeals (fictional chambers)",
    positionEn: "Senior Circuit Judge",
    email: "constance.hadley@chambers.example.org",
    phone: "+1 212 555 0151",
  }),
  card("jane-2015", "2015-10-12", {
    familyLatin: "Sampleford",
    givenLatin: "Jane Q.",
    nameLatin: "Jane Q. Sampleford",
    nameNative: "简·桑普福",
    sortKey: "sampleford jane",
    honorificEn: "Prof.",
    institutionEn: "Example Hill Law School",
    positionEn: "Associate Professor",
    email: "jane.sampleford@hill.example.org",
  }),
  card("jane-2017", "2017-09-18", {
    familyLatin: "Sampleford",
    givenLatin: "Jane",
    nameLatin: "Jane Sampleford",
    sortKey: "sampleford jane",
    honorificEn: "Prof.",
    institutionEn: "Example Lake University",
    positionEn: "Professor of Law",
    email: "jsampleford@lake.example.org",
  }),
  card("walter", "2015-10-12", {
    familyLatin: "Example-Stone",
    givenLatin: "Walter",
    nameLatin: "Walter Example-Stone",
    sortKey: "example-stone walter",
    institutionEn: "Stone Example Partners",
    positionEn: "Partner",
    email: "walter.stone@partners.example.com",
  }),
  card("winifred", "2017-09-18", {
    familyLatin: "Exampleton",
    givenLatin: "Winifred",
    nameLatin: "Winifred Exampleton",
    sortKey: "exampleton winifred",
    institutionEn: "Example Forum for Courts",
    positionEn: "Director",
    email: "winifred@courts.example.org",
  }),
];

const CARDS_CN: ReadonlyArray<Card> = [
  card("fan-2015", "2015-10-12", {
    familyLatin: "Fan",
    givenLatin: "Wenshi",
    nameLatin: "Fan Wenshi",
    familyNative: "范",
    givenNative: "文示",
    nameNative: "范文示",
    sortKey: "fan wenshi",
    honorificZh: "教授",
    institutionZh: "东方法学院（虚构）",
    positionZh: "副教授",
    email: "fan@dongfang.example.org",
    locale: "zh-CN",
  }),
  card("fan-2017", "2017-09-18", {
    nameLatin: "Wenshi Fan",
    nameNative: "范文示",
    sortKey: "fan wenshi",
    honorificZh: "教授",
    institutionZh: "示例大学法学院（虚构）",
    positionZh: "教授",
    email: "wenshi.fan@shili.example.org",
    locale: "zh-CN",
  }),
  card("tang", "2015-10-12", {
    familyLatin: "Tang",
    givenLatin: "Xuni",
    nameLatin: "Tang Xuni",
    familyNative: "唐",
    givenNative: "虚拟",
    nameNative: "唐虚拟",
    sortKey: "tang xuni",
    honorificZh: "先生",
    institutionZh: "示例律师事务所（虚构）",
    positionZh: "合伙人",
    email: "xuni.tang@lawyers.example.com",
    phone: "+86 10 0000 0007",
    locale: "zh-CN",
  }),
];

type Side = { lead: StaffContext; sideId: string };
type Clock = { set(instant: number): void };

export async function seedContacts({
  clock,
  plan,
  us,
  cn,
}: {
  clock: Clock;
  /** The plan of this edition: series, co-hosts and delegations are the same. */
  plan: EditionPlan;
  us: Side;
  cn: Side;
}): Promise<void> {
  const cards = {
    us: await addCards(clock, us, CARDS_US),
    cn: await addCards(clock, cn, CARDS_CN),
  };
  for (const before of BEFORE) {
    const morning = (day: string) => instantOf(day, "09:00", before.timeZone);
    clock.set(morning(before.startsOn) - 70 * 86_400_000);
    const made = done(
      await createEdition(us.lead, { plan: planOf(plan, before), ownCoHost: 0, ownSideId: us.sideId }),
    );
    for (const [side, guests, known] of [
      [us, GUESTS_US[before.slug] ?? [], cards.us],
      [cn, GUESTS_CN[before.slug] ?? [], cards.cn],
    ] as const) {
      const lead = there(side.lead, made.slug);
      const delegationId = made.delegationIds[side === us ? "us" : "cn"] ?? "";
      await record(lead, { guests, known, delegationId, clock, day: morning(before.endsOn) });
    }
  }
  clock.set(instantOf("2018-10-24", "10:15", BEIJING));
  await remarks(us.lead, cards.us, {
    notInvited: { key: "walter", reason: "Asked not to be written to again; told us by phone in 2017." },
    helped: `robert.a.sampleton.iii@${US}`,
    assistant: {
      name: "Dorothy Template-Lane",
      email: "dorothy.lane@office.example.org",
      phone: "+1 212 555 0162",
      locale: "en",
    },
    variant: { key: "jane-2015", form: "former", name: "Jane Specimen" },
    note: { key: "hadley", note: "Declined in 2017 for a trial; would like to come again." },
  });
  clock.set(instantOf("2018-10-24", "16:40", BEIJING));
  await remarks(cn.lead, cards.cn, {
    notInvited: { key: "tang", reason: "2017年确认出席后未到会，亦未说明。" },
    helped: `shili.chen@${CN}`,
    assistant: {
      name: "胡范文",
      email: "fanwen.hu@office.example.com",
      phone: "+86 10 0000 0008",
      locale: "zh-CN",
    },
    variant: { key: "fan-2015", form: "native_variant", name: "範文示" },
    note: { key: "fan-2017", note: "可请其担任评议人。" },
  });
}

async function addCards(
  clock: Clock,
  { lead, sideId }: Side,
  cards: ReadonlyArray<Card>,
): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>();
  for (const { key, since, facts } of cards) {
    clock.set(instantOf(since, "11:00", BEIJING));
    ids.set(key, done(await addContact(lead, { sideId, facts })).personId);
  }
  return ids;
}

/** What is known of one edition: who was invited on paper, what they answered, did, and whether they came. */
async function record(
  lead: StaffContext,
  {
    guests,
    known,
    delegationId,
    clock,
    day,
  }: {
    guests: ReadonlyArray<Guest>;
    known: ReadonlyMap<string, string>;
    delegationId: string;
    clock: Clock;
    day: number;
  },
): Promise<void> {
  const idOf = (who: string) => known.get(who) ?? personAt(lead, who);
  const people = guests.map(({ who, category = "delegate" }) => ({
    personId: idOf(who),
    delegationId,
    category,
  }));
  done(await carryOver(lead, { people }));
  const invitations = new Map(
    lead.db.orm
      .select({ id: invitation.id, personId: invitation.personId, editionId: invitation.editionId })
      .from(invitation)
      .where(
        inArray(
          invitation.personId,
          people.map((one) => one.personId),
        ),
      )
      .all()
      .filter((one) => one.editionId === lead.scope.editionId)
      .map((one) => [one.personId, one.id]),
  );
  const invitationOf = (who: string) => invitations.get(idOf(who)) ?? "";
  await lead.db.write((tx) => {
    const sentAt = lead.clock.now();
    tx.update(invitation)
      .set({ sentAt })
      .where(inArray(invitation.id, [...invitations.values()]))
      .run();
    for (const invitationId of invitations.values())
      noteEvent(tx, lead, { invitationId, kind: "sent", channel: "staff", means: "letter" });
  });
  const opening = lead.db.orm
    .select({ id: agendaItem.id, editionId: agendaItem.editionId, kind: agendaItem.kind })
    .from(agendaItem)
    .all()
    .filter((item) => item.editionId === lead.scope.editionId);
  for (const { who, as, out } of guests) {
    const invitationId = invitationOf(who);
    const reply = out === "declined" ? "declined" : "accepted";
    done(await recordReply(lead, { invitationId, reply, note: "", askAgainOn: null, means: "letter" }));
    const kind = as === "opening_speaker" ? "ceremony" : "session";
    const item = opening.find((each) => each.kind === kind);
    if (as !== undefined && item !== undefined)
      done(await assignFunction(lead, { itemId: item.id, invitationId, function: as }));
  }
  clock.set(day);
  const marks = guests
    .filter(({ out }) => out !== "declined")
    .map(({ who, out }) => ({
      invitationId: invitationOf(who),
      attendance: out === "no_show" ? ("no_show" as const) : ("attended" as const),
    }));
  done(await recordAttendance(lead, marks));
  await lead.db.write((tx) => {
    for (const { who, again } of guests)
      if (again === true)
        tx.insert(consent)
          .values({
            id: newId(),
            invitationId: invitationOf(who),
            kind: "next_edition",
            given: true,
            textVersion: 1,
            locale: who.endsWith(CN) ? "zh-CN" : "en",
            channel: "staff",
            at: day,
          })
          .run();
  });
}

/** What a side keeps on its cards. */
async function remarks(
  lead: StaffContext,
  cards: ReadonlyMap<string, string>,
  {
    notInvited,
    helped,
    assistant,
    variant,
    note,
  }: {
    notInvited: { key: string; reason: string };
    helped: string;
    assistant: { name: string; email: string; phone: string; locale: "en" | "zh-CN" };
    variant: { key: string; form: "former" | "native_variant"; name: string };
    note: { key: string; note: string };
  },
): Promise<void> {
  const idOf = (key: string) => cards.get(key) ?? "";
  done(await markDoNotInvite(lead, { personId: idOf(notInvited.key), reason: notInvited.reason }));
  done(
    await addAssistant(lead, {
      personId: personAt(lead, helped),
      facts: { ...assistant, mayAct: true, getsCopies: true },
    }),
  );
  const { key, ...form } = variant;
  done(await addNameForm(lead, { personId: idOf(key), ...form }));
  done(await writeNote(lead, { personId: idOf(note.key), note: note.note }));
}

function planOf(plan: EditionPlan, { session, ...before }: Before): EditionPlan {
  const at = (time: string) => instantOf(before.startsOn, time, before.timeZone);
  const item = {
    placeEn: "",
    placeZh: "",
    audience: "all" as const,
    delegationKeys: [],
    interpretation: "simultaneous" as const,
    visit: null,
  };
  return {
    ...plan,
    ...before,
    replyBy: null,
    registerBy: null,
    costsEn: "",
    costsZh: "",
    coHosts: plan.coHosts.map((host) => ({ ...host, title: null })),
    hostSide: before.country === "US" ? 0 : 1,
    delegations: plan.delegations.filter(({ key }) => key === "us" || key === "cn"),
    items: [
      {
        ...item,
        kind: "ceremony",
        startsAt: at("09:00"),
        endsAt: at("09:40"),
        titleEn: "Opening ceremony",
        titleZh: "开幕式",
        attribution: "on_record",
      },
      {
        ...item,
        kind: "session",
        startsAt: at("10:00"),
        endsAt: at("12:00"),
        titleEn: session.en,
        titleZh: session.zh,
        attribution: "chatham_house",
      },
    ],
  };
}

/** The same login at another edition. */
function there(lead: StaffContext, slug: string): StaffContext {
  const found = findEditionForStaff(lead, { userId: lead.actor.id, slug, act: "lead" });
  if (found === null) throw new Error("A lead of the demonstration has no access to an edition before");
  return { ...lead, scope: found.scope };
}

function personAt(lead: StaffContext, email: string): string {
  const found = lead.db.orm
    .select({ id: person.id, email: person.email })
    .from(person)
    .where(inArray(person.coHostId, [...lead.scope.bookSideIds]))
    .all()
    .find((row) => row.email === email);
  if (found === undefined)
    throw new Error("The demonstration's books have nobody at a mailbox that it needs");
  return found.id;
}

/** What a command gave; a refusal would be a fault of this file. */
function done<T>(result: { ok: true; value: T } | { ok: false; refusal: string }): T {
  if (!result.ok) throw new Error(`The demonstration was refused: ${result.refusal}`);
  return result.value;
}
