import { createHash } from "node:crypto";
import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import type { ExportFormat, Locale } from "#db/vocabulary.ts";
import { notFound, requirePost } from "../../context.server.ts";
import type { PeopleFile } from "../../documents/people-file.ts";
import { finishTaking, type TakenExport, takeExport } from "../../domain/export/commands.server.ts";
import { exportHead, findExport } from "../../domain/export/queries.server.ts";
import { exportRows } from "../../domain/export/rows.server.ts";
import { orderOf } from "../../domain/export/rules.ts";
import { delegationsOfScope } from "../../domain/person/queries.server.ts";
import { clockTime24, dayOf, deskMoment } from "../../i18n/dates.ts";
import { type Translate, translator } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";
import { exportReader } from "../staff/export-reader.server.ts";
import { fileColumns, fileRow, inEach } from "../staff/export-words.ts";

const TYPES: Readonly<Record<ExportFormat, string>> = {
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  csv: "text/csv; charset=utf-8",
  pdf: "application/pdf",
};

/** Taking a file is recorded, so it is asked for with a POST. One that is not there is not there here either. */
export async function loader(args: LoaderFunctionArgs) {
  const { readers } = await exportReader(args);
  if (findExport(readers, args.params.export ?? "") === null) throw notFound();
  throw data(null, { status: 405, headers: { Allow: "POST" } });
}

/** The file, made while it goes out. Its name says nothing of anybody. */
export async function action(args: ActionFunctionArgs) {
  requirePost(args.request);
  const { readers, account, edition, locale } = await exportReader(args);
  const exportId = args.params.export ?? "";
  const found = findExport(readers, exportId);
  if (found === null) throw notFound();
  const taken = await takeExport(found.ctx, exportId);
  // Whoever had its page open a day ago is told there.
  if (!taken.ok) throw redirect(`${paths.exportFile(edition.slug, exportId)}?${taken.refusal}`, 303);
  const { format } = taken.value;
  const body = await bodyOf(taken.value, { name: account.name, locale });
  return new Response(body.pipeThrough(noting(taken.value)), {
    headers: {
      "Content-Type": TYPES[format],
      "Content-Disposition": `attachment; filename="people.${format}"`,
      "Cache-Control": "private, no-store",
      "X-Content-Type-Options": "nosniff",
    },
  });
}

type Taker = { name: string; locale: Locale };

async function bodyOf(taken: TakenExport, taker: Taker): Promise<ReadableStream<Uint8Array>> {
  const { ctx, purpose, language, columns, view, format, at } = taken;
  const head = exportHead(ctx);
  const words = { timeZone: head.timeZone, delegations: delegationsOfScope(ctx) };
  const file: PeopleFile = {
    sheet: inEach(language, (locale) => translator(locale)("export.file.sheet")),
    above: linesAbove(taken, taker.name),
    columns: fileColumns(columns, language, head.timeZone),
    parts: exportRows(ctx, { purpose, view, columns }, fileRow(columns, language, words)),
  };
  if (format === "pdf") {
    const [{ peoplePdf }, { paperOf }] = await Promise.all([
      import("../../documents/people-pdf.server.ts"),
      import("../../documents/pdf.server.ts"),
    ]);
    const delegation = columns.findIndex(({ key }) => key === "delegation");
    const isParted = view.groupBy === "delegation" || orderOf(view) === "protocol";
    const { timeZone } = head;
    const bytes = await peoplePdf({
      ...file,
      // Chinese marks keep their width; those inside Latin words do not need it.
      locale: language === "both" ? "zh-CN" : language,
      paper: paperOf(taker.locale),
      at,
      stamp: `${taker.name} · ${dayOf(at, timeZone)} ${clockTime24(at, timeZone)}`,
      partsBy: isParted && delegation >= 0 && columns.length > 1 ? delegation : null,
    });
    return new Blob([bytes]).stream();
  }
  const { peopleCsv, peopleXlsx } = await import("../../documents/people-file.ts");
  return format === "csv" ? peopleCsv(file) : peopleXlsx(file);
}

/** What stands on it wherever it goes: whose, for what, as of when, in which order, and who took it. */
function linesAbove({ ctx, language, purpose, view, people, at }: TakenExport, taker: string) {
  const { editionEn, editionZh, timeZone } = exportHead(ctx);
  const lines: ReadonlyArray<(t: Translate, locale: Locale) => string> = [
    (_, locale) => (locale === "en" ? editionEn || editionZh : editionZh || editionEn),
    (t) => t("export.file.purpose", { purpose: t(`export.purpose.${purpose}`), people }),
    (t, locale) => t("export.file.asOf", { when: deskMoment(at, timeZone, locale) }),
    (t) => t(`export.file.order.${orderOf(view)}`),
    (t) => t("export.file.by", { name: taker }),
  ];
  return lines.map((line) => inEach(language, (locale) => line(translator(locale), locale)));
}

/** Lets everything through, and notes the digest once the last of it has gone. */
function noting({ ctx, takingId }: TakenExport): TransformStream<Uint8Array, Uint8Array> {
  const hash = createHash("sha256");
  return new TransformStream({
    transform(chunk, controller) {
      hash.update(chunk);
      controller.enqueue(chunk);
    },
    flush: () => finishTaking(ctx, { takingId, sha256: hash.digest("hex") }),
  });
}
