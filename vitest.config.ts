import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/{domain,emails,architecture,http}/**/*.test.{ts,tsx}"],
    setupFiles: ["tests/support/cheap-passwords.ts"],
    pool: "threads",
    // One for each processor, at least two: half of a file's time it waits for a server of its own.
    maxWorkers: Math.max(2, availableParallelism()),
    testTimeout: 20_000,
  },
});
