import { vitePlugin as remix } from "@remix-run/dev";
import { defineConfig, type Plugin } from "vite";
import remixConfig from "./remix.config.js";

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
        build: {
          rollupOptions: {
            input: { server: "server.ts", secretariat: "scripts/secretariat-commands.ts" },
            output: { entryFileNames: "[name].js", chunkFileNames: "chunks/[name]-[hash].js" },
          },
        },
      };
    },
  };
}

export default defineConfig({
  plugins: [remix(remixConfig), processEntries()],
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
