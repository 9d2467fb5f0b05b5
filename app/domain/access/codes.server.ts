/**
 * Codes that prove who holds a link: six digits that go to the registered mailbox, or that staff tell by phone. A code
 * opens one link in one browser, once. The digits are made of the code's id and the key when they are needed.
 */
import { and, count, desc, eq, gt, isNull, lt, sql } from "drizzle-orm";
import type { Orm, Tx } from "#db/client.server.ts";
import { accessCode, assistantLink, device } from "#db/schema/index.ts";
import type { Channel } from "#db/vocabulary.ts";
import type { AccessCodeMail } from "#emails/payload.ts";
import { instantOf } from "../../i18n/dates.ts";
import { hashToken, newId, newToken, sameSecret } from "../../platform/crypto.server.ts";
import type { Limits } from "../../platform/limits.server.ts";
import type { DomainContext, InvitationContext, StaffContext } from "../context.ts";
import { noteEvent } from "../invitation/events.server.ts";
import { mailEdition, queueDelivery, queueMailTo, salutations } from "../mail/outbox.server.ts";
import { toColleagues, toSomebody } from "../mail/rules.ts";
import { recordAudit } from "../privacy/audit.server.ts";
import { ok, type Result, refused } from "../result.ts";
import { TWICE_WITHIN } from "../twice.server.ts";
import { type Invited, invitedForStaff, invitedPerson, mailSide, namedAssistant } from "./invited.server.ts";
import {
  CODE_LIFE,
  CODE_TRIES,
  CODES_A_DAY,
  CODES_AN_HOUR,
  channelOf,
  codeDigits,
  deviceOf,
} from "./rules.ts";

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;

/** Codes of one link: of the assistant's, or of the invited person's own. */
function ofLink({ invitationId, linkId }: { invitationId: string; linkId: string | null }) {
  return and(
    eq(accessCode.invitationId, invitationId),
    linkId === null ? isNull(accessCode.assistantLinkId) : eq(accessCode.assistantLinkId, linkId),
  );
}

function codesSince(
  orm: Orm,
  {
    channel,
    since,
    ...link
  }: { invitationId: string; linkId: string | null; channel: Channel; since: number },
): number {
  const found = orm
    .select({ codes: count() })
    .from(accessCode)
    .where(and(ofLink(link), eq(accessCode.channel, channel), gt(accessCode.createdAt, since)))
    .get();
  return found?.codes ?? 0;
}

/**
 * Sends a code to the mailbox that is registered for this link. Whoever asks learns nothing of the mailbox, nor whether
 * there is one. Refused when too many were asked for (`often`), or when there is no such invitation (`gone`).
 */
export async function sendCode(
  ctx: InvitationContext,
  { limits }: { limits: Limits },
  { client }: { client: string },
): Promise<Result<null, "often" | "gone">> {
  await limits.codeRequests.count(client);
  if (await limits.codeRequests.blocked(client)) return refused("often");
  return ctx.db.write((tx) => {
    const { invitationId, editionId } = ctx.scope;
    const facts = invitedPerson(tx, ctx.scope);
    if (facts === null) return refused("gone");
    const linkId = ctx.assistant?.linkId ?? null;
    const now = ctx.clock.now();
    const sent = (since: number) =>
      codesSince(tx, { invitationId, linkId, channel: "self", since: now - since });
    if (sent(HOUR) >= CODES_AN_HOUR || sent(DAY) >= CODES_A_DAY) return refused("often");
    const codeId = insertCode(tx, ctx, { invitationId, linkId, channel: "self" });
    const mail = {
      kind: "access_code" as const,
      edition: mailEdition(tx, facts),
      codeId,
      expiresAt: now + CODE_LIFE,
    };
    if (ctx.assistant === null)
      queueDelivery(tx, ctx, {
        invitationId,
        messageId: null,
        mail: { ...mail, ...salutations(facts) },
        urgent: true,
      });
    else mailAssistant(tx, ctx, { linkId: ctx.assistant.linkId, invitationId, facts, mail });
    recordAudit(tx, ctx, {
      action: "code.send",
      subjectKind: "invitation",
      subjectId: invitationId,
      editionId,
      sideId: facts.sideId,
    });
    return ok(null);
  });
}

/** A mail to the assistant whose link it is, in their language. */
function mailAssistant(
  tx: Tx,
  ctx: DomainContext,
  {
    linkId,
    invitationId,
    facts: { editionId, sideId },
    mail,
  }: {
    linkId: string;
    invitationId: string;
    facts: Invited;
    mail: Omit<AccessCodeMail, "salutationEn" | "salutationZh">;
  },
): void {
  const to = namedAssistant(tx, linkId);
  if (to === null) return;
  const { email: address, name, locale } = to;
  queueMailTo(tx, ctx, {
    to: { kind: "assistant", linkId, editionId, sideId, address, name, locale },
    invitationId,
    mail: { ...mail, ...toSomebody(name) },
    urgent: true,
  });
}

function insertCode(
  tx: Tx,
  ctx: DomainContext,
  code: { invitationId: string; linkId: string | null; channel: Channel },
): string {
  const id = newId();
  const createdAt = ctx.clock.now();
  tx.insert(accessCode)
    .values({
      id,
      invitationId: code.invitationId,
      assistantLinkId: code.linkId,
      channel: code.channel,
      createdAt,
      expiresAt: createdAt + CODE_LIFE,
      tries: 0,
    })
    .run();
  return id;
}

/** The newest code of a link that came this way. */
function newestCode(
  orm: Orm,
  { invitationId, linkId, channel }: { invitationId: string; linkId: string | null; channel: Channel },
) {
  return orm
    .select()
    .from(accessCode)
    .where(and(ofLink({ invitationId, linkId }), eq(accessCode.channel, channel)))
    .orderBy(desc(accessCode.createdAt), desc(sql`rowid`))
    .limit(1)
    .get();
}

/** When the code was sent that somebody is now waiting for, or holds; null: there is none that is good. */
export function codeSentAt(ctx: InvitationContext): number | null {
  const code = newestCode(ctx.db.orm, {
    invitationId: ctx.scope.invitationId,
    linkId: ctx.assistant?.linkId ?? null,
    channel: "self",
  });
  if (code === undefined || code.usedAt !== null || code.tries >= CODE_TRIES) return null;
  return code.expiresAt > ctx.clock.now() ? code.createdAt : null;
}

/** What a browser gets for a right code. */
export type NewDevice = {
  /** The cookie's value; only its hash is kept. */
  secret: string;
  /** How long the browser is remembered, in milliseconds. */
  lasts: number;
};

/**
 * Takes a code that somebody typed, and remembers the browser until the edition is over. Only the newest code of each
 * way counts. Delegate and side are told of every new device. A wrong, an expired and a used code are one refusal
 * (`wrong`), after the same work.
 *
 * @param typed as it was typed.
 * @param attempt a random text that the form came with. The cookie is made of it and the code, so that two clicks on one
 *   form, of which the browser sees the second answer alone, bring one device and not a refusal.
 */
export async function typeCode(
  ctx: InvitationContext,
  { limits }: { limits: Limits },
  {
    client,
    typed,
    attempt,
    userAgent,
  }: { client: string; typed: string; attempt: string; userAgent: string },
): Promise<Result<NewDevice, "wrong" | "often" | "gone">> {
  // Counted before anything is looked at and forgiven after a success: guesses sent all at once are counted like others.
  await limits.codeGuesses.count(client);
  if (await limits.codeGuesses.blocked(client)) return refused("often");
  const outcome = await ctx.db.write((tx) =>
    takeCode(tx, ctx, { digits: codeDigits(typed), attempt, userAgent }),
  );
  if (outcome.ok) await limits.codeGuesses.forgive(client);
  return outcome;
}

function takeCode(
  tx: Tx,
  ctx: InvitationContext,
  { digits, attempt, userAgent }: { digits: string; attempt: string; userAgent: string },
): Result<NewDevice, "wrong" | "gone"> {
  const { invitationId } = ctx.scope;
  const facts = invitedPerson(tx, ctx.scope);
  if (facts === null) return refused("gone");
  const linkId = ctx.assistant?.linkId ?? null;
  const now = ctx.clock.now();
  let right: string | null = null;
  for (const channel of ["self", "staff"] as const) {
    const code = newestCode(tx, { invitationId, linkId, channel });
    const isRight = sameSecret(digits, ctx.keys.accessCode(code?.id ?? ""));
    if (code === undefined || code.expiresAt <= now || code.tries >= CODE_TRIES) continue;
    if (code.usedAt !== null) {
      const known = isRight && code.usedAt > now - TWICE_WITHIN ? sentTwice(tx, ctx, code.id, attempt) : null;
      if (known !== null) return ok(known);
      continue;
    }
    tx.update(accessCode)
      .set(isRight ? { usedAt: now } : { tries: code.tries + 1 })
      .where(and(eq(accessCode.id, code.id), isNull(accessCode.usedAt), lt(accessCode.tries, CODE_TRIES)))
      .run();
    if (isRight) right ??= code.id;
  }
  return right === null
    ? refused("wrong")
    : ok(addDevice(tx, ctx, { facts, linkId, codeId: right, attempt, userAgent }));
}

/** The cookie of a device is made of the code and of the form's own 128 random bits. */
function deviceSecret(ctx: DomainContext, codeId: string, attempt: string): string {
  return ctx.keys.linkToken(`device/${codeId}/${attempt === "" ? newToken() : attempt}`, 0);
}

function sentTwice(tx: Tx, ctx: DomainContext, codeId: string, attempt: string): NewDevice | null {
  if (attempt === "") return null;
  const secret = deviceSecret(ctx, codeId, attempt);
  const known = tx
    .select({ expiresAt: device.expiresAt })
    .from(device)
    .where(and(eq(device.tokenHash, hashToken(secret)), isNull(device.revokedAt)))
    .get();
  return known === undefined ? null : { secret, lasts: known.expiresAt - ctx.clock.now() };
}

function addDevice(
  tx: Tx,
  ctx: InvitationContext,
  {
    facts,
    linkId,
    codeId,
    attempt,
    userAgent,
  }: { facts: Invited; linkId: string | null; codeId: string; attempt: string; userAgent: string },
): NewDevice {
  const { invitationId, editionId } = ctx.scope;
  const { sideId } = facts;
  const now = ctx.clock.now();
  const assistant = linkId === null ? null : namedAssistant(tx, linkId);
  const secret = deviceSecret(ctx, codeId, attempt);
  const expiresAt = rememberedUntil(facts, assistant?.expiresAt ?? facts.expiresAt, now);
  const { browser, system } = deviceOf(userAgent);
  const id = newId();
  tx.insert(device)
    .values({
      id,
      invitationId,
      assistantLinkId: linkId,
      tokenHash: hashToken(secret),
      browser,
      system,
      createdAt: now,
      expiresAt,
    })
    .run();
  noteEvent(tx, ctx, { invitationId, kind: "device_added", channel: channelOf(ctx) });
  recordAudit(tx, ctx, {
    action: "device.add",
    subjectKind: "invitation",
    subjectId: invitationId,
    editionId,
    sideId,
    details: { device: id },
  });
  const notice = {
    kind: "new_device" as const,
    edition: mailEdition(tx, facts),
    browser,
    system,
    at: now,
    assistant: assistant?.name ?? null,
  };
  queueDelivery(tx, ctx, {
    invitationId,
    messageId: null,
    mail: { ...notice, ...salutations(facts), about: null },
  });
  mailSide(tx, ctx, {
    invitationId,
    invited: facts,
    mail: {
      ...notice,
      ...toColleagues(),
      about: { number: facts.number, nameLatin: facts.nameLatin, nameNative: facts.nameNative },
    },
  });
  return { secret, lasts: expiresAt - now };
}

/** A browser is remembered until the day after the travel window; whoever comes later, for a day. */
function rememberedUntil(
  { travelTo, timeZone }: { travelTo: string; timeZone: string },
  linkExpiresAt: number,
  now: number,
): number {
  const over = instantOf(travelTo, "00:00", timeZone) + 2 * DAY;
  return Math.min(over > now ? over : now + DAY, linkExpiresAt);
}

/** What staff read out. */
export type ToldCode = { digits: string; expiresAt: number };

/**
 * Makes a code that staff tell by phone: to somebody without a mailbox, or whose mail does not come. It is shown this
 * once. Refused when the link leads nowhere (`revoked`), when too many were told in the last hour (`often`), and when
 * there is no such person, or assistant of theirs, on this side (`gone`).
 *
 * @param linkId the assistant's link that it is for; null: the invited person's own.
 */
export function tellCode(
  ctx: StaffContext,
  { invitationId, linkId }: { invitationId: string; linkId: string | null },
): Promise<Result<ToldCode, "gone" | "revoked" | "often">> {
  return ctx.db.write((tx) => {
    const invited = invitedForStaff(tx, ctx, invitationId);
    const now = ctx.clock.now();
    if (invited === null || (linkId !== null && !isLiving(tx, { invitationId, linkId, now })))
      return refused("gone");
    if (invited.revokedAt !== null || invited.expiresAt <= now) return refused("revoked");
    if (codesSince(tx, { invitationId, linkId, channel: "staff", since: now - HOUR }) >= CODES_AN_HOUR)
      return refused("often");
    const codeId = insertCode(tx, ctx, { invitationId, linkId, channel: "staff" });
    noteEvent(tx, ctx, { invitationId, kind: "code_given", channel: "staff", means: "phone" });
    recordAudit(tx, ctx, {
      action: "code.tell",
      subjectKind: "invitation",
      subjectId: invitationId,
      editionId: invited.editionId,
      sideId: invited.sideId,
      details: { assistantLink: linkId },
    });
    return ok({ digits: ctx.keys.accessCode(codeId), expiresAt: now + CODE_LIFE });
  });
}

/** Whether this assistant's link to the invitation works. */
function isLiving(
  orm: Orm,
  { invitationId, linkId, now }: { invitationId: string; linkId: string; now: number },
): boolean {
  const found = orm
    .select({ id: assistantLink.id })
    .from(assistantLink)
    .where(
      and(
        eq(assistantLink.id, linkId),
        eq(assistantLink.invitationId, invitationId),
        isNull(assistantLink.revokedAt),
        gt(assistantLink.tokenExpiresAt, now),
      ),
    )
    .get();
  return found !== undefined;
}
