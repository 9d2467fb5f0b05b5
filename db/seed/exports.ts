import type { StaffContext } from "#app/domain/context.ts";
import { endExport, finishTaking, makeExport, takeExport } from "#app/domain/export/commands.server.ts";
import { type Narrowing, usualColumns } from "#app/domain/export/rules.ts";
import { USUAL_VIEW } from "#app/domain/roster/rules.ts";
import { saveView } from "#app/domain/roster/views.server.ts";
import type { ExportFormat, ExportPurpose } from "#db/vocabulary.ts";

const HOUR = 60 * 60_000;
const EVERYBODY: Narrowing = { delegation: null, category: null, reply: null };
const COMING: Narrowing = { ...EVERYBODY, reply: "accepted" };

/** Files that both sides took in the last days: one has expired, one was ended, the others still work. */
export async function seedExports({
  clock,
  us,
  cn,
}: {
  clock: { now(): number; set(instant: number): void };
  us: StaffContext;
  cn: StaffContext;
}): Promise<void> {
  const now = clock.now();
  const kept = await saveView(us, {
    id: null,
    name: "Accepted, not registered · 已接受未注册",
    shared: true,
    view: {
      ...USUAL_VIEW,
      any: [
        [
          { column: "reply", test: "is", value: "accepted" },
          { column: "registration", test: "isNot", value: "submitted" },
        ],
      ],
    },
  });
  if (!kept.ok) throw new Error("The demonstration's view cannot be kept");
  clock.set(now - 50 * HOUR);
  await taken(us, await made(us, { purpose: "participants", format: "pdf", narrowing: COMING }));
  await taken(cn, await made(cn, { purpose: "participants", format: "pdf", narrowing: COMING }));
  clock.set(now - 20 * HOUR);
  const wrong = await made(us, { purpose: "travel", format: "csv", narrowing: EVERYBODY });
  clock.set(now - 19 * HOUR);
  await endExport(us, wrong);
  await taken(us, await made(us, { purpose: "travel", format: "xlsx", narrowing: COMING }));
  clock.set(now - 2 * HOUR);
  await taken(cn, await made(cn, { purpose: "badges", format: "xlsx", narrowing: COMING }));
  await made(us, { purpose: "contacts", format: "xlsx", narrowing: EVERYBODY });
  clock.set(now);
}

async function made(
  ctx: StaffContext,
  { purpose, format, narrowing }: { purpose: ExportPurpose; format: ExportFormat; narrowing: Narrowing },
): Promise<string> {
  const result = await makeExport(ctx, {
    purpose,
    format,
    language: "both",
    columns: usualColumns(purpose, USUAL_VIEW),
    wanted: { view: USUAL_VIEW, narrowing, order: "protocol" },
  });
  if (!result.ok) throw new Error(`The demonstration's file was refused: ${result.refusal}`);
  return result.value.exportId;
}

async function taken(ctx: StaffContext, exportId: string): Promise<void> {
  const result = await takeExport(ctx, exportId);
  if (!result.ok) throw new Error(`The demonstration's file cannot be taken: ${result.refusal}`);
  await finishTaking(ctx, { takingId: result.value.takingId, sha256: "" });
}
