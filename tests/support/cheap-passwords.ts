/*
 * Hashing a password costs what a guess is to cost, and with it most of the time of tests in which people sign in. This file
 * is loaded before anything else, by vitest.config.ts into the tests and by server.ts into their servers: the library's
 * call for the whole work is looked at, and answered with little.
 */
import crypto, { type BinaryLike, type ScryptOptions } from "node:crypto";
import { syncBuiltinESMExports } from "node:module";

type Hashed = (error: Error | null, key: Buffer) => void;

/** What the library asks for; less fails a test. */
const WHOLE_WORK = 16_384 * 16;

const { scrypt } = crypto;

function cheapScrypt(
  password: BinaryLike,
  salt: BinaryLike,
  length: number,
  { N = 0, r = 0 }: ScryptOptions,
  done: Hashed,
): void {
  if (N * r < WHOLE_WORK) throw new Error(`A password is hashed with too little work: N ${N}, r ${r}`);
  scrypt(password, salt, length, { N: 2, r: 1, p: 1 }, done);
}

if (scrypt.name !== cheapScrypt.name) {
  Object.assign(crypto, { scrypt: cheapScrypt });
  syncBuiltinESMExports();
}
