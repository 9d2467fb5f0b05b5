import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { paths } from "#app/paths.ts";
import { openDatabase } from "#db/client.server.ts";
import { type Page, startTestServer, type TestServer, type Visitor, visitor } from "#tests/support/server.ts";
import {
  addressOf,
  type Login,
  PASSWORD,
  type Side,
  type TwoEditions,
  writeTwoEditions,
} from "#tests/support/two-editions.ts";

/*
 * Whatever one side asks about somebody of the other side, it is told what it would be told of somebody who does not
 * exist: the same words, the same choices, the same warnings or none. Each question is put twice, and the two answers
 * must be the same text, but for what was typed.
 */

/** Somebody of whom a question is asked. */
type Somebody = {
  latin: string;
  chinese: string;
  email: string;
  personId: string;
  invitationId: string;
  delegationId: string;
  editionId: string;
};

type Question = {
  asks: string;
  who: Login | "contact";
  path: (of: Somebody, home: Side) => string;
  fields?: (of: Somebody, home: Side) => Readonly<Record<string, string>>;
  /** A file that goes with it. */
  file?: (of: Somebody) => string;
  /** The same asked about somebody of one's own is answered otherwise: that there is something to tell. */
  tellsOfOwn?: true;
  /** What of the page is told, where it also lists what was asked before. */
  part?: (text: string, of: Somebody) => string;
};

let server: TestServer<TwoEditions>;
const browsers = new Map<Question["who"], Visitor>();

const card = ({ latin, chinese, email }: Somebody) => ({
  nameLatin: `${latin} Person 0`,
  familyLatin: latin,
  givenLatin: "Person 0",
  familyNative: chinese,
  nameNative: `${chinese}0`,
  institutionEn: `Institute of ${latin}`,
  email,
  locale: "en",
  category: "delegate",
});
const QUESTIONS: ReadonlyArray<Question> = [
  {
    asks: "a search by Latin name among the people of the edition",
    who: "lead",
    path: (_of, home) => paths.people(home.slug),
    fields: ({ latin }) => ({ search: latin }),
    tellsOfOwn: true,
  },
  {
    asks: "a search by Chinese name",
    who: "lead",
    path: (_of, home) => paths.people(home.slug),
    fields: ({ chinese }) => ({ search: chinese }),
    tellsOfOwn: true,
  },
  {
    asks: "a filter by delegation",
    who: "lead",
    path: (_of, home) => paths.people(home.slug),
    fields: ({ delegationId }) => ({ delegation: delegationId }),
    tellsOfOwn: true,
  },
  {
    asks: "a file of a delegation",
    who: "lead",
    path: (_of, home) => paths.newExport(home.slug, "participants"),
    fields: ({ delegationId }) => ({
      ...{ format: "csv", language: "en", columns: "nameLatin", order: "pinyin" },
      delegation: delegationId,
    }),
    tellsOfOwn: true,
  },
  {
    asks: "a search in the contact book",
    who: "bookkeeper",
    path: (_of, home) => paths.contacts(home.slug),
    fields: ({ email }) => ({ search: email }),
    tellsOfOwn: true,
  },
  {
    asks: "whom a letter would be sent to",
    who: "lead",
    path: (_of, home) => paths.sendInvitations(home.slug),
    fields: ({ invitationId }) => ({ invitation: invitationId }),
    tellsOfOwn: true,
  },
  {
    asks: "a message as one recipient would get it",
    who: "lead",
    path: ({ invitationId }, home) => paths.messagePreview(home.slug, home.messageIds[0], invitationId),
    tellsOfOwn: true,
  },
  {
    asks: "what of somebody would be released",
    who: "lead",
    path: (_of, home) => paths.newRelease(home.slug),
    fields: ({ invitationId }, home) => ({
      invitations: invitationId,
      columns: "nameLatin",
      to: "outside",
      recipient: "A hotel",
      purpose: "A room",
      until: home.meeting.travelTo,
    }),
    tellsOfOwn: true,
  },
  {
    asks: "whom one would carry over",
    who: "bookkeeper",
    path: (_of, home) => `${paths.carryOver(home.slug)}?edition=${home.meeting.editionId}`,
    fields: ({ personId }) => ({ person: personId }),
  },
  {
    asks: "somebody of the book to come instead",
    who: "bookkeeper",
    path: (_of, home) => paths.substitute(home.slug, home.people[0].invitationId),
    fields: ({ personId }) => ({ intent: "choose", personId, note: "" }),
    tellsOfOwn: true,
  },
  {
    asks: "a merge of one's own card with theirs",
    who: "bookkeeper",
    path: ({ personId }, home) => paths.mergeContacts(home.slug, home.cardIds[0], personId),
    tellsOfOwn: true,
  },
  {
    asks: "their page",
    who: "lead",
    path: ({ invitationId }, home) => paths.person(home.slug, invitationId),
    tellsOfOwn: true,
  },
  {
    asks: "their card",
    who: "bookkeeper",
    path: ({ personId }, home) => paths.contact(home.slug, personId),
    tellsOfOwn: true,
  },
  {
    asks: "their delegation",
    who: "lead",
    path: ({ delegationId }, home) => paths.delegation(home.slug, delegationId),
    tellsOfOwn: true,
  },
  // These write: a warning that somebody is known already would come first.
  {
    asks: "a file of people with their name and mailbox, before it is taken in",
    who: "lead",
    path: (_of, home) => paths.importPeople(home.slug),
    fields: (_of, home) => ({ delegation: home.delegationId }),
    file: ({ latin, email }) =>
      `First Name,Last Name,Title,Organization,Position,Email,Role\nPerson 0,${latin},Ms.,Institute of ${latin},Head,${email},observer\n`,
    tellsOfOwn: true,
  },
  {
    asks: "a new card with their name and mailbox",
    who: "bookkeeper",
    path: (_of, home) => paths.newContact(home.slug),
    fields: (of, home) => ({ ...card(of), sideId: home.sideId }),
    tellsOfOwn: true,
  },
  {
    asks: "a name that an institution puts forward",
    who: "contact",
    path: (_of, home) => new URL(home.nominationLink).pathname,
    fields: ({ latin, chinese, email }) => ({
      "names[0].nameNative": `${chinese}0`,
      "names[0].familyLatin": latin,
      "names[0].givenLatin": "Person 0",
      "names[0].email": email,
    }),
    part: () => "",
  },
  {
    asks: "the same names, as the side then sees them",
    who: "bookkeeper",
    path: (_of, home) => paths.focalPoint(home.slug, home.focalPointId),
    part: (text, { latin }) =>
      (text.match(/<article.*?<\/article>/gs) ?? []).find((each) => each.includes(latin)) ?? "none",
  },
  {
    asks: "a colleague with their mailbox",
    who: "lead",
    path: (_of, home) => paths.newColleague(home.slug),
    fields: ({ latin }, home) => ({
      name: "Somebody",
      email: `colleague@${latin.toLowerCase()}.example`,
      locale: "en",
      sideId: home.sideId,
      permissions: "mail",
      password: PASSWORD,
    }),
    part: (text) => (text.match(/<div class="notice.*?<\/div>/gs) ?? []).join(""),
  },
];

beforeAll(async () => {
  server = await startTestServer({
    env: { SECOND_STEP: "optional", TRUSTED_PROXIES: "1" },
    seed: writeTwoEditions,
  });
  for (const [n, who] of (["lead", "bookkeeper", "contact"] as const).entries()) {
    const browser = visitor(server.url, { headers: { "X-Forwarded-For": `192.0.2.${n + 1}` } });
    if (who !== "contact") await browser.post(paths.signIn(), { email: addressOf(who), password: PASSWORD });
    browsers.set(who, browser);
  }
}, 120_000);
afterAll(() => server.stop());

function somebodyOf(side: Side): Somebody {
  const [{ personId, invitationId, email }] = side.people;
  const [latin, chinese] = side.words;
  const { delegationId } = side;
  return { latin, chinese, email, personId, invitationId, delegationId, editionId: side.meeting.editionId };
}

/** Somebody who is nowhere, with names as long as theirs. */
function nobodyLike({ latin, chinese }: Somebody): Somebody {
  const name = "Nemohetztwas".slice(0, latin.length);
  const id = (letter: string) => letter.repeat(20);
  return {
    latin: name,
    chinese: "无某人".slice(0, chinese.length),
    email: `person-0@${name.toLowerCase()}.example`,
    personId: id("p"),
    invitationId: id("i"),
    delegationId: id("d"),
    editionId: id("e"),
  };
}

async function ask({ who, path, fields, file }: Question, of: Somebody): Promise<Page> {
  const { home } = server.seeded;
  const browser = browsers.get(who);
  if (browser === undefined) throw new Error(`No browser of ${who}`);
  const at = path(of, home);
  const sent = fields?.(of, home);
  if (file !== undefined) return upload(browser, at, { fields: sent ?? {}, file: file(of) });
  return sent === undefined ? browser.get(at) : browser.post(at, sent);
}

async function upload(
  browser: Visitor,
  path: string,
  { fields, file }: { fields: Readonly<Record<string, string>>; file: string },
): Promise<Page> {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  body.append("file", new File([file], "people.csv", { type: "text/csv" }));
  const Cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  const { status, headers } = await fetch(server.url + path, {
    method: "POST",
    redirect: "manual",
    body,
    headers: { Accept: "text/html", Origin: server.url, Cookie },
  });
  // What becomes of a list stands on a page of its own.
  const shown = await browser.get(headers.get("Location") ?? path);
  return { ...shown, statuses: [status, ...shown.statuses] };
}

/** All that an answer says, but for what was typed, for ids, and for the time of day. */
function told({ statuses, path, text }: Page, of: Somebody, { part }: Question): string {
  let said = [...statuses, path, ...(part?.(text, of) ?? text).split(/(?=<)|(?<=,)/)].join("\n");
  for (const word of [of.email, of.latin, of.latin.toLowerCase(), of.chinese])
    said = said.replaceAll(word, "(typed)").replaceAll(encodeURIComponent(word), "(typed)");
  return said
    .replaceAll(/nonce="[^"]*"|:R\w+:\w/g, "")
    .replaceAll(/[\w-]{20,}/g, "(id)")
    .replaceAll(/\d{1,2}:\d{2}(?::\d{2})?/g, "(time)")
    .replaceAll(/\b\d{13}\b/g, "(instant)")
    .replaceAll(/08-\d{3}/g, "(number)");
}

/** How many cards there are, in all books. */
function cards(): number {
  const db = openDatabase(server.databaseFile);
  try {
    return Number(db.sqlite.prepare("select count(*) from person").pluck().get());
  } finally {
    db.close();
  }
}

describe("one side asks about somebody of the other, and is told what it is told of nobody", () => {
  test.each(QUESTIONS)("$asks", async (question) => {
    const { home, away } = server.seeded;
    const theirs = somebodyOf(away);
    const nobody = nobodyLike(theirs);
    const before = cards();
    const ofNobody = await ask(question, nobody);
    const between = cards();
    const ofTheirs = await ask(question, theirs);
    expect(cards() - between).toBe(between - before);
    expect(ofNobody.status).not.toBe(500);
    expect(told(ofTheirs, theirs, question)).toBe(told(ofNobody, nobody, question));
    if (question.tellsOfOwn === true) {
      const own = somebodyOf(home);
      expect(told(await ask(question, own), own, question)).not.toBe(told(ofNobody, nobody, question));
    }
  });
});
