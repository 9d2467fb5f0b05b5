/** Production: builds if need be, then migrates, serves and sends in this very process. */
import { buildIfStale, builtFile } from "./build.ts";

process.env.NODE_ENV = "production";
buildIfStale();
const { runServer }: typeof import("../server.ts") = await import(builtFile("server"));
await runServer();
