import { randomBytes } from "node:crypto";
import { and, eq, inArray, isNull, max } from "drizzle-orm";
import type { Tx } from "#db/client.server.ts";
import { delegation, invitation, letter, letterhead, letterTemplate } from "#db/schema/index.ts";
import type { LetterKind, Locale } from "#db/vocabulary.ts";
import { dayOf } from "../../i18n/dates.ts";
import { hashToken, newId } from "../../platform/crypto.server.ts";
import type { DomainContext, InvitationContext, StaffContext } from "../context.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { type Composed, changedFacts, type Recipient, recipientsOf, sidesOf } from "./compose.server.ts";
import { type LetterContents, readContents } from "./contents.ts";
import type { LetterheadFacts } from "./form.ts";
import { isGood, letterCode, letterNumber } from "./rules.ts";
import type { LetterWording } from "./text.ts";

/** Writes a side's letterhead. Refused for another side (`gone`). */
export function saveLetterhead(
  ctx: StaffContext,
  { sideId, head }: { sideId: string; head: LetterheadFacts },
): Promise<Result<null, "gone">> {
  return ctx.db.write((tx) => {
    if (!ctx.scope.sideIds.includes(sideId)) return refused("gone");
    const { editionId } = ctx.scope;
    const updatedAt = ctx.clock.now();
    tx.insert(letterhead)
      .values({ editionId, coHostId: sideId, ...head, updatedAt })
      .onConflictDoUpdate({
        target: [letterhead.editionId, letterhead.coHostId],
        set: { ...head, updatedAt },
      })
      .run();
    recordAudit(tx, ctx, {
      action: "letterhead.save",
      subjectKind: "edition",
      subjectId: editionId,
      editionId,
      sideId,
    });
    return ok(null);
  });
}

/**
 * Words a kind of letter in one language; each change gets the next version. Refused for another side (`gone`), and when
 * a colleague has worded it since (`changed`).
 *
 * @param wish `after`: the version that the page showed; 0: the proposed wording.
 */
export function saveLetterTemplate(
  ctx: StaffContext,
  {
    sideId,
    kind,
    locale,
    title,
    body,
    after,
  }: LetterWording & { sideId: string; kind: LetterKind; locale: Locale; after?: number | undefined },
): Promise<Result<{ version: number }, "gone" | "changed">> {
  return ctx.db.write((tx) => {
    if (!ctx.scope.sideIds.includes(sideId)) return refused("gone");
    const { editionId } = ctx.scope;
    const before = sidesOf(tx, { editionId, sideIds: [sideId] })[0]?.wordingOf(kind, locale);
    if (before === undefined) return refused("gone");
    if (before.version > 0 && before.title === title && before.body === body)
      return ok({ version: before.version });
    if (after !== undefined && after !== before.version) return refused("changed");
    const version = before.version + 1;
    const updatedAt = ctx.clock.now();
    tx.insert(letterTemplate)
      .values({ editionId, coHostId: sideId, kind, locale, title, body, version, updatedAt })
      .onConflictDoUpdate({
        target: [
          letterTemplate.editionId,
          letterTemplate.coHostId,
          letterTemplate.kind,
          letterTemplate.locale,
        ],
        set: { title, body, version, updatedAt },
      })
      .run();
    recordAudit(tx, ctx, {
      action: "letter.word",
      subjectKind: "edition",
      subjectId: editionId,
      editionId,
      sideId,
      details: { kind, locale, version },
    });
    return ok({ version });
  });
}

/** Tells which characters cannot be printed (documents/pdf.server.ts `glyphCheck`). */
type GlyphCheck = (text: string) => ReadonlyArray<string>;

/**
 * Issues one person's letter, or issues it again: the next version, which voids the one before.
 *
 * @param after the newest version that whoever asks has seen; when there is a newer one, it was issued in the meantime,
 *   by a second press or a colleague, and that one stands.
 * @returns `issued` false when a newer one stood already.
 * Refused when the person is not on this side (`gone`) or the letter cannot be issued as things stand (`blocked`).
 */
export function issueLetter(
  ctx: StaffContext,
  {
    invitationId,
    kind,
    locale,
    after,
    unprintable,
  }: { invitationId: string; kind: LetterKind; locale: Locale; after: number; unprintable: GlyphCheck },
): Promise<Result<{ issued: boolean; unprintable: ReadonlyArray<string> }, "gone" | "blocked">> {
  return ctx.db.write((tx) => {
    const [recipient] = recipientsOf(tx, ctx, [invitationId]);
    if (recipient === undefined) return refused("gone");
    const before = newestVersion(tx, { invitationId, kind, locale });
    if (before > after) return ok({ issued: false, unprintable: [] });
    const composed = recipient.compose(kind, locale);
    if (recipient.obstacle !== null || !isComplete(composed)) return refused("blocked");
    const made = insertLetter(tx, ctx, {
      recipient,
      composed,
      kind,
      locale,
      version: before + 1,
      unprintable,
    });
    recordAudit(tx, ctx, {
      action: "letter.issue",
      subjectKind: "invitation",
      subjectId: invitationId,
      editionId: ctx.scope.editionId,
      sideId: recipient.sideId,
      details: { letters: [made.id], kind, count: 1 },
    });
    return ok({ issued: true, unprintable: made.unprintable });
  });
}

/**
 * Issues a kind of letter to all of this side who have accepted, of whom everything is known, and who have none, or one
 * in which a fact has changed.
 *
 * @param invitationIds only to these, if they are given.
 * @returns how many were issued and to whom, and for whom something in one of them cannot be printed.
 */
export function issueLetters(
  ctx: StaffContext,
  {
    kind,
    locales,
    unprintable,
    invitationIds = null,
  }: {
    kind: LetterKind;
    locales: ReadonlyArray<Locale>;
    unprintable: GlyphCheck;
    invitationIds?: ReadonlyArray<string> | null;
  },
): Promise<
  Result<{ issued: number; people: ReadonlyArray<string>; unprintable: ReadonlyArray<string> }, never>
> {
  return ctx.db.write((tx) => {
    const made: Array<{ id: string; sideId: string }> = [];
    const people = new Set<string>();
    const warnings = new Set<string>();
    for (const recipient of recipientsOf(tx, ctx, invitationIds)) {
      if (recipient.obstacle !== null || recipient.reply !== "accepted") continue;
      const { invitationId, sideId } = recipient;
      for (const locale of locales) {
        const composed = recipient.compose(kind, locale);
        if (!isComplete(composed) || !isDue(recipient, { kind, locale, composed })) continue;
        const version = newestVersion(tx, { invitationId, kind, locale }) + 1;
        const one = insertLetter(tx, ctx, { recipient, composed, kind, locale, version, unprintable });
        made.push({ id: one.id, sideId });
        people.add(invitationId);
        if (one.unprintable.length > 0) warnings.add(invitationId);
      }
    }
    if (made.length === 0) return ok({ issued: 0, people: [], unprintable: [] });
    const sides = new Set(made.map(({ sideId }) => sideId));
    recordAudit(tx, ctx, {
      action: "letter.issue",
      subjectKind: "edition",
      subjectId: ctx.scope.editionId,
      editionId: ctx.scope.editionId,
      sideId: sides.size === 1 ? (made[0]?.sideId ?? null) : null,
      details: { letters: made.map(({ id }) => id), kind, count: made.length },
    });
    return ok({ issued: made.length, people: [...people], unprintable: [...warnings] });
  });
}

/** Whether nothing is missing in it. */
function isComplete(composed: Composed): boolean {
  return composed.missing.length === 0 && composed.unknown.length === 0;
}

/** Whether a person has no good letter of this kind, or one in which a fact has changed. */
function isDue(
  recipient: Recipient,
  { kind, locale, composed }: { kind: LetterKind; locale: Locale; composed: Composed },
): boolean {
  const issued = recipient.issued.find((one) => one.kind === kind && one.locale === locale);
  return issued === undefined || changedFacts(issued.factsDigest, composed.digests).length > 0;
}

type Key = { invitationId: string; kind: LetterKind; locale: Locale };

function newestVersion(tx: Tx, { invitationId, kind, locale }: Key): number {
  const found = tx
    .select({ version: max(letter.version) })
    .from(letter)
    .where(and(eq(letter.invitationId, invitationId), eq(letter.kind, kind), eq(letter.locale, locale)))
    .get();
  return found?.version ?? 0;
}

function insertLetter(
  tx: Tx,
  ctx: StaffContext,
  {
    recipient,
    composed,
    kind,
    locale,
    version,
    unprintable,
  }: {
    recipient: Recipient;
    composed: Composed;
    kind: LetterKind;
    locale: Locale;
    version: number;
    unprintable: GlyphCheck;
  },
): { id: string; unprintable: ReadonlyArray<string> } {
  const id = newId();
  const at = ctx.clock.now();
  const code = letterCode(randomBytes(16));
  const { title, body, head, inviterOther } = composed;
  const contents: LetterContents = {
    kind,
    locale,
    inviter: head.inviterName,
    inviterOther,
    address: head.inviterAddress,
    phone: head.inviterPhone,
    email: head.inviterEmail,
    signatory: head.signatory,
    signatoryPost: head.signatoryPost,
    title,
    body,
    number: letterNumber(recipient.number, kind, locale),
    version,
    day: dayOf(at, recipient.timeZone),
    issuedAt: at,
    code,
    unprintable: unprintable([title, body, inviterOther, ...Object.values(head)].join("\n")),
  };
  tx.update(letter)
    .set({ voidedAt: at })
    .where(
      and(
        eq(letter.invitationId, recipient.invitationId),
        eq(letter.kind, kind),
        eq(letter.locale, locale),
        isNull(letter.voidedAt),
      ),
    )
    .run();
  tx.insert(letter)
    .values({
      id,
      editionId: ctx.scope.editionId,
      coHostId: recipient.sideId,
      invitationId: recipient.invitationId,
      kind,
      locale,
      number: contents.number,
      version,
      sealed: ctx.keys.seal(JSON.stringify(contents), `letter/${id}`),
      factsDigest: JSON.stringify(composed.digests),
      codeHash: hashToken(code),
      issuedAt: at,
      issuedBy: ctx.actor.id,
    })
    .run();
  return { id, unprintable: contents.unprintable };
}

/** What is printed of a letter of this side, for whoever takes it away; that is recorded. Null: not there, or void. */
export function takeLetter(ctx: StaffContext, letterId: string): Promise<LetterContents | null> {
  const { editionId, sideIds } = ctx.scope;
  return take(
    ctx,
    letterId,
    and(eq(letter.editionId, editionId), inArray(delegation.coHostId, [...sideIds])),
  );
}

/**
 * The same for the invited person's own. An assistant gets the invitation letter and never the one that repeats what a
 * passport says.
 */
export function takeOwnLetter(ctx: InvitationContext, letterId: string): Promise<LetterContents | null> {
  const { invitationId } = ctx.scope;
  return take(
    ctx,
    letterId,
    and(
      eq(letter.invitationId, invitationId),
      ctx.actor.kind === "assistant" ? eq(letter.kind, "invitation_letter") : undefined,
    ),
  );
}

function take(
  ctx: DomainContext,
  letterId: string,
  within: ReturnType<typeof and>,
): Promise<LetterContents | null> {
  return ctx.db.write((tx) => {
    const found = tx
      .select({
        sealed: letter.sealed,
        kind: letter.kind,
        version: letter.version,
        editionId: letter.editionId,
        sideId: letter.coHostId,
        voidedAt: letter.voidedAt,
        withdrawnAt: invitation.withdrawnAt,
        replacedAt: invitation.replacedAt,
        reply: invitation.reply,
      })
      .from(letter)
      .innerJoin(invitation, eq(invitation.id, letter.invitationId))
      .innerJoin(delegation, eq(delegation.id, invitation.delegationId))
      .where(and(eq(letter.id, letterId), within))
      .get();
    // What stood in it may have been purged; its number, its dates and its code are kept.
    if (found === undefined || !isGood(found) || found.sealed === "") return null;
    recordAudit(tx, ctx, {
      action: "letter.take",
      subjectKind: "letter",
      subjectId: letterId,
      editionId: found.editionId,
      sideId: found.sideId,
      details: { kind: found.kind, version: found.version },
    });
    return readContents(ctx.keys.open(found.sealed, `letter/${letterId}`));
  });
}
