import type { MiddlewareHandler } from "hono";
import { NONCE, secureHeaders } from "hono/secure-headers";

const MAIL_AS_HTML =
  /^\/(?:mailbox\/[^/]+|staff\/e\/[^/]+\/(?:mail\/[^/]+\/preview|agenda\/notices)\/[^/]+)\/html\/?$/i;

/**
 * The headers that keep a page to itself: nothing from other hosts, no frames but our own, scripts only with the
 * answer's nonce. A mail shown in the mailbox gets a policy of its own: mails bring their styles inline, nothing in
 * them may run, and only our own page may frame them.
 */
export function securityHeaders({ https }: { https: boolean }): MiddlewareHandler {
  const shared = {
    // `no-referrer` would make browsers send `Origin: null` with forms; same-origin tells other sites as little.
    referrerPolicy: "same-origin",
    // Only where it is true: a browser that learned it once refuses plain http for half a year.
    strictTransportSecurity: https ? "max-age=15552000" : false,
    permissionsPolicy: { camera: [], microphone: [], geolocation: [], payment: [], usb: [] },
  };
  const page = secureHeaders({
    ...shared,
    xFrameOptions: "DENY",
    contentSecurityPolicy: {
      defaultSrc: ["'self'"],
      scriptSrc: [NONCE, "'strict-dynamic'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      frameSrc: ["'self'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
      objectSrc: ["'none'"],
    },
  });
  const mail = secureHeaders({
    ...shared,
    xFrameOptions: "SAMEORIGIN",
    // In its sandbox it has an origin of its own anyhow; browsers complain about the two together.
    originAgentCluster: false,
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      styleSrc: ["'unsafe-inline'"],
      imgSrc: ["'self'", "data:"],
      formAction: ["'none'"],
      frameAncestors: ["'self'"],
      baseUri: ["'none'"],
      sandbox: ["allow-popups", "allow-popups-to-escape-sandbox"],
    },
  });
  return (c, next) => (MAIL_AS_HTML.test(asRouted(c.req.path)) ? mail(c, next) : page(c, next));
}

/** A path as routes are found by it: in any case, with any of its letters encoded. */
function asRouted(path: string): string {
  try {
    return decodeURIComponent(path).replaceAll(/\/{2,}/g, "/");
  } catch {
    return path;
  }
}

/** Everything that is not an asset is for one reader: no cache may keep it. */
export function privateAnswers(): MiddlewareHandler {
  return async (c, next) => {
    await next();
    c.res.headers.set("Cache-Control", "private, no-store");
  };
}
