import { vitePlugin as remix } from "@remix-run/dev";
import type { RouteConfigEntry } from "@remix-run/route-config";
import { defineConfig } from "vite";
import routes from "../../app/routes.ts";
import remixConfig from "../../remix.config.js";
import product from "../../vite.config.ts";

/*
 * The product with a table of ten routes instead of all: what the others cost shows in the difference. Taken from
 * the real table by their files, so that pages keep their addresses and parents.
 */

const KEPT = [
  "routes/system/home.tsx",
  "routes/delegate/layout.tsx",
  "routes/delegate/invitation.tsx",
  "routes/delegate/registration.tsx",
  "routes/delegate/registration-review.tsx",
  "routes/delegate/programme.tsx",
  "routes/feeds/programme-calendar.ts",
  "routes/session/layout.tsx",
  "routes/session/sign-in.tsx",
  "routes/system/not-found.tsx",
];

type Define = (
  path: string | undefined,
  file: string,
  options: { index?: boolean; id?: string },
  children: () => void,
) => void;

function defineKept(entries: ReadonlyArray<RouteConfigEntry>, define: Define): void {
  for (const { path, file, index, children } of entries) {
    if (!KEPT.includes(file)) continue;
    define(path, file, { index: index === true }, () => defineKept(children ?? [], define));
  }
}

const [, ...others] = product.plugins ?? [];

export default defineConfig({
  ...product,
  plugins: [
    remix({
      ...remixConfig,
      future: { ...remixConfig.future, v3_routeConfig: false },
      routes: (defineRoutes) => defineRoutes((define) => defineKept(routes, define)),
    }),
    ...others,
  ],
});
