import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const FILES = "**/*.test.{ts,tsx}";

export default defineConfig({
  test: {
    setupFiles: ["tests/support/cheap-passwords.ts"],
    pool: "threads",
    // One for each processor, at least two: half of a file's time it waits for a server of its own.
    maxWorkers: Math.max(2, availableParallelism()),
    testTimeout: 20_000,
    projects: [
      // By their names these go first: whatever takes long begins early, and the short ones fill the processors at the end.
      {
        extends: true,
        test: {
          name: "http",
          include: [`tests/http/${FILES}`],
          globalSetup: ["tests/support/build-first.ts"],
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: "inside",
          include: [`tests/{domain,emails,architecture}/${FILES}`],
          // Each test has a database of its own. To load the product anew for each file would cost more than most files do.
          isolate: false,
        },
      },
    ],
  },
});
