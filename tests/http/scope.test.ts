import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { RouteConfigEntry } from "@remix-run/route-config";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chasePlan } from "#app/domain/completeness/chase.server.ts";
import { attendanceField, shownField } from "#app/domain/invitation/attendance.ts";
import { retentionPage } from "#app/domain/privacy/retention.server.ts";
import { dueField, KINDS_IN_ORDER, latestDay } from "#app/domain/privacy/retention.ts";
import { KEEPS_TASKS } from "#app/domain/task/rules.ts";
import { paths } from "#app/paths.ts";
import { deriveKeys } from "#app/platform/crypto.server.ts";
import type { Db } from "#db/client.server.ts";
import type { Permission } from "#db/vocabulary.ts";
import { submission } from "#tests/support/meeting.ts";
import { ROOT, startTestServer, type TestServer, visitor } from "#tests/support/server.ts";
import { openStored, type Stored } from "#tests/support/stored.ts";
import {
  addressOf,
  LOGINS,
  type Login,
  PASSPORT,
  PASSWORD,
  type Side,
  type TwoEditions,
  writeTwoEditions,
} from "#tests/support/two-editions.ts";
import { type Fetched, takeFetched, watchReads } from "#tests/support/watched-reads.ts";

/*
 * Who may see and do what, asked of every address that app/routes.ts has. A route that is not in the table below fails
 * the first test. Each "is not there" is matched by a "there it is" for the one whose it is, so that nothing passes
 * because there was nothing to find. What an answer holds is one thing; what was fetched for it is another, and the
 * server writes that down (tests/support/read-log.ts): no row of somebody else's leaves the database.
 */

type Fields = Readonly<Record<string, string | ReadonlyArray<string>>>;

type Act = {
  does: string;
  /** Where it is sent, unless it is the page's own address. */
  path?: (side: Side) => string;
  /** What its form holds when it is about a side's own people. */
  fields: (side: Side) => Fields;
  needs: Permission;
  /** Other permissions of which one is enough as well. */
  orNeeds?: ReadonlyArray<Permission>;
  /** About the edition as a whole: each side may do it. */
  common?: true;
  /** What whoever may gets for it; 303 unless given. */
  status?: number;
  /** Asks, and writes nothing that it would be kept from. */
  reads?: true;
  /** It may free a seat, and the next in line gets it and is told, of whichever side. */
  passesOn?: true;
};

type Entry = {
  /** Who may open it: anybody; who has the link; who is signed in; staff of the edition; readers of the mailbox. */
  for: "anybody" | "link" | "staff" | "edition" | "mailbox";
  path: (side: Side) => string;
  /** What staff of the edition need to open it. */
  needs?: Permission;
  orNeeds?: ReadonlyArray<Permission>;
  /** It is about one thing of one side; for others it is not there. */
  one?: true;
  /** It is of a side's contact book: for those who invite to all its editions, and about the people of all of them. */
  book?: true;
  /** The link alone does not open it: it needs a browser in which a code of this link was typed. */
  needsCode?: true;
  /** It names people or words of the reader's own side. */
  shows?: true;
  /** What its owner gets on opening it. */
  status?: number;
  /**
   * It shows a side another one's people, by a release to it. Tells the release's id, given the side that reads and the
   * one whose people they are; the release's end is the page's.
   */
  byRelease?: (reader: Side, owner: Side) => string;
  /** Where that is, unless it is the page's own address. */
  releasedPath?: (reader: Side) => string;
  acts?: ReadonlyArray<Act>;
};

let server: TestServer<TwoEditions>;
let stored: Stored;
/** The confirmation, with a calendar file, that went to the first of a side's people. */
const mails = new Map<Side, string>();
const cookies = new Map<Login | "stranger", string>();

/** Where one of a side's people is, and how many are there. */
const institutionOf = ({ people }: Side) =>
  String(
    inDatabase((sqlite) =>
      sqlite
        .prepare("select institution_en from person p join invitation i on i.person_id = p.id where i.id = ?")
        .pluck()
        .get(people[2].invitationId),
    ),
  );
const peopleAt = (side: Side) =>
  Number(
    inDatabase((sqlite) =>
      sqlite
        .prepare(
          `select count(*) from invitation i join person p on p.id = i.person_id join delegation d on d.id = i.delegation_id
           where i.edition_id = ? and p.institution_en = ?
             and d.co_host_id = (select co_host_id from delegation where id = ?)`,
        )
        .pluck()
        .get(side.meeting.editionId, institutionOf(side), side.delegationId),
    ),
  );

const itemOf = (side: Side) => side.meeting.itemIds[3] ?? "";
const venueOf = ({ meeting }: Side) =>
  String(
    inDatabase((sqlite) =>
      sqlite.prepare("select id from venue where edition_id = ?").pluck().get(meeting.editionId),
    ),
  );
const lunchOf = (side: Side) => side.meeting.itemIds[4] ?? "";
const visitOf = (side: Side) => side.meeting.visitIds[0] ?? "";
const mailOf = (side: Side) => mails.get(side) ?? "";
const message = (side: Side, n: 0 | 1 | 2) => paths.message(side.slug, side.messageIds[n]);

const deviceOf = ({ invitationId }: Side["people"][number]) =>
  String(
    inDatabase((sqlite) =>
      sqlite.prepare("select id from device where invitation_id = ?").pluck().get(invitationId),
    ),
  );

/** What was changed last in a side's list of people. */
const rosterChangeOf = ({ meeting }: Side) =>
  String(
    inDatabase((sqlite) =>
      sqlite
        .prepare("select id from roster_change where edition_id = ? order by at desc, rowid desc limit 1")
        .pluck()
        .get(meeting.editionId),
    ) ?? "none",
  );

/** The number of the newest version of the programme. */
const newestOf = ({ meeting }: Side) =>
  String(
    inDatabase((sqlite) =>
      sqlite
        .prepare("select max(number) from agenda_version where edition_id = ?")
        .pluck()
        .get(meeting.editionId),
    ),
  );

/** The revision of the draft of the edition's form; 0 where there is none. */
const draftOf = ({ meeting }: Side) =>
  String(
    inDatabase((sqlite) =>
      sqlite
        .prepare("select revision from registration_form where edition_id = ? and published_at is null")
        .pluck()
        .get(meeting.editionId),
    ) ?? 0,
  );

const card = {
  nameLatin: "Somebody Else",
  familyLatin: "Else",
  locale: "en",
  category: "delegate",
};
const assistant = (side: Side) => ({
  name: `Another at ${side.words[0]}`,
  email: `another@${side.slug}.example`,
  locale: "en",
  sections: "travel",
});
const letter = { subjectEn: "Invitation", bodyEn: "Please come.", subjectZh: "邀请", bodyZh: "敬请光临。" };
const item = (side: Side) => ({
  kind: "session",
  day: side.meeting.travelFrom,
  start: "09:00",
  end: "10:00",
  titleEn: "Another session",
  titleZh: "另一场会议",
  audience: "all",
});
const fileOf = (column: string) => ({
  format: "csv",
  language: "en",
  columns: ["nameNative", column],
  order: "pinyin",
});

/** What the preview of a purge says of itself now. */
function dueOf({ meeting, sideId }: Side): string {
  const scope = { editionId: meeting.editionId, sideIds: [sideId], permissions: [], bookSideIds: [] };
  const page = stored.work((db) => retentionPage({ db, clock: { now: () => Date.now() }, scope }));
  return page?.sides[0]?.shown ?? "";
}

const travelCheck = (side: Side) => ({
  invitationId: side.people[1].invitationId,
  kind: "arrival_missing",
});

/** What the preview of a mail about what is missing says of itself now. */
function chaseOf({ meeting, sideId, people }: Side): string {
  const scope = {
    editionId: meeting.editionId,
    sideIds: [sideId],
    permissions: ["invitations" as const],
    bookSideIds: [],
  };
  const desk = {
    clock: { now: () => Date.now() },
    keys: deriveKeys(Buffer.alloc(32)),
    baseUrl: "http://localhost",
    actor: { kind: "staff" as const, id: "test" },
    requestId: null,
    scope,
  };
  return stored.work((db) => chasePlan({ ...desk, db }, [people[2].invitationId])).shown;
}

const releaseOf = (side: Side) => ({
  invitations: side.people[1].invitationId,
  columns: "nameLatin",
  to: "outside",
  recipient: "A hotel",
  purpose: "A room",
  until: side.meeting.travelTo,
});

const TABLE: Readonly<Record<string, Entry>> = {
  "/": { for: "anybody", path: paths.home },
  "/verify": { for: "anybody", path: paths.verify },
  "/v/:code": { for: "anybody", path: () => paths.version("AAAAAAAA"), status: 404 },
  "/*": { for: "anybody", path: () => "/nothing/here", status: 404 },

  "/i/:token": {
    for: "link",
    path: (side) => paths.invitation(side.people[0].token),
    shows: true,
    acts: [
      {
        does: "declines",
        fields: () => ({ reply: "declined", sure: "yes", declineNote: "Not this time" }),
        needs: "read_only",
      },
    ],
  },
  "/i/:token/registration": {
    for: "link",
    path: (side) => paths.registration(side.people[1].token),
    needsCode: true,
    shows: true,
    acts: [
      {
        does: "changes a registration",
        fields: (side) => registered(side, side.people[1], { dietText: "No celery" }),
        needs: "read_only",
      },
    ],
  },
  "/i/:token/registration/review": {
    for: "link",
    path: (side) => paths.registrationReview(side.people[1].token),
    needsCode: true,
    shows: true,
    acts: [],
  },
  "/i/:token/registration/receipt": {
    for: "link",
    path: (side) => paths.receipt(side.people[1].token),
    needsCode: true,
  },
  "/i/:token/registration/:section": {
    for: "link",
    path: (side) => paths.registrationSection(side.people[1].token, "name"),
    needsCode: true,
    shows: true,
    acts: [
      {
        does: "changes one section",
        path: (side) => paths.registrationSection(side.people[1].token, "needs"),
        fields: () => ({ diets: "none", dietText: "No parsley" }),
        needs: "read_only",
      },
    ],
  },
  "/i/:token/registration/:section/keep": {
    for: "link",
    path: (side) => paths.keepSection(side.people[3].token, "name"),
    needsCode: true,
    status: 405,
    acts: [
      {
        does: "keeps a section while it is filled in",
        fields: (side) => ({ nameLatin: `Somebody of ${side.words[0]}` }),
        needs: "read_only",
        status: 200,
      },
    ],
  },
  "/i/:token/consents": {
    for: "link",
    path: (side) => paths.myConsents(side.people[1].token),
    needsCode: true,
    acts: [
      {
        does: "takes a consent back",
        fields: () => ({ kind: "delegate_book", sure: "yes" }),
        needs: "read_only",
      },
    ],
  },
  "/i/:token/data": {
    for: "link",
    path: (side) => paths.myData(side.people[1].token),
    needsCode: true,
    shows: true,
    acts: [
      {
        does: "asks for a correction",
        fields: () => ({ intent: "correction", words: "It is spelt otherwise" }),
        needs: "read_only",
      },
      {
        does: "asks for a deletion",
        fields: () => ({ intent: "deletion", sure: "yes" }),
        needs: "read_only",
      },
    ],
  },
  "/i/:token/data/file": {
    for: "link",
    path: (side) => paths.myDataFile(side.people[1].token),
    needsCode: true,
    status: 405,
    acts: [{ does: "takes their data away", fields: () => ({}), needs: "read_only", status: 200 }],
  },
  "/i/:token/stay": {
    for: "link",
    path: (side) => paths.myStay(side.people[1].token),
    needsCode: true,
    acts: [],
  },
  "/i/:token/letters": {
    for: "link",
    path: (side) => paths.myLetters(side.people[1].token),
    needsCode: true,
  },
  "/i/:token/letters/:letter/file": {
    for: "link",
    path: (side) => paths.myLetterFile(side.people[1].token, side.letterId),
    needsCode: true,
    status: 405,
    acts: [{ does: "takes one's own letter away", fields: () => ({}), needs: "read_only", status: 200 }],
  },
  "/i/:token/files/:upload": {
    for: "link",
    path: (side) => paths.ownUpload(side.people[1].token, side.uploadIds[1]),
    needsCode: true,
  },
  "/i/:token/programme": {
    for: "link",
    path: (side) => paths.programme(side.people[1].token),
    needsCode: true,
    acts: [{ does: "has seen the programme", fields: () => ({ number: "1" }), needs: "read_only" }],
  },
  "/i/:token/programme/sheet": {
    for: "link",
    path: (side) => paths.programmeSheet(side.people[1].token),
    needsCode: true,
  },
  "/i/:token/seen": {
    for: "link",
    path: (side) => paths.programmeSeen(side.people[0].token),
    acts: [{ does: "has seen the change", fields: () => ({ number: "1" }), needs: "read_only" }],
  },
  "/i/:token/visits": {
    for: "link",
    path: (side) => paths.myVisits(side.people[1].token),
    needsCode: true,
    acts: [
      {
        does: "puts one's wishes in order",
        fields: (side) => ({ intent: "order", [`rank.${visitOf(side)}`]: "1" }),
        needs: "read_only",
      },
    ],
  },
  "/i/:token/code": {
    for: "link",
    path: (side) => paths.code(side.people[1].token),
    acts: [{ does: "asks for a code", fields: () => ({ intent: "send" }), needs: "read_only" }],
  },
  "/i/:token/devices": {
    for: "link",
    path: (side) => paths.devices(side.people[3].token),
    needsCode: true,
    acts: [
      {
        does: "removes a device",
        fields: (side) => ({ device: deviceOf(side.people[3]) }),
        needs: "read_only",
      },
    ],
  },
  "/i/:token/assistant": {
    for: "link",
    path: (side) => paths.assistant(side.people[0].token),
    needsCode: true,
    shows: true,
    acts: [
      { does: "names an assistant", fields: (side) => assistant(side), needs: "read_only" },
      {
        does: "removes an assistant",
        fields: (side) => ({ intent: "endAssistant", link: side.assistant.linkId }),
        needs: "read_only",
      },
    ],
  },
  "/i/:token/not-me": {
    for: "link",
    path: (side) => paths.notMe(side.people[3].token),
    acts: [{ does: "withdraws from a link that is not theirs", fields: () => ({}), needs: "read_only" }],
  },
  "/not-me": { for: "anybody", path: paths.notMeThanks },
  "/c/:calendar": { for: "link", path: (side) => paths.calendar(side.people[1].calendar) },

  "/n/:token": {
    for: "link",
    path: (side) => new URL(side.nominationLink).pathname,
    shows: true,
    acts: [
      {
        does: "puts a name forward",
        fields: () => ({ "names[0].nameNative": "某示例" }),
        needs: "read_only",
      },
    ],
  },

  "/staff/sign-in": { for: "anybody", path: paths.signIn },
  "/staff/sign-in/second-step": { for: "anybody", path: paths.secondStep },
  "/staff/sign-out": { for: "anybody", path: paths.signOut, status: 400 },
  "/staff/set-up/:token": {
    for: "link",
    path: (side) => new URL(side.setUpLink).pathname,
    shows: true,
    acts: [
      {
        does: "makes a login",
        fields: (side) => ({ name: "New", email: `new@${side.slug}.example`, password: PASSWORD }),
        needs: "read_only",
      },
    ],
  },

  "/staff": { for: "staff", path: paths.editions },
  "/staff/account": { for: "staff", path: paths.account },
  "/staff/account/second-step": { for: "staff", path: paths.secondStepSetUp },
  "/staff/editions/new": { for: "staff", path: paths.newEdition, status: 404 },

  "/staff/e/:edition": {
    for: "edition",
    path: (side) => paths.edition(side.slug),
    shows: true,
    acts: [
      {
        does: "has seen what changed",
        // It is an index route: its own action is asked for so.
        path: (side) => `${paths.edition(side.slug)}?index`,
        fields: () => ({ until: String(Date.now()) }),
        needs: "read_only",
        common: true,
      },
    ],
  },
  "/staff/e/:edition/delegations": {
    for: "edition",
    path: (side) => paths.delegations(side.slug),
    acts: [
      {
        does: "renames a delegation",
        fields: (side) => ({
          intent: "delegations",
          "rows[0].id": side.delegationId,
          "rows[0].nameEn": "Renamed",
          "rows[0].nameZh": "新名",
          "rows[0].quota": "9",
          "rows[0].homeTimeZone": "UTC",
        }),
        needs: "lead",
      },
      {
        does: "changes deadlines",
        fields: () => ({
          intent: "terms",
          costsEn: "Nobody pays",
          costsZh: "免费",
          phones: "+1 212 555 0100",
        }),
        needs: "lead",
        common: true,
      },
    ],
  },
  "/staff/e/:edition/delegations/:delegation": {
    for: "edition",
    path: (side) => paths.delegation(side.slug, side.delegationId),
    needs: "invitations",
    one: true,
    shows: true,
    acts: [
      {
        does: "sets the protocol order",
        fields: (side) => ({
          from: side.people.map((one) => one.invitationId),
          move: `down:${side.people[0].invitationId}`,
        }),
        needs: "invitations",
      },
      {
        does: "makes somebody head of delegation",
        fields: (side) => ({
          intent: "member",
          invitationId: side.people[1].invitationId,
          delegationId: side.delegationId,
          category: "head",
          formerHead: "deputy_head",
        }),
        needs: "invitations",
      },
    ],
  },
  "/staff/e/:edition/nominations": {
    for: "edition",
    path: (side) => paths.nominations(side.slug),
    needs: "invitations",
    shows: true,
    acts: [
      {
        does: "asks an institution for names",
        fields: (side) => ({
          delegationId: side.delegationId,
          institutionEn: "An institution",
          name: "A contact",
          email: `another@${side.slug}.example`,
          locale: "en",
          places: "2",
        }),
        needs: "invitations",
      },
    ],
  },
  "/staff/e/:edition/nominations/:focalPoint": {
    for: "edition",
    path: (side) => paths.focalPoint(side.slug, side.focalPointId),
    needs: "invitations",
    one: true,
    shows: true,
    acts: [
      {
        does: "takes a name up",
        fields: (side) => ({
          intent: "takeUp",
          nominationId: side.nominationIds[0],
          personId: "new",
          category: "observer",
        }),
        needs: "invitations",
      },
      {
        does: "declines a name",
        fields: (side) => ({ intent: "decline", nominationId: side.nominationIds[1], note: "No" }),
        needs: "invitations",
      },
      { does: "sends a new nomination link", fields: () => ({ intent: "reissue" }), needs: "invitations" },
      { does: "stops a nomination link", fields: () => ({ intent: "revoke" }), needs: "invitations" },
    ],
  },
  "/staff/e/:edition/approvals": {
    for: "edition",
    path: (side) => paths.approvals(side.slug),
    needs: "lead",
    acts: [
      {
        does: "approves an invitation",
        fields: (side) => ({ intent: "approve", invitation: side.people[3].invitationId }),
        needs: "lead",
      },
      {
        does: "takes an approval back",
        fields: (side) => ({ intent: "takeBack", invitation: side.people[3].invitationId }),
        needs: "lead",
      },
    ],
  },
  "/staff/e/:edition/people": {
    for: "edition",
    path: (side) => paths.people(side.slug),
    shows: true,
    acts: [
      // Where somebody stands is their own, whatever they look for: nobody else's people are in it.
      {
        does: "searches for a name",
        fields: (side) => ({ search: side.words[0] }),
        needs: "read_only",
        common: true,
      },
      {
        does: "searches for a Chinese name",
        fields: (side) => ({ search: side.words[1] }),
        needs: "read_only",
        common: true,
      },
      {
        does: "narrows the list to a delegation",
        fields: (side) => ({ intent: "facet", facet: `delegation:${side.delegationId}` }),
        needs: "read_only",
        common: true,
      },
      {
        does: "keeps a view of the list",
        fields: () => ({ intent: "keepNew", name: "Everybody", shared: "on" }),
        needs: "read_only",
        common: true,
      },
      {
        does: "changes a row of the list",
        fields: (side) => ({
          intent: "row",
          invitation: side.people[2].invitationId,
          "seen.salutationEn": "",
          "value.salutationEn": "Dear Colleague,",
        }),
        needs: "invitations",
      },
      {
        does: "changes a column for several people",
        fields: (side) => ({
          intent: "bulkDo",
          bulkColumn: "salutationZh",
          bulkValue: "尊敬的同事：",
          invitation: [side.people[2].invitationId, side.people[3].invitationId],
          ...Object.fromEntries(
            [side.people[2], side.people[3]].map(({ invitationId }) => [`seen.${invitationId}`, ""]),
          ),
        }),
        needs: "invitations",
      },
      {
        does: "gives the chosen a place on a visit",
        fields: (side) => ({
          intent: "give",
          gift: `visit:${visitOf(side)}`,
          invitation: [side.people[2].invitationId],
        }),
        needs: "logistics",
        // No seat is free for them: they wait in line, which is said.
        status: 409,
      },
      {
        does: "gives the chosen a seat on a trip",
        fields: (side) => ({
          intent: "give",
          gift: `trip:${side.trip.tripId}`,
          invitation: [side.people[2].invitationId],
        }),
        needs: "logistics",
      },
      {
        does: "gives the chosen a room",
        fields: (side) => ({
          intent: "give",
          gift: `room:${side.hotel.typeId}`,
          payer: "own_side",
          invitation: [side.people[0].invitationId],
        }),
        needs: "logistics",
      },
      {
        does: "takes a change of the list back",
        fields: (side) => ({ intent: `undo:${rosterChangeOf(side)}` }),
        needs: "invitations",
      },
    ],
  },
  "/staff/e/:edition/people/spellings": {
    for: "edition",
    path: (side) => `${paths.spellings(side.slug)}?column=institutionEn`,
    needs: "invitations",
    shows: true,
    acts: [
      {
        does: "asks whose institution would be written otherwise",
        fields: (side) => ({
          column: "institutionEn",
          step: "look",
          from: institutionOf(side),
          to: "Institute",
        }),
        needs: "invitations",
        reads: true,
        status: 200,
      },
      {
        does: "has an institution written otherwise",
        fields: (side) => ({
          ...{ column: "institutionEn", step: "write", from: institutionOf(side), to: "Another institute" },
          shown: String(peopleAt(side)),
        }),
        needs: "invitations",
      },
    ],
  },
  "/staff/e/:edition/people/cells": {
    for: "edition",
    path: (side) => paths.peopleCells(side.slug),
    shows: true,
    acts: [
      {
        does: "changes a cell of the list",
        fields: (side) => ({
          wish: JSON.stringify({
            kind: "edit",
            cells: [
              {
                invitationId: side.people[3].invitationId,
                column: "salutationEn",
                seen: "",
                value: "Dear Friend,",
              },
            ],
          }),
        }),
        needs: "invitations",
        status: 200,
      },
      {
        does: "takes a cell of the list back",
        fields: (side) => ({ wish: JSON.stringify({ undo: rosterChangeOf(side) }) }),
        needs: "invitations",
        status: 200,
      },
    ],
  },
  "/staff/e/:edition/exports": { for: "edition", path: (side) => paths.exportPeople(side.slug) },
  "/staff/e/:edition/exports/new": {
    for: "edition",
    path: (side) => paths.newExport(side.slug, "participants"),
    acts: [
      {
        does: "makes a list of participants",
        fields: (side) => ({ ...fileOf("nameLatin"), delegation: side.delegationId }),
        needs: "read_only",
      },
      {
        does: "makes a list of telephones",
        path: (side) => paths.newExport(side.slug, "contacts"),
        fields: (side) => ({ ...fileOf("phone"), delegation: side.delegationId }),
        needs: "mail",
        orNeeds: ["invitations"],
      },
    ],
  },
  "/staff/e/:edition/exports/:export": {
    for: "edition",
    path: (side) => paths.exportFile(side.slug, side.exportIds[0]),
    one: true,
    acts: [
      {
        does: "ends a link",
        path: (side) => paths.exportFile(side.slug, side.exportIds[1]),
        fields: () => ({}),
        needs: "read_only",
      },
    ],
  },
  "/staff/e/:edition/exports/:export/file": {
    for: "edition",
    path: (side) => paths.takeExport(side.slug, side.exportIds[0]),
    one: true,
    status: 405,
    acts: [{ does: "takes a file", fields: () => ({}), needs: "read_only", status: 200 }],
  },
  "/staff/e/:edition/people/new": {
    for: "edition",
    path: (side) => paths.newPerson(side.slug),
    needs: "invitations",
    acts: [
      {
        does: "adds somebody",
        fields: (side) => ({ ...card, delegationId: side.delegationId }),
        needs: "invitations",
      },
    ],
  },
  "/staff/e/:edition/people/:invitation": {
    for: "edition",
    path: (side) => paths.person(side.slug, side.people[2].invitationId),
    one: true,
    shows: true,
    acts: [
      {
        does: "changes a card",
        fields: (side) => ({ intent: "card", ...card, email: `another@${side.slug}.example` }),
        needs: "invitations",
      },
      {
        does: "records an answer",
        fields: () => ({ intent: "reply", reply: "accepted", means: "phone" }),
        needs: "invitations",
      },
      {
        does: "counts on somebody",
        path: (side) => paths.person(side.slug, side.people[0].invitationId),
        fields: () => ({ intent: "confirm" }),
        needs: "invitations",
      },
      {
        does: "says that somebody came",
        fields: () => ({ intent: "attendance", attendance: "attended" }),
        needs: "invitations",
      },
      {
        does: "notes that a mail came back",
        fields: () => ({ intent: "bounce", note: "Mailbox unknown" }),
        needs: "invitations",
      },
      { does: "stops a link", fields: () => ({ intent: "revoke" }), needs: "invitations" },
      { does: "issues a link", fields: () => ({ intent: "reissue" }), needs: "invitations" },
      { does: "withdraws an invitation", fields: () => ({ intent: "withdraw" }), needs: "invitations" },
    ],
  },
  "/staff/e/:edition/people/:invitation/substitute": {
    for: "edition",
    path: (side) => paths.substitute(side.slug, side.people[3].invitationId),
    needs: "invitations",
    one: true,
    shows: true,
    acts: [
      {
        does: "puts somebody in the place of another",
        fields: () => ({ intent: "new", ...card, email: "instead@example.org", note: "A colleague" }),
        needs: "invitations",
      },
    ],
  },
  "/staff/e/:edition/people/:invitation/letters": {
    for: "edition",
    path: (side) => paths.personLetters(side.slug, side.people[1].invitationId),
    needs: "documents",
    one: true,
    shows: true,
    acts: [
      {
        does: "looks at a passport",
        fields: () => ({ intent: "reveal", reason: "visa", password: PASSWORD }),
        needs: "documents",
        status: 200,
      },
      {
        does: "issues a letter",
        fields: () => ({ intent: "issue", kind: "invitation_letter", locale: "en", after: "0" }),
        needs: "documents",
      },
      {
        does: "enters a passport",
        fields: () => ({ ...PASSPORT, intent: "save", givenNames: "BERTA" }),
        needs: "documents",
      },
      { does: "removes a passport", fields: () => ({ intent: "remove" }), needs: "documents" },
    ],
  },
  "/staff/e/:edition/changes": {
    for: "edition",
    path: (side) => paths.changes(side.slug),
    needs: "invitations",
    shows: true,
    acts: [
      {
        does: "answers a late change",
        fields: (side) => ({ request: side.changeRequestId, decision: "refuse", word: "No" }),
        needs: "invitations",
      },
    ],
  },
  "/staff/e/:edition/completeness": {
    for: "edition",
    path: (side) => paths.completeness(side.slug),
    shows: true,
  },
  "/staff/e/:edition/completeness/chase": {
    for: "edition",
    path: (side) => paths.chase(side.slug),
    needs: "invitations",
    acts: [
      {
        does: "looks at what somebody would be told",
        fields: (side) => ({ invitation: side.people[2].invitationId }),
        needs: "invitations",
        reads: true,
      },
      {
        does: "tells somebody what is missing",
        fields: (side) => ({
          step: "send",
          invitation: side.people[2].invitationId,
          shown: chaseOf(side),
        }),
        needs: "invitations",
      },
    ],
  },
  "/staff/e/:edition/people/:invitation/registration": {
    for: "edition",
    path: (side) => paths.personRegistration(side.slug, side.people[2].invitationId),
    needs: "invitations",
    one: true,
    shows: true,
    acts: [
      {
        does: "notes what was told by phone",
        fields: () => ({ toldMeans: "phone", toldBy: "Their assistant", nameLatin: "Told By Phone" }),
        needs: "invitations",
      },
    ],
  },
  "/staff/e/:edition/to-be-redone": {
    for: "edition",
    path: (side) => paths.redo(side.slug),
    needs: "invitations",
    shows: true,
    acts: [
      {
        does: "says that something was done again",
        fields: (side) => ({ redo: side.redoId }),
        needs: "invitations",
      },
    ],
  },
  "/staff/e/:edition/data-requests": {
    for: "edition",
    path: (side) => paths.dataRequests(side.slug),
    needs: "lead",
    shows: true,
    acts: [
      {
        does: "answers a request about data",
        fields: (side) => ({ request: side.dataRequestId, decision: "done", word: "It is right now" }),
        needs: "lead",
      },
    ],
  },
  "/staff/e/:edition/form": {
    for: "edition",
    path: (side) => paths.form(side.slug),
    needs: "lead",
    acts: [
      {
        does: "moves a section of the form",
        fields: (side) => ({ intent: "move", part: "needs", direction: "up", revision: draftOf(side) }),
        needs: "lead",
        common: true,
      },
      {
        does: "publishes the form",
        fields: (side) => ({ intent: "publish", revision: draftOf(side), loses: "0" }),
        needs: "lead",
        common: true,
      },
    ],
  },
  "/staff/e/:edition/form/preview": {
    for: "edition",
    path: (side) => paths.formPreview(side.slug),
    needs: "lead",
    acts: [
      {
        does: "asks what follows from answers",
        fields: () => ({ arrivalBy: "flight" }),
        needs: "lead",
        common: true,
        reads: true,
        status: 200,
      },
    ],
  },
  "/staff/e/:edition/form/sections/:section": {
    for: "edition",
    path: (side) => paths.formSection(side.slug, "new"),
    needs: "lead",
    acts: [
      {
        does: "adds a section to the form",
        fields: (side) => ({ titleEn: "More", titleZh: "其他", revision: draftOf(side) }),
        needs: "lead",
        common: true,
      },
    ],
  },
  "/staff/e/:edition/form/questions/:question": {
    for: "edition",
    path: (side) => `${paths.formQuestion(side.slug, "new")}?in=post&type=text`,
    needs: "lead",
    acts: [
      {
        does: "adds a question to the form",
        fields: (side) => ({
          type: "text",
          labelEn: "What else?",
          labelZh: "其他？",
          revision: draftOf(side),
        }),
        needs: "lead",
        common: true,
      },
    ],
  },
  "/staff/e/:edition/letters": {
    for: "edition",
    path: (side) => paths.letters(side.slug),
    needs: "documents",
    shows: true,
    acts: [
      {
        does: "issues the letters of all who are complete",
        fields: () => ({ kind: "visa_letter", locales: "zh-CN" }),
        needs: "documents",
        common: true,
      },
    ],
  },
  "/staff/e/:edition/letters/letterhead": {
    for: "edition",
    path: (side) => `${paths.letterhead(side.slug)}?side=${side.sideId}`,
    needs: "documents",
    shows: true,
    acts: [
      {
        does: "writes the letterhead",
        fields: (side) => ({ side: side.sideId, nameEn: "Another", nameZh: "另一单位" }),
        needs: "documents",
      },
    ],
  },
  "/staff/e/:edition/letters/templates": {
    for: "edition",
    path: (side) => `${paths.letterTemplates(side.slug)}?side=${side.sideId}`,
    needs: "documents",
    shows: true,
    acts: [
      {
        does: "words a letter",
        fields: (side) => ({
          side: side.sideId,
          kind: "visa_letter",
          locale: "en",
          title: "Letter",
          body: "Please let {passportName} pass.",
        }),
        needs: "documents",
      },
    ],
  },
  "/staff/e/:edition/letters/preview": {
    for: "edition",
    path: (side) =>
      `${paths.letterPreview(side.slug)}?${new URLSearchParams({
        side: side.sideId,
        person: side.people[1].invitationId,
        kind: "visa_letter",
        locale: "en",
      })}`,
    needs: "documents",
    one: true,
  },
  "/staff/e/:edition/letters/:letter/file": {
    for: "edition",
    path: (side) => paths.letterFile(side.slug, side.letterId),
    needs: "documents",
    one: true,
    status: 405,
    acts: [{ does: "takes a letter away", fields: () => ({}), needs: "documents", status: 200 }],
  },
  "/staff/e/:edition/badges": {
    for: "edition",
    path: (side) => paths.badges(side.slug),
    needs: "documents",
    orNeeds: ["logistics", "duty_desk"],
    shows: true,
    acts: [
      {
        does: "looks at the badges of people who were chosen",
        fields: (side) => ({ invitation: side.people[1].invitationId }),
        needs: "documents",
        orNeeds: ["logistics", "duty_desk"],
        status: 200,
        reads: true,
      },
    ],
  },
  "/staff/e/:edition/badges/file": {
    for: "edition",
    path: (side) => paths.badgesFile(side.slug),
    needs: "documents",
    orNeeds: ["logistics", "duty_desk"],
    status: 405,
    acts: [
      {
        does: "prints a badge",
        fields: (side) => ({
          kind: "badge",
          size: "90x60",
          paper: "A4",
          front: "zh-CN",
          order: "protocol",
          who: "chosen",
          invitation: side.people[1].invitationId,
        }),
        needs: "documents",
        orNeeds: ["logistics", "duty_desk"],
        status: 200,
      },
    ],
  },
  "/staff/e/:edition/people/:invitation/files/:upload": {
    for: "edition",
    path: (side) => paths.upload(side.slug, side.people[1].invitationId, side.uploadIds[1]),
    one: true,
    status: 405,
    acts: [{ does: "takes a file out", fields: () => ({}), needs: "read_only", status: 200 }],
  },
  "/staff/e/:edition/people/:invitation/access": {
    for: "edition",
    path: (side) => paths.personAccess(side.slug, side.people[0].invitationId),
    needs: "invitations",
    one: true,
    shows: true,
    acts: [
      {
        does: "tells a code",
        fields: () => ({ intent: "code", password: PASSWORD }),
        needs: "invitations",
        status: 200,
      },
      {
        does: "lets an assistant in",
        fields: (side) => ({ intent: "assistant", ...assistant(side) }),
        needs: "invitations",
      },
      {
        does: "removes the device of one",
        fields: (side) => ({ intent: "removeDevice", device: deviceOf(side.people[0]) }),
        needs: "invitations",
      },
      {
        does: "removes the assistant of one",
        path: (side) => paths.personAccess(side.slug, side.people[1].invitationId),
        fields: (side) => ({ intent: "endAssistant", link: side.otherAssistant.linkId }),
        needs: "invitations",
      },
    ],
  },
  "/staff/e/:edition/import": {
    for: "edition",
    path: (side) => paths.importPeople(side.slug),
    needs: "invitations",
    acts: [
      {
        does: "removes a list that waits to be imported",
        fields: (side) => ({ intent: "drop", waiting: side.importFileIds[1] }),
        needs: "invitations",
      },
    ],
  },
  "/staff/e/:edition/import/:file": {
    for: "edition",
    path: (side) => paths.importColumns(side.slug, side.importFileIds[0]),
    needs: "invitations",
    one: true,
    acts: [
      {
        does: "says what the columns of a list are",
        fields: () => ({ headingRow: "1", column: ["email", "phone"], by: "email", blanks: "keep" }),
        needs: "invitations",
      },
    ],
  },
  "/staff/e/:edition/import/:file/rows": {
    for: "edition",
    path: (side) => paths.importRows(side.slug, side.importFileIds[0]),
    needs: "invitations",
    one: true,
    shows: true,
    acts: [
      {
        does: "says whom a row is about",
        fields: (side) => ({ step: "look", "who.2": side.people[0].invitationId }),
        needs: "invitations",
      },
    ],
  },
  "/staff/e/:edition/imports/:import": {
    for: "edition",
    path: (side) => paths.importDone(side.slug, side.importId),
    needs: "invitations",
    one: true,
    shows: true,
    acts: [{ does: "takes an import back", fields: () => ({}), needs: "invitations" }],
  },
  "/staff/e/:edition/contacts": {
    for: "edition",
    book: true,
    path: (side) => paths.contacts(side.slug),
    needs: "invitations",
    shows: true,
    acts: [
      {
        does: "looks somebody up in the book",
        fields: (side) => ({ search: side.words[0] }),
        needs: "invitations",
        reads: true,
      },
    ],
  },
  "/staff/e/:edition/contacts/new": {
    for: "edition",
    book: true,
    path: (side) => paths.newContact(side.slug),
    needs: "invitations",
    acts: [
      {
        does: "adds a card to the book",
        fields: (side) => ({ ...card, sideId: side.sideId }),
        needs: "invitations",
      },
    ],
  },
  "/staff/e/:edition/contacts/doubles": {
    for: "edition",
    book: true,
    path: (side) => paths.contactDoubles(side.slug),
    needs: "invitations",
    shows: true,
    acts: [
      {
        does: "says that two cards are two people's",
        fields: (side) => ({ person: side.people[0].personId, other: side.people[1].personId }),
        needs: "invitations",
      },
    ],
  },
  "/staff/e/:edition/contacts/carry-over": {
    for: "edition",
    book: true,
    path: (side) => `${paths.carryOver(side.slug)}?edition=${side.meeting.editionId}`,
    needs: "invitations",
    shows: true,
    acts: [
      {
        does: "looks at whom it would carry over",
        fields: (side) => ({ person: side.people[3].personId }),
        needs: "invitations",
        reads: true,
      },
      {
        does: "carries somebody over",
        fields: (side) => ({
          step: "draft",
          person: side.cardIds[0],
          [`delegation.${side.cardIds[0]}`]: side.delegationId,
        }),
        needs: "invitations",
      },
    ],
  },
  "/staff/e/:edition/contacts/:person": {
    for: "edition",
    book: true,
    path: (side) => paths.contact(side.slug, side.people[2].personId),
    one: true,
    needs: "invitations",
    shows: true,
    acts: [
      {
        does: "changes a card of the book",
        fields: () => ({ intent: "card", ...card }),
        needs: "invitations",
      },
      { does: "confirms a post", fields: () => ({ intent: "confirm" }), needs: "invitations" },
      { does: "keeps a note", fields: () => ({ intent: "note", note: "Between us" }), needs: "invitations" },
      {
        does: "adds a name form",
        fields: () => ({ intent: "addName", form: "former", name: "Formerly" }),
        needs: "invitations",
      },
      {
        does: "adds an assistant",
        fields: () => ({
          intent: "addAssistant",
          "name-assistant": "An Assistant",
          "email-assistant": "assistant@office.example",
          "locale-assistant": "en",
        }),
        needs: "invitations",
      },
      {
        does: "marks somebody as not to be invited",
        fields: () => ({ intent: "mark", reason: "Said so" }),
        needs: "invitations",
      },
    ],
  },
  "/staff/e/:edition/contacts/:person/merge/:other": {
    for: "edition",
    book: true,
    path: (side) => paths.mergeContacts(side.slug, side.cardIds[0], side.cardIds[1]),
    one: true,
    needs: "invitations",
    shows: true,
    acts: [{ does: "merges two cards", fields: () => ({ nameLatin: "kept" }), needs: "invitations" }],
  },
  "/staff/e/:edition/invitation": {
    for: "edition",
    path: (side) =>
      `${paths.invitationText(side.slug)}?side=${side.sideId}&person=${side.people[0].invitationId}`,
    shows: true,
    acts: [
      {
        does: "words the invitation",
        fields: (side) => ({ side: side.sideId, ...letter }),
        needs: "invitations",
      },
    ],
  },
  "/staff/e/:edition/invitation/send": {
    for: "edition",
    path: (side) => paths.sendInvitations(side.slug),
    needs: "invitations",
    acts: [
      {
        does: "looks at whom it would be sent to",
        fields: (side) => ({ invitation: side.people[3].invitationId }),
        needs: "invitations",
        reads: true,
      },
      {
        does: "sends an invitation",
        fields: (side) => ({ step: "send", invitation: side.people[3].invitationId }),
        needs: "invitations",
      },
    ],
  },
  "/staff/e/:edition/tasks": {
    for: "edition",
    path: (side) => paths.tasks(side.slug),
    acts: [
      {
        does: "finishes a task",
        fields: (side) => ({ intent: "done", sideId: side.sideId, task: "interpreters", done: "yes" }),
        needs: "logistics",
        orNeeds: KEEPS_TASKS,
      },
      {
        does: "adds a task",
        fields: (side) => ({
          intent: "add",
          sideId: side.sideId,
          title: "Gifts",
          dueOn: side.meeting.travelFrom,
        }),
        needs: "logistics",
        orNeeds: KEEPS_TASKS,
      },
      {
        does: "asks for the mail of the morning",
        fields: (side) => ({ intent: "digest", sideId: side.sideId, hour: "8" }),
        needs: "read_only",
      },
    ],
  },
  "/staff/e/:edition/invitation/reminders": {
    for: "edition",
    path: (side) => paths.reminders(side.slug),
    needs: "invitations",
    acts: [
      {
        does: "leaves a person in peace",
        fields: (side) => ({ intent: "stopPerson", invitation: side.people[2].invitationId }),
        needs: "invitations",
      },
    ],
  },
  "/staff/e/:edition/attendance": {
    for: "edition",
    path: (side) => paths.attendance(side.slug),
    needs: "invitations",
    shows: true,
    acts: [
      {
        does: "ticks who came",
        fields: (side) => ({
          [attendanceField(side.people[0].invitationId)]: "attended",
          [shownField(side.people[0].invitationId)]: "",
        }),
        needs: "invitations",
      },
    ],
  },
  "/staff/e/:edition/agenda": { for: "edition", path: (side) => paths.agenda(side.slug) },
  "/staff/e/:edition/agenda/new": {
    for: "edition",
    path: (side) => paths.newAgendaItem(side.slug),
    needs: "agenda",
    acts: [{ does: "adds an item", fields: item, needs: "agenda", common: true }],
  },
  "/staff/e/:edition/agenda/board/moves": {
    for: "edition",
    path: (side) => paths.agendaMoves(side.slug),
    shows: true,
    acts: [
      {
        does: "copies an item on the grid",
        fields: (side) => ({
          intent: "copy",
          itemId: itemOf(side),
          seenAt: "0",
          startsAt: "1543800000000",
          endsAt: "1543803600000",
        }),
        needs: "agenda",
        common: true,
        status: 200,
      },
      {
        does: "removes an item on the grid",
        fields: (side) => ({ intent: "remove", itemId: side.meeting.itemIds[5] ?? "" }),
        needs: "agenda",
        common: true,
        status: 200,
      },
    ],
  },
  "/staff/e/:edition/agenda/board": {
    for: "edition",
    path: (side) => paths.agendaBoard(side.slug),
    shows: true,
    acts: [
      {
        does: "takes back what was done on the grid",
        fields: () => ({ intent: "undo" }),
        needs: "agenda",
        common: true,
      },
    ],
  },
  "/staff/e/:edition/agenda/clashes": {
    for: "edition",
    path: (side) => paths.clashes(side.slug),
    shows: true,
    acts: [
      {
        does: "opens a clash again",
        fields: () => ({ intent: "reopen", key: "no such clash" }),
        needs: "agenda",
        common: true,
        reads: true,
      },
    ],
  },
  "/staff/e/:edition/agenda/places": {
    for: "edition",
    path: (side) => paths.venues(side.slug),
    acts: [
      { does: "adds a place", fields: () => ({ nameEn: "Another hall" }), needs: "agenda", common: true },
    ],
  },
  "/staff/e/:edition/agenda/places/:venue": {
    for: "edition",
    path: (side) => paths.venue(side.slug, venueOf(side)),
    needs: "agenda",
    acts: [
      {
        does: "changes a place",
        fields: () => ({ intent: "save", nameEn: "Renamed hall" }),
        needs: "agenda",
        common: true,
      },
      { does: "removes a place", fields: () => ({ intent: "remove" }), needs: "agenda", common: true },
    ],
  },
  "/staff/e/:edition/run-of-show": {
    for: "edition",
    path: (side) => paths.runOfShow(side.slug),
    shows: true,
    acts: [
      {
        does: "adds to the run of show",
        fields: (side) => ({
          anchor: "clock",
          day: side.meeting.startsOn,
          time: "08:00",
          what: "Doors open",
        }),
        needs: "agenda",
        common: true,
      },
    ],
  },
  "/staff/e/:edition/run-of-show/now": {
    for: "edition",
    path: (side) => paths.nowAndNext(side.slug),
    shows: true,
  },
  "/staff/e/:edition/run-of-show/:cue": {
    for: "edition",
    path: (side) => paths.cue(side.slug, side.cueId),
    needs: "agenda",
    one: true,
    shows: true,
    acts: [
      {
        does: "takes a line off the run of show",
        fields: () => ({ intent: "remove" }),
        needs: "agenda",
      },
    ],
  },
  "/staff/e/:edition/agenda/:item": {
    for: "edition",
    path: (side) => paths.agendaItem(side.slug, itemOf(side)),
    needs: "agenda",
    shows: true,
    acts: [
      {
        does: "gives a function",
        fields: (side) => ({
          intent: "assign",
          invitationId: side.people[1].invitationId,
          function: "discussant",
        }),
        needs: "agenda",
      },
      {
        does: "moves a function down",
        fields: (side) => ({
          intent: "later",
          invitationId: side.people[0].invitationId,
          function: "presenter",
        }),
        needs: "agenda",
      },
      { does: "copies an item", fields: () => ({ intent: "copy" }), needs: "agenda", common: true },
      {
        does: "takes a function away",
        fields: (side) => ({
          intent: "unassign",
          invitationId: side.people[0].invitationId,
          function: "presenter",
        }),
        needs: "agenda",
      },
      { does: "removes an item", fields: () => ({ intent: "remove" }), needs: "agenda", common: true },
    ],
  },
  "/staff/e/:edition/agenda/publish": {
    for: "edition",
    path: (side) => paths.publishAgenda(side.slug),
    needs: "agenda",
  },
  "/staff/e/:edition/agenda/versions": { for: "edition", path: (side) => paths.agendaVersions(side.slug) },
  "/staff/e/:edition/agenda/seen": {
    for: "edition",
    path: (side) => paths.agendaSeen(side.slug),
    shows: true,
    acts: [
      {
        does: "keeps that somebody was told",
        fields: (side) => ({ invitation: side.people[1].invitationId, number: newestOf(side) }),
        needs: "agenda",
        orNeeds: ["mail", "invitations"],
      },
    ],
  },
  "/staff/e/:edition/agenda/notices": {
    for: "edition",
    path: (side) => paths.changeNotices(side.slug),
    needs: "agenda",
    orNeeds: ["mail"],
    acts: [
      {
        does: "lays change notices aside",
        fields: (side) => ({ intent: "dismiss", side: side.sideId, number: newestOf(side) }),
        needs: "agenda",
        orNeeds: ["mail"],
      },
      {
        does: "lets change notices go at once",
        fields: (side) => ({ intent: "mode", side: side.sideId, mode: "at_once" }),
        needs: "lead",
      },
    ],
  },
  "/staff/e/:edition/agenda/notices/:invitation": {
    for: "edition",
    path: (side) => `${paths.changeNotice(side.slug, side.people[1].invitationId)}?of=draft`,
    needs: "agenda",
    orNeeds: ["mail"],
    one: true,
    shows: true,
  },
  "/staff/e/:edition/agenda/notices/:invitation/html": {
    for: "edition",
    path: (side) => `${paths.changeNoticeHtml(side.slug, side.people[1].invitationId)}?of=draft`,
    needs: "agenda",
    orNeeds: ["mail"],
    one: true,
    shows: true,
  },
  "/staff/e/:edition/visits": { for: "edition", path: (side) => paths.visits(side.slug) },
  "/staff/e/:edition/visits/:visit": {
    for: "edition",
    path: (side) => paths.visit(side.slug, visitOf(side)),
    shows: true,
    acts: [
      {
        does: "gives a seat",
        fields: (side) => ({ intent: "give", invitationId: side.people[3].invitationId }),
        needs: "logistics",
      },
      {
        does: "takes a seat away",
        fields: (side) => ({ intent: "withdraw", invitationId: side.people[1].invitationId }),
        needs: "logistics",
        passesOn: true,
      },
      {
        does: "changes how seats are given",
        fields: () => ({ intent: "settings", allotment: "first_come", offerHours: "12" }),
        needs: "logistics",
        common: true,
        passesOn: true,
      },
      {
        does: "changes the seats",
        fields: () => ({ intent: "limits", capacity: "3" }),
        needs: "logistics",
        common: true,
        passesOn: true,
      },
    ],
  },
  "/staff/e/:edition/travel": {
    for: "edition",
    path: (side) => paths.travel(side.slug),
    needs: "logistics",
    shows: true,
    acts: [],
  },
  "/staff/e/:edition/travel/checks": {
    for: "edition",
    path: (side) => paths.travelChecks(side.slug),
    needs: "logistics",
    shows: true,
    acts: [
      {
        does: "gives a travel check to nobody",
        fields: (side) => ({ ...travelCheck(side), intent: "give", ownerId: "" }),
        needs: "logistics",
      },
      {
        does: "takes up a travel check again",
        fields: (side) => ({ ...travelCheck(side), intent: "reopen" }),
        needs: "logistics",
      },
    ],
  },
  "/staff/e/:edition/travel/people/:invitation": {
    for: "edition",
    path: (side) => paths.journey(side.slug, side.people[1].invitationId),
    needs: "logistics",
    one: true,
    shows: true,
    acts: [
      {
        does: "corrects how somebody travels",
        fields: (side) => ({
          intent: "correct",
          direction: "arrival",
          revision: "0",
          means: "phone",
          "legs[0].means": "flight",
          "legs[0].number": "ZZ900",
          "legs[0].departsZone": "America/New_York",
          "legs[0].arrivesOn": side.meeting.travelFrom,
          "legs[0].arrivesTime": "23:50",
          "legs[0].arrivesZone": "Asia/Shanghai",
        }),
        needs: "logistics",
      },
      {
        does: "says that somebody makes their own way",
        fields: () => ({ intent: "ownWay", direction: "departure" }),
        needs: "logistics",
      },
    ],
  },
  "/staff/e/:edition/visits/:visit/clearance": {
    for: "edition",
    path: (side) => paths.clearance(side.slug, visitOf(side)),
    needs: "logistics",
    acts: [
      {
        does: "releases people to a host's list",
        fields: () => ({ intent: "release" }),
        needs: "lead",
        common: true,
      },
      {
        does: "freezes a list of which nothing was released",
        fields: () => ({ intent: "freeze" }),
        needs: "logistics",
        common: true,
        status: 409,
        reads: true,
      },
    ],
  },
  "/staff/e/:edition/visits/:visit/clearance/columns": {
    for: "edition",
    path: (side) => paths.clearanceColumns(side.slug, visitOf(side)),
    needs: "logistics",
    acts: [
      {
        does: "adds a column to a host's list",
        fields: () => ({ locale: "en", add: "nameLatin" }),
        needs: "logistics",
        common: true,
      },
    ],
  },
  "/staff/e/:edition/visits/:visit/clearance/:version/file": {
    for: "edition",
    // Who may have which file, and who may not: tests/domain/clearance.test.ts. Here nothing was sent yet.
    path: (side) => paths.clearanceFile(side.slug, visitOf(side), 1),
    needs: "logistics",
    status: 404,
    acts: [],
  },
  "/staff/e/:edition/visits/:visit/draw": {
    for: "edition",
    path: (side) => paths.visitDraw(side.slug, visitOf(side)),
    acts: [
      {
        does: "draws lots where none are drawn",
        fields: () => ({}),
        needs: "logistics",
        common: true,
        status: 409,
        reads: true,
      },
    ],
  },
  "/staff/e/:edition/vehicles": {
    for: "edition",
    path: (side) => paths.vehicles(side.slug),
    needs: "logistics",
    shows: true,
    acts: [
      {
        does: "adds a vehicle",
        fields: () => ({ intent: "vehicle", name: "Coach 9", seats: "30" }),
        needs: "logistics",
        common: true,
      },
      {
        does: "plans a trip",
        fields: (side) => ({
          intent: "trip",
          kind: "transfer",
          day: side.meeting.startsOn,
          time: "08:00",
          fromPlace: "Hotel",
          toPlace: "Hall",
          vehicleId: side.vehicleId,
        }),
        needs: "logistics",
      },
      {
        does: "drives people to an item",
        fields: (side) => ({
          intent: "drive",
          itemId: itemOf(side),
          vehicleIds: side.vehicleId,
          minutesBefore: "30",
          fromPlace: "Hotel",
          toPlace: "Hall",
        }),
        needs: "logistics",
      },
    ],
  },
  "/staff/e/:edition/vehicles/pickups": {
    for: "edition",
    path: (side) => paths.pickUps(side.slug),
    needs: "logistics",
    shows: true,
    acts: [
      {
        does: "plans a pick-up",
        fields: (side) => ({
          direction: "arrival",
          "groups[0].take": "on",
          "groups[0].people": side.people[1].invitationId,
          "groups[0].vehicleId": side.vehicleId,
          "groups[0].day": side.meeting.travelFrom,
          "groups[0].time": "19:00",
          "groups[0].fromPlace": "T3",
          "groups[0].toPlace": "Hotel",
        }),
        needs: "logistics",
      },
    ],
  },
  "/staff/e/:edition/vehicles/sheets": {
    for: "edition",
    path: (side) => paths.tripSheets(side.slug),
    needs: "logistics",
    shows: true,
  },
  "/staff/e/:edition/vehicles/:vehicle": {
    for: "edition",
    path: (side) => paths.vehicle(side.slug, side.vehicleId),
    needs: "logistics",
    one: true,
    shows: true,
    acts: [
      {
        does: "changes a vehicle",
        fields: (side) => ({ intent: "save", name: side.words[0], seats: "9", revision: "1" }),
        needs: "logistics",
      },
    ],
  },
  "/staff/e/:edition/trips/:trip": {
    for: "edition",
    path: (side) => paths.manifest(side.slug, side.trip.tripId),
    needs: "logistics",
    one: true,
    shows: true,
    acts: [
      {
        does: "tells those in a car when it leaves",
        fields: () => ({ intent: "tell" }),
        needs: "logistics",
      },
      {
        does: "counts a head",
        fields: (side) => ({
          intent: "count",
          passengerId: side.trip.passengerId,
          count: "out",
          there: "yes",
        }),
        needs: "logistics",
      },
      {
        does: "counts all heads",
        fields: () => ({ intent: "countAll", count: "back" }),
        needs: "logistics",
      },
      {
        does: "gives a seat",
        fields: (side) => ({ intent: "seat", invitationId: side.people[3].invitationId }),
        needs: "logistics",
      },
      {
        does: "makes somebody captain",
        fields: (side) => ({ intent: "role", passengerId: side.trip.passengerId, role: "captain" }),
        needs: "logistics",
      },
      {
        does: "changes a trip",
        fields: (side) => ({
          intent: "trip",
          kind: "transfer",
          day: side.meeting.startsOn,
          time: "08:00",
          fromPlace: "Hotel",
          toPlace: "Hall",
          revision: "1",
        }),
        needs: "logistics",
      },
      {
        does: "takes somebody off a manifest",
        fields: (side) => ({ intent: "unseat", passengerId: side.trip.passengerId }),
        needs: "logistics",
      },
      {
        does: "calls a trip off",
        fields: () => ({ intent: "callOff" }),
        needs: "logistics",
      },
    ],
  },
  "/staff/e/:edition/rooms": {
    for: "edition",
    path: (side) => paths.rooms(side.slug),
    needs: "logistics",
    shows: true,
    acts: [
      {
        does: "adds a hotel",
        fields: () => ({ nameEn: "Another", nameZh: "另一饭店", "places.nameLatin": "1" }),
        needs: "logistics",
        common: true,
      },
    ],
  },
  "/staff/e/:edition/rooms/hotels/:hotel": {
    for: "edition",
    path: (side) => paths.hotel(side.slug, side.hotel.hotelId),
    needs: "logistics",
    shows: true,
    acts: [
      {
        does: "adds a type of room",
        fields: () => ({ intent: "type", typeId: "", nameEn: "Suite", nameZh: "套房", sleeps: "2" }),
        needs: "logistics",
        common: true,
      },
      {
        does: "changes a hotel and its columns",
        fields: () => ({
          intent: "hotel",
          nameEn: "Sample Hotel, East Wing",
          nameZh: "示例饭店东楼",
          "places.nameLatin": "1",
          "places.note": "2",
          revision: "1",
        }),
        needs: "logistics",
        common: true,
      },
    ],
  },
  "/staff/e/:edition/rooms/people/:invitation": {
    for: "edition",
    path: (side) => paths.lodging(side.slug, side.people[1].invitationId),
    needs: "logistics",
    one: true,
    shows: true,
    acts: [
      {
        does: "notes how somebody wants to stay",
        fields: () => ({ intent: "wish", lodging: "private", mayShare: "on" }),
        needs: "logistics",
      },
    ],
  },
  "/staff/e/:edition/rooms/:room": {
    for: "edition",
    path: (side) => paths.room(side.slug, side.hotel.roomId),
    needs: "logistics",
    one: true,
    shows: true,
    acts: [
      {
        does: "puts a second guest into a room",
        fields: (side) => ({ intent: "add", invitationId: side.people[2].invitationId }),
        needs: "logistics",
      },
      {
        does: "takes a guest out of a room",
        fields: (side) => ({ intent: "remove", invitationId: side.people[2].invitationId }),
        needs: "logistics",
      },
    ],
  },
  "/staff/e/:edition/rooms/lists/:list/:file": {
    for: "edition",
    path: (side) => paths.roomingFile(side.slug, side.hotel.listId, "list.csv"),
    needs: "logistics",
    one: true,
    status: 405,
    acts: [{ does: "takes a rooming list away", fields: () => ({}), needs: "logistics", status: 200 }],
  },
  "/staff/e/:edition/meals": {
    for: "edition",
    path: (side) => paths.meals(side.slug),
    needs: "logistics",
  },
  "/staff/e/:edition/meals/:item": {
    for: "edition",
    path: (side) => paths.meal(side.slug, lunchOf(side)),
    needs: "logistics",
    shows: true,
    acts: [
      {
        does: "adds a table",
        fields: (side) => ({ intent: "table", tableId: "", name: side.slug, seats: "8" }),
        needs: "logistics",
        common: true,
      },
      {
        does: "seats the rest of a side",
        fields: () => ({ intent: "rest" }),
        needs: "logistics",
        common: true,
      },
      {
        does: "looks at who eats what",
        fields: () => ({ intent: "look" }),
        needs: "logistics",
        common: true,
        status: 200,
      },
      {
        does: "puts needs into the kitchen's words",
        fields: (side) => ({ intent: "words", invitationId: side.people[1].invitationId, en: "No celery" }),
        needs: "logistics",
      },
    ],
  },
  "/staff/e/:edition/meals/:item/:file": {
    for: "edition",
    path: (side) => paths.kitchenSheet(side.slug, lunchOf(side), "counts.pdf"),
    needs: "logistics",
    status: 405,
    acts: [
      { does: "takes a kitchen sheet", fields: () => ({}), needs: "logistics", common: true, status: 200 },
    ],
  },
  "/staff/e/:edition/access-needs": {
    for: "edition",
    path: (side) => paths.accessNeeds(side.slug),
    needs: "logistics",
    acts: [
      {
        does: "looks at who needs what access",
        fields: () => ({ intent: "look" }),
        needs: "logistics",
        common: true,
        status: 200,
      },
      {
        does: "notes what a place has",
        fields: (side) => ({ intent: "place", venueId: venueOf(side), "has.step_free": "yes" }),
        needs: "logistics",
        common: true,
      },
    ],
  },
  "/staff/e/:edition/interpretation": {
    for: "edition",
    path: (side) => paths.interpretation(side.slug),
    needs: "logistics",
    acts: [
      {
        does: "adds an interpreter who is hired",
        fields: () => ({ intent: "outsider", name: "Iris", pairs: "en_zh" }),
        needs: "logistics",
        common: true,
      },
    ],
  },
  "/staff/e/:edition/interpretation/:item": {
    for: "edition",
    path: (side) => paths.interpretedItem(side.slug, itemOf(side)),
    needs: "logistics",
    acts: [
      {
        does: "has somebody interpret",
        fields: (side) => ({ intent: "post", who: `i:${side.people[3].invitationId}`, pair: "en_zh" }),
        needs: "logistics",
      },
    ],
  },
  "/staff/e/:edition/headsets": {
    for: "edition",
    path: (side) => paths.headsets(side.slug),
    needs: "logistics",
    orNeeds: ["duty_desk"],
    shows: true,
    acts: [
      {
        does: "hands a headset out",
        fields: (side) => ({
          intent: "hand",
          invitationId: side.people[1].invitationId,
          day: side.meeting.startsOn,
          number: "12",
        }),
        needs: "logistics",
        orNeeds: ["duty_desk"],
      },
    ],
  },
  "/staff/e/:edition/sheets/:file": {
    for: "edition",
    path: (side) => paths.needSheet(side.slug, "access.pdf"),
    needs: "logistics",
    status: 405,
    acts: [
      {
        does: "takes a sheet of access needs",
        fields: () => ({}),
        needs: "logistics",
        common: true,
        status: 200,
      },
    ],
  },
  "/staff/e/:edition/mail": {
    for: "edition",
    path: (side) => paths.mail(side.slug),
    shows: true,
    acts: [
      {
        does: "has a mail tried again",
        fields: (side) => ({ intent: "retry", deliveryId: side.deliveryId }),
        needs: "mail",
      },
    ],
  },
  "/staff/e/:edition/mail/new": {
    for: "edition",
    path: (side) => paths.newMail(side.slug),
    needs: "mail",
    acts: [
      {
        does: "writes a message",
        fields: (side) => ({ sideId: side.sideId, delegationIds: side.delegationId, ...letter }),
        needs: "mail",
      },
    ],
  },
  "/staff/e/:edition/mail/:message/copies/:invitation": {
    for: "edition",
    path: (side) => paths.messageCopy(side.slug, side.messageIds[0], side.people[0].invitationId),
    one: true,
    needs: "mail",
    shows: true,
    acts: [
      { does: "changes one recipient's copy", fields: () => letter, needs: "mail" },
      { does: "gives one recipient the common wording", fields: () => ({ intent: "drop" }), needs: "mail" },
    ],
  },
  "/staff/e/:edition/mail/:message": {
    for: "edition",
    path: (side) => `${message(side, 0)}?as=${side.people[0].invitationId}`,
    one: true,
    shows: true,
    acts: [
      {
        does: "has a mail tried again",
        path: (side) => message(side, 2),
        fields: (side) => ({ intent: "retry", deliveryId: side.deliveryId }),
        needs: "mail",
      },
      {
        does: "rewords a message",
        fields: (side) => ({ intent: "change", sideId: side.sideId, ...letter }),
        needs: "mail",
      },
      {
        does: "sends a test of a message",
        fields: (side) => ({ intent: "test", as: side.people[0].invitationId }),
        needs: "mail",
      },
      {
        does: "takes back that a message go",
        path: (side) => message(side, 1),
        fields: () => ({ intent: "take-back" }),
        needs: "mail",
      },
      {
        does: "stops a message that is held",
        path: (side) => paths.message(side.slug, side.heldMessageIds[0]),
        fields: () => ({ intent: "stop" }),
        needs: "mail",
      },
      {
        does: "lets a message go that is held",
        path: (side) => paths.message(side.slug, side.heldMessageIds[1]),
        fields: () => ({ intent: "let-go" }),
        needs: "mail",
      },
      {
        does: "hands a message's text to the other side",
        fields: (side) => ({
          intent: "hand-over",
          toSideId: side.meeting.sideIds.find((id) => id !== side.sideId) ?? "",
        }),
        needs: "mail",
      },
      { does: "sends a message", fields: () => ({ intent: "release", count: "3" }), needs: "mail" },
      {
        does: "throws a message away",
        path: (side) => message(side, 1),
        fields: () => ({ intent: "discard" }),
        needs: "mail",
      },
    ],
  },
  "/staff/e/:edition/mail/templates": {
    for: "edition",
    path: (side) => paths.mailTemplates(side.slug),
  },
  "/staff/e/:edition/mail/templates/:kind": {
    for: "edition",
    path: (side) => `${paths.mailTemplate(side.slug, "agenda")}?side=${side.sideId}`,
    acts: [
      {
        does: "writes a template",
        fields: (side) => ({ sideId: side.sideId, ...letter }),
        needs: "mail",
      },
    ],
  },
  "/staff/e/:edition/mail/settings": {
    for: "edition",
    path: (side) => paths.mailSettings(side.slug),
    needs: "lead",
    acts: [
      {
        does: "words how a side's mails leave",
        fields: (side) => ({ sideId: side.sideId, fromName: "Secretariat" }),
        needs: "lead",
      },
    ],
  },
  "/staff/e/:edition/mail/not-reached": {
    for: "edition",
    path: (side) => paths.notReached(side.slug),
    shows: true,
    acts: [
      {
        does: "lets mails go to an address again",
        fields: (side) => ({ address: side.stoppedId }),
        needs: "mail",
      },
    ],
  },
  "/staff/e/:edition/mail/deliveries/:delivery": {
    for: "edition",
    path: (side) => paths.delivery(side.slug, side.deliveryId),
    one: true,
    shows: true,
    acts: [
      { does: "has a mail tried again", fields: () => ({ intent: "retry" }), needs: "mail" },
      {
        does: "sends one mail to another address",
        fields: () => ({ intent: "elsewhere", address: "elsewhere@example.org" }),
        needs: "mail",
      },
    ],
  },
  "/staff/e/:edition/mail/:message/preview/:invitation/html": {
    for: "edition",
    path: (side) => paths.messagePreview(side.slug, side.messageIds[0], side.people[0].invitationId),
    one: true,
    shows: true,
  },

  "/staff/e/:edition/releases": {
    for: "edition",
    path: (side) => paths.releases(side.slug),
    needs: "lead",
  },
  "/staff/e/:edition/releases/new": {
    for: "edition",
    path: (side) => paths.newRelease(side.slug),
    needs: "lead",
    shows: true,
    acts: [
      {
        does: "looks at what would be released",
        fields: (side) => releaseOf(side),
        needs: "lead",
        reads: true,
      },
      {
        does: "releases a name",
        fields: (side) => ({
          ...releaseOf(side),
          step: "release",
          releaseId: "AAAAAAAAAAAAAAAAAAAA",
          hash: side.previewHash,
          count: "1",
          password: PASSWORD,
        }),
        needs: "lead",
      },
    ],
  },
  "/staff/e/:edition/releases/:release": {
    for: "edition",
    path: (side) => paths.release(side.slug, side.outsideReleaseId),
    needs: "lead",
    one: true,
    shows: true,
    releasedPath: (side) => paths.release(side.slug, side.receivedReleaseId),
    byRelease: (side) => side.receivedReleaseId,
    acts: [
      {
        does: "ends a release",
        fields: () => ({ intent: "revoke", sure: "yes" }),
        needs: "lead",
      },
    ],
  },
  "/staff/e/:edition/releases/:release/list.pdf": {
    for: "edition",
    path: (side) => paths.releasePdf(side.slug, side.outsideReleaseId),
    needs: "lead",
    one: true,
    status: 405,
    releasedPath: (side) => paths.releasePdf(side.slug, side.receivedReleaseId),
    byRelease: (side) => side.receivedReleaseId,
  },
  "/staff/e/:edition/releases/:release/list.csv": {
    for: "edition",
    path: (side) => paths.releaseList(side.slug, side.outsideReleaseId),
    needs: "lead",
    one: true,
    status: 405,
    releasedPath: (side) => paths.releaseList(side.slug, side.receivedReleaseId),
    byRelease: (side) => side.receivedReleaseId,
    acts: [
      {
        does: "takes the file that is for somebody outside",
        fields: () => ({}),
        needs: "lead",
        reads: true,
      },
    ],
  },

  "/staff/e/:edition/retention": {
    for: "edition",
    path: (side) => `${paths.retention(side.slug)}?side=${side.sideId}`,
    needs: "lead",
    shows: true,
    acts: [
      {
        does: "purges what is due",
        fields: (side) => ({
          intent: "purge",
          side: side.sideId,
          shown: dueOf(side),
          slug: side.slug,
          password: PASSWORD,
        }),
        needs: "lead",
      },
      {
        does: "writes down how long the side keeps what",
        fields: (side) => ({
          intent: "dates",
          side: side.sideId,
          ...Object.fromEntries(
            KINDS_IN_ORDER.map((kind) => [dueField(kind), latestDay(side.meeting.travelTo)]),
          ),
        }),
        needs: "lead",
      },
    ],
  },
  "/staff/e/:edition/retention/:report/report.json": {
    for: "edition",
    path: (side) => paths.purgeReport(side.slug, side.purgeReportId),
    needs: "lead",
    one: true,
  },
  "/staff/e/:edition/audit": {
    for: "edition",
    path: (side) => paths.auditTrail(side.slug),
    needs: "lead",
    shows: true,
  },
  "/staff/e/:edition/staff": {
    for: "edition",
    path: (side) => paths.staff(side.slug),
    needs: "lead",
    shows: true,
    acts: [
      {
        does: "sends a colleague's invitation again",
        fields: (side) => ({ intent: "again", invitation: side.openInvitations[0] }),
        needs: "lead",
      },
      {
        does: "takes a colleague's invitation back",
        fields: (side) => ({ intent: "revoke", invitation: side.openInvitations[1] }),
        needs: "lead",
      },
    ],
  },
  "/staff/e/:edition/staff/new": {
    for: "edition",
    path: (side) => paths.newColleague(side.slug),
    needs: "lead",
    acts: [
      {
        does: "writes to a new colleague",
        fields: (side) => ({
          name: "New colleague",
          email: "new.colleague@staff.example",
          locale: "en",
          sideId: side.sideId,
          permissions: ["mail", "agenda"],
          password: PASSWORD,
        }),
        needs: "lead",
      },
    ],
  },
  "/staff/e/:edition/staff/:colleague": {
    for: "edition",
    path: (side) => `${paths.colleague(side.slug, side.colleagueId)}?side=${side.sideId}`,
    needs: "lead",
    one: true,
    shows: true,
    acts: [
      {
        does: "changes what a colleague may do",
        fields: () => ({ intent: "change", permissions: "agenda", password: PASSWORD }),
        needs: "lead",
      },
      {
        does: "removes a colleague",
        fields: () => ({ intent: "end", endPassword: PASSWORD }),
        needs: "lead",
      },
    ],
  },

  "/mailbox": { for: "mailbox", path: paths.mailbox, shows: true },
  "/mailbox/:mail": {
    for: "mailbox",
    path: (side) => paths.mailboxMail(mailOf(side)),
    one: true,
    shows: true,
  },
  "/mailbox/:mail/html": {
    for: "mailbox",
    path: (side) => paths.mailboxHtml(mailOf(side)),
    one: true,
    shows: true,
  },
  "/mailbox/:mail/attachments/:index": {
    for: "mailbox",
    path: (side) => paths.mailboxAttachment(mailOf(side), 0),
    one: true,
  },
};

const entries = Object.entries(TABLE);
const acts = entries.flatMap(([pattern, entry]) =>
  (entry.acts ?? []).map((act) => ({
    name: `${pattern}: ${act.does}`,
    entry,
    act,
    path: act.path ?? entry.path,
  })),
);
const pagesOf = (kind: Entry["for"]) => entries.filter(([, entry]) => entry.for === kind);

function registered(side: Side, person: Side["people"][number], more: Fields = {}): Fields {
  const typed = new URLSearchParams(submission(side.meeting, person, side.meeting.visitIds));
  const [latin, chinese] = side.words;
  return {
    ...Object.fromEntries([...new Set(typed.keys())].map((name) => [name, typed.getAll(name)])),
    familyLatin: latin,
    nameNative: chinese,
    institutionEn: `Institute of ${latin}`,
    institutionZh: `${chinese}研究所`,
    ...more,
  };
}

let clients = 0;
/** Another client for each request, so that nobody's wrong guesses stop the next. */
function client(): string {
  clients += 1;
  return `198.51.${100 + Math.floor(clients / 250)}.${1 + (clients % 250)}`;
}

type Answer = {
  status: number;
  text: string;
  location: string;
  headers: Headers;
  fetched: ReadonlyArray<Fetched>;
};

/** One request, of somebody signed in or of nobody; redirects are not followed. One after the other: rows are theirs. */
async function ask(
  who: Login | "stranger" | "holder" | null,
  path: string,
  fields?: Fields,
): Promise<Answer> {
  const body = new URLSearchParams();
  for (const [name, values] of Object.entries(fields ?? {}))
    for (const value of [values].flat()) body.append(name, value);
  const response = await fetch(server.url + path, {
    redirect: "manual",
    ...(fields === undefined ? {} : { method: "POST", body }),
    headers: {
      Accept: "text/html",
      "X-Forwarded-For": client(),
      ...(fields === undefined ? {} : { Origin: server.url }),
      ...(who === null ? {} : { Cookie: who === "holder" ? codesTyped() : (cookies.get(who) ?? "") }),
    },
  });
  return {
    status: response.status,
    text: await response.text(),
    location: response.headers.get("Location") ?? "",
    headers: response.headers,
    fetched: server.fetched(),
  };
}

/** What the browser sends in which codes of everybody's links were typed. */
function codesTyped(): string {
  return sides()
    .flatMap(({ people }) => people.map(({ cookie }) => cookie))
    .join("; ");
}

/** Who opens a page of a link: its owner, or whoever has the link where that is enough. */
function holderOf(entry: Entry): "holder" | null {
  return entry.needsCode === true ? "holder" : null;
}

/**
 * The statements that brought rows of these sides to a request. The programme is one for both sides, as draft and as
 * published: it says by ids who does what, and pages turn those of one's own side into names.
 */
function rowsOf(answer: Answer, owners: ReadonlyArray<Side>): Array<string> {
  const names = Object.entries(server.seeded)
    .filter(([, side]) => owners.includes(side))
    .map(([name]) => name);
  const ids = owners.flatMap(({ people }) => people.map(({ invitationId }) => invitationId));
  return answer.fetched
    .filter(({ owner }) => names.includes(owner))
    .filter(({ sql, word }) => !(ids.includes(word) && /from "agenda_(?:function|version)"/.test(sql)))
    .map(({ sql, word }) => `${word}: ${sql}`);
}

/** Whose page it is: the first side's, of the first edition; of its contact book, whoever keeps that. */
function ownerOf(entry: Entry): Login {
  return entry.book === true ? "bookkeeper" : "lead";
}

/** The sides whose rows a page of the first side must not fetch. A contact book has the people of all editions. */
function othersOf(entry: Entry): ReadonlyArray<Side> {
  const { away, elsewhere, elsewhereAway } = server.seeded;
  return entry.book === true ? [away, elsewhereAway] : [away, elsewhere, elsewhereAway];
}

const everything = () => stored.everything();

function inDatabase<T>(work: (sqlite: Db["sqlite"]) => T): T {
  return stored.work(({ sqlite }) => work(sqlite));
}

/** What of a side a text gives away: its words, its people's links, or ids of what is its own. */
function leaks(text: string, side: Side): Array<string> {
  const lower = text.toLowerCase();
  return marksOf(side).filter((word) => lower.includes(word.toLowerCase()));
}

/** Ids that a page gives to more than one of its parts. */
function repeatedIds({ text, headers }: Answer): Array<string> {
  if (headers.get("Content-Type")?.startsWith("text/html") !== true) return [];
  const ids = [...text.matchAll(/<[a-z][^>]*?\sid="([^"]*)"/g)].map(([, id = ""]) => id);
  return [...new Set(ids.filter((id, n) => ids.indexOf(id) !== n))];
}

function marksOf(side: Side): Array<string> {
  return [
    ...side.words,
    ...side.people.flatMap(({ invitationId, personId, token }) => [invitationId, personId, token]),
    ...side.messageIds,
    ...side.nominationIds,
    side.focalPointId,
    side.deliveryId,
  ];
}

/** Also the form in which the client's router asks for a page. */
function asData(path: string): string {
  const [pathname = "", query] = path.split("?");
  return `${pathname === "/" ? "/_root" : pathname}.data${query === undefined ? "" : `?${query}`}`;
}

/** An address repeated by the answer to it gives nothing away to the one who asked. */
function withoutOwnAddress(text: string, path: string): string {
  return [path, path.replaceAll("&", "&amp;"), encodeURIComponent(path)].reduce(
    (left, form) => left.replaceAll(form, ""),
    text,
  );
}

/** What a form held that could not be taken comes back to who sent it, to be copied. */
function withoutTyped(text: string): string {
  return text.replaceAll(/<textarea.*?<\/textarea>/gs, "");
}

const sides = () => Object.values(server.seeded);

beforeAll(async () => {
  server = await startTestServer({
    env: { SECOND_STEP: "optional", TRUSTED_PROXIES: "1" },
    seed: writeTwoEditions,
    watch: (seeded) =>
      Object.fromEntries(Object.entries(seeded).map(([name, side]) => [name, marksOf(side)])),
  });
  stored = openStored(server.databaseFile, { without: ["session"] });
  for (const side of sides())
    for (const person of [side.people[0], side.people[1]])
      expect((await ask("holder", paths.registration(person.token), registered(side, person))).location).toBe(
        `${paths.programme(person.token)}?sent`,
      );
  for (const login of LOGINS) {
    const browser = visitor(server.url, { headers: { "X-Forwarded-For": client() } });
    await browser.post(paths.signIn(), { email: addressOf(login), password: PASSWORD });
    cookies.set(login, [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; "));
  }
  await mailsAreOut();
  for (const side of sides()) {
    const mail = inDatabase((sqlite) =>
      sqlite
        .prepare(
          "select m.id from mailbox_mail m join delivery d on d.id = m.delivery_id where d.kind = 'confirmation' and d.invitation_id = ?",
        )
        .pluck()
        .get(side.people[0].invitationId),
    );
    mails.set(side, String(mail));
  }
}, 120_000);
afterAll(async () => {
  stored.close();
  await server.stop();
});

async function mailsAreOut(): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    const waiting = inDatabase((sqlite) =>
      // Some are held until tomorrow.
      sqlite
        .prepare(
          "select count(*) from delivery where state = 'sending' or (state = 'queued' and due_at <= ?)",
        )
        .pluck()
        .get(Date.now()),
    );
    if (waiting === 0) return;
    await delay(25);
  }
  throw new Error("The mails do not go out");
}

test("every route is in the table", async () => {
  // Remix puts its folder here while it reads the routes; the helpers ask for it.
  Object.assign(globalThis, { __remixAppDirectory: new URL("../../app", import.meta.url).pathname });
  const { default: routes } = await import("#app/routes.ts");
  expect(Object.keys(TABLE).sort()).toEqual([...patterns(routes)].sort());
});

function patterns(all: ReadonlyArray<RouteConfigEntry>, above = ""): ReadonlyArray<string> {
  return all.flatMap((entry) => {
    const own = entry.path === undefined ? above : `${above}/${entry.path}`;
    const isPage = entry.children === undefined || entry.children.length === 0;
    return [...(isPage ? [own === "" ? "/" : own] : []), ...patterns(entry.children ?? [], own)];
  });
}

describe("there is something to find", () => {
  test.each(entries)("%s shows its owner their own", async (_pattern, entry) => {
    const { home, away } = server.seeded;
    for (const [side, who] of [
      [home, ownerOf(entry)],
      [away, entry.book === true ? "awayBookkeeper" : "awayLead"],
    ] as const) {
      const reader = entry.for === "link" || entry.for === "anybody" ? holderOf(entry) : who;
      const answer = await ask(reader, entry.path(side));
      expect(answer.status).toBe(entry.status ?? 200);
      if (entry.shows === true) expect(leaks(answer.text, side)).not.toEqual([]);
      // Labels, error summaries and readers of a page go by its ids.
      expect(repeatedIds(answer)).toEqual([]);
    }
  });

  // What is about the edition as a whole names nobody.
  const findsPeople = ({ act }: (typeof acts)[number]) => act.reads === true && act.common === undefined;

  test("a search and a list that is taken away find one's own people", async () => {
    const { home } = server.seeded;
    for (const { act, path, entry } of acts.filter(findsPeople)) {
      const answer = await ask(ownerOf(entry), path(home), act.fields(home));
      expect(answer.status, act.does).toBe(200);
      expect(leaks(answer.text, home), act.does).not.toEqual([]);
    }
  });
});

describe("the log of what was fetched", () => {
  test.each(entries.filter(([, entry]) => entry.shows === true && entry.for !== "link"))(
    "%s is known by its rows",
    async (_pattern, entry) => {
      const { home, away } = server.seeded;
      expect(rowsOf(await ask(ownerOf(entry), entry.path(home)), [home])).not.toEqual([]);
      const awayOwner = entry.book === true ? "awayBookkeeper" : "awayLead";
      expect(rowsOf(await ask(awayOwner, entry.path(away)), [away])).not.toEqual([]);
    },
  );

  test("a row that is fetched and shown to nobody is in it", async () => {
    // Who holds a link is looked up before anything is decided; here all that comes of it is a redirect.
    const { away } = server.seeded;
    const path = paths.registrationReview(away.people[3].token);
    const answer = await ask("holder", path);
    expect(leaks(withoutOwnAddress(answer.text, path), away)).toEqual([]);
    expect(rowsOf(answer, [away])).not.toEqual([]);
  });

  test("every way to ask without a scope is caught, within a request and not outside of one", () => {
    const folder = mkdtempSync(join(tmpdir(), "secretariat-reads-"));
    const { env: reads, loads } = watchReads(folder, { away: ["Zwetschge"], home: ["Quillfeather"] });
    const env = { ...process.env, ...reads, NODE_OPTIONS: loads.map((file) => `--import ${file}`).join(" ") };
    const script = `
      import { createServer } from "node:http";
      import SQLite from "better-sqlite3";
      const db = new SQLite(":memory:");
      db.exec("create table person (name); insert into person values ('Ms. zwetschge'), ('Nobody')");
      const ask = (how) => db.prepare("select name, '" + how + "' from person");
      const server = createServer((_request, response) => {
        ask("get").get();
        ask("all").all();
        ask("raw").raw().all();
        ask("pluck").pluck().get();
        for (const row of ask("iterate").iterate()) void row;
        db.prepare("select name from person where name = 'Nobody'").all();
        response.end();
      });
      ask("outside").all();
      server.listen(0, async () => {
        await fetch("http://localhost:" + server.address().port).then((answer) => answer.text());
        server.close();
      });`;
    const run = spawnSync(process.execPath, ["--input-type=module", "-e", script], { cwd: ROOT, env });
    expect(run.stderr.toString()).toBe("");
    const ways = takeFetched(folder).map(({ owner, word, sql }) => [owner, word, sql.split("'")[1]]);
    expect(ways).toEqual(["get", "all", "raw", "pluck", "iterate"].map((way) => ["away", "zwetschge", way]));
    rmSync(folder, { recursive: true });
  });
});

describe("somebody who is not signed in", () => {
  test.each(entries)("%s tells them nothing", async (_pattern, entry) => {
    const side = server.seeded.home;
    const path = entry.for === "link" ? withWrongToken(entry.path(side)) : entry.path(side);
    const before = everything();
    const tries = [await ask(null, path), await ask(null, asData(path)), await ask(null, path, {})];
    for (const act of entry.acts ?? []) tries.push(await ask(null, path, act.fields(side)));
    const [page, , ...posts] = tries;
    for (const answer of tries) {
      const told = withoutTyped(withoutOwnAddress(answer.text, path));
      for (const each of sides()) expect(leaks(told, each)).toEqual([]);
      expect(rowsOf(answer, sides())).toEqual([]);
    }
    if (entry.for === "staff" || entry.for === "edition") {
      expect(page?.status).toBe(303);
      expect(page?.location).toBe(`${paths.signIn()}?${new URLSearchParams({ to: path })}`);
      for (const post of posts) expect([303, 405]).toContain(post.status);
    } else if (entry.for !== "anybody") {
      expect(page?.status).toBe(404);
      for (const post of posts) expect([404, 405]).toContain(post.status);
    }
    if (entry.for !== "anybody") expect(everything()).toBe(before);
  });

  function withWrongToken(path: string): string {
    return path.replace(/[A-Za-z0-9_-]{20,}/, (token) => "x".repeat(token.length));
  }
});

describe("somebody to whom a link was forwarded", () => {
  test.each(entries.filter(([, entry]) => entry.needsCode === true))(
    "%s asks them for a code",
    async (_pattern, entry) => {
      const { home, away } = server.seeded;
      const before = everything();
      const path = entry.path(home);
      // Their own browser may well know a code of another invitation: of the same side, of the other one.
      for (const cookie of [null, home.people[2].cookie, away.people[0].cookie]) {
        cookies.set("stranger", cookie ?? "");
        const token = path.split("/")[2] ?? "";
        for (const fields of [undefined, ...(entry.acts ?? []).map((act) => act.fields(home))]) {
          const answer = await ask("stranger", path, fields);
          if (answer.status === 403) {
            // What was typed comes back to who typed it, and nothing else does.
            expect(fields).toBeDefined();
            expect(leaks(withoutTyped(answer.text).replaceAll(token, ""), home)).toEqual([]);
            continue;
          }
          expect(answer.status).toBe(303);
          expect(answer.location).toBe(`${paths.code(token)}?${new URLSearchParams({ to: path })}`);
          expect(answer.text).toBe("");
        }
        // The link they have.
        const asked = (await ask("stranger", asData(path))).text.replaceAll(token, "");
        expect(leaks(asked, home)).toEqual([]);
      }
      expect(everything()).toBe(before);
    },
  );
});

describe("staff of one side", () => {
  test.each(entries.filter(([, entry]) => entry.for !== "link"))(
    "%s shows nothing of the other side's",
    async (_pattern, entry) => {
      const { home, away, elsewhere, elsewhereAway } = server.seeded;
      for (const path of [entry.path(away), asData(entry.path(away))]) {
        const foreign = await ask(ownerOf(entry), path);
        for (const side of othersOf(entry))
          expect(leaks(withoutOwnAddress(foreign.text, path), side)).toEqual([]);
        expect(rowsOf(foreign, othersOf(entry))).toEqual([]);
        if (entry.one === true) expect(foreign.status).toBe(404);
      }
      const own = await ask(ownerOf(entry), entry.path(home));
      const others = entry.byRelease === undefined ? othersOf(entry) : [elsewhere, elsewhereAway];
      for (const side of others) expect(leaks(own.text, side)).toEqual([]);
      expect(rowsOf(own, others)).toEqual([]);
    },
  );

  test.each(acts.filter(({ entry, act }) => entry.for === "edition" && act.common === undefined))(
    "$name, but not for the other side",
    async ({ act, path, entry }) => {
      const { home, away } = server.seeded;
      const before = everything();
      // Sent to the other side's address, and to one's own with the other side's people in the form.
      const addresses = new Set([path(away), ...(entry.one === true ? [] : [path(home)])]);
      for (const address of addresses) {
        const answer = await ask(ownerOf(entry), address, act.fields(away));
        if (act.reads !== true) expect([404, 409, 422]).toContain(answer.status);
        if (entry.one === true) expect(answer.status).toBe(404);
        const repeated = Object.values(act.fields(away)).flat();
        expect(
          leaks(
            repeated.reduce((text, value) => text.replaceAll(value, ""), answer.text),
            away,
          ),
        ).toEqual([]);
        expect(rowsOf(answer, [away])).toEqual([]);
      }
      if (act.reads !== true) expect(everything()).toBe(before);
    },
  );

  test("the other side's delivery is not found through a message of one's own", async () => {
    const { home, away } = server.seeded;
    const before = everything();
    for (const intent of ["retry", "cancel"])
      expect((await ask("lead", message(home, 2), { intent, deliveryId: away.deliveryId })).status).toBe(404);
    expect(everything()).toBe(before);
  });

  test("a message goes to nobody of the other side, whatever its audience says", async () => {
    const { home, away } = server.seeded;
    const preview = paths.messagePreview(home.slug, home.messageIds[0], away.people[0].invitationId);
    expect((await ask("lead", preview)).status).toBe(404);
    const foreign = paths.messagePreview(away.slug, away.messageIds[0], home.people[0].invitationId);
    expect((await ask("lead", foreign)).status).toBe(404);
  });
});

test("an institution's contact sees no name, not even those that came from there, and no address", async () => {
  const { home } = server.seeded;
  const path = new URL(home.nominationLink).pathname;
  for (const address of [path, asData(path)]) {
    const { text } = await ask(null, address);
    expect(text).toContain(`School of ${home.words[0]}`);
    for (const name of ["甲", "乙", "0", "1"]) expect(text).not.toContain(home.words[1] + name);
    for (const { nameLatin, email, token } of home.people)
      for (const word of [nameLatin, email, token]) expect(text).not.toContain(word);
    expect(text).not.toContain("contact@");
    for (const id of home.nominationIds) expect(text).not.toContain(id);
  }
});

describe("staff of another edition", () => {
  test.each(pagesOf("edition"))("%s is not there", async (_pattern, entry) => {
    const { home, away } = server.seeded;
    for (const side of [home, away]) {
      for (const path of [entry.path(side), asData(entry.path(side))]) {
        const answer = await ask("elsewhereLead", path);
        expect(answer.status).toBe(404);
        expect(leaks(answer.text, side)).toEqual([]);
        expect(rowsOf(answer, [home, away])).toEqual([]);
      }
    }
  });

  test.each(
    pagesOf("edition").filter(
      ([, entry]) => entry.one === true || /:(item|visit)/.test(entry.path.toString()),
    ),
  )("%s is not there under their own edition's address either", async (_pattern, entry) => {
    const { home, elsewhere } = server.seeded;
    const path = entry.path(home).replace(`/e/${home.slug}`, `/e/${elsewhere.slug}`);
    const answer = await ask("elsewhereLead", path);
    expect(answer.status).toBe(404);
    expect(rowsOf(answer, [home])).toEqual([]);
  });

  test.each(acts.filter(({ entry }) => entry.for === "edition"))(
    "$name, but not here",
    async ({ act, path }) => {
      const { home, elsewhere } = server.seeded;
      const before = everything();
      const here = await ask("elsewhereLead", path(home), act.fields(home));
      expect(here.status).toBe(404);
      expect(leaks(here.text, home)).toEqual([]);
      expect(rowsOf(here, [home])).toEqual([]);
      if (act.common !== undefined || act.reads === true) return expect(everything()).toBe(before);
      const there = path(home).replace(`/e/${home.slug}`, `/e/${elsewhere.slug}`);
      const answer = await ask("elsewhereLead", there, act.fields(home));
      expect(rowsOf(answer, [home])).toEqual([]);
      // Letters, messages, tasks and notices of their own are theirs: it is the same co-host's side, at their own edition.
      if (/^(words|writes|finishes|adds a task|asks for the mail|lays|lets change)/.test(act.does)) {
        expect(answer.status).toBe(303);
        // In the morning their mail would go out in the middle of what comes next.
        inDatabase((sqlite) => sqlite.exec("delete from task_digest"));
        return mailsAreOut();
      }
      expect([404, 409, 422]).toContain(answer.status);
      expect(everything()).toBe(before);
    },
  );
});

describe("staff of the right side without the permission", () => {
  /** Logins that may only read, or may do one other thing. */
  function without(needs: Permission, orNeeds: ReadonlyArray<Permission> = []): ReadonlyArray<Login> {
    const having: Readonly<Record<string, Permission>> = {
      mailer: "mail",
      inviter: "invitations",
      planner: "agenda",
    };
    return (["reader", "mailer", "inviter", "planner"] as const).filter((login) => {
      const has = having[login];
      return has === undefined || ![needs, ...orNeeds].includes(has);
    });
  }

  test.each(pagesOf("edition").filter(([, entry]) => entry.needs !== undefined))(
    "%s is not there",
    async (_pattern, { needs = "read_only", orNeeds, path, book }) => {
      for (const login of [
        ...without(needs, orNeeds),
        ...(book === true ? (["lead", "inviter"] as const) : []),
      ]) {
        const answer = await ask(login, path(server.seeded.home));
        expect(answer.status, login).toBe(404);
        expect(rowsOf(answer, sides()), login).toEqual([]);
      }
    },
  );

  test.each(acts.filter(({ act }) => act.needs !== "read_only"))(
    "$name, but not they",
    async ({ act, path, entry }) => {
      const { home } = server.seeded;
      const before = everything();
      // Inviting to one edition is not enough to open the book of all of them, leading it neither.
      const oneEdition = entry.book === true ? (["lead", "inviter"] as const) : [];
      for (const login of [...without(act.needs, act.orNeeds), ...oneEdition]) {
        const answer = await ask(login, path(home), act.fields(home));
        expect(answer.status, login).toBe(404);
        expect(rowsOf(answer, sides()), login).toEqual([]);
      }
      expect(everything()).toBe(before);
    },
  );

  test("makes no edition", async () => {
    expect((await ask("reader", paths.newEdition())).status).toBe(404);
    expect((await ask("reader", paths.newEdition(), { intent: "confirm", text: "{}" })).status).toBe(404);
  });

  test("reads no kept mail: it holds the links of delegates", async () => {
    const { home } = server.seeded;
    for (const login of without("lead")) {
      expect(leaks((await ask(login, paths.mailbox())).text, home)).toEqual([]);
      for (const [, entry] of pagesOf("mailbox").filter(([, each]) => each.one === true))
        expect((await ask(login, entry.path(home))).status, login).toBe(404);
    }
  });

  test("reads no answers of a class that is not theirs", async () => {
    const { home } = server.seeded;
    const person = paths.person(home.slug, home.people[1].invitationId);
    expect((await ask("lead", person)).text).toContain("Peanuts");
    for (const login of ["reader", "mailer", "inviter", "planner"] as const) {
      for (const path of [person, asData(person)]) {
        const answer = await ask(login, path);
        expect(answer.status).toBe(path === person ? 200 : answer.status);
        expect(answer.text).not.toMatch(/Peanuts|CA982|A\. Relative/);
      }
    }
  });
});

test("a mail shown as a page can do nothing, however its address is spelled", async () => {
  const { home } = server.seeded;
  const kept = paths.mailboxHtml(mailOf(home));
  const preview = paths.messagePreview(home.slug, home.messageIds[0], home.people[0].invitationId);
  for (const path of [kept, preview])
    for (const spelled of [
      path,
      `${path}/`,
      path.replace(/html$/, "HTML"),
      path.replace(/html$/, "%68tml"),
    ]) {
      const answer = await ask("lead", spelled);
      expect(answer.status, spelled).toBe(200);
      const policy = answer.headers.get("Content-Security-Policy") ?? "";
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("sandbox allow-popups");
      expect(policy).not.toContain("script");
    }
});

describe("what is taken away is gone with the next request", () => {
  /** Logins whose browser is still open, and what was done to them meanwhile; what they now get. */
  const ends = [
    {
      what: "a permission that is taken away",
      login: "dismissed",
      sql: "delete from staff_permission where user_id = (select id from user where email = ?)",
      left: 404,
    },
    {
      what: "a permission whose time is over",
      login: "ending",
      sql: "update staff_permission set ends_at = 1 where user_id = (select id from user where email = ?)",
      left: 404,
    },
    {
      what: "a session that is ended",
      login: "signedOut",
      sql: "delete from session where user_id = (select id from user where email = ?)",
      left: 303,
    },
    {
      what: "a login that is deleted",
      login: "leaver",
      sql: "delete from user where email = ?",
      left: 303,
    },
  ] as const;

  test.each(ends)("$what", async ({ login, sql, left }) => {
    const { home } = server.seeded;
    expect((await ask(login, paths.people(home.slug))).status).toBe(200);
    inDatabase((sqlite) => sqlite.prepare(sql).run(addressOf(login)));
    const before = everything();
    const closed = (answer: Answer, where: string) => {
      expect(answer.status, where).toBe(left);
      if (left === 303) expect(answer.location, where).toContain(paths.signIn());
      expect(rowsOf(answer, sides()), where).toEqual([]);
    };
    for (const [pattern, entry] of pagesOf("edition")) {
      closed(await ask(login, entry.path(home)), pattern);
      const asked = await ask(login, asData(entry.path(home)));
      const told = withoutOwnAddress(asked.text, entry.path(home));
      for (const side of sides()) expect(leaks(told, side), pattern).toEqual([]);
      expect(rowsOf(asked, sides()), pattern).toEqual([]);
    }
    for (const { name, act, path, entry } of acts)
      if (entry.for === "edition") closed(await ask(login, path(home), act.fields(home)), name);
    for (const [pattern, entry] of pagesOf("mailbox").filter(([, each]) => each.one === true)) {
      const answer = await ask(login, entry.path(home));
      expect(answer.status, pattern).toBe(404);
      expect(rowsOf(answer, sides()), pattern).toEqual([]);
    }
    expect(everything()).toBe(before);
  });

  test.each(["dismissed", "ending"] as const)("makes no edition of its own instead (%s)", async (login) => {
    const overview = await ask(login, paths.editions());
    expect(overview.text).not.toContain("/staff/e/");
    expect((await ask(login, paths.newEdition())).status).toBe(404);
  });

  test.each(entries.filter(([, entry]) => entry.byRelease !== undefined))(
    "a release, and %s with it",
    async (_pattern, entry) => {
      const { home, away } = server.seeded;
      const path = (entry.releasedPath ?? entry.path)(home);
      const id = entry.byRelease?.(home, away) ?? "";
      const live = await ask("lead", path);
      expect(live.status).toBe(entry.status ?? 200);
      expect(rowsOf(live, [away])).not.toEqual([]);
      for (const [end, back] of [
        ["expires_at = 1", `expires_at = ${Date.now() + 86_400_000}`],
        ["revoked_at = 1", "revoked_at = null"],
      ] as const) {
        changeRelease(id, end);
        for (const each of [path, asData(path)]) {
          const answer = await ask("lead", each);
          expect(answer.status, end).toBe(404);
          expect(leaks(withoutOwnAddress(answer.text, each), away), end).toEqual([]);
          expect(rowsOf(answer, [away]), end).toEqual([]);
        }
        for (const act of entry.acts ?? []) {
          const answer = await ask("lead", path, act.fields(home));
          expect(answer.status, act.does).toBe(404);
          expect(rowsOf(answer, [away]), act.does).toEqual([]);
        }
        changeRelease(id, back);
      }
    },
  );

  /** A release can only be revoked, and never again otherwise: the test puts it back as nobody else could. */
  function changeRelease(id: string, change: string) {
    inDatabase((sqlite) => {
      const guard = sqlite
        .prepare("select sql from sqlite_master where name = 'release_only_revoked'")
        .pluck()
        .get();
      sqlite.exec("drop trigger release_only_revoked");
      sqlite.prepare(`update release set ${change} where id = ?`).run(id);
      sqlite.exec(String(guard));
    });
  }

  test.each(["token_revoked_at = 1", "token_expires_at = 1"])("a link (%s)", async (change) => {
    const nth = change.startsWith("token_revoked") ? 0 : 1;
    const person = server.seeded.elsewhere.people[nth];
    const below = pagesOf("link")
      .filter(([pattern]) => /^\/[ic]\//.test(pattern))
      .map(([, entry]) => ({
        path: entry
          .path(server.seeded.elsewhere)
          .replace(/^\/i\/[^/]+/, `/i/${person.token}`)
          .replace(/^\/c\/[^/]+/, `/c/${person.calendar}`)
          .replace(server.seeded.elsewhere.uploadIds[1], server.seeded.elsewhere.uploadIds[nth]),
        who: holderOf(entry),
        status: entry.status ?? 200,
      }));
    expect(below.length).toBeGreaterThan(6);
    for (const { who, path, status } of below)
      expect([path, (await ask(who, path)).status]).toEqual([path, status]);
    inDatabase((sqlite) =>
      sqlite.prepare(`update invitation set ${change} where id = ?`).run(person.invitationId),
    );
    const before = everything();
    for (const { who, path } of below) {
      for (const each of [path, asData(path)]) {
        const answer = await ask(who, each);
        expect(answer.status).toBe(404);
        expect(leaks(answer.text, server.seeded.elsewhere)).toEqual([]);
      }
      expect([404, 405]).toContain((await ask(who, path, { intent: "save", reply: "accepted" })).status);
      // By its answer nobody can tell a link that was one from a link that never was.
      const unknown = path.replaceAll(person.token, "x".repeat(person.token.length));
      const told = ({ text }: Answer) => text.replaceAll(/nonce="[^"]*"|\/i\/[\w-]+/g, "");
      if (unknown !== path) expect(told(await ask(who, path))).toBe(told(await ask(who, unknown)));
    }
    expect(everything()).toBe(before);
  });

  test.each(["revoked_at = 1", "token_expires_at = 1"])("a focal point's link (%s)", async (change) => {
    const side = change.startsWith("revoked") ? server.seeded.elsewhere : server.seeded.elsewhereAway;
    const path = new URL(side.nominationLink).pathname;
    expect((await ask(null, path)).status).toBe(200);
    inDatabase((sqlite) =>
      sqlite.prepare(`update focal_point set ${change} where id = ?`).run(side.focalPointId),
    );
    const before = everything();
    const unknown = await ask(null, paths.nomination("x".repeat(22)));
    for (const each of [path, asData(path)]) expect((await ask(null, each)).status).toBe(404);
    expect((await ask(null, path, { "names[0].nameNative": "某示例" })).status).toBe(404);
    // By its text nobody can tell a link that was one from a link that never was.
    const told = (text: string) => text.replaceAll(/nonce="[^"]*"|\/n\/[\w-]+/g, "");
    expect(told((await ask(null, path)).text)).toBe(told(unknown.text));
    expect(everything()).toBe(before);
  });

  test("a set-up link that has expired", async () => {
    const path = new URL(server.seeded.elsewhere.setUpLink).pathname;
    expect((await ask(null, path)).status).toBe(200);
    inDatabase((sqlite) => sqlite.prepare("update set_up_link set expires_at = 1").run());
    const before = everything();
    const fields = { name: "New", email: "late@south.example", password: PASSWORD };
    expect((await ask(null, path, fields)).status).toBe(404);
    expect(everything()).toBe(before);
    inDatabase((sqlite) => sqlite.prepare("update set_up_link set expires_at = 9999999999999").run());
  });
});

// Last, because it changes what the others look at.
describe("who may, can", () => {
  const holders: Readonly<Partial<Record<Permission, Login>>> = {
    mail: "mailer",
    invitations: "inviter",
    agenda: "planner",
  };

  // What ends a thing comes after what changes it.
  const ending = [/declines|removes|withdraws/, /in the place of/];
  const rank = (name: string) => 1 + ending.findIndex((each) => each.test(name));
  const inOrder = acts.toSorted((a, b) => rank(a.name) - rank(b.name));

  test.each(inOrder.filter(({ act }) => act.reads !== true))("$name", async ({ act, entry, path }) => {
    const { home, elsewhere, elsewhereAway } = server.seeded;
    if (act.does === "has a mail tried again") setFailed(home.deliveryId);
    if (/ came$/.test(act.does)) openOn(home, "2018-01-01");
    await mailsAreOut();
    const before = everything();
    const who =
      entry.for === "link"
        ? holderOf(entry)
        : entry.book === true
          ? "bookkeeper"
          : (holders[act.needs] ?? "lead");
    const answer = await ask(who, path(home), act.fields(home));
    expect(answer.status).toBe(act.status ?? 303);
    expect(everything()).not.toBe(before);
    const others = act.passesOn === true ? [elsewhere, elsewhereAway] : othersOf(entry);
    expect(rowsOf(answer, others)).toEqual([]);
    openOn(home, home.meeting.startsOn);
  });

  function openOn(side: Side, day: string) {
    inDatabase((sqlite) =>
      sqlite
        .prepare("update edition set travel_from = min(travel_from, ?), starts_on = ? where id = ?")
        .run(day, day, side.meeting.editionId),
    );
  }

  function setFailed(deliveryId: string) {
    inDatabase((sqlite) =>
      sqlite.prepare("update delivery set state = 'failed' where id = ?").run(deliveryId),
    );
  }
});
