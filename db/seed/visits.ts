import { changeColumns, freezeList, releaseToList } from "#app/domain/clearance/commands.server.ts";
import { type ClearanceColumn, plainColumn } from "#app/domain/clearance/facts.ts";
import type { StaffContext } from "#app/domain/context.ts";
import { saveTravelDocument } from "#app/domain/travel-document/commands.server.ts";
import { BLANK_DOCUMENT } from "#app/domain/travel-document/rules.ts";
import { changeSettings } from "#app/domain/visit/commands.server.ts";
import { visitBoards } from "#app/domain/visit/queries.server.ts";
import { instantOf } from "#app/i18n/dates.ts";

const ZONE = "Asia/Shanghai";

/** What the court asks for, under its own headings. */
const COURT: ReadonlyArray<ClearanceColumn> = [
  plainColumn("count"),
  { ...plainColumn("passportName"), headingEn: "Name (passport)", headingZh: "姓名（护照）" },
  { ...plainColumn("gender"), headingEn: "Sex", headingZh: "性别" },
  { ...plainColumn("nationality"), headingEn: "Nationality", headingZh: "国籍" },
  { ...plainColumn("birthDate"), headingEn: "Born", headingZh: "出生日期" },
  { ...plainColumn("passportNumber"), headingEn: "Passport", headingZh: "护照号" },
  { ...plainColumn("position"), format: "both", headingEn: "Position", headingZh: "职务" },
  { ...plainColumn("empty"), headingEn: "Remarks", headingZh: "备注" },
];

/**
 * The court's list: its columns, what the guests' side released of those who are ready, version 1 as it went out, and
 * somebody whose passport came after that. Seats of the other visit are offered with a day to answer.
 */
export async function seedVisits({
  clock,
  us,
  cn,
  late,
}: {
  clock: { set(instant: number): void };
  us: StaffContext;
  cn: StaffContext;
  /** Who told what their passport says after the list had gone out. */
  late: string;
}): Promise<void> {
  const boards = visitBoards(cn);
  const court = boards.find(({ hostEn }) => hostEn === "Supreme People's Court");
  const trial = boards.find(({ hostEn }) => hostEn === "Beijing Internet Court");
  if (court === undefined || trial === undefined) throw new Error("The demonstration has no such visits");

  clock.set(instantOf("2018-10-28", "22:20", ZONE));
  done(await changeColumns(cn, { visitId: court.visitId, columns: COURT, locale: "zh-CN" }));
  const { allotment, openTo } = trial;
  done(await changeSettings(cn, { visitId: trial.visitId, allotment, openTo, offerHours: 24 }));
  clock.set(instantOf("2018-10-28", "22:35", ZONE));
  done(await releaseToList(us, court.visitId));
  clock.set(instantOf("2018-10-28", "22:50", ZONE));
  done(await freezeList(cn, court.visitId));

  clock.set(instantOf("2018-10-28", "23:10", ZONE));
  done(
    await saveTravelDocument(us, {
      invitationId: late,
      document: {
        ...BLANK_DOCUMENT,
        familyName: "MCFIXTURE DUMMY",
        givenNames: "THOMAS",
        gender: "M",
        birthDate: "1968-01-30",
        nationalityEn: "Utopian",
        nationalityZh: "乌托邦",
        number: "X00000031",
        type: "ordinary",
        expiresOn: "2027-05-05",
      },
    }),
  );
}

/** What a command gave; a refusal would be a fault of this file. */
function done<T>(result: { ok: true; value: T } | { ok: false; refusal: string }): T {
  if (!result.ok) throw new Error(`The demonstration was refused: ${result.refusal}`);
  return result.value;
}
