import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { and, eq } from "drizzle-orm";
import type { DomainContext, StaffContext } from "../../app/domain/context.ts";
import { importPeople, previewImport, readPeopleFile } from "../../app/domain/person/import.server.ts";
import type { Remark } from "../../app/domain/person/import.ts";
import { translate } from "../../app/i18n/translate.ts";
import { delegation, edition } from "../../db/schema/index.ts";
import { LOCALES, type Locale } from "../../db/vocabulary.ts";
import { asOperator, OperatorError } from "./installation.ts";

export const help = `secretariat import FILE --edition EDITION --delegation KEY [--interpreters KEY] [--lang en|zh-CN] [--write]

Shows what each row of a CSV file would become, and every problem in it. With --write the good rows are taken in.
EDITION is the short name in its addresses; KEY names the delegation that the people belong to, as in the programme file.`;

export async function run(args: ReadonlyArray<string>): Promise<boolean> {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      edition: { type: "string" },
      delegation: { type: "string" },
      interpreters: { type: "string" },
      lang: { type: "string", default: "en" },
      write: { type: "boolean", default: false },
    },
  });
  const [file, ...more] = positionals;
  const { edition: slug, delegation: key } = values;
  if (file === undefined || more.length > 0 || slug === undefined || key === undefined)
    throw new OperatorError("Name one file, an --edition and a --delegation.");
  const locale = LOCALES.find((known) => known === values.lang);
  if (locale === undefined) throw new OperatorError(`--lang is one of ${LOCALES.join(", ")}.`);
  const read = readPeopleFile(readFileSync(file));
  if (!read.ok) throw new OperatorError(`${file} cannot be read as a table (${read.refusal}).`);
  await asOperator(async (operator) => {
    const { ctx, delegationId } = scopeOf(operator, slug, key);
    const interpreterDelegationId =
      values.interpreters === undefined ? null : scopeOf(operator, slug, values.interpreters).delegationId;
    const request = { text: read.value, delegationId, interpreterDelegationId };
    showPreview(ctx, request, locale);
    if (!values.write) {
      console.log("Nothing was written. --write takes the good rows in.");
      return;
    }
    const done = await importPeople(ctx, request);
    if (!done.ok) throw new OperatorError(`Nothing was written (${done.refusal}).`);
    console.log(`Written: ${done.value.created} new, ${done.value.known} known before.`);
  });
  return true;
}

type Request = Parameters<typeof previewImport>[1];

function showPreview(ctx: StaffContext, request: Request, locale: Locale): void {
  const preview = previewImport(ctx, request);
  if (!preview.ok) throw new OperatorError(`The file cannot be taken (${preview.refusal}).`);
  const say = (remark: Remark) => translate(locale, remark.key, remark.values);
  for (const remark of [...preview.value.problems, ...preview.value.notes]) console.log(say(remark));
  for (const row of preview.value.rows) {
    // The terminal is the operator's own; still no line of it may move the cursor.
    const name = [row.facts.nameLatin, row.facts.nameNative].filter((each) => each !== "").join("  ");
    console.log(`${String(row.row).padStart(4)}  ${row.fate.padEnd(8)}${name.replaceAll(/\p{Cc}/gu, "�")}`);
    for (const remark of [...row.problems, ...row.notes]) console.log(`      ${say(remark)}`);
  }
}

/** The operator at work on the side that answers for a delegation. */
function scopeOf(
  operator: DomainContext,
  slug: string,
  key: string,
): { ctx: StaffContext; delegationId: string } {
  const found = operator.db.orm
    .select({ editionId: edition.id, delegationId: delegation.id, sideId: delegation.coHostId })
    .from(delegation)
    .innerJoin(edition, eq(edition.id, delegation.editionId))
    .where(and(eq(edition.slug, slug), eq(delegation.key, key)))
    .get();
  if (found === undefined)
    throw new OperatorError(`There is no delegation "${key}" in an edition "${slug}".`);
  const { editionId, delegationId, sideId } = found;
  return {
    ctx: {
      ...operator,
      scope: { editionId, sideIds: [sideId], permissions: ["lead"], bookSideIds: [sideId] },
    },
    delegationId,
  };
}
