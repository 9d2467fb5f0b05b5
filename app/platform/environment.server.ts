import { isAbsolute, join, resolve } from "node:path";

/** A wrong environment variable; the message is a sentence that names it. */
export class EnvironmentError extends Error {
  override name = "EnvironmentError";
}

const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What the installation was told from outside, checked. */
export type Environment = {
  port: number;
  host: string;
  /** Absolute links start with this; no slash at the end. */
  baseUrl: string;
  /** Whether BASE_URL was given; without it every loopback name of this machine is as good as the other. */
  baseUrlGiven: boolean;
  dataDir: string;
  databaseFile: string;
  /** The routes for outgoing mail, the first one first; null: the built-in mailbox takes the mail. */
  smtpUrls: ReadonlyArray<string> | null;
  /** Milliseconds between two mails to a domain, where it is to be another than usual; 0: no limit. */
  mailPaces: ReadonlyMap<string, number>;
  /** Where mails that come back are sent to; null: to the sender. */
  bounceAddress: string | null;
  /** What a mail server must know to hand over what came back; null: nobody can. */
  bounceToken: string | null;
  mailFrom: { name: string; address: string };
  dkim: { domain: string; selector: string; privateKeyFile: string } | null;
  secretKeyFile: string;
  /** How many proxies of ours stand in front; so many entries of X-Forwarded-For can be believed. */
  trustedProxies: number;
  logLevel: LogLevel;
  /** Whether staff must set up a second step before they may work. */
  secondStepRequired: boolean;
  /** The program that looks at every file that is handed in, and its arguments; null: none does. */
  scanner: ReadonlyArray<string> | null;
  /** An empty database is filled with the demonstration edition. */
  demo: boolean;
  /** Milliseconds added to the machine's clock; only the demonstration shifts it. */
  clockOffset: number;
};

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Reads and checks the environment variables. All are optional; an empty one counts as not given.
 *
 * @throws EnvironmentError naming the variable that cannot be used.
 */
export function readEnvironment(variables: Variables): Environment {
  const given = (name: string) => {
    const value = variables[name]?.trim();
    return value === undefined || value === "" ? null : value;
  };
  const port = wholeNumber("PORT", given("PORT"), { fallback: 3000, least: 1, most: 65_535 });
  const baseUrlText = given("BASE_URL");
  const baseUrl = baseUrlText === null ? `http://localhost:${port}` : origin("BASE_URL", baseUrlText);
  const dataDir = resolve(given("DATA_DIR") ?? "data");
  const demo = onOrOff("DEMO", given("DEMO"));
  const clockOffset = wholeNumber("CLOCK_OFFSET", given("CLOCK_OFFSET"), {
    fallback: 0,
    least: Number.MIN_SAFE_INTEGER,
    most: Number.MAX_SAFE_INTEGER,
  });
  if (clockOffset !== 0 && !demo)
    throw new EnvironmentError("CLOCK_OFFSET: only the demonstration (DEMO=1) may shift its clock.");
  if (demo && !/^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(new URL(baseUrl).hostname))
    throw new EnvironmentError(
      "BASE_URL: the demonstration's passwords are known to everybody; it is served to this machine alone.",
    );
  const secretKeyFile = given("SECRET_KEY_FILE");
  return {
    port,
    host: given("HOST") ?? "127.0.0.1",
    baseUrl,
    baseUrlGiven: baseUrlText !== null,
    dataDir,
    databaseFile: join(dataDir, "secretariat.db"),
    smtpUrls: smtpUrls(given("SMTP_URL")),
    mailPaces: paces(given("MAIL_PACE")),
    bounceAddress: bounceAddress(given("MAIL_BOUNCES")),
    bounceToken: bounceToken(given("MAIL_BOUNCES_TOKEN")),
    mailFrom: mailbox(given("MAIL_FROM"), baseUrl),
    dkim: dkim(given("DKIM_DOMAIN"), given("DKIM_SELECTOR"), given("DKIM_KEY_FILE")),
    secretKeyFile:
      secretKeyFile === null
        ? join(dataDir, "secret.key")
        : isAbsolute(secretKeyFile)
          ? secretKeyFile
          : resolve(secretKeyFile),
    trustedProxies: wholeNumber("TRUSTED_PROXIES", given("TRUSTED_PROXIES"), {
      fallback: 0,
      least: 0,
      most: 10,
    }),
    logLevel: logLevel(given("LOG_LEVEL")),
    secondStepRequired: secondStep(given("SECOND_STEP"), demo),
    scanner: given("SCAN_COMMAND")?.split(/\s+/) ?? null,
    demo,
    clockOffset,
  };
}

function wholeNumber(
  name: string,
  text: string | null,
  { fallback, least, most }: { fallback: number; least: number; most: number },
): number {
  if (text === null) return fallback;
  const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most))
    throw new EnvironmentError(`${name}: "${text}" is not a whole number from ${least} to ${most}.`);
  return value;
}

function onOrOff(name: string, text: string | null): boolean {
  if (text === null || text === "0") return false;
  if (text === "1") return true;
  throw new EnvironmentError(`${name}: "${text}" is neither 1 nor 0.`);
}

function origin(name: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (
    url === null ||
    !["http:", "https:"].includes(url.protocol) ||
    url.username !== "" ||
    url.pathname !== "/" ||
    url.search !== "" ||
    url.hash !== ""
  )
    throw new EnvironmentError(
      `${name}: "${text}" is not the address of a site, like https://dialogue.example (no path).`,
    );
  return url.origin;
}

const TLS_POLICIES = ["offered", "required", "unverified", "none"];

/** One route or several, apart by blanks. The value is not repeated in the message: it may hold a password. */
function smtpUrls(text: string | null): Array<string> | null {
  if (text === null) return null;
  const urls = text.split(/\s+/);
  for (const each of urls) {
    const url = URL.canParse(each) ? new URL(each) : null;
    if (url === null || !["smtp:", "smtps:"].includes(url.protocol) || url.hostname === "")
      throw new EnvironmentError("SMTP_URL: it must look like smtp://user:password@mail.example:587.");
    const tls = url.searchParams.get("tls");
    if (tls !== null && !TLS_POLICIES.includes(tls))
      throw new EnvironmentError(`SMTP_URL: tls is one of ${TLS_POLICIES.join(", ")}.`);
  }
  return urls;
}

/** `qq.com=20 *.gov.cn=0`: seconds between two mails to a domain. */
function paces(text: string | null): Map<string, number> {
  if (text === null) return new Map();
  return new Map(
    text.split(/\s+/).map((each) => {
      const [, domain = "", seconds = ""] =
        /^((?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)+)=(\d{1,4})$/i.exec(each) ?? [];
      if (domain === "")
        throw new EnvironmentError(`MAIL_PACE: "${each}" is not a domain and seconds, like qq.com=20.`);
      return [domain.toLowerCase(), Number(seconds) * 1000];
    }),
  );
}

function bounceAddress(text: string | null): string | null {
  if (text !== null && !/^[^<>\s@+"]+@[^<>\s@]+$/.test(text))
    throw new EnvironmentError(`MAIL_BOUNCES: "${text}" is not an address, like bounces@dialogue.example.`);
  return text;
}

function bounceToken(text: string | null): string | null {
  if (text !== null && text.length < 20)
    throw new EnvironmentError("MAIL_BOUNCES_TOKEN: it must have twenty characters or more.");
  return text;
}

function mailbox(text: string | null, baseUrl: string): { name: string; address: string } {
  if (text === null)
    return { name: "Secretariat 秘书处", address: `secretariat@${new URL(baseUrl).hostname}` };
  const match = /^(?:"?([^"<>\p{Cc}]*?)"?\s*<([^<>\s@]+@[^<>\s@]+)>|([^<>\s@"]+@[^<>\s@"]+))$/u.exec(text);
  const address = match?.[2] ?? match?.[3];
  if (address === undefined)
    throw new EnvironmentError(
      `MAIL_FROM: "${text}" is not a sender, like Secretariat <secretariat@dialogue.example>.`,
    );
  return { name: match?.[1]?.trim() ?? "", address };
}

function dkim(domain: string | null, selector: string | null, keyFile: string | null): Environment["dkim"] {
  if (domain === null && selector === null && keyFile === null) return null;
  if (domain === null || selector === null || keyFile === null)
    throw new EnvironmentError("DKIM_DOMAIN, DKIM_SELECTOR and DKIM_KEY_FILE: give all three or none.");
  return { domain, selector, privateKeyFile: resolve(keyFile) };
}

function logLevel(text: string | null): LogLevel {
  if (text === null) return "info";
  const level = LOG_LEVELS.find((known) => known === text);
  if (level === undefined)
    throw new EnvironmentError(`LOG_LEVEL: "${text}" is none of ${LOG_LEVELS.join(", ")}.`);
  return level;
}

function secondStep(text: string | null, demo: boolean): boolean {
  if (text === null) return !demo;
  if (text === "required") return true;
  if (text === "optional") return false;
  throw new EnvironmentError(`SECOND_STEP: "${text}" is neither required nor optional.`);
}
