import { existsSync, readdirSync, readFileSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Returned, takeReturned } from "../../app/domain/mail/bounces.server.ts";
import { asOperator, environment, OperatorError } from "./installation.ts";

export const help = `secretariat bounces MAILDIR
secretariat bounces FILE…

Takes in the mails that came back: the new ones of a Maildir, which are then marked as seen, or single files. A server
may run meanwhile. Let it run every few minutes, or have the mail server hand each one over by itself:
  curl -s -H "Authorization: Bearer $MAIL_BOUNCES_TOKEN" --data-binary @- BASE_URL/hooks/bounces
Replies of people and of machines that say that somebody is away are left alone.`;

export async function run(args: ReadonlyArray<string>): Promise<boolean> {
  const { positionals } = parseArgs({ args: [...args], options: {}, allowPositionals: true });
  if (positionals.length === 0) throw new OperatorError("Say which Maildir, or which files.");
  const byMessageId = environment().bounceAddress === null;
  return asOperator(async (ctx) => {
    const counts: Record<Returned, number> = { bounced: 0, delayed: 0, ignored: 0, unknown: 0 };
    for (const { file, seen } of positionals.flatMap(filesOf)) {
      const outcome = await takeReturned(ctx, readFileSync(file), { byMessageId });
      counts[outcome] += 1;
      if (seen !== null) renameSync(file, seen);
    }
    for (const [outcome, count] of Object.entries(counts)) console.log(`${outcome.padEnd(10)}${count}`);
    return true;
  });
}

/** Files to read, and where each goes afterwards. */
function filesOf(path: string): Array<{ file: string; seen: string | null }> {
  if (!existsSync(path)) throw new OperatorError(`There is no ${path}.`);
  if (!statSync(path).isDirectory()) return [{ file: path, seen: null }];
  const folder = join(path, "new");
  if (!existsSync(folder)) throw new OperatorError(`${path} is no Maildir.`);
  return readdirSync(folder).map((name) => ({
    file: join(folder, name),
    seen: join(path, "cur", `${name}:2,S`),
  }));
}
