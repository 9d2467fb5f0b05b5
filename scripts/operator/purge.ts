import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { eq } from "drizzle-orm";
import type { DomainContext } from "../../app/domain/context.ts";
import { isOurReport, previewPurge, purge } from "../../app/domain/privacy/purge.server.ts";
import { purgeReportFile } from "../../app/domain/privacy/retention.server.ts";
import type { PurgeLine } from "../../app/domain/privacy/retention.ts";
import { edition, editionCoHost } from "../../db/schema/index.ts";
import { asOperator, OperatorError } from "./installation.ts";

export const help = `secretariat purge --edition EDITION [--dry-run]
secretariat purge --check REPORT

Removes for good what both sides of an edition no longer keep, by the dates that each side's lead set, and cleans the
database file of it. Prints a signed report for each side; the leads find the same reports on their page. A server may
run meanwhile. Done again, it finds nothing.
--check says whether this installation signed a report (a file), and nobody changed it.
--dry-run only says what would be removed: kind, place, people, things.
Backups that are older than a purge still hold what it removed: destroy them within 35 days.
Ends with 1 when the file could not be cleaned, because another program held it: run it again.`;

export async function run(args: ReadonlyArray<string>): Promise<boolean> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      edition: { type: "string" },
      "dry-run": { type: "boolean", default: false },
      check: { type: "string" },
    },
  });
  if (values.check !== undefined) return check(values.check);
  const slug = values.edition;
  if (slug === undefined) throw new OperatorError("Say of which --edition.");
  return asOperator(async (ctx) => {
    const { editionId, sideIds } = editionNamed(ctx, slug);
    if (values["dry-run"]) {
      for (const { nameEn, lines } of previewPurge(ctx, { editionId, sideIds })) {
        console.log(nameEn);
        print(lines);
      }
      return true;
    }
    const done = await purge(ctx, { editionId, sideIds });
    if (!done.ok) throw new OperatorError(`There is no edition "${slug}".`);
    const { sides, cleaned } = done.value;
    if (sides.length === 0) console.log("Nothing is due.");
    for (const { reportId } of sides)
      console.log(purgeReportFile(ctx, { editionId, sideIds }, reportId) ?? "");
    if (!cleaned)
      console.error(
        "Another program held the database file, so that it could not be cleaned. Run this again.",
      );
    return cleaned;
  });
}

function check(file: string): Promise<boolean> {
  return asOperator(async ({ keys }) => {
    let text: string;
    try {
      text = readFileSync(file, "utf8");
    } catch {
      throw new OperatorError(`${file} cannot be read.`);
    }
    const ours = isOurReport(keys, text);
    console.log(
      ours ? "This installation signed it, as it stands." : "This installation did not sign it as it stands.",
    );
    return ours;
  });
}

function print(lines: ReadonlyArray<PurgeLine>): void {
  if (lines.length === 0) console.log("  nothing is due");
  for (const { kind, place, people, items } of lines)
    console.log(`  ${kind.padEnd(8)}${place.padEnd(15)}${people} people, ${items} things`);
}

function editionNamed(
  { db: { orm } }: Pick<DomainContext, "db">,
  slug: string,
): { editionId: string; sideIds: Array<string> } {
  const found = orm.select({ id: edition.id }).from(edition).where(eq(edition.slug, slug)).get();
  if (found === undefined) throw new OperatorError(`There is no edition "${slug}".`);
  const sides = orm
    .select({ id: editionCoHost.coHostId })
    .from(editionCoHost)
    .where(eq(editionCoHost.editionId, found.id))
    .all();
  return { editionId: found.id, sideIds: sides.map(({ id }) => id) };
}
