import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";

const ID_BYTES = 15;
let randomness = Buffer.alloc(0);
let used = 0;

/** A short random key for a part of a document of ours: the letter that says what it is, and eight more characters. */
export function newPartKey(kind: "s" | "q" | "o"): string {
  const bytes = randomBytes(8);
  return kind + [...bytes].map((byte) => (byte % 36).toString(36)).join("");
}

/** A random public id: 120 bits as 20 characters of URL-safe text. */
export function newId(): string {
  // Asking the system for each id alone costs more than the row that the id is for.
  if (used === randomness.length) {
    randomness = randomBytes(256 * ID_BYTES);
    used = 0;
  }
  used += ID_BYTES;
  return randomness.toString("base64url", used - ID_BYTES, used);
}

/** A random secret for a link: 128 bits as 22 characters of URL-safe text. */
export function newToken(): string {
  return randomBytes(16).toString("base64url");
}

/** What is stored of a secret that is only ever compared: SHA-256 in hexadecimal. */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** Whether two secrets are the same, in a time that does not tell where they differ. */
export function sameSecret(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** Keys for single purposes, all derived from the installation's secret, which is never in the database. */
export type Keys = {
  /** The token of a link in its nth generation: 128 bits as 22 characters. Ids are random, so no two links share one. */
  linkToken(linkId: string, generation: number): string;
  /** The six digits of a code by its id: they are in no table and in no queued mail. */
  accessCode(codeId: string): string;
  /** What gives an invitation's calendar to a calendar program, which cannot type a code. */
  calendarToken(invitationId: string, generation: number): string;
  /** A keyed digest, to tell later whether facts have changed; without the key nobody can try out guesses. */
  digest(text: string): string;
  /**
   * Encrypts a text for one place (`table/row`): authenticated, so that it opens neither elsewhere nor when changed.
   */
  seal(text: string, place: string): string;
  /** @throws Error when it was sealed for another place, with another key, or was changed. */
  open(sealed: string, place: string): string;
  /** The number of the key that seals now; what it sealed begins with it. */
  sealNumber: number;
  /** A key for the sign-in library's cookies and stored secrets. */
  sessionSecret: string;
};

/** What keys there are for, besides the seals. */
export const PURPOSES = ["invitation link", "access code", "calendar", "digest", "staff session"] as const;
type Purpose = (typeof PURPOSES)[number];

/** What the key file holds: a key for each purpose, and those of the seals by number. Usually there is one of these. */
export type Secret = { purposes: ReadonlyMap<Purpose, Buffer>; seals: ReadonlyMap<number, Buffer> };

/** All keys of an installation whose seal was never changed. @param root at least 32 random bytes. */
export function derivedSecret(root: Buffer): Secret {
  const derive = (purpose: string) => Buffer.from(hkdfSync("sha256", root, "secretariat", purpose, 32));
  return {
    purposes: new Map(PURPOSES.map((purpose) => [purpose, derive(purpose)])),
    seals: new Map([[1, derive("sealed columns")]]),
  };
}

/** @param secret from SECRET_KEY_FILE; of a bare one, at least 32 random bytes, everything is derived. */
export function deriveKeys(secret: Buffer | Secret): Keys {
  const { purposes, seals } = Buffer.isBuffer(secret) ? derivedSecret(secret) : secret;
  const bytesOf = (purpose: Purpose): Buffer => {
    const bytes = purposes.get(purpose);
    if (bytes === undefined) throw new Error(`No key for ${purpose}`);
    return bytes;
  };
  // As objects: Node takes five times as long to see what a buffer is as to use it, each time anew.
  const key = (purpose: Purpose) => createSecretKey(bytesOf(purpose));
  const sealKeys = new Map([...seals].map(([number, bytes]) => [String(number), createSecretKey(bytes)]));
  const sealNumber = Math.max(...seals.keys());
  const sealKeyOf = (number: string): KeyObject => {
    const found = sealKeys.get(number);
    if (found === undefined) throw new Error("Not a sealed text, or its key is gone");
    return found;
  };
  const linkKey = key("invitation link");
  const codeKey = key("access code");
  const calendarKey = key("calendar");
  const digestKey = key("digest");
  const token = (key: KeyObject, text: string) =>
    createHmac("sha256", key).update(text).digest().subarray(0, 16).toString("base64url");
  return {
    linkToken: (linkId, generation) => token(linkKey, `${linkId}/${generation}`),
    accessCode(codeId) {
      const number = createHmac("sha256", codeKey).update(codeId).digest().readBigUInt64BE() % 1_000_000n;
      return String(number).padStart(6, "0");
    },
    calendarToken: (invitationId, generation) => token(calendarKey, `${invitationId}/${generation}`),
    digest: (text) => createHmac("sha256", digestKey).update(text).digest("hex"),
    seal(text, place) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", sealKeyOf(String(sealNumber)), nonce).setAAD(
        Buffer.from(place),
      );
      const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return `${sealNumber}.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64url")}`;
    },
    open(sealed, place) {
      const [number = "", encoded] = sealed.split(".");
      const bytes = Buffer.from(encoded ?? "", "base64url");
      if (bytes.length < 28) throw new Error("Not a sealed text");
      const decipher = createDecipheriv("aes-256-gcm", sealKeyOf(number), bytes.subarray(0, 12), {
        authTagLength: 16,
      })
        .setAAD(Buffer.from(place))
        .setAuthTag(bytes.subarray(12, 28));
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString("utf8");
    },
    sessionSecret: bytesOf("staff session").toString("base64url"),
    sealNumber,
  };
}
