import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { and, eq } from "drizzle-orm";
import type { DomainContext, StaffContext } from "../../app/domain/context.ts";
import { type ImportChoice, importTable } from "../../app/domain/import/commands.server.ts";
import { type ImportPlan, type ImportRequest, planImport } from "../../app/domain/import/plan.server.ts";
import type { Remark } from "../../app/domain/import/reading.ts";
import { readTable } from "../../app/domain/import/table.server.ts";
import { translate } from "../../app/i18n/translate.ts";
import { delegation, edition } from "../../db/schema/index.ts";
import { LOCALES, type Locale } from "../../db/vocabulary.ts";
import { asOperator, OperatorError } from "./installation.ts";

export const help = `secretariat import FILE --edition EDITION --delegation KEY [--interpreters KEY] [--lang en|zh-CN] [--write [--change]]

Shows what each row of a CSV file or a workbook would become, and every problem in it. With --write those who are new
are taken in; with --change as well, people who are invited already are changed to what the file says of them. Staff
see the import on its page and can take it back there.
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
      change: { type: "boolean", default: false },
    },
  });
  const [file, ...more] = positionals;
  const { edition: slug, delegation: key } = values;
  if (file === undefined || more.length > 0 || slug === undefined || key === undefined)
    throw new OperatorError("Name one file, an --edition and a --delegation.");
  const locale = LOCALES.find((known) => known === values.lang);
  if (locale === undefined) throw new OperatorError(`--lang is one of ${LOCALES.join(", ")}.`);
  const read = await readTable(readFileSync(file));
  if (!read.ok) throw new OperatorError(`${file} cannot be read as a table (${read.refusal}).`);
  await asOperator(async (operator) => {
    const { ctx, delegationId } = scopeOf(operator, slug, key);
    const interpreterDelegationId =
      values.interpreters === undefined ? null : scopeOf(operator, slug, values.interpreters).delegationId;
    const request: ImportRequest = { table: read.value, delegationId, interpreterDelegationId };
    const plan = shownPlan(ctx, request, locale);
    if (!values.write) {
      console.log("Nothing was written. --write takes the good rows in.");
      return;
    }
    const done = await importTable(ctx, { ...request, choice: choiceOf(plan, { change: values.change }) });
    if (!done.ok) throw new OperatorError(`Nothing was written (${done.refusal}).`);
    const { created, known, changed } = done.value;
    console.log(`Written: ${created} new, ${known} known before, ${changed} changed.`);
  });
  return true;
}

/** All that a plan has chosen; of people who are invited already nothing, unless it was asked for. */
function choiceOf({ rows }: ImportPlan, { change }: { change: boolean }): ImportChoice {
  const chosen = rows.filter(({ isChosen, fate }) => isChosen && (change || fate !== "changed"));
  return {
    rows: chosen.map(({ row }) => row),
    cells: chosen.flatMap(({ row, cells }) =>
      cells.flatMap(({ column, isChosen }) => (isChosen ? [`${row}.${column}`] : [])),
    ),
  };
}

function shownPlan(ctx: StaffContext, request: ImportRequest, locale: Locale): ImportPlan {
  const plan = planImport(ctx, request);
  if (!plan.ok) throw new OperatorError(`The file cannot be taken (${plan.refusal}).`);
  const say = (remark: Remark) => translate(locale, remark.key, remark.values);
  // The terminal is the operator's own; still no line of it may move the cursor.
  const tell = (line: string) => console.log(line.replaceAll(/\p{Cc}/gu, "�"));
  for (const remark of [...plan.value.problems, ...plan.value.notes]) tell(say(remark));
  for (const row of plan.value.rows) {
    const typed = [row.facts.nameLatin, row.facts.nameNative].filter((each) => each !== "").join("  ");
    const name = row.person?.name ?? typed;
    tell(`${String(row.row).padStart(4)}  ${row.fate.padEnd(9)}${name}`);
    for (const { column, before, after, problems } of row.cells) {
      tell(`      ${column}: ${before} → ${after}`);
      for (const remark of problems) tell(`        ${say(remark)}`);
    }
    for (const remark of [...row.problems, ...row.notes]) tell(`      ${say(remark)}`);
  }
  return plan.value;
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
