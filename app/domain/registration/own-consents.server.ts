/**
 * A person's consents as they see them later on: which stand, in which wording and language, given when and by whom; and
 * taking one back, which is as easy as giving it (DOMAIN §4.2). What follows from taking it back is told before, and
 * happens at once, in the same transaction.
 */
import { and, asc, eq, sql } from "drizzle-orm";
import type { Tx } from "#db/client.server.ts";
import {
  consent,
  registration,
  registrationSealed,
  registrationSection,
  travelDocument,
} from "#db/schema/index.ts";
import { type Channel, CONSENTS, type Locale } from "#db/vocabulary.ts";
import { newId } from "../../platform/crypto.server.ts";
import type { InvitationContext } from "../context.ts";
import { noteEvent } from "../invitation/events.server.ts";
import { classOf } from "../person/classes.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { markRedo } from "../redo/commands.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { askForPlaces } from "../visit/seats.server.ts";
import { blankAnswers, CONSENT_TEXT_VERSION } from "./answers.ts";
import { isOwnName, questionsOf, type Words } from "./definition.ts";
import { formInForce } from "./own.server.ts";
import { findRegistrant, type Registrant } from "./record.server.ts";

/** The newest word of a kind. Instants are epoch milliseconds. */
type Word = { given: boolean; at: number; textVersion: number; locale: Locale; channel: Channel };

export type OwnConsent = {
  kind: string;
  /** Of a consent that the edition's own form asks for. */
  label: Words | null;
  /** Null: nothing was ever said to it. */
  newest: Word | null;
  /** The notice is no consent: it was read, and that cannot be taken back. */
  canWithdraw: boolean;
};

/** All consents that this person may be asked for, with the newest word on each. */
export function ownConsents(ctx: InvitationContext): Array<OwnConsent> {
  const { orm } = ctx.db;
  const registrant = findRegistrant(orm, ctx.scope);
  if (registrant === null) return [];
  const newest = new Map<string, Word>();
  for (const { kind, ...word } of orm
    .select({
      kind: consent.kind,
      given: consent.given,
      at: consent.at,
      textVersion: consent.textVersion,
      locale: consent.locale,
      channel: consent.channel,
    })
    .from(consent)
    .where(eq(consent.invitationId, registrant.invitationId))
    .orderBy(asc(consent.at), asc(sql`rowid`))
    .all())
    newest.set(kind, word);
  const own = [...questionsOf(formInForce(orm, registrant.formId).definition)].flatMap(({ question }) =>
    question.type === "consent" ? [{ kind: question.key, label: question.label }] : [],
  );
  return [...CONSENTS.map((kind) => ({ kind: kind as string, label: null })), ...own].map((each) => ({
    ...each,
    newest: newest.get(each.kind) ?? null,
    canWithdraw: each.kind !== "notice" && newest.get(each.kind)?.given === true,
  }));
}

/**
 * Takes a consent back, and does what follows from it: health answers go; seats on visits are given up and what a
 * passport says is deleted; staff are told what else there is to do. Taken back twice is taken back once.
 *
 * Refused when there is no such consent of theirs to be taken back (`gone`).
 */
export function withdrawConsent(
  ctx: InvitationContext,
  kind: string,
): Promise<Result<{ changed: boolean }, "gone">> {
  return ctx.db.write((tx) => {
    const registrant = findRegistrant(tx, ctx.scope);
    const newest = tx
      .select({ given: consent.given })
      .from(consent)
      .where(and(eq(consent.invitationId, ctx.scope.invitationId), eq(consent.kind, kind)))
      .orderBy(sql`${consent.at} desc`, sql`rowid desc`)
      .limit(1)
      .get();
    if (registrant === null || newest === undefined || kind === "notice") return refused("gone");
    if (!newest.given) return ok({ changed: false });
    const { invitationId, editionId, sideId } = registrant;
    const form = formInForce(tx, registrant.formId);
    tx.insert(consent)
      .values({
        id: newId(),
        invitationId,
        kind,
        given: false,
        textVersion: isOwnName(kind) ? form.version : CONSENT_TEXT_VERSION,
        locale: ctx.locale,
        channel: "self",
        at: ctx.clock.now(),
      })
      .run();
    const removed = followFrom(tx, ctx, registrant, kind);
    markRedo(tx, ctx, { invitationId, kind: "consent", subjectId: kind, fields: [] });
    noteEvent(tx, ctx, { invitationId, kind: "consent_withdrawn", channel: "self" });
    recordAudit(tx, ctx, {
      action: "consent.withdraw",
      subjectKind: "invitation",
      subjectId: invitationId,
      editionId,
      sideId,
      details: { consents: [kind], removed },
    });
    return ok({ changed: true });
  });
}

/** What follows at once. Says how many answers went. */
function followFrom(tx: Tx, ctx: InvitationContext, registrant: Registrant, kind: string): number {
  const { registrationId, invitationId, formId } = registrant;
  const { definition } = formInForce(tx, formId);
  const own = isOwnName(kind) ? kind : null;
  const gone = (name: string): boolean => {
    if (name === (own ?? `consent_${kind}`)) return true;
    if (kind === "sensitive_data") return name in blankAnswers.needs || isHealth(name, definition);
    return kind === "identity_documents" && name === "visitIds";
  };
  let removed = registrationId === null ? 0 : forget(tx, ctx, registrationId, gone);
  if (kind === "identity_documents") {
    askForPlaces(tx, ctx, { ...registrant, visitIds: [] });
    removed += tx.delete(travelDocument).where(eq(travelDocument.invitationId, invitationId)).run().changes;
    if (registrationId !== null)
      removed += tx
        .delete(registrationSealed)
        .where(eq(registrationSealed.registrationId, registrationId))
        .run().changes;
  }
  return removed;
}

function isHealth(name: string, definition: Parameters<typeof classOf>[1]): boolean {
  return isOwnName(name) && classOf(name, definition) === "C4";
}

/** Blanks answers wherever they are stored. A page that is still open must not bring them back unnoticed. */
function forget(
  tx: Tx,
  ctx: InvitationContext,
  registrationId: string,
  isGone: (name: string) => boolean,
): number {
  const here = eq(registrationSection.registrationId, registrationId);
  let removed = 0;
  for (const row of tx.select().from(registrationSection).where(here).all()) {
    const answers: Record<string, unknown> = JSON.parse(row.answers);
    const named = Object.entries(answers).filter(
      ([name, value]) => isGone(name) && (Array.isArray(value) ? value.length > 0 : value !== ""),
    );
    if (named.length === 0) continue;
    for (const [name, value] of named) {
      if (isOwnName(name)) delete answers[name];
      else answers[name] = Array.isArray(value) ? [] : "";
    }
    removed += named.length;
    tx.update(registrationSection)
      .set({ answers: JSON.stringify(answers), updatedAt: ctx.clock.now() })
      .where(and(here, eq(registrationSection.section, row.section)))
      .run();
  }
  if (removed > 0)
    tx.update(registration)
      .set({ revision: sql`${registration.revision} + 1`, updatedAt: ctx.clock.now() })
      .where(eq(registration.id, registrationId))
      .run();
  return removed;
}
