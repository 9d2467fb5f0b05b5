/**
 * Sends what is due. Claims are short writes, sending happens outside any transaction, and what came of a mail is on
 * disk before the next one is let go: whatever kills the process, nothing is lost and at most one mail goes twice.
 */
import type { Db } from "#db/client.server.ts";
import { renderMail } from "#emails/index.tsx";
import { type MailPayload, mailPayload } from "#emails/payload.ts";
import { cancellationCalendar, programmeCalendar } from "../../documents/calendar.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Keys } from "../../platform/crypto.server.ts";
import type { Log } from "../../platform/log.server.ts";
import {
  CONNECTIONS,
  type OutgoingMail,
  type Receipt,
  type Transport,
} from "../../platform/mailer.server.ts";
import { bounceAddressOf } from "./bounce-address.ts";
import { anythingDue, type Claim, claimDue, giveBack, recordTry, renew } from "./claims.server.ts";
import { mailLinks } from "./links.ts";
import { type Paces, USUAL_PACES } from "./pace.ts";
import { isCopied, LEASE } from "./rules.ts";

export type MailWorker = {
  /** Begins to look for due mails, twice a second. */
  start(): void;
  /** Finishes the mails in hand, puts back what was not begun, closes the transport. */
  stop(): Promise<void>;
  state(): { alive: boolean; lastTurnAt: number | null };
  /** Sends until nothing is due any more. */
  drain(): Promise<void>;
};

type Parts = {
  db: Db;
  clock: Clock;
  keys: Keys;
  baseUrl: string;
  mailFrom: { name: string; address: string };
  transport: Transport;
  log: Log;
  /** How many mails a domain takes in a time; the usual paces unless given. */
  paces?: Paces;
  /** Where what comes back is sent to, with the mark of the mail in it; null: to the address that it is from. */
  bounceAddress?: string | null;
};

const LOOK_EVERY = 500;
const HANDS = 2 * CONNECTIONS;
const CLAIM_AT_ONCE = 4 * CONNECTIONS;
const RECORD_TRIES = 20;

export function createMailWorker(parts: Parts): MailWorker {
  const { db, clock, transport, log, paces = USUAL_PACES } = parts;
  const ready: Array<Claim> = [];
  const held = new Set<string>();
  const hands = new Set<Promise<void>>();
  const end = oneAtATime();
  let claiming: Promise<number> | null = null;
  let timer: NodeJS.Timeout | null = null;
  let renewal: NodeJS.Timeout | null = null;
  let stopping = false;
  let lastTurnAt: number | null = null;

  function claim(): Promise<number> {
    claiming ??= claimDue({ db, clock, paces }, CLAIM_AT_ONCE)
      .then(
        (claims) => {
          for (const each of claims) held.add(each.id);
          ready.push(...claims);
          return claims.length;
        },
        (error: unknown) => {
          log.error({ error }, "claiming mails failed");
          return 0;
        },
      )
      .finally(() => {
        claiming = null;
      });
    return claiming;
  }

  async function next(): Promise<Claim | null> {
    while (!stopping) {
      const found = ready.shift();
      if (found !== undefined) {
        if (ready.length < HANDS) void claim();
        return found;
      }
      if ((await claim()) === 0 && ready.length === 0) return null;
    }
    return null;
  }

  async function hand(): Promise<void> {
    for (let found = await next(); found !== null; found = await next()) {
      await carryOut(found);
      // The mail behind goes first: it has been waiting for this one, while the next is not even written.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async function carryOut(found: Claim): Promise<void> {
    const turn = end.turn();
    try {
      await record(found, await trySending(found, turn.come));
    } catch (error) {
      log.error({ error, delivery: found.id }, "a mail's outcome could not be recorded");
    } finally {
      held.delete(found.id);
      turn.leave();
    }
  }

  async function trySending(found: Claim, last: () => Promise<void>): Promise<Receipt> {
    let mail: OutgoingMail;
    try {
      mail = outgoing(parts, found);
    } catch (error) {
      log.error({ error, delivery: found.id }, "a mail could not be written");
      return { accepted: false, code: 554, response: "could not be written" };
    }
    try {
      return await transport.send(mail, last);
    } catch (error) {
      log.error({ error, delivery: found.id }, "a mail could not be handed over");
      return { accepted: false, code: null, response: "" };
    }
  }

  /** Tries for a while: a mail that went out and is not on record would go out again. */
  async function record(found: Claim, receipt: Receipt): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        const state = await recordTry({ db, clock, paces }, found, receipt);
        log.debug({ delivery: found.id, kind: found.kind, state, code: receipt.code }, "mail tried");
        return;
      } catch (error) {
        if (attempt === RECORD_TRIES) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50 * attempt));
      }
    }
  }

  function spawn(): void {
    while (!stopping && hands.size < HANDS) {
      const one: Promise<void> = hand().finally(() => hands.delete(one));
      hands.add(one);
    }
  }

  function look(): void {
    lastTurnAt = clock.now();
    try {
      if (hands.size < HANDS && anythingDue({ db, clock })) spawn();
    } catch (error) {
      log.error({ error }, "looking for mails failed");
    }
  }

  return {
    start() {
      if (timer !== null || stopping) return;
      timer = setInterval(look, LOOK_EVERY);
      renewal = setInterval(() => {
        if (held.size > 0)
          renew({ db, clock }, [...held]).catch((error: unknown) => {
            log.error({ error }, "renewing claims on mails failed");
          });
      }, LEASE / 3);
      look();
    },
    async stop() {
      stopping = true;
      if (timer !== null) clearInterval(timer);
      timer = null;
      await Promise.all(hands);
      await claiming;
      if (renewal !== null) clearInterval(renewal);
      await giveBack(
        { db },
        ready.splice(0).map(({ id }) => id),
      );
      await transport.close();
    },
    state: () => ({ alive: timer !== null, lastTurnAt }),
    async drain() {
      spawn();
      while (hands.size > 0) await Promise.all(hands);
    },
  };
}

/** Lets one in at a time, in the order of coming. Who leaves without having been let in is passed over. */
function oneAtATime() {
  let line: Promise<void> = Promise.resolve();
  return {
    turn() {
      let come: Promise<void> | null = null;
      let leave: () => void = () => undefined;
      const left = new Promise<void>((resolve) => {
        leave = resolve;
      });
      return {
        come(): Promise<void> {
          if (come === null) {
            come = line;
            line = come.then(() => left);
          }
          return come;
        },
        leave,
      };
    },
  };
}

/** The mail of a claimed delivery: what was frozen when it was queued, with the link as it is now and the digits of a code. */
function outgoing(
  { clock, keys, baseUrl, mailFrom, bounceAddress = null }: Parts,
  found: Claim,
): OutgoingMail {
  const payload = mailPayload.parse(JSON.parse(found.payload));
  const token = found.link === null ? null : keys.linkToken(found.link.id, found.link.generation);
  const date = clock.now();
  const from = { name: found.fromName || mailFrom.name, address: found.fromAddress || mailFrom.address };
  return {
    deliveryId: found.id,
    messageId: found.messageIdHeader,
    references: found.references === "" ? [] : found.references.split(" "),
    from,
    envelopeFrom:
      bounceAddress === null
        ? from.address
        : bounceAddressOf(keys, { base: bounceAddress, deliveryId: found.id }),
    replyTo: found.replyTo,
    to: { name: found.toName, address: found.toAddress },
    date,
    ...renderMail(payload, {
      locale: found.locale,
      links: mailLinks(baseUrl, token, found.locale),
      code: payload.kind === "access_code" ? keys.accessCode(payload.codeId) : null,
      isCopy: found.recipientKind === "assistant" && isCopied(payload.kind),
    }),
    attachments: attachments(payload, found, { mailFrom: from, date }),
  };
}

function attachments(
  payload: MailPayload,
  { invitationId, locale, recipientKind }: Pick<Claim, "invitationId" | "locale" | "recipientKind">,
  { mailFrom, date }: { mailFrom: Parts["mailFrom"]; date: number },
): OutgoingMail["attachments"] {
  if (invitationId === null || recipientKind !== "invitee") return [];
  const { edition } = payload;
  const file = (version: number) => ({
    invitationId,
    editionTitle: locale === "en" ? edition.titleEn : edition.titleZh,
    timeZone: edition.timeZone,
    locale,
    version,
    stampedAt: date,
    organizer: mailFrom,
  });
  if (
    (payload.kind === "confirmation" || payload.kind === "message") &&
    payload.version !== null &&
    payload.programme.length > 0
  )
    return [
      {
        filename: "programme.ics",
        contentType: "text/calendar; method=PUBLISH; charset=utf-8",
        content: programmeCalendar({ ...file(payload.version), items: payload.programme }),
      },
    ];
  if (payload.kind !== "agenda_change") return [];
  const [off, on] = [true, false].map((cancelled) =>
    payload.changes.filter(({ change }) => (change === "cancelled") === cancelled).map(({ item }) => item),
  );
  return [
    ...(on === undefined || on.length === 0
      ? []
      : [
          {
            filename: "update.ics",
            contentType: "text/calendar; method=PUBLISH; charset=utf-8",
            content: programmeCalendar({ ...file(payload.version), items: on }),
          },
        ]),
    ...(off ?? []).map((item, n) => ({
      filename: `cancelled-${n + 1}.ics`,
      contentType: "text/calendar; method=CANCEL; charset=utf-8",
      content: cancellationCalendar(file(payload.version), item),
    })),
  ];
}
