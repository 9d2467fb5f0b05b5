/** The development server: Vite in front with hot reloading, Remix's own handler behind it, all else as in production. */
import type { ServerBuild } from "@remix-run/node";
import { createServer } from "vite";
import { readEnvironment } from "../app/platform/environment.server.ts";

process.env.NODE_ENV = "development";
process.env.LOG_LEVEL ??= "warn";
const environment = readEnvironment(process.env);

const vite = await createServer({ server: { middlewareMode: true }, appType: "custom" });
// Loaded by Vite, so that the process and the routes share their modules.
const { startServer } = (await vite.ssrLoadModule("/server.ts")) as typeof import("../server.ts");
const running = await startServer(environment, {
  inFront: vite.middlewares,
  routes: async () => (await vite.ssrLoadModule("virtual:remix/server-build")) as ServerBuild,
});
console.error(`Secretariat 秘书处, development  ${running.url}`);
if (running.setUpLink !== null) console.error(`First account: ${running.setUpLink}`);
if (running.demonstration !== null) console.error(`A delegate's link: ${running.demonstration.delegateLink}`);

async function stop(): Promise<void> {
  await running.stop();
  await vite.close();
  process.exit(0);
}
process.once("SIGINT", () => void stop());
process.once("SIGTERM", () => void stop());
