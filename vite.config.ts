import { vitePlugin as remix } from "@remix-run/dev";
import { defineConfig, type Plugin } from "vite";
import remixConfig from "./remix.config.js";

/** Loading these packages whole takes a second and 200 MB; in the bundle there is only what we use of them. */
const CUT_DOWN =
  /^(@better-auth|@better-fetch|@conform-to|@hono|@noble|@react-email|better-auth|better-call|defu|drizzle-orm|hono|jose|kysely|rou3|zod)(\/|$)/;

/**
 * One server bundle holds Remix's build, the process (server.ts) and the operators' commands, so that
 * they share one copy of every module. Remix's plugin insists on its own single entry; this one comes after it.
 */
function processEntries(): Plugin {
  return {
    name: "secretariat:process-entries",
    config(_config, { isSsrBuild, command }) {
      if (command !== "build" || !isSsrBuild) return undefined;
      return {
        ssr: { noExternal: CUT_DOWN },
        // V8 keeps the sources: without blanks, and with Chinese as escapes (or every letter takes two bytes), it
        // keeps a third of them. Names stay, for the sake of stack traces.
        esbuild: {
          charset: "ascii",
          legalComments: "none",
          minifyIdentifiers: false,
          minifySyntax: true,
          minifyWhitespace: true,
        },
        build: {
          minify: "esbuild",
          rollupOptions: {
            // better-auth does without it when its import fails; Vite would put an empty module in its place.
            external: ["@opentelemetry/api"],
            input: {
              server: "server.ts",
              secretariat: "scripts/secretariat-commands.ts",
              routes: "virtual:remix/server-build",
            },
            output: { entryFileNames: "[name].js", chunkFileNames: "chunks/[name]-[hash].js" },
          },
        },
      };
    },
  };
}

/**
 * In the built server a route's module is a function that loads it: most processes never need most pages, and what is
 * not loaded takes neither memory nor time at the start. `platform/http/narrow.server.ts` calls it.
 */
function routesOnDemand(): Plugin {
  return {
    name: "secretariat:routes-on-demand",
    apply: "build",
    enforce: "post",
    transform(code, id) {
      if (!id.endsWith("virtual:remix/server-build")) return undefined;
      return code.replaceAll(
        /^import \* as (route\d+) from (".+");$/gm,
        "const $1 = { load: () => import($2) };",
      );
    },
  };
}

export default defineConfig({
  plugins: [remix(remixConfig), processEntries(), routesOnDemand()],
  // The icon, mark and style sheet go out as files: the CSP allows no data: URL.
  build: {
    assetsInlineLimit: 0,
    target: "es2022",
    rollupOptions: {
      onwarn(warning, show) {
        // Comments inside libraries, and feeds, which have no part in the browser.
        if (warning.code !== "INVALID_ANNOTATION" && warning.code !== "EMPTY_BUNDLE") show(warning);
      },
    },
  },
  server: { strictPort: true },
});
