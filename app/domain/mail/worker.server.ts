/**
 * Sends what is due. Claims are short writes, sending happens outside any transaction, and what came of a mail is on
 * disk before the next one of its lane is let go: whatever kills the process, nothing is lost and at most one mail of a
 * lane goes twice.
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
  URGENT_CONNECTIONS,
} from "../../platform/mailer.server.ts";
import { bounceAddressOf } from "./bounce-address.ts";
import { anythingDue, type Claim, claimDue, giveBack, type Lane, recordTry, renew } from "./claims.server.ts";
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
const URGENT_HANDS = 2 * URGENT_CONNECTIONS;
const RECORD_TRIES = 20;
/** An answer that takes longer than this is worth no connection that waits behind it. */
const SLOW = 2_000;

export function createMailWorker(parts: Parts): MailWorker {
  const { db, clock, transport, log } = parts;
  const held = new Set<string>();
  const pen = oneAtATime();
  // A code for signing in waits for no mass mail: not for its turn, not for a hand, not for a connection.
  const crews = [
    createCrew(parts, { lane: 0, size: URGENT_HANDS, held, pen }),
    createCrew(parts, { lane: 1, size: HANDS, held, pen }),
  ];
  let timer: NodeJS.Timeout | null = null;
  let renewal: NodeJS.Timeout | null = null;
  let stopping = false;
  let lastTurnAt: number | null = null;

  function look(): void {
    lastTurnAt = clock.now();
    for (const crew of crews) crew.look();
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
      const unbegun = (await Promise.all(crews.map((crew) => crew.end()))).flat();
      if (renewal !== null) clearInterval(renewal);
      await giveBack({ db }, unbegun);
      await transport.close();
    },
    state: () => ({ alive: timer !== null, lastTurnAt }),
    async drain() {
      await Promise.all(crews.map((crew) => crew.drain()));
    },
  };
}

/** Those who send the mails of one lane, one after the other past the point where a mail may have arrived. */
function createCrew(
  parts: Parts,
  { lane, size, held, pen }: { lane: Lane; size: number; held: Set<string>; pen: Line },
) {
  const { db, clock, transport, log, paces = USUAL_PACES } = parts;
  const ready: Array<Claim> = [];
  const hands = new Set<Promise<void>>();
  const end = oneAtATime();
  let claiming: Promise<number> | null = null;
  let stopping = false;
  /** The other side took long to answer the last mail. */
  let isSlow = false;
  let onTheirWay = 0;
  const waiting: Array<() => void> = [];

  function claim(): Promise<number> {
    claiming ??= claimDue({ db, clock, paces }, { lane, limit: 2 * size })
      .then(
        (claims) => {
          // After a jump of the clock (a machine that slept) one's own mails look like those of a dead worker.
          const others = claims.filter(({ id }) => !held.has(id));
          for (const each of others) held.add(each.id);
          ready.push(...others);
          return others.length;
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
        if (ready.length < size) void claim();
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
    if (!(await begin())) {
      ready.push(found);
      return;
    }
    const turn = end.turn();
    try {
      // Who waits for a code waits for nobody else's answer; should the code come twice, it is the same.
      await record(found, await trySending(found, lane === 0 ? atOnce : turn.come));
    } catch (error) {
      log.error({ error, delivery: found.id }, "a mail's outcome could not be recorded");
    } finally {
      held.delete(found.id);
      turn.leave();
      onTheirWay -= 1;
      for (const wake of waiting.splice(0)) wake();
    }
  }

  /**
   * While the other side is slow, no mail is begun before the last one is answered: it would keep a connection open in the
   * middle of itself until its turn came, and the other side would hang up. False: nothing is begun any more.
   */
  async function begin(): Promise<boolean> {
    while (isSlow && lane === 1 && onTheirWay > 0 && !stopping)
      await new Promise<void>((resolve) => waiting.push(resolve));
    if (stopping) return false;
    onTheirWay += 1;
    return true;
  }

  async function trySending(found: Claim, last: () => Promise<void>): Promise<Receipt> {
    let mail: OutgoingMail;
    try {
      mail = await written(found);
    } catch (error) {
      log.error({ error, delivery: found.id }, "a mail could not be written");
      return { accepted: false, code: 554, response: "could not be written" };
    }
    try {
      let letGoAt: number | null = null;
      const receipt = await transport.send(mail, async () => {
        await last();
        letGoAt = clock.now();
      });
      if (letGoAt !== null) isSlow = clock.now() - letGoAt > SLOW;
      return receipt;
    } catch (error) {
      log.error({ error, delivery: found.id }, "a mail could not be handed over");
      return { accepted: false, code: null, response: "" };
    }
  }

  /** One mail in a turn of the event loop: a page that somebody asked for waits for one at most. */
  async function written(found: Claim): Promise<OutgoingMail> {
    if (lane === 0) return outgoing(parts, found);
    const turn = pen.turn();
    await turn.come();
    try {
      return outgoing(parts, found);
    } finally {
      setImmediate(turn.leave);
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
    while (!stopping && hands.size < size) {
      const one: Promise<void> = hand().finally(() => hands.delete(one));
      hands.add(one);
    }
  }

  return {
    look(): void {
      try {
        if (hands.size < size && anythingDue({ db, clock }, lane)) spawn();
      } catch (error) {
        log.error({ error }, "looking for mails failed");
      }
    },
    async drain(): Promise<void> {
      spawn();
      while (hands.size > 0) await Promise.all(hands);
    },
    /** Finishes what is in hand. Returns what was claimed and not begun. */
    async end(): Promise<Array<string>> {
      stopping = true;
      for (const wake of waiting.splice(0)) wake();
      await Promise.all(hands);
      await claiming;
      return ready.splice(0).map(({ id }) => id);
    },
  };
}

async function atOnce(): Promise<void> {}

type Line = ReturnType<typeof oneAtATime>;

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
    isUrgent: found.lane === 0,
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
