/** What a file brings besides the card: answers to the form, journeys, rooms. Compared, written and taken back with the rest. */
import type { Orm, Tx } from "#db/client.server.ts";
import { allows } from "../access/rules.ts";
import type { StaffContext } from "../context.ts";
import {
  type ListedStayTrace,
  type ListedWishTrace,
  takeListedStayBack,
  takeListedWishBack,
  writeListedWish,
} from "../lodging/listed.server.ts";
import type { ListedTrace } from "../registration/listed.server.ts";
import {
  answerKinds,
  answersInRows,
  answersNow,
  type ReadForms,
  takeAnswersBack,
  type Whom,
  writeAnswers,
} from "./answers.server.ts";
import { type Cell, type Compared, isCardColumn } from "./cells.ts";
import {
  type ColumnKind,
  isAnswerKind,
  isLegKind,
  isRoomKind,
  isWishKind,
  LEG_KINDS,
  ROOM_KINDS,
  WISH_KINDS,
} from "./kinds.ts";
import { type LegTraces, legsInRows, legsNow, legWriter, takeLegsBack } from "./legs.server.ts";
import type { ReadRow } from "./reading.ts";
import type { Mapping } from "./rules.ts";
import { staysInRows, staysNow, writeStay } from "./stays.server.ts";
import { wishesInRows, wishFrom, wishTexts } from "./wishes.server.ts";

/** What this reader may bring besides the card: answers that they may read; journeys and rooms, whoever looks after them. */
export function besideKinds(
  ctx: Pick<StaffContext, "db" | "scope">,
  orm: Orm = ctx.db.orm,
): Array<ColumnKind> {
  const arranged = allows(ctx.scope, "logistics") ? [...LEG_KINDS, ...ROOM_KINDS, ...WISH_KINDS] : [];
  return [...answerKinds(ctx, orm), ...arranged];
}

/**
 * What a row would change besides the card. Rows are asked in the order of the file.
 *
 * @param about people whom rows may be about; `forms` gets the registrations that were read for it.
 */
export function besideCells(
  orm: Orm,
  ctx: StaffContext,
  { columns, blanks }: Mapping,
  about: Parameters<typeof answersInRows>[3],
): (row: ReadRow, whom: Whom) => Compared {
  const kinds = columns.filter((kind) => kind !== null);
  const answers = answersInRows(orm, ctx, { kinds: kinds.filter(isAnswerKind), blanks }, about);
  const legs = legsInRows(orm, ctx, kinds.filter(isLegKind));
  const stays = staysInRows(orm, ctx, kinds.filter(isRoomKind));
  const wishes = wishesInRows(orm, ctx, kinds.filter(isWishKind));
  return (row, whom) => {
    const parts = [answers(row, whom), legs(row, whom), stays(row, whom), wishes(row, whom)];
    return {
      cells: parts.flatMap(({ cells }) => cells),
      same: parts.reduce((sum, { same }) => sum + same, 0),
    };
  };
}

/** What takes the cells besides the card of one person back. It holds what people answered: kept as closely as that. */
type Trace = { answers?: ListedTrace; legs?: LegTraces; stay?: ListedStayTrace; wish?: ListedWishTrace };

const ROOM = "room:stay";

export type BesideCell = Pick<Cell, "column" | "before" | "after">;

/**
 * A writer of cells besides the card, one person after the other.
 *
 * @param forms registrations that were read in this transaction, and are so still.
 * @returns what takes them back, as text; null: some cannot be written.
 */
export function besideWriter(
  tx: Tx,
  ctx: StaffContext,
  forms: ReadForms,
): (whose: { invitationId: string; isNew: boolean }, cells: ReadonlyArray<BesideCell>) => string | null {
  const writeLegs = legWriter(tx, ctx);
  return (whose, cells) => {
    const trace: Trace = {};
    const answers = cells.filter(({ column }) => isAnswerKind(column));
    if (answers.length > 0) {
      const written = writeAnswers(tx, ctx, {
        invitationId: whose.invitationId,
        cells: answers.map(({ column, after }) => ({ column, value: after })),
        known: forms.get(whose.invitationId) ?? null,
      });
      if (written === null) return null;
      trace.answers = written;
    }
    const legs = cells.filter(({ column }) => isLegKind(column));
    if (legs.length > 0) {
      const written = writeLegs(whose, legs);
      if (written === null) return null;
      trace.legs = written;
    }
    const stay = cells.find(({ column }) => column === ROOM);
    if (stay !== undefined) {
      const { invitationId } = whose;
      const written = writeStay(tx, ctx, { invitationId, text: stay.after });
      if (written === null) return null;
      trace.stay = written;
    }
    const wished = cells.filter(({ column }) => isWishKind(column));
    if (wished.length > 0) {
      const wish = wishFrom(wished);
      const { invitationId } = whose;
      const written = wish === null ? null : writeListedWish(tx, ctx, { invitationId, wish });
      if (written === null) return null;
      trace.wish = written;
    }
    return JSON.stringify(trace);
  };
}

/** Takes one person's cells back as far as they are as they were written. @returns the columns that stand as before. */
export function takeBesideBack(
  tx: Tx,
  ctx: StaffContext,
  {
    invitationId,
    cells,
    trace,
  }: {
    invitationId: string;
    cells: ReadonlyArray<{ column: string; before: string; after: string }>;
    trace: string;
  },
): ReadonlyArray<string> {
  if (trace === "") return [];
  const { answers, legs, stay, wish }: Trace = JSON.parse(trace);
  const of = (isOurs: (column: string) => boolean) => cells.filter(({ column }) => isOurs(column));
  const ofForm = of(isAnswerKind);
  const ofLegs = of(isLegKind);
  const wished = of(isWishKind).map(({ column }) => column);
  return [
    ...(answers === undefined || ofForm.length === 0
      ? []
      : takeAnswersBack(tx, ctx, { invitationId, cells: ofForm, trace: answers })),
    ...(legs === undefined ? [] : takeLegsBack(tx, { invitationId, cells: ofLegs, traces: legs })),
    ...(stay !== undefined &&
    cells.some(({ column }) => column === ROOM) &&
    takeListedStayBack(tx, { invitationId, trace: stay })
      ? [ROOM]
      : []),
    ...(wish !== undefined && wished.length > 0 && takeListedWishBack(tx, { invitationId, trace: wish })
      ? wished
      : []),
  ];
}

/** Whether a column of a change is not the card's. */
export function isBeside(column: string): boolean {
  return !isCardColumn(column);
}

const noWish = WISH_KINDS.map((kind) => [kind, ""] as const);

/** What stands there now, of columns that this reader may see, by person and column. */
export function besideNow(
  ctx: StaffContext,
  cells: ReadonlyArray<{ invitationId: string; column: string }>,
): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const mine = new Set<string>([...besideKinds(ctx), ...(allows(ctx.scope, "logistics") ? [ROOM] : [])]);
  const wanted = Map.groupBy(
    cells.filter(({ column }) => mine.has(column)),
    ({ invitationId }) => invitationId,
  );
  const { orm } = ctx.db;
  const travelling = cells.filter(({ column }) => isLegKind(column) && mine.has(column));
  const legs = legsNow(orm, ctx, new Set(travelling.map(({ invitationId }) => invitationId)));
  const stays = cells.some(({ column }) => column === ROOM) ? staysNow(orm, ctx) : new Map<string, string>();
  const wishes = cells.some(({ column }) => isWishKind(column))
    ? wishTexts(orm, ctx)
    : new Map<string, never>();
  return new Map(
    [...wanted].map(([invitationId, of]) => {
      const columns = of.map(({ column }) => column);
      const answers = answersNow(orm, ctx, { invitationId, columns });
      const room = [ROOM, stays.get(invitationId) ?? ""] as const;
      return [
        invitationId,
        new Map([
          ...answers,
          ...(legs.get(invitationId) ?? []),
          ...(wishes.get(invitationId) ?? noWish),
          room,
        ]),
      ] as const;
    }),
  );
}
