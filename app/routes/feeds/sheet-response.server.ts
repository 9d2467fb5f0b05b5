const TYPES: Readonly<Record<string, string>> = {
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  pdf: "application/pdf",
};

/** A sheet to be kept, under a name that names nobody. */
export function sheetResponse(bytes: Uint8Array<ArrayBuffer>, file: string): Response {
  return new Response(bytes, {
    headers: {
      "Content-Type": TYPES[file.split(".")[1] ?? ""] ?? "application/octet-stream",
      "Content-Disposition": `attachment; filename="${file}"`,
      "Cache-Control": "private, no-store",
      "X-Content-Type-Options": "nosniff",
    },
  });
}
