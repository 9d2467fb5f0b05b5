import type { MiddlewareHandler } from "hono";
import { setCookie } from "hono/cookie";
import { parseLocale } from "../../i18n/translate.ts";

const ONE_YEAR = 365 * 24 * 60 * 60;

/** Remembers the language that a link or the switch on a page named (`?lang=`), for the pages that follow. */
export function rememberLanguage({ cookie, https }: { cookie: string; https: boolean }): MiddlewareHandler {
  return async (c, next) => {
    await next();
    const locale = c.req.method === "GET" ? parseLocale(c.req.query("lang")) : null;
    if (locale !== null)
      setCookie(c, cookie, locale, {
        path: "/",
        maxAge: ONE_YEAR,
        sameSite: "Lax",
        httpOnly: true,
        secure: https,
      });
  };
}
