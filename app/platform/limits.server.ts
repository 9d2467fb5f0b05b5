import { createHash } from "node:crypto";
import { RateLimiterMemory } from "rate-limiter-flexible";

/** Counts failures by a key (an address, an account) and says when there were too many. */
export type Limit = {
  /** Whether this key has used up its failures for now. Asking counts nothing. */
  blocked(key: string): Promise<boolean>;
  /** One more failure. */
  count(key: string): Promise<void>;
  /** Takes one back that was counted ahead, and was none. */
  forgive(key: string): Promise<void>;
  /** Forgets the failures, after a success. */
  clear(key: string): Promise<void>;
};

export type Limits = {
  linkGuesses: Limit;
  signIn: Limit;
  secondStep: Limit;
  /** Codes that a client has had sent, for whatever link. */
  codeRequests: Limit;
  codeGuesses: Limit;
  /** Codes of letters that nobody has. */
  letterCodes: Limit;
  /** Codes of print-outs that nobody has. */
  versionCodes: Limit;
};

/** In the memory of the one process there is; a restart forgives. Keys are kept hashed. */
export function createLimits(): Limits {
  return {
    linkGuesses: limit({ failures: 30, minutes: 10 }),
    signIn: limit({ failures: 10, minutes: 15 }),
    secondStep: limit({ failures: 5, minutes: 15 }),
    // A whole delegation may sit behind one address, in one hotel.
    codeRequests: limit({ failures: 60, minutes: 60 }),
    codeGuesses: limit({ failures: 40, minutes: 10 }),
    // A visa section types many, and mistypes some.
    letterCodes: limit({ failures: 30, minutes: 10 }),
    // Typed off paper by whoever holds it.
    versionCodes: limit({ failures: 30, minutes: 10 }),
  };
}

function limit({ failures, minutes }: { failures: number; minutes: number }): Limit {
  const limiter = new RateLimiterMemory({ points: failures, duration: minutes * 60 });
  const hashed = (key: string) => createHash("sha256").update(key).digest("base64url");
  return {
    async blocked(key) {
      const found = await limiter.get(hashed(key));
      return found !== null && found.consumedPoints >= failures;
    },
    async count(key) {
      await limiter.penalty(hashed(key));
    },
    async forgive(key) {
      await limiter.reward(hashed(key));
    },
    async clear(key) {
      await limiter.delete(hashed(key));
    },
  };
}
