import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { findInvitationByToken } from "#app/domain/access/link.server.ts";
import { findEditionForStaff } from "#app/domain/access/queries.server.ts";
import { newestProgramme } from "#app/domain/agenda/queries.server.ts";
import { clearancePage } from "#app/domain/clearance/queries.server.ts";
import { doublesOfBook } from "#app/domain/contact/doubles.server.ts";
import { bookPage, editionsOfBook } from "#app/domain/contact/queries.server.ts";
import type { StaffContext } from "#app/domain/context.ts";
import { delegationPage } from "#app/domain/delegation/queries.server.ts";
import { overview } from "#app/domain/edition/overview.server.ts";
import { delegationsOf, deskView } from "#app/domain/edition/queries.server.ts";
import { letterBoard, personLetters } from "#app/domain/letter/queries.server.ts";
import { focalPoints } from "#app/domain/nomination/queries.server.ts";
import { tasksOf } from "#app/domain/task/queries.server.ts";
import { visitBoards } from "#app/domain/visit/queries.server.ts";
import type { Db } from "#db/client.server.ts";
import * as schema from "#db/schema/index.ts";
import { type Demonstration, seedDemonstration } from "#db/seed/beijing-2018.ts";
import { testContext } from "../support/context.ts";
import { testDatabase } from "../support/database.ts";

describe("the demonstration edition", () => {
  let db: Db;
  let made: Demonstration;

  beforeAll(async () => {
    db = testDatabase();
    made = await seedDemonstration(testContext({ db }));
  }, 60_000);

  function staff(email: string): StaffContext {
    const ctx = testContext({ db });
    const login = db.orm
      .select()
      .from(schema.user)
      .all()
      .find((user) => user.email === email);
    const found = findEditionForStaff(ctx, { userId: login?.id ?? "", slug: "beijing-2018" });
    if (found === null) throw new Error("no access");
    return { ...ctx, scope: found.scope };
  }

  it("has everybody of both lists invited once, with numbers that begin with the ordinal", () => {
    const { editionId } = staff("grace.mockup@us-delegation.example").scope;
    const invitations = db.orm
      .select()
      .from(schema.invitation)
      .where(eq(schema.invitation.editionId, editionId))
      .all();
    expect(invitations).toHaveLength(46);
    expect(invitations.every((entry) => /^08-\d{3}$/.test(entry.number))).toBe(true);
    expect(invitations.filter((entry) => entry.sentAt !== null)).toHaveLength(29);
  });

  it("has a contact book for each side: two editions before, a double, a mark, a post to be checked", () => {
    for (const [email, people] of [
      ["grace.mockup@us-delegation.example", 29],
      ["caogao.lin@cn-delegation.example", 25],
    ] as const) {
      const book = staff(email);
      expect(bookPage(book, {}).total).toBe(people);
      expect(doublesOfBook(book).total).toBe(1);
      expect(bookPage(book, { part: "doNotInvite" }).total).toBe(1);
      expect(bookPage(book, { part: "postDue" }).total).toBeGreaterThan(0);
      for (const { id } of editionsOfBook(book))
        expect(bookPage(book, { editionId: id }).total).toBeGreaterThan(3);
      expect(editionsOfBook(book).map(({ startsOn }) => startsOn.slice(0, 4))).toEqual([
        "2018",
        "2017",
        "2015",
      ]);
    }
  });

  it("never has more people on a visit than seats, and leaves one U.S. seat on the Internet Court", () => {
    const quotas = db.orm.select().from(schema.visitQuota).all();
    const granted = db.orm
      .select()
      .from(schema.visitPlace)
      .all()
      .filter((place) => place.state === "granted");
    for (const visit of db.orm.select().from(schema.siteVisit).all()) {
      const here = granted.filter((place) => place.visitId === visit.id);
      expect(here.length).toBeLessThanOrEqual(visit.capacity);
      for (const quota of quotas.filter((entry) => entry.visitId === visit.id))
        expect(here.filter((place) => place.delegationId === quota.delegationId).length).toBeLessThanOrEqual(
          quota.seats,
        );
    }
    const court = overview(staff("grace.mockup@us-delegation.example")).visits[1];
    expect(court?.own[0]).toMatchObject({ seats: 14, taken: 13, waiting: 0 });
  });

  it("shows each side its own people alone", () => {
    const us = staff("grace.mockup@us-delegation.example");
    const cn = staff("caogao.lin@cn-delegation.example");
    expect(us.scope.sideIds).not.toEqual(cn.scope.sideIds);
    expect(deskView(us)).toMatchObject({
      people: 24,
      agendaVersion: 2,
      undelivered: 1,
      permissions: ["lead"],
    });
    expect(deskView(cn)).toMatchObject({
      people: 22,
      agendaVersion: 2,
      undelivered: 0,
      permissions: ["lead"],
    });
    expect(overview(us).delegations.map((entry) => [entry.key, entry.answers])).toEqual([
      ["us", { accepted: 14, tentative: 1, substituteProposed: 0, declined: 1, silent: 3, draft: 5 }],
    ]);
    expect(overview(cn).delegations.map((entry) => [entry.key, entry.answers])).toEqual([
      ["cn", { accepted: 8, tentative: 0, substituteProposed: 0, declined: 0, silent: 2, draft: 10 }],
      [
        "interpreters",
        { accepted: 0, tentative: 0, substituteProposed: 0, declined: 0, silent: 0, draft: 2 },
      ],
    ]);
    const ours = overview(us).waiting.map((entry) => entry.invitationId);
    expect(overview(cn).waiting.some((entry) => ours.includes(entry.invitationId))).toBe(false);
  });

  it("knows whom it waits for, what is due and what did not arrive", () => {
    const view = overview(staff("grace.mockup@us-delegation.example"));
    const [side] = tasksOf(staff("grace.mockup@us-delegation.example"));
    expect(side?.tasks.map((task) => [task.kind, task.state])).toEqual([
      ["translations", "open"],
      ["visas", "open"],
      ["interpreters", "open"],
      ["reply", "open"],
      ["register", "open"],
      ["filing", "open"],
      ["clearance", "open"],
      ["rooming", "open"],
      ["clearance", "open"],
      ["own", "open"],
      ["letters", "done"],
      ["hotel", "done"],
    ]);
    expect(view.waiting.flatMap((entry) => entry.missing).sort()).toEqual(["decision", "registration"]);
    expect(view.silent.map((entry) => entry.days)).toEqual([41, 41, 41]);
    expect(view).toMatchObject({ silentInAll: 3, waitingInAll: 2 });
    expect(view.mailProblems).toMatchObject([{ kind: "invitation", state: "failed" }]);
    const chinese = overview(staff("caogao.lin@cn-delegation.example"));
    expect(chinese.waiting.find((entry) => entry.nameNative === "单模板")?.missing).toEqual(["registration"]);
  });

  it("has sent every mail that the story tells, each in the person's first language", () => {
    const deliveries = db.orm.select().from(schema.delivery).all();
    expect(deliveries.filter((entry) => entry.kind === "invitation")).toHaveLength(29);
    expect(deliveries.filter((entry) => entry.kind === "confirmation")).toHaveLength(19);
    expect(deliveries.filter((entry) => entry.kind === "message")).toHaveLength(22);
    expect(deliveries.filter((entry) => entry.state === "accepted")).toHaveLength(86);
    expect(db.orm.select().from(schema.mailboxMail).all()).toHaveLength(86);
    expect(
      deliveries
        .filter((entry) => entry.recipientKind === "invitee")
        .every((entry) => (entry.locale === "en") === entry.toAddress.endsWith("@us-delegation.example")),
    ).toBe(true);
  });

  it("has a head and an order for both delegations, nobody beyond the quota, and two names to decide on", () => {
    for (const email of ["grace.mockup@us-delegation.example", "caogao.lin@cn-delegation.example"]) {
      const ctx = staff(email);
      const key = email.startsWith("grace") ? "us" : "cn";
      const id = delegationsOf(ctx).find((entry) => entry.key === key)?.id ?? "";
      const page = delegationPage(ctx, id);
      expect(page?.heads).toBe(1);
      expect(page?.members.slice(0, 2).map((one) => one.category)).toEqual(["head", "deputy_head"]);
      expect(page?.held).toBeLessThanOrEqual(page?.quota ?? 0);
    }
    expect(focalPoints(staff("grace.mockup@us-delegation.example"))).toMatchObject([{ open: 2, places: 3 }]);
    expect(focalPoints(staff("caogao.lin@cn-delegation.example"))).toEqual([]);
  });

  it("has a court's list as it went out, with somebody who has come since", () => {
    const lead = staff("caogao.lin@cn-delegation.example");
    const court = visitBoards(lead).find(({ hostEn }) => hostEn === "Supreme People's Court");
    const list = clearancePage(lead, court?.visitId ?? "");
    expect(list?.columns).toHaveLength(8);
    expect(list?.versions).toMatchObject([{ number: 1, people: 3 }]);
    const guests = clearancePage(staff("grace.mockup@us-delegation.example"), court?.visitId ?? "");
    expect(guests?.own.filter((one) => one.unreleased === "added")).toMatchObject([{ state: "ready" }]);
    expect(guests?.own.filter((one) => one.state === "sent")).toHaveLength(3);
  });

  it("has letters of both sides, one in its second version, one to be issued again, and a passport to come", () => {
    const board = letterBoard(staff("grace.mockup@us-delegation.example"));
    expect(board.hasHead).toBe(true);
    const issued = board.shown.flatMap((one) =>
      one.letters.flatMap(({ kind, locale, issued }) =>
        issued === null ? [] : [[issued.number, issued.version, kind, locale, issued.changed]],
      ),
    );
    expect(issued.sort()).toEqual([
      ["08-001-I-EN", 1, "invitation_letter", "en", []],
      ["08-001-V-EN", 1, "visa_letter", "en", []],
      ["08-001-V-ZH", 1, "visa_letter", "zh-CN", []],
      ["08-002-V-EN", 2, "visa_letter", "en", []],
      ["08-008-V-EN", 1, "visa_letter", "en", ["companions"]],
    ]);
    const states = board.shown.map((one) => one.passport.state);
    expect(states.filter((state) => state === "known")).toHaveLength(4);
    expect(states.filter((state) => state === "pending")).toHaveLength(1);
    const patrick = board.shown.find((one) => one.nameLatin === "Patrick O'Example");
    const us = staff("grace.mockup@us-delegation.example");
    expect(
      personLetters(us, patrick?.invitationId ?? "")?.history.map((one) => one.voidedAt === null),
    ).toEqual([true, false]);

    const chinese = letterBoard(staff("caogao.lin@cn-delegation.example"));
    const kinds = chinese.shown.flatMap(({ letters }) => letters.filter((one) => one.issued !== null));
    expect(kinds.map(({ kind, locale }) => `${kind} ${locale}`)).toEqual(
      Array(8).fill("invitation_letter zh-CN"),
    );
  });

  it("has the second version of its programme published, and a delegate who can begin at once", () => {
    const editionId = db.orm.select().from(schema.edition).get()?.id ?? "";
    expect(newestProgramme({ db }, editionId)).toMatchObject({ number: 2 });
    const token = new URL(made.delegateLink).pathname.split("/").at(-1) ?? "";
    const holder = findInvitationByToken(testContext({ db }), token);
    expect(holder).toMatchObject({ editionId, locale: "en" });
    expect(made.staff).toHaveLength(4);
  });
});
