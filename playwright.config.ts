import { defineConfig } from "playwright/test";

/** The journey in a real browser. `scripts/test.ts` finds one and names it in CHROMIUM. */
export default defineConfig({
  testDir: "tests/e2e",
  // The sweep of the pages comes last: its parts are many and alike, and keep both workers busy to the end.
  projects: [
    { name: "work", testMatch: "*.spec.ts", testIgnore: "pages.spec.ts" },
    { name: "pages", testMatch: "pages.spec.ts" },
  ],
  outputDir: "test-results",
  // The tests of a file go one after the other, on a site of their own; two files at once (tests/e2e/site.ts).
  fullyParallel: false,
  workers: 2,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 10_000 },
  reporter: process.env.CI === undefined ? "list" : [["list"], ["html", { open: "never" }]],
  use: {
    // What a failure looked like is kept; to follow each step of it: `playwright test --trace on`.
    trace: "off",
    screenshot: "only-on-failure",
    actionTimeout: 15_000,
    launchOptions: {
      executablePath: process.env.CHROMIUM,
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
    },
  },
});
