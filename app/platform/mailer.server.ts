import { createPrivateKey, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { type Readable, Transform } from "node:stream";
import nodemailer, { type SendMailOptions } from "nodemailer";
import DKIM from "nodemailer/lib/dkim";

/** One mail to one recipient, complete. */
export type OutgoingMail = {
  /** The delivery that it carries out. */
  deliveryId: string;
  /** Somebody waits for it at a screen: it has connections of its own, which no other mail holds. */
  isUrgent: boolean;
  /** RFC 5322 Message-ID with its brackets, the same at every try. */
  messageId: string;
  /** RFC 5322 References with their brackets, the oldest first. */
  references: ReadonlyArray<string>;
  from: { name: string; address: string };
  /** Where the other servers send what comes back. */
  envelopeFrom: string;
  replyTo: string | null;
  to: { name: string; address: string };
  /** Epoch milliseconds. */
  date: number;
  subject: string;
  text: string;
  html: string;
  attachments: ReadonlyArray<{ filename: string; contentType: string; content: string }>;
};

/** What the other side said. `code` null: nothing, because the connection failed. */
export type Receipt = { accepted: boolean; code: number | null; response: string };

/**
 * Carries mails. `send` calls `last` and waits for it just before the other side can take the mail over, and answers
 * whatever happens; only bugs reject.
 */
export type Transport = {
  send(mail: OutgoingMail, last: () => Promise<void>): Promise<Receipt>;
  close(): Promise<void>;
};

/** How many connections a transport holds open at most; more mails than this are never in hand at once. */
export const CONNECTIONS = 5;
/** And how many for mails that somebody waits for. */
export const URGENT_CONNECTIONS = 2;

/**
 * How long, in milliseconds, a server may take before a try counts as broken off: to be reached, to greet, and to say
 * anything else, the answer to a whole mail included.
 */
export type Patience = { connection: number; greeting: number; answer: number };
/** Who gives up early sends twice: servers that look into a mail before they take it need minutes (RFC 5321, 4.5.3.2). */
const USUAL_PATIENCE: Patience = { connection: 15_000, greeting: 15_000, answer: 300_000 };

export type DkimSettings = { domain: string; selector: string; privateKeyFile: string };

/** Turns a mail into what nodemailer takes. Nothing in it makes nodemailer read a file or fetch an address. */
function messageOptions(mail: OutgoingMail): SendMailOptions {
  return {
    messageId: mail.messageId,
    date: new Date(mail.date),
    from: { name: oneLine(mail.from.name), address: mail.from.address },
    replyTo: mail.replyTo ?? undefined,
    to: { name: oneLine(mail.to.name), address: mail.to.address },
    envelope: { from: mail.envelopeFrom, to: [mail.to.address] },
    references: mail.references.length === 0 ? undefined : [...mail.references],
    inReplyTo: mail.references.at(-1),
    subject: oneLine(mail.subject),
    text: mail.text,
    html: mail.html,
    headers: { "Auto-Submitted": "auto-generated" },
    attachments: mail.attachments.map(({ filename, contentType, content }) => ({
      filename,
      contentType,
      content: Buffer.from(content, "utf8"),
    })),
    disableFileAccess: true,
    disableUrlAccess: true,
    xMailer: false,
  };
}

/** Header text: line breaks and other control characters become blanks. */
function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, " ").trim();
}

const composer = nodemailer.createTransport({ streamTransport: true, buffer: true, newline: "windows" });

/** The whole message as it would cross the wire, unsigned. */
export async function composeSource(mail: OutgoingMail): Promise<string> {
  const { message } = await composer.sendMail(messageOptions(mail));
  return message.toString();
}

/**
 * Reads a DKIM key. nodemailer signs nothing with any other kind than RSA, and does not say so; so it is refused here.
 *
 * @throws Error with a sentence for the operator.
 */
export function readDkimKey(settings: DkimSettings): KeyObject {
  const pem = readFileSync(settings.privateKeyFile, "utf8");
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    throw new Error(`The DKIM key ${settings.privateKeyFile} is not a private key in PEM form.`);
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType !== "rsa" || bits < 2048)
    throw new Error(
      `The DKIM key ${settings.privateKeyFile} must be an RSA key of 2048 bits or more, not ${key.asymmetricKeyType ?? "another kind"}${bits > 0 ? ` of ${bits} bits` : ""}.`,
    );
  // Not the text: reading the key anew for each signature takes as long as signing.
  return key;
}

/**
 * Lets everything through but holds back the end until `last` is done. The last piece waits too: it then leaves
 * together with the line that ends the message.
 */
function endAfter(last: () => Promise<void>): Transform {
  let held: unknown = null;
  return new Transform({
    transform(chunk, _encoding, done) {
      const before = held;
      held = chunk;
      done(null, before);
    },
    flush(done) {
      last().then(() => done(null, held), done);
    },
  });
}

/**
 * Reads one stream through another. The end or an error of either ends the other; nodemailer watches the one that
 * comes out. (`pipeline` does the same and makes an AbortController and its error for each mail.)
 */
function joined(input: Readable, through: Transform): Transform {
  input.once("error", (error) => through.destroy(error));
  through.once("close", () => input.destroy());
  return input.pipe(through);
}

/** How a route is to be encrypted: `offered` where the server offers it, `unverified` then without asking who it is. */
export type TlsPolicy = "offered" | "required" | "unverified" | "none";

export type SmtpRoute = { url: string; tls: TlsPolicy };

/** A route from its address, whose `tls` says how it is to be encrypted. */
export function smtpRoute(address: string): SmtpRoute {
  const url = new URL(address);
  const said = url.searchParams.get("tls");
  url.searchParams.delete("tls");
  const tls = said === "required" || said === "unverified" || said === "none" ? said : "offered";
  return { url: url.toString(), tls };
}

/** How long a route that could not be reached is passed over while another one works. */
const ROUTE_REST = 60_000;

/**
 * Sends over SMTP, with a few connections kept open, signed when there is a key. Where a route cannot be reached before
 * the mail was handed over, the next one is tried at once; where it broke off afterwards, the mail may have arrived, and
 * only a later try may repeat it.
 *
 * @throws Error when the key cannot sign.
 */
export function smtpTransport(options: {
  routes: ReadonlyArray<SmtpRoute>;
  dkim: DkimSettings | null;
  /** Epoch milliseconds; the machine's clock unless given. */
  now?: () => number;
  /** The usual one unless given. */
  patience?: Patience;
}): Transport {
  const signer =
    options.dkim === null
      ? null
      : new DKIM({
          domainName: options.dkim.domain,
          keySelector: options.dkim.selector,
          privateKey: readDkimKey(options.dkim),
        });
  const now = options.now ?? Date.now;
  const routes = options.routes.map((route) => ({
    ...openRoute(route, signer, options.patience ?? USUAL_PATIENCE),
    restsUntil: 0,
  }));
  return {
    async send(mail, last) {
      const awake = routes.filter(({ restsUntil }) => restsUntil <= now());
      let receipt: Receipt = { accepted: false, code: null, response: "" };
      for (const route of awake.length > 0 ? awake : routes) {
        let handedOver = false;
        receipt = await route.send(mail, () => {
          handedOver = true;
          return last();
        });
        if (handedOver || receipt.accepted || !isUnreachable(receipt)) return receipt;
        route.restsUntil = now() + ROUTE_REST;
      }
      return receipt;
    },
    async close() {
      for (const route of routes) route.close();
    },
  };
}

/** Nothing was said about the mail itself: no connection, no TLS, no sign-in, or "service not available". */
function isUnreachable({ code, response }: Receipt): boolean {
  return (
    code === null ||
    code === 421 ||
    code === 454 ||
    code === 530 ||
    code === 535 ||
    /^E(?:AUTH|TLS)$/.test(response)
  );
}

const TLS_OPTIONS = {
  offered: {},
  required: { requireTLS: true },
  unverified: { tls: { rejectUnauthorized: false } },
  none: { ignoreTLS: true },
} as const satisfies Record<TlsPolicy, object>;

function openRoute(route: SmtpRoute, signer: DKIM | null, patience: Patience) {
  const usual = openPool(route, { signer, patience, connections: CONNECTIONS });
  const urgent = openPool(route, { signer, patience, connections: URGENT_CONNECTIONS });
  return {
    send(mail: OutgoingMail, last: () => Promise<void>): Promise<Receipt> {
      return (mail.isUrgent ? urgent : usual).send(mail, last);
    },
    close() {
      usual.close();
      urgent.close();
    },
  };
}

function openPool(
  { url, tls }: SmtpRoute,
  { signer, patience, connections }: { signer: DKIM | null; patience: Patience; connections: number },
) {
  const lasts = new WeakMap<object, () => Promise<void>>();
  const transporter = nodemailer.createTransport({
    url,
    ...TLS_OPTIONS[tls],
    pool: true,
    maxConnections: connections,
    maxMessages: 500,
    // A connection that the server dropped while it was idle is replaced; nothing that was begun is ever repeated here.
    maxRequeues: 1,
    idleTimeout: 10_000,
    connectionTimeout: patience.connection,
    greetingTimeout: patience.greeting,
    socketTimeout: patience.answer,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  transporter.use("stream", (mail, done) => {
    const last = mail.data.headers === undefined ? undefined : lasts.get(mail.data.headers);
    if (signer !== null) mail.message.processFunc((input: Readable) => signer.sign(input));
    if (last !== undefined) mail.message.processFunc((input: Readable) => joined(input, endAfter(last)));
    done();
  });
  return {
    async send(mail: OutgoingMail, last: () => Promise<void>): Promise<Receipt> {
      const message = messageOptions(mail);
      // nodemailer copies the message's top level; the headers object inside is still ours, and leads back to `last`.
      if (message.headers !== undefined) lasts.set(message.headers, last);
      try {
        const info = await transporter.sendMail(message);
        return { accepted: true, code: codeOf(info.response), response: info.response };
      } catch (error) {
        return refusal(error);
      }
    },
    close() {
      transporter.close();
    },
  };
}

function codeOf(response: string): number | null {
  const code = /^\d{3}/.exec(response)?.[0];
  return code === undefined ? null : Number(code);
}

/** A failed try. Only what the server said is kept: a library's own message may quote addresses. */
function refusal(error: unknown): Receipt {
  if (typeof error !== "object" || error === null) return { accepted: false, code: null, response: "" };
  const code = "responseCode" in error && typeof error.responseCode === "number" ? error.responseCode : null;
  const said = "response" in error && typeof error.response === "string" ? error.response : "";
  const kind = "code" in error && typeof error.code === "string" ? error.code : "";
  // Whatever code it came with, this was about the connection: the mail itself was not even offered.
  if (kind === "ETLS" || kind === "EAUTH") return { accepted: false, code: null, response: kind };
  return { accepted: false, code, response: said || kind };
}
