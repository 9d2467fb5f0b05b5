import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import type { MiddlewareHandler } from "hono";

const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/**
 * The origins whose pages may change something here: the configured one, and where that is a loopback name, this
 * machine's other loopback names at the same port.
 */
export function ownOrigins(baseUrl: string): ReadonlySet<string> {
  const base = new URL(baseUrl);
  if (!LOOPBACK.includes(base.hostname)) return new Set([base.origin]);
  return new Set(
    LOOPBACK.map((name) => {
      const url = new URL(base);
      url.hostname = name;
      return url.origin;
    }),
  );
}

/**
 * Refuses every request but GET and HEAD that does not come from a page of ours. Browsers say where a request comes
 * from; one that says nothing is refused too. The answer to "which origin" is never taken from Host or a proxy's headers.
 */
export function sameOrigin(own: ReadonlySet<string>, refuse: () => Response): MiddlewareHandler {
  return async (c, next) => {
    if (c.req.method !== "GET" && c.req.method !== "HEAD") {
      const origin = c.req.header("Origin");
      const allowed =
        origin === undefined ? c.req.header("Sec-Fetch-Site") === "same-origin" : own.has(origin);
      if (!allowed) return refuse();
    }
    return next();
  };
}

/** Where a request comes from. */
export type Origin = {
  /** The client's address. */
  client: string;
  /** Whether somebody at this very machine asks, by one of its own names and with nobody in between. */
  isHere: boolean;
};

const FORWARDING = /^(?:forwarded|via|x-forwarded-.*|x-real-ip)$/i;
const LOOPBACK_HOST = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/i;
const LOOPBACK_ADDRESS = /^(?:127\.\d+\.\d+\.\d+|::1)$/;

/**
 * Rewrites what a request claims about its way here into what is known: the forwarding headers go, except for one
 * X-Forwarded-For that holds the client's address, and Host is ours. Remix compares Origin with X-Forwarded-Host or
 * Host by itself; after this it comes to the same answer as `sameOrigin`, behind any proxy.
 *
 * Behind a proxy that nobody has told us of, everybody has this machine's address; what gives it away are its headers.
 * And a page from elsewhere can let its own name lead to this machine (DNS rebinding): the Host that it sends then is
 * not one of this machine's.
 */
export function settleHeaders(
  incoming: IncomingMessage,
  { own, baseUrl, trustedProxies }: { own: ReadonlySet<string>; baseUrl: string; trustedProxies: number },
): Origin {
  const { headers } = incoming;
  const names = incoming.rawHeaders.filter((_, index) => index % 2 === 0);
  const isDirect = trustedProxies > 0 || !names.some((name) => FORWARDING.test(name));
  const isOurHost = LOOPBACK_HOST.test(headers.host ?? "");
  const client = clientAddress(
    incoming.socket.remoteAddress ?? "",
    headers["x-forwarded-for"],
    trustedProxies,
  );
  const origin = headers.origin;
  const host = new URL(origin !== undefined && own.has(origin) ? origin : baseUrl).host;
  const kept: Array<string> = [];
  for (let index = 0; index < incoming.rawHeaders.length; index += 2) {
    const name = incoming.rawHeaders[index] ?? "";
    if (!/^(?:host|forwarded|x-forwarded-.*|x-real-ip)$/i.test(name))
      kept.push(name, incoming.rawHeaders[index + 1] ?? "");
  }
  incoming.rawHeaders = [...kept, "Host", host, "X-Forwarded-For", client];
  headers.host = host;
  headers["x-forwarded-for"] = client;
  return { client, isHere: isDirect && isOurHost && LOOPBACK_ADDRESS.test(client) };
}

/**
 * Who asks, as far as it can be known: the socket's peer, or with n trusted proxies the nth address from the right of
 * X-Forwarded-For. Whatever stands further left was written by the client.
 */
export function clientAddress(
  peer: string,
  forwardedFor: string | ReadonlyArray<string> | undefined,
  trustedProxies: number,
): string {
  const named = [forwardedFor ?? []]
    .flat()
    .join(",")
    .split(",")
    .map((part) => part.trim());
  const told = trustedProxies === 0 ? undefined : named.at(-trustedProxies);
  const address = told !== undefined && named.length >= trustedProxies && isIP(told) !== 0 ? told : peer;
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, "");
}

/** What guesses are counted for: an IPv4 address, or the /64 of an IPv6 address, which one customer has whole. */
export function guesserOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = "", tail] = address.toLowerCase().split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  return `${[...left, ...Array<string>(zeros).fill("0"), ...right].slice(0, 4).join(":")}::/64`;
}
