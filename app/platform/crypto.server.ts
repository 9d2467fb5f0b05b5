import { createHash, createHmac, hkdfSync, randomBytes } from "node:crypto";

const ID_BYTES = 15;
let randomness = Buffer.alloc(0);
let used = 0;

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

/** Keys for single purposes, all derived from the installation's secret, which is never in the database. */
export type Keys = {
  /** The token of an invitation's link in its nth generation: 128 bits as 22 characters. */
  linkToken(invitationId: string, generation: number): string;
  /** A key for the sign-in library's cookies and stored secrets. */
  sessionSecret: string;
};

/** @param secret at least 32 random bytes from SECRET_KEY_FILE. */
export function deriveKeys(secret: Buffer): Keys {
  const derive = (purpose: string) => Buffer.from(hkdfSync("sha256", secret, "secretariat", purpose, 32));
  const linkKey = derive("invitation link");
  return {
    linkToken(invitationId, generation) {
      return createHmac("sha256", linkKey)
        .update(`${invitationId}/${generation}`)
        .digest()
        .subarray(0, 16)
        .toString("base64url");
    },
    sessionSecret: derive("staff session").toString("base64url"),
  };
}
