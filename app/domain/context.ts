import type { Db } from "#db/client.server.ts";
import type { Locale } from "#db/vocabulary.ts";
import type { Clock } from "../platform/clock.ts";
import type { Keys } from "../platform/crypto.server.ts";
import type { ActingAssistant, Actor, InvitationScope, StaffScope } from "./access/rules.ts";

/** What every use case needs: the database, the time, the keys, and who is acting. */
export type DomainContext = {
  db: Db;
  clock: Clock;
  keys: Keys;
  /** Absolute links start with this; it comes from configuration, never from a request. No slash at the end. */
  baseUrl: string;
  actor: Actor;
  /** For the audit trail; null outside a request. */
  requestId: string | null;
};

/** A member of staff at work in one edition. */
export type StaffContext = DomainContext & { scope: StaffScope };

/** The holder of an invitation's link: the invited person, or an assistant of theirs by a link of their own. */
export type InvitationContext = DomainContext & {
  scope: InvitationScope;
  locale: Locale;
  assistant: ActingAssistant | null;
};
