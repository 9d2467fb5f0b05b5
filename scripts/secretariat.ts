/** The operators' commands, from the same build as the server. */
import { buildIfStale, builtFile } from "./build.ts";

process.env.NODE_ENV = "production";
buildIfStale();
const { runCommand }: typeof import("./secretariat-commands.ts") = await import(builtFile("secretariat"));
process.exitCode = await runCommand(process.argv.slice(2));
