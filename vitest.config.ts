import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/{domain,emails,architecture,http}/**/*.test.{ts,tsx}"],
    pool: "threads",
    testTimeout: 20_000,
  },
});
