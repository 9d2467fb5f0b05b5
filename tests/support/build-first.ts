import { buildIfStale } from "../../scripts/build.ts";

/** Before the first test with a server: no test's own patience is spent on a build. */
export function setup(): void {
  buildIfStale();
}
