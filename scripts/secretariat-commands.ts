/** The operators' commands: `npm run secretariat -- COMMAND …`. Each is loaded when it is called. */
import { EnvironmentError } from "../app/platform/environment.server.ts";
import { OperatorError } from "./operator/installation.ts";

type Command = {
  help: string;
  /** False: something needs attention. */
  run: (args: ReadonlyArray<string>) => Promise<boolean>;
};

const COMMANDS: Readonly<Record<string, { does: string; load: () => Promise<Command> }>> = {
  staff: { does: "make a link for a new member of staff", load: () => import("./operator/staff.ts") },
  import: { does: "take people in from a CSV file", load: () => import("./operator/import.ts") },
  backup: { does: "copy the database while the server runs", load: () => import("./operator/backup.ts") },
  restore: { does: "put a copy in the database's place", load: () => import("./operator/restore.ts") },
  purge: { does: "remove what is no longer to be kept", load: () => import("./operator/purge.ts") },
  bounces: { does: "take in mails that came back", load: () => import("./operator/bounces.ts") },
  "rotate-key": { does: "change the key of the seals", load: () => import("./operator/rotate-key.ts") },
  doctor: { does: "look at an installation", load: () => import("./operator/doctor.ts") },
};

const USAGE = [
  "npm run secretariat -- COMMAND [--help]",
  "",
  ...Object.entries(COMMANDS).map(([name, { does }]) => `  ${name.padEnd(12)}${does}`),
  "",
  "DATA_DIR says where the installation's data lies (./data).",
].join("\n");

/** @returns the exit code: 0 done, 1 refused or needs attention, 2 not understood. */
export async function runCommand([name = "--help", ...args]: ReadonlyArray<string>): Promise<number> {
  process.umask(0o077);
  if (name === "--help" || name === "-h") {
    console.log(USAGE);
    return 0;
  }
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (entry === undefined) {
    console.error(`There is no command "${name}".\n\n${USAGE}`);
    return 2;
  }
  const command = await entry.load();
  if (args.includes("--help") || args.includes("-h")) {
    console.log(command.help);
    return 0;
  }
  try {
    return (await command.run(args)) ? 0 : 1;
  } catch (error) {
    if (error instanceof OperatorError || error instanceof EnvironmentError) {
      console.error(error.message);
      return 1;
    }
    if (error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS")) {
      console.error(`${error.message}\n\n${command.help}`);
      return 2;
    }
    throw error;
  }
}
