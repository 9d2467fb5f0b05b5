/**
 * The demonstration edition: Beijing, December 2018, as it stands five weeks before it opens. Every fact comes about by
 * the command that brings it about in real life, on a clock that moves through the autumn, so that trails, counts and
 * mails are what they would be. Dates, city, topics and the institutions visited are public facts; co-hosts and people
 * are fictional.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { addStaff } from "#app/domain/access/commands.server.ts";
import { findEditionForStaff } from "#app/domain/access/queries.server.ts";
import { assignFunction, publishAgenda } from "#app/domain/agenda/commands.server.ts";
import type { DomainContext, InvitationContext, StaffContext } from "#app/domain/context.ts";
import { changeEdition, createEdition } from "#app/domain/edition/commands.server.ts";
import { planOfFile } from "#app/domain/edition/programme-file.ts";
import type { EditionPlan } from "#app/domain/edition/rules.ts";
import { importTable } from "#app/domain/import/commands.server.ts";
import type { FileTable } from "#app/domain/import/rules.ts";
import { readTable } from "#app/domain/import/table.server.ts";
import { changeInvitationText, sendInvitations } from "#app/domain/invitation/commands.server.ts";
import { answerInvitation } from "#app/domain/invitation/reply.server.ts";
import type { Answer } from "#app/domain/invitation/reply.ts";
import { defaultWording } from "#app/domain/invitation/text.ts";
import { mailboxTransport } from "#app/domain/mail/mailbox.server.ts";
import { createMailWorker } from "#app/domain/mail/worker.server.ts";
import { answersFromRecord, formValues } from "#app/domain/registration/answers.ts";
import { saveRegistration, submitRegistration } from "#app/domain/registration/commands.server.ts";
import { registrationForm } from "#app/domain/registration/queries.server.ts";
import { formTargets } from "#app/domain/registration-form/queries.server.ts";
import { instantOf } from "#app/i18n/dates.ts";
import { paths } from "#app/paths.ts";
import { createLog } from "#app/platform/log.server.ts";
import type { Transport } from "#app/platform/mailer.server.ts";
import { demonstrationFolder } from "#app/platform/project.server.ts";
import { agendaItem, invitation, person } from "../schema/index.ts";
import type { Locale, SessionFunction } from "../vocabulary.ts";
import { seedCards } from "./cards.ts";
import { seedContacts } from "./contacts.ts";
import { seedDelegations } from "./delegations.ts";
import { seedExports } from "./exports.ts";
import { seedForm } from "./form.ts";
import { seedLetters } from "./letters.ts";
import { seedLinks } from "./links.ts";
import { seedMail } from "./mail.ts";
import { seedNeeds } from "./needs.ts";
import { seedPlaces } from "./places.ts";
import { seedReleases } from "./releases.ts";
import { seedRights } from "./rights.ts";
import { seedRooms } from "./rooms.ts";
import { seedRunOfShow } from "./run-of-show.ts";
import { seedStaff } from "./staff.ts";
import { seedTasks } from "./tasks.ts";
import { seedTravel } from "./travel.ts";
import { seedVersions } from "./versions.ts";
import { seedVisits } from "./visits.ts";

export type Demonstration = {
  staff: ReadonlyArray<{ email: string; password: string; nameEn: string; role: string }>;
  /** The link of an institution's contact, who may put names forward. */
  nominationLink: string;
  /** The link of somebody who was invited and has not answered yet. */
  delegateLink: string;
  /** Where their mail goes: the built-in mailbox shows it, and the codes in it. */
  delegateAddress: string;
};

const ZONE = "Asia/Shanghai";
const PASSWORD = "rule-of-law-2018";

/** By the clock in Beijing, in 2018. */
function at(day: string, time: string): number {
  return instantOf(`2018-${day}`, time, ZONE);
}

const US = "us-delegation.example";
const CN = "cn-delegation.example";

const STAFF = {
  grace: {
    name: "Grace Mockup",
    email: `grace.mockup@${US}`,
    nameEn: "Grace Mockup",
    role: "U.S. side, lead",
    locale: "en",
  },
  george: {
    name: "George Standin",
    email: `george.standin@${US}`,
    nameEn: "George Standin",
    role: "U.S. side, mail only",
    locale: "en",
  },
  lin: {
    name: "林草稿",
    email: `caogao.lin@${CN}`,
    nameEn: "LIN Caogao",
    role: "Chinese side, lead",
    locale: "zh-CN",
  },
  yang: {
    name: "杨占位",
    email: `zhanwei.yang@${CN}`,
    nameEn: "YANG Zhanwei",
    role: "Chinese side, read only",
    locale: "zh-CN",
  },
} as const satisfies Record<
  string,
  { name: string; email: string; nameEn: string; role: string; locale: Locale }
>;

/** This address does not exist: its server says so, and the overview shows it. */
const UNKNOWN_ADDRESS = `hannah.prve@${US}`;

/** The journey begins here: invited, nothing answered, and one seat left on the visit that everybody wants. */
const NEXT_GUEST = `priya.placeholder.rao@${US}`;

type Court = "spc" | "bic";
/** Who has registered: mailbox before the @, on which day, which visits, and what distinguishes them. */
type Registered = {
  who: string;
  on: string;
  time: string;
  visits: ReadonlyArray<Court>;
  diets?: ReadonlyArray<string>;
  allergies?: string;
  accessNeeds?: ReadonlyArray<string>;
  flight?: readonly [arrival: string, departure: string];
};

/** When flights land that do not land at the usual time. */
const LANDINGS: Readonly<Record<string, string>> = { ZZ187: "14:05", ZZ981: "17:40" };

const BOTH = ["spc", "bic"] as const;
const REGISTERED_US: ReadonlyArray<Registered> = [
  {
    who: "robert.a.sampleton.iii",
    on: "09-18",
    time: "09:12",
    visits: BOTH,
    flight: ["ZZ089", "ZZ088"],
    accessNeeds: ["hearing"],
  },
  { who: "margaret.placeholder", on: "09-18", time: "21:40", visits: BOTH, flight: ["ZZ187", "ZZ186"] },
  { who: "patrick.o.example", on: "09-19", time: "08:05", visits: BOTH, diets: ["no_seafood"] },
  {
    who: "eleanor.van.der.demo",
    on: "09-20",
    time: "22:31",
    visits: BOTH,
    diets: ["vegetarian"],
    flight: ["ZZ981", "ZZ982"],
  },
  { who: "rebecca.specimen", on: "09-21", time: "07:50", visits: BOTH, flight: ["ZZ089", "ZZ088"] },
  {
    who: "ruth.template",
    on: "09-25",
    time: "20:18",
    visits: BOTH,
    accessNeeds: ["step_free", "visit_mobility"],
    flight: ["ZZ089", "ZZ088"],
  },
  { who: "thomas.mcfixture.dummy", on: "09-26", time: "23:02", visits: BOTH },
  {
    who: "kwame.sample.boyd",
    on: "09-27",
    time: "06:44",
    visits: BOTH,
    diets: ["halal"],
    flight: ["ZZ981", "ZZ982"],
  },
  { who: "maria.jose.ejemplo.munoz", on: "10-02", time: "09:27", visits: BOTH, allergies: "Peanuts" },
  {
    who: "lucia.ficcion",
    on: "10-05",
    time: "22:10",
    visits: ["bic"],
    diets: ["vegan"],
    flight: ["ZZ187", "ZZ186"],
  },
  { who: "peter.mihon", on: "10-09", time: "08:36", visits: BOTH },
  { who: "anneke.d.sample", on: "10-12", time: "21:15", visits: BOTH, flight: ["ZZ089", "ZZ088"] },
  { who: "olivia.st.example", on: "10-17", time: "07:29", visits: ["bic"], diets: ["gluten_free"] },
];

const REGISTERED_CN: ReadonlyArray<Registered> = [
  { who: "shili.chen", on: "09-20", time: "10:08", visits: ["spc"] },
  { who: "yangben.zeng", on: "09-21", time: "15:33", visits: ["spc", "bic"] },
  { who: "xi.an.li", on: "09-26", time: "09:47", visits: [] },
  { who: "ayishili.aimoban", on: "10-10", time: "11:20", visits: ["spc"], diets: ["halal"] },
  { who: "li.sima", on: "10-11", time: "16:02", visits: [] },
  { who: "jie.liu", on: "10-16", time: "14:25", visits: [], diets: ["no_seafood"] },
];

/** Who answered, but has not registered. */
const ANSWERED: ReadonlyArray<{
  email: string;
  on: string;
  reply: Answer;
  note: string;
  askAgainOn: string | null;
}> = [
  {
    email: `noah.example.wu@${US}`,
    on: "09-24",
    reply: "declined",
    note: "A trial that week cannot be moved. My best wishes to everybody.",
    askAgainOn: null,
  },
  { email: `benjamin.draft@${US}`, on: "10-03", reply: "tentative", note: "", askAgainOn: "2018-11-05" },
  { email: `charlotte.l.exemple@${US}`, on: "10-15", reply: "accepted", note: "", askAgainOn: null },
  { email: `yanshi.ouyang@${CN}`, on: "09-27", reply: "accepted", note: "", askAgainOn: null },
  { email: `moban.shan@${CN}`, on: "10-12", reply: "accepted", note: "", askAgainOn: null },
];

/** Invited like the others, and silent so far. */
const SILENT = [NEXT_GUEST, UNKNOWN_ADDRESS, `samuel.testcase@${US}`, `ceshi.zha@${CN}`, `yan.wang6@${CN}`];

/** Whom each side places first; the others follow as they came. */
const FIRST_US = ["robert.a.sampleton.iii", "margaret.placeholder", "ruth.template", "patrick.o.example"];
const FIRST_CN = ["shili.chen", "yangben.zeng", "xi.an.li", "yanshi.ouyang"];

/** Who does what, by the beginning of the item's English title. */
const FUNCTIONS: ReadonlyArray<readonly [item: string, email: string, what: SessionFunction]> = [
  ["Opening ceremony", `robert.a.sampleton.iii@${US}`, "opening_speaker"],
  ["Opening ceremony", `shili.chen@${CN}`, "opening_speaker"],
  ["Session 1: ", `eleanor.van.der.demo@${US}`, "co_chair"],
  ["Session 1: ", `yangben.zeng@${CN}`, "co_chair"],
  ["Session 1: ", `patrick.o.example@${US}`, "presenter"],
  ["Session 1: ", `li.sima@${CN}`, "presenter"],
  ["Session 2", `ruth.template@${US}`, "chair"],
  ["Session 2", `margaret.placeholder@${US}`, "discussant"],
  ["Session 2", NEXT_GUEST, "presenter"],
  ["Session 3", `lucia.ficcion@${US}`, "presenter"],
  ["Session 3", `ayishili.aimoban@${CN}`, "presenter"],
  // Nobody interprets the third session yet: the list of clashes says so.
  ["Session 1: ", `yili.zheng@${CN}`, "interpreter"],
  ["Session 1, continued", `yili.zheng@${CN}`, "interpreter"],
  ["Session 1, continued", `kouyi.feng@${CN}`, "interpreter"],
  ["Session 2", `kouyi.feng@${CN}`, "interpreter"],
  // At the same time as the courtesy call, for which she registered: both are told.
  ["Rapporteurs", `rebecca.specimen@${US}`, "rapporteur"],
  ["Rapporteurs", `jie.liu@${CN}`, "rapporteur"],
];

/**
 * Fills an empty database with the demonstration edition and returns how to enter it. Everything but ids and password
 * hashes is the same each time.
 *
 * @throws Error when a command refuses: the data below and the rules have grown apart.
 */
export async function seedDemonstration(
  parts: Pick<DomainContext, "db" | "keys" | "baseUrl">,
): Promise<Demonstration> {
  const clock = movingClock(at("09-03", "10:00"));
  const system: DomainContext = {
    db: parts.db,
    keys: parts.keys,
    baseUrl: parts.baseUrl,
    clock,
    actor: { kind: "system", id: "demonstration" },
    requestId: null,
  };
  const post = createMailWorker({
    ...system,
    mailFrom: { name: "Secretariat 秘书处", address: "secretariat@dialogue.example" },
    transport: refusingOne(mailboxTransport(parts.db), UNKNOWN_ADDRESS),
    log: createLog("silent"),
  });

  const graceId = done(await addStaff(system, { ...STAFF.grace, password: PASSWORD })).userId;
  const edition = done(
    await createEdition({ ...system, actor: { kind: "staff", id: graceId } }, { plan: plan(), ownCoHost: 0 }),
  );
  const [usSide, cnSide] = edition.coHostIds;
  const { us, cn, interpreters } = edition.delegationIds;
  if (usSide === undefined || cnSide === undefined || us === undefined || cn === undefined)
    throw new Error("The demonstration's programme file names no U.S. and Chinese side");
  const login = async (
    entry: (typeof STAFF)[keyof typeof STAFF],
    coHostId: string,
    permission: "lead" | "mail" | "read_only",
  ) =>
    done(
      await addStaff(system, {
        ...entry,
        password: PASSWORD,
        access: [{ coHostId, editionId: null, permission }],
      }),
    ).userId;
  await login(STAFF.george, usSide, "mail");
  const linId = await login(STAFF.lin, cnSide, "lead");
  await login(STAFF.yang, cnSide, "read_only");
  const grace = staffContext(system, graceId, edition.slug);
  const lin = staffContext(system, linId, edition.slug);

  clock.set(at("09-04", "21:30"));
  done(await importTable(grace, { table: await peopleFile("invitees-us.csv"), delegationId: us }));
  clock.set(at("09-05", "09:30"));
  done(
    await importTable(lin, {
      table: await peopleFile("invitees-cn.csv"),
      delegationId: cn,
      interpreterDelegationId: interpreters ?? null,
    }),
  );
  const invitations = new Map(
    parts.db.orm
      .select({ id: invitation.id, email: person.email, locale: person.locale })
      .from(invitation)
      .innerJoin(person, eq(person.id, invitation.personId))
      .all()
      .map((row) => [row.email, row] as const),
  );
  const invited = (email: string) => {
    const found = invitations.get(email);
    if (found === undefined)
      throw new Error("The demonstration's list of people has nobody at a mailbox that it needs");
    return found;
  };
  const invitee = (email: string): InvitationContext => {
    const { id, locale } = invited(email);
    return {
      ...system,
      actor: { kind: "invitee", id },
      scope: { editionId: edition.editionId, invitationId: id },
      locale,
      assistant: null,
    };
  };

  clock.set(at("09-10", "10:00"));
  done(await changeEdition(lin, TERMS));
  await seedPlaces(lin, ZONE);
  const items = parts.db.orm
    .select({ id: agendaItem.id, titleEn: agendaItem.titleEn })
    .from(agendaItem)
    .all();
  for (const [title, email, what] of FUNCTIONS) {
    const item = items.find((candidate) => candidate.titleEn.startsWith(title));
    if (item === undefined) throw new Error(`The demonstration's programme has no “${title}”`);
    const staff = email.endsWith(US) ? grace : lin;
    done(await assignFunction(staff, { itemId: item.id, invitationId: invited(email).id, function: what }));
  }
  clock.set(at("09-12", "16:00"));
  done(await publishAgenda(lin));
  await seedRunOfShow(lin);
  clock.set(at("09-13", "10:00"));
  for (const [staff, sideId] of [
    [grace, usSide],
    [lin, cnSide],
  ] as const)
    done(await changeInvitationText(staff, { sideId, texts: wording() }));

  const registered = [
    ...REGISTERED_US.map((entry) => ({ ...entry, email: `${entry.who}@${US}` })),
    ...REGISTERED_CN.map((entry) => ({ ...entry, email: `${entry.who}@${CN}` })),
  ];
  const toSend = [...registered, ...ANSWERED].map((entry) => entry.email).concat(SILENT);
  clock.set(at("09-17", "20:00"));
  for (const [staff, host] of [
    [grace, US],
    [lin, CN],
  ] as const) {
    const invitationIds = toSend.filter((email) => email.endsWith(host)).map((email) => invited(email).id);
    done(await sendInvitations(staff, { invitationIds }));
  }
  await post.drain();

  const acts = [
    ...registered.map((entry) => ({
      when: at(entry.on, entry.time),
      act: async () => {
        const ctx = invitee(entry.email);
        done(await answerInvitation(ctx, { reply: "accepted", note: "", askAgainOn: null }));
        clock.set(clock.now() + 9 * 60_000);
        done(await submitRegistration(ctx, { answers: answersOf(ctx, entry) }));
      },
    })),
    ...ANSWERED.map(({ email, on, ...answer }) => ({
      when: at(on, "11:00"),
      act: async () => {
        done(await answerInvitation(invitee(email), answer));
      },
    })),
    {
      // Began on a train, and has not come back to it.
      when: at("10-12", "11:08"),
      act: async () => {
        const ctx = invitee(`moban.shan@${CN}`);
        const form = registrationForm(ctx);
        if (form === null) throw new Error("An invitation of the demonstration has no form");
        done(await saveRegistration(ctx, { answers: form.answers }));
      },
    },
  ].sort((a, b) => a.when - b.when);
  for (const { when, act } of acts) {
    clock.set(when);
    await act();
    await post.drain();
  }
  await seedLinks({
    clock,
    delegates: [
      {
        ctx: invitee(`robert.a.sampleton.iii@${US}`),
        assistant: {
          name: "Dana Exemplar",
          email: `dana.exemplar@${US}`,
          locale: "en",
          sections: ["travel", "visits"],
          mayReply: false,
        },
      },
      {
        ctx: invitee(`shili.chen@${CN}`),
        assistant: {
          name: "示例外事办公室",
          email: `foreign.affairs@${CN}`,
          locale: "zh-CN",
          sections: ["post", "contact", "languages", "travel"],
          mayReply: true,
        },
      },
    ],
  });
  await post.drain();
  const nominationLink = await seedDelegations({
    clock,
    system,
    sides: [
      { lead: grace, delegationId: us, first: FIRST_US.map((who) => invited(`${who}@${US}`).id) },
      { lead: lin, delegationId: cn, first: FIRST_CN.map((who) => invited(`${who}@${CN}`).id) },
    ],
    asks: {
      lead: grace,
      delegationId: us,
      known: {
        familyLatin: "Demonstration",
        givenLatin: "Ifeoma",
        email: `ifeoma.demonstration@${US}`,
      },
    },
  });
  await seedStaff({ clock, system, password: PASSWORD, us: grace, cn: lin });
  await seedTasks({ clock, us: grace, cn: lin });
  await seedForm(
    lin,
    formTargets(lin).visits.map(({ id }) => id),
  );
  clock.set(Math.max(clock.now(), at("10-25", "18:00")));
  await seedMail({ us: grace, cn: lin });
  await post.drain();
  await seedVersions({
    clock,
    host: lin,
    readers: [invitee(`shili.chen@${CN}`), invitee(`yangben.zeng@${CN}`)],
    post,
  });
  await post.stop();

  const idsOf = (entries: ReadonlyArray<{ email: string }>) => entries.map(({ email }) => invited(email).id);
  const guests = registered.filter(({ email }) => email.endsWith(US));
  await seedReleases({
    clock,
    giver: grace,
    taker: { ...lin, name: STAFF.lin.name },
    toSideId: cnSide,
    guests: idsOf(guests),
    arriving: idsOf(guests.filter(({ flight }) => flight !== undefined)),
  });

  await seedTravel({
    clock,
    us: grace,
    cn: lin,
    people: {
      viaTokyo: invited(`anneke.d.sample@${US}`).id,
      landsAtNight: invited(`lucia.ficcion@${US}`).id,
      byTrain: invited(`shili.chen@${CN}`).id,
      released: idsOf(guests.filter(({ flight, visits }) => flight !== undefined && visits.includes("bic"))),
    },
  });
  const of = (who: string) => invited(`${who}@${US}`).id;
  await seedRooms({
    clock,
    us: grace,
    cn: lin,
    people: {
      alone: ["robert.a.sampleton.iii", "margaret.placeholder", "eleanor.van.der.demo", "ruth.template"].map(
        of,
      ),
      sharing: [of("rebecca.specimen"), of("lucia.ficcion")],
      undecided: [of("patrick.o.example"), of("thomas.mcfixture.dummy")],
      privately: of("anneke.d.sample"),
      wouldShare: [of("peter.mihon"), of("kwame.sample.boyd")],
      hosts: [invited(`shili.chen@${CN}`).id, invited(`yangben.zeng@${CN}`).id],
    },
  });

  await seedNeeds({
    clock,
    us: grace,
    cn: lin,
    people: { allergic: of("maria.jose.ejemplo.munoz"), stays: of("thomas.mcfixture.dummy") },
  });

  await seedContacts({
    clock,
    plan: plan(),
    us: { lead: grace, sideId: usSide },
    cn: { lead: lin, sideId: cnSide },
  });

  await seedLetters({
    clock,
    us: {
      lead: grace,
      sideId: usSide,
      margaret: invited(`margaret.placeholder@${US}`).id,
      patrick: invited(`patrick.o.example@${US}`).id,
      mariaJose: invited(`maria.jose.ejemplo.munoz@${US}`).id,
      kwame: invited(`kwame.sample.boyd@${US}`).id,
    },
    cn: { lead: lin, sideId: cnSide },
  });

  await seedRights({
    clock,
    sides: [
      {
        withdraws: invitee(`rebecca.specimen@${US}`),
        corrects: invitee(`patrick.o.example@${US}`),
        words: "My name is O'Example with an apostrophe, also on the list for the courts.",
      },
      {
        withdraws: invitee(`jie.liu@${CN}`),
        corrects: invitee(`yangben.zeng@${CN}`),
        words: "本人姓氏读音为Zēng，名单上请按Z排序。",
      },
    ],
  });
  await seedVisits({ clock, us: grace, cn: lin, late: invited(`thomas.mcfixture.dummy@${US}`).id });
  await seedExports({ clock, us: grace, cn: lin });
  await seedCards({ clock, cn: lin, promoted: invited(`yangben.zeng@${CN}`).id });

  const next = invited(NEXT_GUEST).id;
  return {
    staff: Object.values(STAFF).map(({ email, nameEn, role }) => ({
      email,
      password: PASSWORD,
      nameEn,
      role,
    })),
    delegateAddress: NEXT_GUEST,
    nominationLink,
    delegateLink: parts.baseUrl + paths.invitation(parts.keys.linkToken(next, 1)),
  };
}

const TERMS = {
  replyBy: at("11-09", "18:00"),
  registerBy: at("11-16", "18:00"),
  costsEn:
    "The Example Foundation for Legal Exchange covers hotel, meals and local transport from December 2 to 6; participants or their institutions cover international travel.",
  costsZh: "12月2日至6日的住宿、用餐和当地交通由示例法律交流基金会承担，国际旅费由与会者或其所在单位自理。",
  phones: "+1 212 555 0100 · +86 10 0000 0001",
};

/** The programme file's plan, with what the file does not say. */
function plan(): EditionPlan {
  const read = planOfFile(readFileSync(join(demonstrationFolder(), "programme.json"), "utf8"));
  if (!read.ok) throw new Error("The demonstration's programme file is none");
  return {
    ...read.plan,
    ordinal: 8,
    coHosts: read.plan.coHosts.map((host, n) =>
      n === read.plan.hostSide
        ? {
            ...host,
            title: {
              en: "China-U.S. Track II Dialogue on the Rule of Law & Human Rights, Beijing 2018",
              zh: read.plan.titleZh,
            },
          }
        : host,
    ),
  };
}

async function peopleFile(name: string): Promise<FileTable> {
  return done(await readTable(readFileSync(join(demonstrationFolder(), name))));
}

function wording() {
  const en = defaultWording("en", { hasCosts: true });
  const zh = defaultWording("zh-CN", { hasCosts: true });
  return {
    subjectEn: en.subject,
    bodyEn: `${en.body}\n\nShould you have any question, please call {phones}.`,
    subjectZh: zh.subject,
    bodyZh: `${zh.body}\n\n如有疑问，请致电{phones}。`,
  };
}

/** What somebody fills in: what is known of them, and what distinguishes them. */
function answersOf(
  ctx: InvitationContext,
  { visits, diets, allergies, accessNeeds, flight, email }: Registered & { email: string },
) {
  const form = registrationForm(ctx);
  if (form === null) throw new Error("An invitation of the demonstration has no form");
  const chinese = ctx.locale === "zh-CN";
  const hosts: Readonly<Record<Court, string>> = {
    spc: "Supreme People's Court",
    bic: "Beijing Internet Court",
  };
  const visitIds = visits.map((court) => {
    const visit = form.visits.find((choice) => choice.hostEn === hosts[court]);
    if (visit === undefined)
      throw new Error(`The demonstration's programme has no visit to the ${hosts[court]}`);
    return visit.visitId;
  });
  const needs = diets !== undefined || allergies !== undefined || accessNeeds !== undefined;
  return answersFromRecord({
    ...formValues(form.answers),
    email,
    mobile: chinese
      ? "+86 10 0000 0001"
      : `+1 212 555 01${String(10 + (email.length % 80)).padStart(2, "0")}`,
    mailLocale: ctx.locale,
    diets: [...(diets ?? ["none"])],
    allergies: allergies ?? "",
    allergySeverity: allergies === undefined ? "" : "severe",
    accessNeeds: [...(accessNeeds ?? [])],
    workingLanguages: [chinese ? "chinese" : "english"],
    needsInterpretation: "yes",
    ...(flight === undefined
      ? { arrivalBy: "not_booked", departureBy: "not_booked" }
      : {
          arrivalBy: "flight",
          arrivalNumber: flight[0],
          arrivalFrom: "New York JFK",
          arrivalOn: "2018-12-02",
          arrivalTime: LANDINGS[flight[0]] ?? "18:20",
          arrivalAt: "Beijing Capital, Terminal 3",
          departureBy: "flight",
          departureNumber: flight[1],
          departureTo: "New York JFK",
          departureOn: "2018-12-06",
          departureTime: "13:00",
          departureFrom: "Beijing Capital, Terminal 3",
          bookedBy: "self",
        }),
    visitIds: visitIds.sort(),
    consent_notice: "on",
    consent_sensitive_data: needs ? "on" : "",
    consent_identity_documents: visits.length > 0 ? "on" : "",
    // Whoever has booked a flight wants to be met; one of them would rather arrange it herself.
    consent_transfer_abroad: flight !== undefined && !email.startsWith("ruth.") ? "on" : "",
    consent_delegate_book: "on",
    consent_photo_press: email.length % 3 === 0 ? "" : "on",
  });
}

function movingClock(start: number): { now(): number; set(instant: number): void } {
  let now = start;
  return {
    now: () => now,
    set(instant) {
      now = instant;
    },
  };
}

/** A mailbox like the others, but for one address that nobody has. */
function refusingOne(transport: Transport, address: string): Transport {
  return {
    ...transport,
    send: async (mail, last) => {
      if (mail.to.address !== address) return transport.send(mail, last);
      await last();
      return {
        accepted: false,
        code: 550,
        response: "5.1.1 The email account that you tried to reach does not exist",
      };
    },
  };
}

function staffContext(ctx: DomainContext, userId: string, slug: string): StaffContext {
  const found = findEditionForStaff(ctx, { userId, slug });
  if (found === null) throw new Error("A login of the demonstration has no access");
  return { ...ctx, actor: { kind: "staff", id: userId }, scope: found.scope };
}

/** What a command gave; a refusal would be a fault of this file. */
function done<T>(result: { ok: true; value: T } | { ok: false; refusal: string }): T {
  if (!result.ok) throw new Error(`The demonstration was refused: ${JSON.stringify(result)}`);
  return result.value;
}
