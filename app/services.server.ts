import type { Db } from "#db/client.server.ts";
import type { StaffAuth } from "./domain/access/auth.server.ts";
import type { Clock } from "./platform/clock.ts";
import type { Keys } from "./platform/crypto.server.ts";
import type { Environment } from "./platform/environment.server.ts";
import type { Limits } from "./platform/limits.server.ts";
import type { Log } from "./platform/log.server.ts";

/** What the process has one of. `server.ts` makes it; requests see it through `context.server.ts`. */
export type Services = {
  environment: Environment;
  /** Absolute links start with this; no slash at the end. */
  baseUrl: string;
  db: Db;
  clock: Clock;
  keys: Keys;
  log: Log;
  auth: StaffAuth;
  /** Counts guesses at links, passwords and codes. */
  limits: Limits;
};
