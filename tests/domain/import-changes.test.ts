import { eq } from "drizzle-orm";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { xlsxBytes } from "#app/documents/xlsx.server.ts";
import type { StaffContext } from "#app/domain/context.ts";
import { type ImportChoice, importTable, planDigest } from "#app/domain/import/commands.server.ts";
import { keepFile, mapColumns, requestOf, waitingFile } from "#app/domain/import/files.server.ts";
import type { ColumnKind } from "#app/domain/import/kinds.ts";
import { type ImportPlan, type ImportRequest, planImport } from "#app/domain/import/plan.server.ts";
import { columnsPage, importDetails, importsOf } from "#app/domain/import/queries.server.ts";
import { guessMapping, type Mapping } from "#app/domain/import/rules.ts";
import { undoImport } from "#app/domain/import/undo.server.ts";
import { changeCells } from "#app/domain/roster/commands.server.ts";
import { translate } from "#app/i18n/translate.ts";
import * as schema from "#db/schema/index.ts";
import { AUTUMN_2018, type TestClock, testContext } from "#tests/support/context.ts";
import { type Meeting, writeMeeting } from "#tests/support/meeting.ts";
import { everything as rowsOf } from "#tests/support/rows.ts";
import { fixture, tableOf } from "#tests/support/tables.ts";

let clock: TestClock;
let meeting: Meeting;
let lead: StaffContext;
let other: StaffContext;
let us: string;

beforeEach(() => {
  const base = testContext({ actor: { kind: "staff", id: "grace" } });
  clock = base.clock;
  meeting = writeMeeting(base.db.orm, base.keys, {
    slug: "beijing",
    people: 20,
    seats: [{ capacity: 5, quota: null }],
    now: AUTUMN_2018,
  });
  const on = (sideId: string): StaffContext => ({
    ...base,
    scope: { editionId: meeting.editionId, sideIds: [sideId], permissions: ["lead"], bookSideIds: [sideId] },
  });
  lead = on(meeting.sideIds[0]);
  other = on(meeting.sideIds[1]);
  [us] = meeting.delegationIds;
  clock.advance(60_000);
});

/** The nth of our people, with what stands on their card. */
function ours(n: number) {
  const one = meeting.invitees.filter(({ sideId }) => sideId === meeting.sideIds[0])[n];
  if (one === undefined) throw new Error("no such invitee");
  const found = lead.db.orm
    .select({ card: schema.person, number: schema.invitation.number, category: schema.invitation.category })
    .from(schema.invitation)
    .innerJoin(schema.person, eq(schema.person.id, schema.invitation.personId))
    .where(eq(schema.invitation.id, one.invitationId))
    .get();
  if (found === undefined) throw new Error("no such invitation");
  return { ...found.card, ...one, number: found.number, category: found.category };
}

const everything = () => rowsOf(lead.db);

function value<T>(result: { ok: true; value: T } | { ok: false; refusal: string }): T {
  if (!result.ok) throw new Error(result.refusal);
  return result.value;
}

/** A spreadsheet keeps fifteen digits of a number. */
const LOST = Number("110101199003070123");

const csv = (...lines: ReadonlyArray<string>) => `${lines.join("\r\n")}\r\n`;

async function requested(file: string | Uint8Array, mapping: Partial<Mapping> = {}): Promise<ImportRequest> {
  const table = await tableOf(file);
  return { table, mapping: { ...guessMapping(table), ...mapping }, delegationId: us };
}

async function planned(file: string | Uint8Array, mapping: Partial<Mapping> = {}): Promise<ImportPlan> {
  return value(planImport(lead, await requested(file, mapping)));
}

async function imported(file: string | Uint8Array, mapping: Partial<Mapping> = {}, choice?: ImportChoice) {
  const request = await requested(file, mapping);
  return value(await importTable(lead, choice === undefined ? request : { ...request, choice }));
}

function fates(plan: ImportPlan): Record<number, string> {
  return Object.fromEntries(plan.rows.map(({ row, fate }) => [row, fate]));
}

function cellsIn(plan: ImportPlan, row: number) {
  const found = plan.rows.find((one) => one.row === row);
  return (found?.cells ?? []).map(({ column, before, after, problems }) => [
    column,
    before,
    after,
    ...problems.map(({ key, values }) => translate("en", key, values)),
  ]);
}

describe("a list about people who are there", () => {
  it("says cell by cell what would change, what stands already, and writes just that", async () => {
    const [a, b, c] = [ours(0), ours(1), ours(2)];
    const file = csv(
      "Email,Position,Phone,Role",
      `${a.email},Chief Judge,+1 202 555 0101,chair`,
      `${b.email.toUpperCase()},${b.positionEn},,`,
      `${c.email},,,observer`,
      "new.comer@us.example,Fellow,,",
    );
    const plan = await planned(file);
    expect(fates(plan)).toEqual({ 2: "changed", 3: "same", 4: "changed", 5: "problem" });
    expect(cellsIn(plan, 2)).toEqual([
      ["positionEn", a.positionEn, "Chief Judge"],
      ["phone", a.phone ?? "", "+1 202 555 0101"],
      ["invitedAs", "", "chair"],
    ]);
    expect(cellsIn(plan, 4)).toEqual([["category", "delegate", "observer"]]);
    const before = everything();
    expect(await imported(file)).toMatchObject({ created: 0, changed: 2, cells: 4 });
    expect(ours(0)).toMatchObject({ positionEn: "Chief Judge", phone: "+1 202 555 0101" });
    expect(ours(2)).toMatchObject({ category: "observer", positionEn: c.positionEn });
    const [done] = importsOf(lead).past;
    expect(done).toMatchObject({ cells: 4, made: 0, rows: 4 });
    expect(value(await undoImport(lead, done?.id ?? ""))).toEqual({ cells: 4, removed: 0, left: 0 });
    expect(everything()).toEqual(before);
  });

  it("leaves alone what an empty cell stands for, unless it is told to erase", async () => {
    const a = ours(0);
    const file = csv("Email,Position,Phone,Language", `${a.email},,,`);
    expect(fates(await planned(file))).toEqual({ 2: "same" });
    lead.db.orm.update(schema.person).set({ phone: "1" }).where(eq(schema.person.id, a.personId)).run();
    const erasing = await planned(file, { blanks: "erase" });
    expect(cellsIn(erasing, 2)).toEqual([
      ...(a.positionEn === "" ? [] : [["positionEn", a.positionEn, ""]]),
      ["phone", "1", ""],
    ]);
    const before = everything();
    const { importId } = await imported(file, { blanks: "erase" });
    expect(ours(0).phone).toBeNull();
    await undoImport(lead, importId);
    expect(everything()).toEqual(before);
  });

  it("takes the rows and the cells that are chosen, and no others", async () => {
    const [a, b] = [ours(0), ours(1)];
    const file = csv("Email,Position,Institution", `${a.email},P,I`, `${b.email},P,I`);
    await imported(file, {}, { rows: [2], cells: ["2.positionEn", "3.institutionEn"] });
    expect([ours(0).positionEn, ours(0).institutionEn]).toEqual(["P", a.institutionEn]);
    expect([ours(1).positionEn, ours(1).institutionEn]).toEqual([b.positionEn, b.institutionEn]);
    const request = await requested(file);
    expect(await importTable(lead, { ...request, choice: { rows: [], cells: ["3.positionEn"] } })).toEqual({
      ok: false,
      refusal: "nothing",
    });
  });

  it("finds people by number, by name in either script, by phone, however digits are typed", async () => {
    const [a, b, c] = [ours(0), ours(1), ours(2)];
    const card = (personId: string, facts: Partial<typeof schema.person.$inferInsert>) =>
      lead.db.orm.update(schema.person).set(facts).where(eq(schema.person.id, personId)).run();
    card(a.personId, { nameNative: "样本一" });
    card(b.personId, { nameLatin: "Ann B. Sample", familyLatin: "Sample", givenLatin: "Ann B." });
    card(c.personId, { phone: "+86 10 5555 0100" });
    const wide = a.number.replaceAll(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)));
    const byNumber = await planned(csv("Invitation number,Position", `${wide},X`, "08-999,X"));
    expect(fates(byNumber)).toEqual({ 2: "changed", 3: "problem" });
    const byName = await planned(csv("姓名,Position", "样本一,X", "SAMPLE Ann B,X"));
    expect(byName.rows.map(({ person }) => person?.invitationId)).toEqual([a.invitationId, b.invitationId]);
    const byPhone = await planned(csv("Phone,Position", "(+86) 10-55550100,X"), { by: "phone" });
    expect(byPhone.rows[0]?.person?.invitationId).toBe(c.invitationId);
  });

  it("asks about rows that could be two people, and about two rows for one person", async () => {
    const [a, b, c] = [ours(0), ours(1), ours(2)];
    for (const { personId } of [a, b])
      lead.db.orm
        .update(schema.person)
        .set({ nameLatin: "Wang Yan", familyLatin: "Wang", givenLatin: "Yan" })
        .where(eq(schema.person.id, personId))
        .run();
    const file = csv(
      "Name,Email,Position",
      "Wang Yan,,Judge",
      `${c.nameLatin},,Dean`,
      `${c.nameLatin},,Clerk`,
      `Nobody Known,${ours(3).email},Fellow`,
    );
    const mapping = { by: "name" as const };
    const plan = await planned(file, mapping);
    expect(fates(plan)).toEqual({ 2: "conflict", 3: "conflict", 4: "conflict", 5: "conflict" });
    expect(plan.rows[0]?.choices.map(({ value }) => value)).toEqual([a.invitationId, b.invitationId]);
    const request = { ...(await requested(file, mapping)), who: { "2": b.invitationId } };
    const decided = value(planImport(lead, request));
    expect(decided.rows[0]).toMatchObject({ fate: "changed", person: { invitationId: b.invitationId } });
    const all = decided.rows.map(({ row }) => row);
    const cells = all.map((row) => `${row}.positionEn`);
    expect(await importTable(lead, { ...request, choice: { rows: all, cells } })).toEqual({
      ok: false,
      refusal: "twice",
    });
    value(await importTable(lead, { ...request, choice: { rows: [2, 4], cells } }));
    expect([ours(0), ours(1), ours(2)].map(({ positionEn }) => positionEn)).toEqual([
      a.positionEn,
      "Judge",
      "Clerk",
    ]);
  });

  it("lets two people swap their mailboxes, both or none, and swaps them back", async () => {
    const [a, b, c] = [ours(0), ours(1), ours(2)];
    const file = csv("Invitation number,Email", `${a.number},${b.email}`, `${b.number},${a.email}`);
    const request = await requested(file);
    const half = { rows: [2], cells: ["2.email"] };
    const before = everything();
    expect(await importTable(lead, { ...request, choice: half })).toEqual({ ok: false, refusal: "refused" });
    expect(everything()).toEqual(before);
    const { importId } = value(await importTable(lead, request));
    expect([ours(0), ours(1)].map(({ emailKey }) => emailKey)).toEqual([b.email, a.email]);
    expect(value(await undoImport(lead, importId))).toMatchObject({ left: 0 });
    expect(everything()).toEqual(before);
    const taken = await planned(csv("Invitation number,Email", `${a.number},${c.email}`));
    expect(cellsIn(taken, 2)).toEqual([
      ["email", a.email, c.email, "Somebody else on your side has this mailbox."],
    ]);
  });

  it("gives what was ended with a mailbox back with it: known browsers, mails that wait", async () => {
    const [a] = [ours(0)];
    const file = csv("Invitation number,Email,Position", `${a.number},another@us.example,Dean`);
    const devices = () => lead.db.orm.select().from(schema.device).all();
    const before = everything();
    const { importId } = await imported(file);
    expect(devices().filter(({ revokedAt }) => revokedAt !== null).length).toBeGreaterThan(0);
    clock.advance(60_000);
    await undoImport(lead, importId);
    expect(everything()).toEqual(before);
  });

  it("moves people to delegations by name, makes one head and no second, and says what is unknown", async () => {
    const [a, b, c] = [ours(0), ours(1), ours(2)];
    lead.db.orm
      .update(schema.invitation)
      .set({ category: "head" })
      .where(eq(schema.invitation.id, a.invitationId))
      .run();
    const file = csv(
      "Invitation number,Category,Delegation",
      `${b.number},团长,U.S. delegation`,
      `${a.number},delegate,`,
      `${c.number},head,Martians`,
    );
    const columns: ReadonlyArray<ColumnKind> = ["number", "category", "delegation"];
    const plan = await planned(file, { columns: [...columns] });
    expect(cellsIn(plan, 2)).toEqual([["category", "delegate", "head"]]);
    expect(cellsIn(plan, 4)).toEqual([
      [
        "category",
        "delegate",
        "head",
        "The delegation has a head already. Change the head on the delegation's page.",
      ],
      ["delegation", us, "Martians", "Your side has no delegation “Martians”."],
    ]);
    const before = everything();
    const { importId } = await imported(file, { columns: [...columns] });
    expect([ours(0), ours(1)].map(({ category }) => category)).toEqual(["delegate", "head"]);
    await undoImport(lead, importId);
    expect(everything()).toEqual(before);
  });

  it("writes of new people what was shown of them, whatever a colleague says meanwhile that the columns are", async () => {
    const request = await requested(
      csv("Name,Email,Institution,Position", "Ann New,ann@us.example,Court,Dean"),
    );
    const shown = planDigest(lead, value(planImport(lead, request)));
    const mapping: Mapping = {
      ...guessMapping(request.table),
      columns: ["name", "email", "positionEn", "institutionEn"],
    };
    expect(await importTable(lead, { ...request, mapping, shown })).toMatchObject({ refusal: "changed" });
    expect(await importTable(lead, { ...request, shown })).toMatchObject({ ok: true });
  });

  it("is told to be there when somebody presses twice, and to be taken back when they press that twice", async () => {
    const request = await requested(
      csv("Name,Email,Position", `,${ours(0).email},Dean`, "Ann New,ann@us.example,Judge"),
    );
    const shown = planDigest(lead, value(planImport(lead, request)));
    const choice = { rows: [2, 3], cells: ["2.positionEn"] };
    const done = value(await importTable(lead, { ...request, shown, choice }));
    expect(await importTable(lead, { ...request, shown, choice })).toMatchObject({ refusal: "stands" });
    value(await undoImport(lead, done.importId));
    const once = everything();
    expect(await undoImport(lead, done.importId)).toMatchObject({ ok: true, value: { left: 0 } });
    expect(everything()).toEqual(once);
    expect(await undoImport(other, done.importId)).toMatchObject({ refusal: "gone" });
  });

  it("is told to have changed when somebody new is there by another's word", async () => {
    const request = await requested(csv("Name,Email,Position", "Ann New,ann@us.example,Judge"));
    const shown = planDigest(lead, value(planImport(lead, request)));
    await imported(csv("Name,Email,Position", "Ann New,ann@us.example,Clerk"));
    const choice = { rows: [2], cells: [] };
    expect(await importTable(lead, { ...request, shown, choice })).toMatchObject({ refusal: "changed" });
  });

  it("says of one of two rows about somebody, too, what of it cannot be written", async () => {
    const [a, b] = [ours(0), ours(1)];
    const file = csv(
      "Invitation number,Email,Position",
      `${a.number},${b.email},Dean`,
      `${a.number},free@us.example,Fellow`,
    );
    const plan = await planned(file);
    expect(fates(plan)).toEqual({ 2: "conflict", 3: "conflict" });
    expect(plan.rows[0]?.cells.filter(({ problems }) => problems.length > 0)).toMatchObject([
      { column: "email", isChosen: false, problems: [{ key: "roster.problem.mailboxTaken" }] },
    ]);
    const choice = { rows: [2], cells: ["2.email", "2.positionEn"] };
    expect(await imported(file, {}, choice)).toMatchObject({ changed: 1, cells: 1 });
    expect(ours(0)).toMatchObject({ email: a.email, positionEn: "Dean" });
  });

  it("is refused when somebody has changed what was shown, and does not reach the other side", async () => {
    const a = ours(0);
    const file = csv("Email,Position", `${a.email},Dean`);
    const request = await requested(file);
    const shown = planDigest(lead, value(planImport(lead, request)));
    lead.db.orm
      .update(schema.person)
      .set({ positionEn: "Rector" })
      .where(eq(schema.person.id, a.personId))
      .run();
    expect(await importTable(lead, { ...request, shown })).toEqual({ ok: false, refusal: "changed" });
    const [, cn] = meeting.delegationIds;
    const theirs = value(planImport(other, { ...request, delegationId: cn }));
    expect(theirs.rows).toMatchObject([{ fate: "problem", person: null }]);
    const { importId } = value(await importTable(lead, request));
    expect(importDetails(other, importId)).toBeNull();
    expect(await undoImport(other, importId)).toEqual({ ok: false, refusal: "gone" });
  });

  it("writes notes for those alone who may read them", async () => {
    const a = ours(0);
    const file = csv("Email,Note", `${a.email},seat far from the door`);
    const inviter: StaffContext = { ...lead, scope: { ...lead.scope, permissions: ["invitations"] } };
    const request = await requested(file);
    const theirs = value(planImport(inviter, request));
    expect(theirs.rows).toMatchObject([{ fate: "same", cells: [] }]);
    const { importId } = value(await importTable(lead, request));
    expect(ours(0).note).toBe("seat far from the door");
    expect(importDetails(inviter, importId)?.changes).toEqual([]);
    expect(importDetails(lead, importId)?.changes).toHaveLength(1);
  });
});

describe("taking an import back", () => {
  const files = ["invitees-us.csv", "invitees-cn-excel-bom-semicolon.csv", "invitees-cn-gb18030.csv"];

  it.each([...files, "invitees-hostile.csv"])(
    "%s leaves every table as it was, row for row",
    async (name) => {
      const before = everything();
      const { importId, created } = await imported(fixture(name));
      expect(created).toBeGreaterThan(7);
      expect(everything()).not.toEqual(before);
      clock.advance(60_000);
      expect(value(await undoImport(lead, importId))).toMatchObject({ removed: created, left: 0 });
      expect(everything()).toEqual(before);
      expect(importsOf(lead).past).toEqual([]);
      const trail = lead.db.orm.select().from(schema.auditEvent).all();
      expect(trail.map(({ action }) => action)).toEqual(["person.import", "person.undoImport"]);
    },
  );

  it("keeps what somebody has changed since, says which, and takes the rest", async () => {
    const [a, b] = [ours(0), ours(1)];
    const file = csv(
      "Name,Email,Position",
      `${a.nameLatin},${a.email},Dean`,
      `${b.nameLatin},${b.email},Dean`,
      "New One,one@us.example,",
      "New Two,two@us.example,",
    );
    const { importId, invitationIds } = await imported(file, { by: "email" });
    clock.advance(60_000);
    const [one = "", two = ""] = invitationIds;
    value(
      await changeCells(lead, {
        kind: "edit",
        cells: [
          { invitationId: a.invitationId, column: "positionEn", seen: "Dean", value: "Rector" },
          { invitationId: two, column: "phone", seen: "", value: "1" },
        ],
      }),
    );
    expect(value(await undoImport(lead, importId))).toEqual({ cells: 1, removed: 1, left: 2 });
    expect(ours(0).positionEn).toBe("Rector");
    expect(ours(1).positionEn).toBe(b.positionEn);
    const left = importDetails(lead, importId);
    expect(left?.people).toMatchObject([{ invitationId: two, isUntouched: false }]);
    expect(left?.changes).toMatchObject([{ before: a.positionEn, after: "Dean", now: "Rector" }]);
    const gone = lead.db.orm.select().from(schema.invitation).where(eq(schema.invitation.id, one)).all();
    expect(gone).toEqual([]);
    // Once the colleague has put theirs back, the rest can be taken as well.
    value(
      await changeCells(lead, {
        kind: "edit",
        cells: [{ invitationId: a.invitationId, column: "positionEn", seen: "Rector", value: "Dean" }],
      }),
    );
    expect(value(await undoImport(lead, importId))).toEqual({ cells: 1, removed: 0, left: 1 });
  });

  it("does not take a mailbox back that somebody else has by now", async () => {
    const [a, b] = [ours(0), ours(1)];
    const { importId } = await imported(csv("Invitation number,Email", `${a.number},fresh@us.example`));
    value(
      await changeCells(lead, {
        kind: "edit",
        cells: [{ invitationId: b.invitationId, column: "email", seen: b.email, value: a.email }],
      }),
    );
    expect(value(await undoImport(lead, importId))).toMatchObject({ cells: 0, left: 1 });
    expect([ours(0).emailKey, ours(1).emailKey]).toEqual(["fresh@us.example", a.email]);
  });

  /** What somebody may type into a cell of a list. */
  const words = fc.constantFrom(
    "",
    "Dean",
    "Judge  of Appeal",
    "=1+1",
    "法官",
    "\u202eevil",
    "a\u0000b",
    "x".repeat(300),
  );
  const row = fc.record({
    who: fc.integer({ min: 0, max: 12 }),
    email: fc.constantFrom("", "same", "next", "fresh", "bad＠x.example"),
    position: words,
    institution: words,
    role: fc.constantFrom("", "chair", "head", "观察员", "grand wizard"),
    name: fc.constantFrom("", "same", "Ann Sample", "样本"),
  });
  const list = fc.array(row, { minLength: 1, maxLength: 8 });
  const edit = fc.record({
    who: fc.integer({ min: 0, max: 9 }),
    position: fc.constantFrom("Edited", "Dean", ""),
  });

  it("brings browsers back with their mailbox, though somebody wrote on the card since", async () => {
    const { invitationId, number } = ours(8);
    const devices = () =>
      lead.db.orm.select().from(schema.device).where(eq(schema.device.invitationId, invitationId)).all();
    const before = devices();
    expect(before.map(({ revokedAt }) => revokedAt)).toContain(null);
    const file = csv("Invitation number,Email,Position", `${number},fresh@us.example,Dean`);
    const { importId } = value(await importTable(lead, await requested(file, { blanks: "keep" })));
    expect(devices().map(({ revokedAt }) => revokedAt)).not.toContain(null);
    clock.advance(60_000);
    const cells = [{ invitationId, column: "positionEn", seen: null, value: "Edited" }];
    value(await changeCells(lead, { kind: "edit", cells }));
    value(await undoImport(lead, importId));
    expect(devices()).toEqual(before);
  });

  it("after any lists, with edits between them, leaves what was before but for the edits", {
    timeout: 60_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(list, fc.array(edit, { maxLength: 3 }), fc.constantFrom("keep", "erase")), {
          minLength: 1,
          maxLength: 3,
        }),
        fc.boolean(),
        async (rounds, withEdits) => {
          const begun: Array<{ importId: string; before: Record<string, Array<string>> }> = [];
          const edited = new Set(
            rounds.flatMap(([, edits]) => (withEdits ? edits : []).map(({ who }) => ours(who).personId)),
          );
          const first = butFor(edited);
          for (const [n, [rows, edits, blanks]] of rounds.entries()) {
            clock.advance(60_000);
            const before = everything();
            const file = csv(
              "Invitation number,Email,Position,Institution,Role,Name",
              ...rows.map(({ who, email, position, institution, role, name }, at) => {
                const one = who < 10 ? ours(who) : null;
                const next = ours((who + 1) % 10);
                const mailbox =
                  email === "same" ? (one?.emailKey ?? "") : email === "next" ? (next.emailKey ?? "") : email;
                const address = mailbox === "fresh" ? `fresh-${n}-${at}@us.example` : mailbox;
                const whole = name === "same" ? (one?.nameLatin ?? "Some Body") : name;
                return [one?.number ?? "", address, position, institution, role, whole].join(",");
              }),
            );
            const done = await importTable(
              lead,
              await requested(file, { blanks: blanks as "keep" | "erase" }),
            );
            if (done.ok) begun.push({ importId: done.value.importId, before });
            else expect(["nothing", "twice", "refused"]).toContain(done.refusal);
            if (!done.ok) expect(everything()).toEqual(before);
            expect(sharedMailboxes()).toEqual([]);
            if (!withEdits) continue;
            clock.advance(60_000);
            for (const { who, position } of edits) {
              const { invitationId } = ours(who);
              const cells = [{ invitationId, column: "positionEn", seen: null, value: position }];
              value(await changeCells(lead, { kind: "edit", cells }));
            }
          }
          for (const { importId, before } of begun.toReversed()) {
            clock.advance(60_000);
            const undone = value(await undoImport(lead, importId));
            expect(sharedMailboxes()).toEqual([]);
            if (!withEdits) expect([undone.left, everything()]).toEqual([0, before]);
          }
          expect(butFor(edited)).toEqual(first);
        },
      ),
      { numRuns: 10 },
    );
  });

  /** All of it but what the edits are about: one entry of some people, when it was written, and the steps to undo. */
  function butFor(edited: ReadonlySet<string>) {
    const {
      person: _,
      roster_change: _changes,
      roster_cell: _cells,
      roster_import: _imports,
      ...rest
    } = everything();
    const { roster_import_row: _rows, ...tables } = rest;
    const cards = lead.db.orm.select().from(schema.person).orderBy(schema.person.id).all();
    const people = cards.map((card) =>
      edited.has(card.id) ? { ...card, positionEn: "", updatedAt: 0, postCheckedAt: null } : card,
    );
    return { ...tables, people };
  }

  function sharedMailboxes(): Array<unknown> {
    return lead.db.sqlite
      .prepare(
        "select email_key from person where email_key is not null group by co_host_id, email_key having count(*) > 1",
      )
      .all();
  }
});

describe("worse files", () => {
  it("a workbook with titles above its headings, numbers that lost digits, dates and formulas", async () => {
    const [a, b] = [ours(0), ours(1)];
    const file = await xlsxBytes({
      name: "List",
      above: ["Delegation of the Committee, as of autumn", "", "Confidential"],
      columns: [
        { heading: "No." },
        { heading: "E-mail" },
        { heading: "Phone", kind: "number" },
        { heading: "Position" },
        { heading: "Born", kind: "day" },
        { heading: "Passport", kind: "number" },
      ],
      rows: [
        [1, a.email, 8_613_800_138_000, "=HYPERLINK(1)", { day: "1964-02-29" }, LOST],
        [2, b.email, LOST, "Dean", { day: "1970-01-01" }, "E12345678"],
      ],
    });
    const plan = await planned(file);
    expect(fates(plan)).toEqual({ 5: "changed", 6: "changed" });
    expect(cellsIn(plan, 5)).toEqual([
      ["positionEn", a.positionEn, "=HYPERLINK(1)"],
      ["phone", "", "8613800138000"],
    ]);
    expect(cellsIn(plan, 6)).toEqual([
      ["positionEn", b.positionEn, "Dean"],
      ["phone", "", expect.stringMatching(/^1101/), expect.stringContaining("the spreadsheet has lost")],
    ]);
    // By a column that lost its digits nobody is found.
    const table = await tableOf(file);
    const mapping = guessMapping(table);
    expect(mapping).toMatchObject({ headingRow: 4, by: "email" });
    const byPhone = await planned(file, { columns: [null, null, "phone", "positionEn"], by: "phone" });
    expect(fates(byPhone)[6]).toBe("problem");
    const before = everything();
    const { importId } = await imported(file);
    expect(ours(1)).toMatchObject({ positionEn: "Dean", phone: null });
    await undoImport(lead, importId);
    expect(everything()).toEqual(before);
  });

  it("a text of several files put together: mixed line ends, marks in the middle, headings twice, ragged rows", async () => {
    const [a, b, c, d] = [ours(0), ours(1), ours(2), ours(3)];
    const head = "Email,Position,Position,Phone";
    const file = [
      `\ufeff${head}\r\n`,
      `${a.email},Dean,Ignored,１２３\n`,
      `\ufeff${head}\r`,
      `${b.email},Jud\u0000ge,,1\r\n`,
      `${c.email},Clerk\n`,
      `${d.email},\u200fRight,,1.38E+10\r`,
      `${a.email.replace("@", "＠")},Wide,,\r\n`,
      "\r\n\n\r",
      `${ours(4).email},Rector,,,,,\r\n`,
      `${ours(5).email},"two\r\nlines",,`,
    ].join("");
    const plan = await planned(file);
    const found = plan.rows.map(({ fate, person }) => [fate, person?.name ?? null]);
    expect(found).toEqual([
      ["changed", a.nameLatin],
      ["changed", b.nameLatin],
      ["problem", c.nameLatin],
      ["problem", d.nameLatin],
      ["problem", null],
      ["changed", ours(4).nameLatin],
      ["problem", ours(5).nameLatin],
    ]);
    expect(plan.notes.map(({ key }) => key)).toEqual(["import.note.column"]);
    expect(JSON.stringify(plan.rows.filter(({ fate }) => fate === "problem"))).not.toMatch(
      /[\p{Cc}\p{Bidi_Control}\u200b]|\\u00/u,
    );
    const before = everything();
    const { importId, cells } = await imported(file);
    expect(cells).toBe(4);
    expect([ours(0), ours(1), ours(4)].map(({ positionEn, phone }) => [positionEn, phone])).toEqual([
      ["Dean", "１２３"],
      [b.positionEn, "1"],
      ["Rector", null],
    ]);
    await undoImport(lead, importId);
    expect(everything()).toEqual(before);
  });

  it("five thousand columns, of which those are read that say something", async () => {
    const a = ours(0);
    const at = (cells: Readonly<Record<number, string>>) =>
      Array.from({ length: 5_000 }, (_, n) => cells[n] ?? (n % 7 === 0 ? `f${n}` : "")).join(",");
    const file = csv(at({ 10: "Email", 4998: "Position" }), at({ 10: a.email, 4998: "Dean" }));
    const plan = await planned(file);
    expect(cellsIn(plan, 2)).toEqual([["positionEn", a.positionEn, "Dean"]]);
    expect(plan.notes.at(-1)).toMatchObject({ key: "import.note.leftOut" });
    const before = everything();
    const { importId } = await imported(file);
    expect(ours(0).positionEn).toBe("Dean");
    await undoImport(lead, importId);
    expect(everything()).toEqual(before);
  });

  it("the hostile one, about people who are there, changes nothing of what is wrong", async () => {
    const name = fixture("invitees-hostile.csv");
    await imported(name);
    const again = await planned(name);
    expect(again.rows.filter(({ fate }) => fate === "changed" || fate === "new")).toEqual([]);
    const before = everything();
    expect(await importTable(lead, await requested(name))).toEqual({ ok: false, refusal: "nothing" });
    expect(everything()).toEqual(before);
  });
});

describe("what a column is", () => {
  const head = "编号,Mailbox of office,Where they work";
  const lines = () => csv(head, `1,${ours(0).email},Court`, `2,${ours(1).email},School`);

  async function kept(file: string) {
    const table = await tableOf(file);
    return value(await keepFile(lead, { table, delegationId: us, interpreterDelegationId: null }));
  }

  it("is said by hand, and remembered for this side's files with the same headings, wherever they stand", async () => {
    const first = await kept(lines());
    expect(first.needsHand).toBe(true);
    const page = columnsPage(lead, { fileId: first.fileId });
    expect(page?.columns[1]).toEqual({
      heading: "Mailbox of office",
      samples: [ours(0).email, ours(1).email],
    });
    const mapping: Mapping = {
      headingRow: 1,
      columns: [null, "email", "institutionEn"],
      by: "email",
      question: null,
      blanks: "keep",
    };
    const unsaid: Mapping = { ...mapping, columns: [null, "email", "email"] };
    expect(await mapColumns(lead, { fileId: first.fileId, mapping: unsaid })).toMatchObject({
      refusal: "twice",
    });
    expect(await mapColumns(other, { fileId: first.fileId, mapping })).toMatchObject({ refusal: "gone" });
    value(await mapColumns(lead, { fileId: first.fileId, mapping }));
    const second = await kept(csv("A list with a title", "", lines()));
    expect(second.needsHand).toBe(false);
    const file = waitingFile(lead, second.fileId);
    expect(file?.mapping).toMatchObject({ headingRow: 3, columns: mapping.columns });
    const plan = value(planImport(lead, file === null ? await requested(lines()) : requestOf(file)));
    expect(plan.rows.map(({ fate }) => fate)).toEqual(["changed", "changed"]);
    expect(waitingFile(other, second.fileId)).toBeNull();
  });

  it("does not remember that empty cells were to erase: the next file may be about a part of it", async () => {
    const first = await kept(lines());
    const mapping: Mapping = {
      headingRow: 1,
      columns: [null, "email", "institutionEn"],
      by: "email",
      question: null,
      blanks: "erase",
    };
    value(await mapColumns(lead, { fileId: first.fileId, mapping }));
    expect(columnsPage(lead, { fileId: first.fileId })).toMatchObject({ mapping, from: "remembered" });
    const next = await kept(csv(head, `1,${ours(0).email},`));
    expect(waitingFile(lead, next.fileId)?.mapping).toEqual({ ...mapping, blanks: "keep" });
  });

  it("is never that of what passports say, though somebody says that it is something else", async () => {
    const file = csv("Email,护照号,Position", `${ours(0).email},E12345678,Dean`);
    const plan = await planned(file, { columns: ["email", "note", "positionEn"] });
    expect(cellsIn(plan, 2).map(([column]) => column)).toEqual(["positionEn"]);
    expect(plan.notes.map(({ key }) => key)).toEqual(["import.note.passport"]);
    expect(JSON.stringify(plan)).not.toContain("E12345678");
  });

  it("is forgotten with its file after a day, and nothing of the file lies open until then", async () => {
    const { fileId } = await kept(lines());
    const raw = lead.db.sqlite.serialize().toString("latin1");
    expect(raw).not.toContain("Where they work");
    clock.advance(24 * 60 * 60_000 + 1);
    expect(waitingFile(lead, fileId)).toBeNull();
    expect(importsOf(lead).waiting).toEqual([]);
    await kept(lines());
    expect(lead.db.orm.select().from(schema.importFile).all()).toHaveLength(1);
  });
});
