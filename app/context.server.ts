import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import type { Locale } from "#db/vocabulary.ts";
import type { StaffAccount } from "./domain/access/account.ts";
import { deviceCookie, findDevice, linkIdOf } from "./domain/access/devices.server.ts";
import {
  findInvitationByCalendar,
  findInvitationByToken,
  type InvitationHolder,
} from "./domain/access/link.server.ts";
import { type EditionForStaff, findEditionForStaff } from "./domain/access/queries.server.ts";
import type { Act } from "./domain/access/rules.ts";
import type { DomainContext, InvitationContext, StaffContext } from "./domain/context.ts";
import {
  type FocalPointHolder,
  findFocalPointByToken,
  type NominationContext,
} from "./domain/nomination/holder.server.ts";
import { localeFromHeader, parseLocale } from "./i18n/translate.ts";
import { paths } from "./paths.ts";
import { cookie, withCookies } from "./platform/cookies.ts";
import { keptForm } from "./platform/kept-form.server.ts";
import type { Services } from "./services.server.ts";

declare module "@remix-run/node" {
  interface AppLoadContext {
    services: Services;
    nonce: string;
    requestId: string;
    /** The address that guesses are counted for: the client's, as far as the trusted proxies tell it. */
    client: string;
    /** Whether somebody at this very machine asks. */
    isHere: boolean;
  }
  interface Future {
    v3_singleFetch: true;
  }
}

type Args = LoaderFunctionArgs | ActionFunctionArgs;

/** The answer to everything that is not there, or not yours: the two look the same. */
export function notFound() {
  return data(null, { status: 404 });
}

/** Actions answer POST alone: PUT, PATCH and DELETE run them too. */
export function requirePost(request: Request): void {
  if (request.method !== "POST") throw data(null, { status: 405, headers: { Allow: "GET, HEAD, POST" } });
}

/** The process's parts, for the few routes that need no scope (sign-in, mailbox, health). */
export function servicesOf(args: Args): Services {
  return args.context.services;
}

export const LANGUAGE_COOKIE = "lang";

/**
 * The language of an answer: the one that the link names, the one chosen with the switch on a page, the person's own,
 * the browser's, English. The first two are acts of a moment ago, so they come before what we know of the person.
 */
export function requestLocale(request: Request, own: Locale | null = null): Locale {
  const fromLink = parseLocale(new URL(request.url).searchParams.get("lang"));
  const fromSwitch = parseLocale(
    /(?:^|;\s*)lang=([A-Za-z-]+)/.exec(request.headers.get("Cookie") ?? "")?.[1],
  );
  return fromLink ?? fromSwitch ?? own ?? localeFromHeader(request.headers.get("Accept-Language")) ?? "en";
}

type Holding = { ctx: InvitationContext; holder: InvitationHolder; locale: Locale };

/** The holder of the link in the URL, or 404: the same for a wrong, revoked or expired link. Wrong ones are counted. */
export async function invitationHolder(args: Args): Promise<Holding & { token: string }> {
  const token = args.params.token ?? "";
  return { ...(await holding(args, (parts) => findInvitationByToken(parts, token))), token };
}

/** Whose calendar the URL is, or 404, as with a link. */
export function calendarHolder(args: Args): Promise<Holding> {
  return holding(args, (parts) => findInvitationByCalendar(parts, args.params.calendar ?? ""));
}

async function holding(
  args: Args,
  find: (parts: Pick<Services, "db" | "clock" | "keys">) => InvitationHolder | null,
): Promise<Holding> {
  const { services, client } = args.context;
  const tooMany = await services.limits.linkGuesses.blocked(client);
  const holder = tooMany ? null : find(services);
  if (tooMany) throw data(null, { status: 429 });
  if (holder === null) {
    await services.limits.linkGuesses.count(client);
    throw notFound();
  }
  const locale = requestLocale(args.request, holder.locale);
  const { invitationId, editionId, assistant } = holder;
  const ctx: InvitationContext = {
    ...domainContext(args),
    actor:
      assistant === null
        ? { kind: "invitee", id: invitationId }
        : { kind: "assistant", id: assistant.assistantId },
    scope: { editionId, invitationId },
    locale,
    assistant,
  };
  return { ctx, holder, locale };
}

/** The holder of a focal point's link, or 404 as with an invitation's. */
export async function focalPointHolder(
  args: Args,
): Promise<{ ctx: NominationContext; holder: FocalPointHolder; token: string; locale: Locale }> {
  const { services, client } = args.context;
  const token = args.params.token ?? "";
  if (await services.limits.linkGuesses.blocked(client)) throw data(null, { status: 429 });
  const holder = findFocalPointByToken(services, token);
  if (holder === null) {
    await services.limits.linkGuesses.count(client);
    throw notFound();
  }
  const { focalPointId, editionId } = holder;
  const ctx: NominationContext = {
    ...domainContext(args),
    actor: { kind: "focal_point", id: focalPointId },
    scope: { editionId, focalPointId },
  };
  return { ctx, holder, token, locale: requestLocale(args.request, holder.locale) };
}

/** The browser that asks, if a code of this link was typed in it; null: it has the link alone. */
export function knownDevice(
  args: Args,
  holder: Pick<InvitationHolder, "invitationId" | "assistant">,
): { id: string } | null {
  const name = deviceCookie(linkIdOf(holder));
  const sent = (args.request.headers.get("Cookie") ?? "")
    .split(/;\s*/)
    .find((pair) => pair.startsWith(`${name}=`));
  if (sent === undefined) return null;
  return findDevice(args.context.services, holder, sent.slice(name.length + 1));
}

const DEVICE_PATH = "/i";

/** Headers by which the browser is known for this link from now on. */
export function rememberDevice(
  args: Args,
  holder: Pick<InvitationHolder, "invitationId" | "assistant">,
  { secret, lasts }: { secret: string; lasts: number },
): Headers {
  const secure = args.context.services.baseUrl.startsWith("https:");
  const maxAge = Math.max(1, Math.floor(lasts / 1000));
  return withCookies([cookie(deviceCookie(linkIdOf(holder)), secret, { path: DEVICE_PATH, maxAge, secure })]);
}

/**
 * The holder of the link, in a browser in which a code was typed. Others are sent to where it is typed, and back. What
 * reads or changes stored answers begins with this; a link that was forwarded opens none of it.
 *
 * @param options `assistants`: whether an assistant of the invited person may come here, too; others are back at the
 *   letter. What they see here is theirs to see alone.
 */
export async function verifiedHolder(
  args: Args,
  { assistants = false }: { assistants?: boolean } = {},
): Promise<Awaited<ReturnType<typeof invitationHolder>> & { device: { id: string } }> {
  const found = await invitationHolder(args);
  if (found.holder.assistant !== null && !assistants) throw redirect(paths.invitation(found.token), 303);
  const device = knownDevice(args, found.holder);
  if (device === null) {
    const { pathname } = new URL(args.request.url);
    const to = new URLSearchParams({ to: pathname.replace(/\.data$/, "") });
    throw redirect(`${paths.code(found.token)}?${to}`, 303);
  }
  return { ...found, device };
}

/**
 * As `verifiedHolder`, with the form that was sent. When the link or the browser's code is no longer good, what was typed
 * is not lost: the answer brings it back (routes/delegate/kept.tsx shows it).
 */
export async function verifiedSender(
  args: ActionFunctionArgs,
  {
    read = () => args.request.formData(),
    ...options
  }: Parameters<typeof verifiedHolder>[1] & {
    /** Reads the form, where that takes more than memory has room for. */
    read?: (() => Promise<FormData>) | undefined;
  } = {},
): Promise<Awaited<ReturnType<typeof verifiedHolder>> & { formData: FormData }> {
  const formData = await read();
  try {
    return { ...(await verifiedHolder(args, options)), formData };
  } catch (thrown) {
    const token = args.params.token ?? "";
    const isForCode =
      thrown instanceof Response &&
      (thrown.headers.get("Location") ?? "").startsWith(`${paths.code(token)}?`);
    const status = isForCode ? 403 : refusedWith(thrown);
    if (status === null) throw thrown;
    const { pathname } = new URL(args.request.url);
    const path = pathname.replace(/\.data$/, "");
    throw data(
      keptForm({ keys: args.context.services.keys, token, path }, formData, {
        opens: isForCode,
        locale: requestLocale(args.request, parseLocale(String(formData.get("pageLocale") ?? ""))),
      }),
      { status },
    );
  }
}

/** The status of an answer that was thrown because a link leads nowhere; null: it was thrown for something else. */
function refusedWith(thrown: unknown): number | null {
  if (thrown instanceof Response || typeof thrown !== "object" || thrown === null) return null;
  const init: unknown = "init" in thrown ? thrown.init : null;
  const status: unknown = typeof init === "object" && init !== null && "status" in init ? init.status : null;
  return typeof status === "number" ? status : null;
}

const accounts = new WeakMap<object, Promise<StaffAccount | null>>();

/** The signed-in member of staff, or null. Looked up once for each request. */
export function currentStaff(args: Args): Promise<StaffAccount | null> {
  const known = accounts.get(args.context);
  if (known !== undefined) return known;
  const found = args.context.services.auth.accountOf(args.request.headers);
  accounts.set(args.context, found);
  return found;
}

/** The signed-in member of staff; others are sent to sign in and back. Without a second step they first set one up. */
export async function staffAccount(args: Args): Promise<{ account: StaffAccount; locale: Locale }> {
  const account = await currentStaff(args);
  const url = new URL(args.request.url);
  if (account === null)
    throw redirect(`${paths.signIn()}?${new URLSearchParams({ to: url.pathname + url.search })}`, 303);
  const needsSecondStep = !account.twoFactorEnabled && args.context.services.environment.secondStepRequired;
  if (needsSecondStep && url.pathname.replace(/\.data$/, "") !== paths.secondStepSetUp())
    throw redirect(paths.secondStepSetUp(), 303);
  return { account, locale: requestLocale(args.request, account.locale) };
}

/** A context for somebody who is not signed in (yet). The caller is known by what they prove, if anything. */
export function visitor(args: Args): { ctx: DomainContext; locale: Locale } {
  return { ctx: domainContext(args), locale: requestLocale(args.request) };
}

/** A context for work that belongs to no edition yet (making one, the account). */
export async function staffAtLarge(
  args: Args,
): Promise<{ ctx: DomainContext; account: StaffAccount; locale: Locale }> {
  const { account, locale } = await staffAccount(args);
  return { ctx: { ...domainContext(args), actor: { kind: "staff", id: account.id } }, account, locale };
}

/**
 * A member of staff at work in the edition that the URL names. 404 when the edition does not exist for them, and
 * when they lack the permission: what one may not do is not there.
 *
 * @param act the permission that is needed, or several of which one is enough.
 */
export async function staffEdition(
  args: Args,
  act: Act = "read_only",
): Promise<{ ctx: StaffContext; edition: EditionForStaff; account: StaffAccount; locale: Locale }> {
  const { ctx, account, locale } = await staffAtLarge(args);
  const found = findEditionForStaff(ctx, {
    userId: account.id,
    slug: args.params.edition ?? "",
    act,
  });
  if (found === null) throw notFound();
  return { ctx: { ...ctx, scope: found.scope }, edition: found.edition, account, locale };
}

/**
 * A member of staff at work in the contact book of their side. 404 as in `staffEdition`, and for whoever invites people to
 * one edition alone: the book holds people of all years.
 */
export async function staffContactBook(args: Args): Promise<Awaited<ReturnType<typeof staffEdition>>> {
  const found = await staffEdition(args, "invitations");
  if (found.ctx.scope.bookSideIds.length === 0) throw notFound();
  return found;
}

/** Whether a contact book is open to this member of staff, so that the way to it can be shown. */
export async function mayOpenContactBook(args: Args): Promise<boolean> {
  const { ctx, account } = await staffAtLarge(args);
  const slug = args.params.edition ?? "";
  const found = findEditionForStaff(ctx, { userId: account.id, slug, act: "invitations" });
  return found !== null && found.scope.bookSideIds.length > 0;
}

function domainContext(args: Args): DomainContext {
  const { services, requestId } = args.context;
  return {
    db: services.db,
    clock: services.clock,
    keys: services.keys,
    baseUrl: services.baseUrl,
    actor: { kind: "system", id: "request" },
    requestId,
  };
}
