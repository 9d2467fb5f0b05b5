/**
 * Who may do what. A login has permissions on a side, for one edition or for all of that side's editions.
 * A side's lead may do everything there is on that side, and nothing on the other one (DOMAIN §4.3).
 * Outside a scope a thing does not exist.
 */
import {
  type ActorKind,
  type Channel,
  type Permission,
  REGISTRATION_SECTIONS,
  type RegistrationSection,
} from "#db/vocabulary.ts";

/** Who acts, as the audit trail knows them: an id, never a name. */
export type Actor = { kind: ActorKind; id: string };

export type StaffScope = {
  editionId: string;
  /** The co-hosts on whose side this login may act in this edition; never empty. */
  sideIds: ReadonlyArray<string>;
  permissions: ReadonlyArray<Permission>;
  /**
   * Those of `sideIds` on which the act is allowed in every edition. Only these open a side's contact book, which holds
   * people of all years.
   */
  bookSideIds: ReadonlyArray<string>;
};

export type InvitationScope = { editionId: string; invitationId: string };

/** An assistant who acts for the invited person through a link of their own. */
export type ActingAssistant = {
  linkId: string;
  assistantId: string;
  /** The sections of the form that they may read and fill in; no others. */
  sections: ReadonlyArray<RegistrationSection>;
  /** Whether they may reply to the invitation. */
  mayReply: boolean;
};

/** The sections of an assistant's link as stored, in the order of the form. */
export function sectionsOf(stored: string): Array<RegistrationSection> {
  const named: unknown = JSON.parse(stored);
  return REGISTRATION_SECTIONS.filter((section) => Array.isArray(named) && named.includes(section));
}

/** By whom something came about that was done through a link. */
export function channelOf({ assistant }: { assistant: ActingAssistant | null }): Channel {
  return assistant === null ? "self" : "assistant";
}

/** A code is good for this long (milliseconds), and for this many tries. */
export const CODE_LIFE = 10 * 60_000;
export const CODE_TRIES = 5;

/**
 * How many codes may be asked for through one link in an hour, and in a day. With the tries this leaves whoever has only
 * the link one chance in sixteen thousand on a day.
 */
export const CODES_AN_HOUR = 5;
export const CODES_A_DAY = 12;

/** How many assistants may have a link to one invitation, and how many may ever be mailed one: strangers get mail by it. */
export const MOST_ASSISTANTS = 5;
export const MOST_ASSISTANTS_EVER = 20;

/** The digits in what somebody typed as a code, however they set them. */
export function codeDigits(typed: string): string {
  return typed.normalize("NFKC").replaceAll(/[\s-]/g, "");
}

/** A grant as stored. `editionId` null: in every edition of that side. `endsAt`: worth nothing from that instant on. */
export type Grant = {
  coHostId: string;
  editionId: string | null;
  permission: Permission;
  endsAt: number | null;
};

/** What is to be done: needs this permission, or any one of these. */
export type Act = Permission | ReadonlyArray<Permission>;

/**
 * What a login's grants come to in one edition; null when it has no business there.
 *
 * A scope names sides and permissions that go together: whoever leads one side and may only read the lists of the other
 * one must not lead both. So it has the sides on which the act that is asked for is allowed, and what is allowed on
 * each of them.
 *
 * @param edition `coHostIds` are the edition's own; other co-hosts' grants are worth nothing in it.
 * @param act what is to be done; reading unless given.
 * @param now epoch milliseconds.
 */
export function staffScope(
  grants: ReadonlyArray<Grant>,
  edition: { id: string; coHostIds: ReadonlyArray<string> },
  { act = "read_only", now }: { act?: Act; now: number },
): StaffScope | null {
  const here = grants.filter(
    (grant) =>
      edition.coHostIds.includes(grant.coHostId) &&
      (grant.editionId === null || grant.editionId === edition.id) &&
      isLive(grant, now),
  );
  const scopes = [...new Set(here.map((grant) => grant.coHostId))]
    .map((coHostId) => {
      const own = here.filter((grant) => grant.coHostId === coHostId);
      const everywhere = own.filter((grant) => grant.editionId === null);
      return {
        editionId: edition.id,
        sideIds: [coHostId],
        permissions: permissionsOf(own),
        bookSideIds:
          everywhere.length > 0 && allows({ permissions: permissionsOf(everywhere) }, act) ? [coHostId] : [],
      } satisfies StaffScope;
    })
    .filter((scope) => allows(scope, act));
  if (scopes.length === 0) return null;
  const named = new Set(scopes.flatMap((scope) => scope.permissions));
  return {
    editionId: edition.id,
    sideIds: scopes.flatMap((scope) => scope.sideIds),
    permissions: [...named].filter((permission) => scopes.every((scope) => allows(scope, permission))),
    bookSideIds: scopes.flatMap((scope) => scope.bookSideIds),
  };
}

function permissionsOf(grants: ReadonlyArray<Grant>): Array<Permission> {
  return [...new Set(grants.map((grant) => grant.permission))];
}

/** Whether a grant is still worth something. */
export function isLive(grant: Pick<Grant, "endsAt">, now: number): boolean {
  return grant.endsAt === null || grant.endsAt > now;
}

/** Whether a scope allows an act. Everybody on a side may read its lists; a lead may do everything. */
export function allows(scope: Pick<StaffScope, "permissions">, act: Act): boolean {
  const enough: ReadonlyArray<Permission> = typeof act === "string" ? [act] : act;
  return (
    enough.includes("read_only") ||
    scope.permissions.includes("lead") ||
    enough.some((permission) => scope.permissions.includes(permission))
  );
}

/** How far a grant reaches: one side, in one edition or (null) in all of that side's. */
export type Reach = { sideId: string; editionId: string | null };

/**
 * Whether whoever has this scope, as a lead, may give and take what reaches so far: only on a side that they lead, and
 * in all its editions only when they lead it in all.
 */
export function mayGrant(scope: StaffScope, { sideId, editionId }: Reach): boolean {
  if (!allows(scope, "lead")) return false;
  return editionId === null
    ? scope.bookSideIds.includes(sideId)
    : editionId === scope.editionId && scope.sideIds.includes(sideId);
}

/**
 * Whether somebody leads so far without an end. Leads whose time runs out do not count: a side must not lose its last
 * lead by waiting either.
 *
 * @param grants of the one side, whoever has them.
 */
export function hasLastingLead(grants: ReadonlyArray<Grant>, editionId: string | null): boolean {
  return grants.some(
    (grant) =>
      grant.permission === "lead" &&
      grant.endsAt === null &&
      (grant.editionId === null || grant.editionId === editionId),
  );
}

/** Whether the second of two ends comes before the first. */
export function endsEarlier(before: number | null, after: number | null): boolean {
  return after !== null && (before === null || after < before);
}

/**
 * Whether a login may make an edition: whoever leads a side in all its editions, and the very first login, while nobody
 * has been given anything. A login whose permissions were taken away may not: it would be a lead again.
 *
 * @param grants the login's own.
 * @param isFirst whether nobody has any.
 * @param now epoch milliseconds.
 */
export function mayCreateEditions(grants: ReadonlyArray<Grant>, isFirst: boolean, now: number): boolean {
  return (
    isFirst ||
    grants.some((grant) => grant.permission === "lead" && grant.editionId === null && isLive(grant, now))
  );
}

/** Length is all that we ask of a password; at most what the hasher should be made to read. */
export const SHORTEST_PASSWORD = 12;
export const LONGEST_PASSWORD = 128;

/** A session that nobody used for this long (milliseconds) is dead. */
export const LONGEST_IDLE = 12 * 60 * 60_000;

/** The browser and the system that a User-Agent names, as far as it can be told; either may be empty. */
export function deviceOf(userAgent: string): { browser: string; system: string } {
  const first = (list: ReadonlyArray<readonly [RegExp, string]>) =>
    list.find(([pattern]) => pattern.test(userAgent))?.[1] ?? "";
  return {
    browser: first([
      [/MicroMessenger/, "WeChat"],
      [/Edg/, "Edge"],
      [/OPR\//, "Opera"],
      [/Firefox|FxiOS/, "Firefox"],
      [/Chrome|CriOS/, "Chrome"],
      [/Safari/, "Safari"],
    ]),
    system: first([
      [/iPhone|iPad/, "iOS"],
      [/Android/, "Android"],
      [/HarmonyOS/, "HarmonyOS"],
      [/Windows/, "Windows"],
      [/Macintosh|Mac OS/, "macOS"],
      [/Linux/, "Linux"],
    ]),
  };
}

/** Who helps a person of their side in; who acts for that person is for those who invite. */
export const HELPS_WITH_LINK = ["invitations", "duty_desk"] as const satisfies ReadonlyArray<Permission>;
