import { and, asc, desc, eq, inArray, ne } from "drizzle-orm";
import type { Orm, Tx } from "#db/client.server.ts";
import { changeRequest, delegation, invitation, person } from "#db/schema/index.ts";
import type { Channel } from "#db/vocabulary.ts";
import { newId } from "../../platform/crypto.server.ts";
import { channelOf } from "../access/rules.ts";
import type { InvitationContext, StaffContext } from "../context.ts";
import { noteEvent } from "../invitation/events.server.ts";
import { mailEdition, queueDelivery, salutations } from "../mail/outbox.server.ts";
import { classOf, mayRead } from "../person/classes.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { settleUploads } from "../upload/record.server.ts";
import { visitChoices } from "../visit/seats.server.ts";
import { answersFromRecord, formValues, SECTION_OF } from "./answers.ts";
import { closingOf } from "./closing.server.ts";
import { filesIn, type Invalid, openOf, type Sent, submitIn, taking } from "./commands.server.ts";
import {
  type FormDefinition,
  isOwnName,
  questionsOf,
  type RowQuestion,
  sectionOfOwn,
  topKey,
} from "./definition.ts";
import { submissionErrors } from "./form.ts";
import { changedNames } from "./merging.ts";
import { formInForce, openAnswers, sameAnswers } from "./own.server.ts";
import { namesOf, type OwnValue } from "./own-answers.ts";
import { formFacts, shownErrors, standingAnswers } from "./queries.server.ts";
import { findRegistrant, type Registrant } from "./record.server.ts";
import type { Closed } from "./rules.ts";

/* After the deadline a change is a wish (DESIGN §3): staff see old and new, and say yes or no with a word. */

/** Who decides: those who may change people, or who book for them. */
export const CHANGE_ACT = ["invitations", "logistics"] as const;

function placeOf(requestId: string): string {
  return `change_request/${requestId}`;
}

type Wish = Readonly<Record<string, OwnValue>>;

/**
 * Asks for other answers after the deadline, the edition's or a section's own. What was changed in sections that are still
 * open is saved at once, and the rest is the wish; where the one cannot stand without the other, all of it is. A newer
 * wish takes the place of one that is still open, as far as the page showed the same sections; the same answers as those
 * that stand ask for nothing.
 *
 * Refused while all of the form is open (`open`: changes are simply sent then), or when the invitation was withdrawn or
 * declined; and what is saved at once, as `submitRegistration` would.
 */
export function requestChange(
  ctx: InvitationContext,
  { note, ...sent }: Pick<Sent, "answers" | "cleared" | "only" | "seen" | "marks"> & { note: string },
): Promise<
  | Result<{ asked: boolean; saved: boolean }, Exclude<Closed, "closed"> | "open" | "changed" | "gone">
  | Invalid
> {
  const { answers: given, cleared = [], only } = sent;
  return ctx.db.write((tx) => {
    const registrant = findRegistrant(tx, ctx.scope);
    if (registrant === null) return refused("gone");
    const now = ctx.clock.now();
    const { definition } = formInForce(tx, registrant.formId);
    const { closed, bound } = closingOf(tx, registrant, { definition, now });
    if (closed !== "closed" && (closed !== null || bound.size === 0)) return refused(closed ?? "open");
    const taken = taking(tx, ctx, registrant, { given, cleared, only });
    const errors = submissionErrors(taken.answers, {
      ...formFacts(registrant, visitChoices(tx, registrant), taken.asked),
      locale: ctx.locale,
    });
    if (Object.keys(errors).length > 0)
      return { ok: false, refusal: "invalid", errors: shownErrors(ctx, errors, taken.form.definition) };
    const open = closed === "closed" ? [] : openOf({ only, definition, bound });
    const saving = open.length === 0 ? null : submitIn(tx, ctx, { ...sent, only: open });
    if (saving !== null && !saving.ok && saving.refusal === "changed") return refused("changed");
    const saved = saving?.ok === true && saving.value.changed;
    const changes = differences(allAnswers(tx, ctx, registrant), formValues(taken.answers));
    if (Object.keys(changes).length === 0 && registrant.state === "submitted")
      return ok({ asked: false, saved });
    const wish = { ...elsewhereWished(tx, ctx, registrant, { only, definition }), ...changes };
    // The form came twice: it is asked for already, and nobody has to answer it anew.
    const waiting = openWish(tx, ctx, registrant);
    if (waiting !== null && waiting.note === note && sameAnswers(waiting.wish, wish))
      return ok({ asked: true, saved });
    const fields = Object.keys(wish);
    tx.update(changeRequest)
      .set({ state: "replaced", decidedAt: now })
      .where(and(eq(changeRequest.invitationId, registrant.invitationId), eq(changeRequest.state, "open")))
      .run();
    const id = newId();
    tx.insert(changeRequest)
      .values({
        id,
        invitationId: registrant.invitationId,
        state: "open",
        fields: JSON.stringify(fields),
        sealed: ctx.keys.seal(JSON.stringify(wish), placeOf(id)),
        note,
        channel: channelOf(ctx),
        askedAt: now,
      })
      .run();
    const staying = filesIn(taken.form, allAnswers(tx, ctx, registrant));
    settleUploads(tx, {
      invitationId: registrant.invitationId,
      ids: filesIn(taken.form, taken.answers.own).filter((each) => !staying.includes(each)),
      state: "wished",
    });
    noteEvent(tx, ctx, {
      invitationId: registrant.invitationId,
      kind: "change_asked",
      channel: channelOf(ctx),
    });
    recordAudit(tx, ctx, {
      action: "registration.askChange",
      subjectKind: "invitation",
      subjectId: registrant.invitationId,
      editionId: registrant.editionId,
      sideId: registrant.sideId,
      details: { count: fields.length },
    });
    return ok({ asked: true, saved });
  });
}

/** What somebody waits for an answer to; null: nothing. */
function openWish(
  tx: Tx,
  ctx: Pick<InvitationContext, "keys">,
  { invitationId }: Pick<Registrant, "invitationId">,
): { wish: Wish; note: string } | null {
  const open = tx
    .select({ id: changeRequest.id, sealed: changeRequest.sealed, note: changeRequest.note })
    .from(changeRequest)
    .where(and(eq(changeRequest.invitationId, invitationId), eq(changeRequest.state, "open")))
    .get();
  if (open === undefined) return null;
  return { wish: JSON.parse(ctx.keys.open(open.sealed, placeOf(open.id))), note: open.note };
}

/** What is wished for already, in an open wish, of sections that the page did not show. */
function elsewhereWished(
  tx: Tx,
  ctx: Pick<InvitationContext, "keys">,
  { invitationId }: Registrant,
  { only, definition }: { only: Sent["only"]; definition: FormDefinition },
): Wish {
  if (only === undefined) return {};
  const wish = openWish(tx, ctx, { invitationId })?.wish ?? {};
  const sectionOf = sectionOfOwn(definition);
  return Object.fromEntries(
    Object.entries(wish).filter(
      ([name]) => !only.includes(SECTION_OF.get(name) ?? sectionOf.get(topKey(name)) ?? ""),
    ),
  );
}

/** All answers as they stand, by name, those under the seal too. */
function allAnswers(orm: Orm, ctx: Pick<InvitationContext, "keys">, registrant: Registrant): Wish {
  const form = formInForce(orm, registrant.formId);
  return {
    ...formValues(standingAnswers(orm, registrant)),
    ...openAnswers(orm, ctx.keys, { ...registrant, form }),
  };
}

/** The answers that are others than before; one that is gone is blank. */
function differences(before: Wish, after: Wish): Wish {
  return Object.fromEntries(changedNames(before, after).map((name) => [name, after[name] ?? ""]));
}

/**
 * Says yes or no to a wish. Yes takes the new answers as if they had come in time: with seats, mails and consents; what
 * was changed meanwhile and is not part of the wish stays. The person is told.
 *
 * Refused when it is not there, or not open any more (`gone`); when the answers can no longer be taken (`invalid`), or the
 * invitation was withdrawn or declined meanwhile.
 */
export function decideChange(
  ctx: StaffContext,
  { requestId, accept, word }: { requestId: string; accept: boolean; word: string },
): Promise<Result<null, "gone" | "invalid" | "withdrawn" | "declined">> {
  return ctx.db.write((tx) => {
    const request = ofThisSide(tx, ctx, requestId);
    if (request === undefined || request.state !== "open") return refused("gone");
    const scope = { editionId: ctx.scope.editionId, invitationId: request.invitationId };
    const registrant = findRegistrant(tx, scope);
    if (registrant === null) return refused("gone");
    if (accept) {
      const wish: Wish = JSON.parse(ctx.keys.open(request.sealed, placeOf(requestId)));
      const taken = submitIn(
        tx,
        { ...ctx, scope, locale: registrant.locale, assistant: null },
        {
          answers: answersFromRecord({ ...allAnswers(tx, ctx, registrant), ...wish }),
          cleared: Object.entries(wish).flatMap(([name, value]) =>
            isOwnName(name) && value.length === 0 ? [name] : [],
          ),
          channel: request.channel satisfies Channel,
          late: true,
        },
      );
      if (!taken.ok)
        return refused(
          taken.refusal === "withdrawn" || taken.refusal === "declined" ? taken.refusal : "invalid",
        );
    }
    tx.update(changeRequest)
      .set({
        state: accept ? "accepted" : "refused",
        decidedAt: ctx.clock.now(),
        decidedBy: ctx.actor.id,
        word,
      })
      .where(eq(changeRequest.id, requestId))
      .run();
    noteEvent(tx, ctx, {
      invitationId: request.invitationId,
      kind: accept ? "change_accepted" : "change_refused",
      channel: "staff",
    });
    recordAudit(tx, ctx, {
      action: accept ? "registration.acceptChange" : "registration.refuseChange",
      subjectKind: "invitation",
      subjectId: request.invitationId,
      editionId: ctx.scope.editionId,
      sideId: registrant.sideId,
      details: { count: JSON.parse(request.fields).length },
    });
    tell(tx, ctx, registrant, { accept, word });
    return ok(null);
  });
}

function tell(
  tx: Tx,
  ctx: StaffContext,
  registrant: Registrant,
  { accept, word }: { accept: boolean; word: string },
): void {
  queueDelivery(tx, ctx, {
    invitationId: registrant.invitationId,
    messageId: null,
    mail: {
      kind: "change_answer",
      edition: mailEdition(tx, registrant),
      ...salutations(registrant),
      accepted: accept,
      word,
    },
  });
}

function ofThisSide(tx: Tx, { scope }: StaffContext, requestId: string) {
  return tx
    .select({
      invitationId: changeRequest.invitationId,
      state: changeRequest.state,
      sealed: changeRequest.sealed,
      fields: changeRequest.fields,
      channel: changeRequest.channel,
    })
    .from(changeRequest)
    .innerJoin(invitation, eq(invitation.id, changeRequest.invitationId))
    .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
    .where(
      and(
        eq(changeRequest.id, requestId),
        eq(invitation.editionId, scope.editionId),
        inArray(delegation.coHostId, [...scope.sideIds]),
      ),
    )
    .get();
}

/** One answer that is to change. `question`: of the edition's own; `group` and `row` where it stands in one. */
export type WishedChange = {
  field: string;
  question: RowQuestion | null;
  group: RowQuestion | null;
  row: number | null;
  part: string | null;
  before: OwnValue;
  after: OwnValue;
};

/** A wish as staff of its side see it. */
export type ChangeRequestView = {
  id: string;
  invitationId: string;
  nameLatin: string;
  nameNative: string;
  state: (typeof changeRequest.$inferSelect)["state"];
  note: string;
  channel: Channel;
  askedAt: number;
  decidedAt: number | null;
  word: string;
  /** What this reader may read of it; empty once it is decided. */
  changes: ReadonlyArray<WishedChange>;
  /** Answers that change and that this reader may not read, or that are under the seal. */
  hidden: number;
};

const MOST_DECIDED = 50;

/** The open wishes of this side's people, the oldest first, and those decided last. */
export function changeRequests(ctx: StaffContext): {
  open: ReadonlyArray<ChangeRequestView>;
  decided: ReadonlyArray<ChangeRequestView>;
} {
  const orm = ctx.db.orm;
  const rows = (isOpen: boolean) =>
    orm
      .select({
        id: changeRequest.id,
        invitationId: changeRequest.invitationId,
        nameLatin: person.nameLatin,
        nameNative: person.nameNative,
        state: changeRequest.state,
        note: changeRequest.note,
        channel: changeRequest.channel,
        askedAt: changeRequest.askedAt,
        decidedAt: changeRequest.decidedAt,
        word: changeRequest.word,
        fields: changeRequest.fields,
        sealed: changeRequest.sealed,
      })
      .from(changeRequest)
      .innerJoin(invitation, eq(invitation.id, changeRequest.invitationId))
      .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
      .innerJoin(person, eq(person.id, invitation.personId))
      .where(
        and(
          eq(invitation.editionId, ctx.scope.editionId),
          inArray(delegation.coHostId, [...ctx.scope.sideIds]),
          isOpen ? eq(changeRequest.state, "open") : ne(changeRequest.state, "open"),
        ),
      )
      .orderBy(isOpen ? asc(changeRequest.askedAt) : desc(changeRequest.decidedAt))
      .limit(isOpen ? 500 : MOST_DECIDED)
      .all();
  return {
    open: rows(true).map(({ fields: _, sealed, ...row }) => ({
      ...row,
      ...wished(ctx, row.invitationId, JSON.parse(ctx.keys.open(sealed, placeOf(row.id)))),
    })),
    decided: rows(false).map(({ fields, sealed: _, ...row }) => ({
      ...row,
      changes: [],
      hidden: JSON.parse(fields).length,
    })),
  };
}

function wished(
  ctx: StaffContext,
  invitationId: string,
  wish: Wish,
): Pick<ChangeRequestView, "changes" | "hidden"> {
  const registrant = findRegistrant(ctx.db.orm, { editionId: ctx.scope.editionId, invitationId });
  if (registrant === null) return { changes: [], hidden: 0 };
  const form = formInForce(ctx.db.orm, registrant.formId);
  const before = formValues(standingAnswers(ctx.db.orm, registrant));
  const own = new Map(
    [...questionsOf(form.definition)].flatMap(({ question }) =>
      [...namesOf(question)].map(
        (each) => [each.name, { ...each, group: each.row === null ? null : question }] as const,
      ),
    ),
  );
  const readable = Object.entries(wish).filter(
    ([field]) => !form.sealed.has(field) && mayRead(classOf(field, form.definition), ctx.scope),
  );
  const changes = readable
    .filter(([field]) => !isOwnName(field) || own.has(field))
    .map(([field, after]) => ({
      field,
      question: own.get(field)?.question ?? null,
      group: own.get(field)?.group ?? null,
      row: own.get(field)?.row ?? null,
      part: own.get(field)?.part ?? null,
      before: before[field] ?? "",
      after,
    }));
  return { changes, hidden: Object.keys(wish).length - readable.length };
}
