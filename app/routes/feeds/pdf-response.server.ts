/** A PDF file to be kept, under a name that names nobody. */
export function pdfResponse(
  bytes: Uint8Array<ArrayBuffer>,
  name: "letter" | "preview" | "programme" | "badges" | "place-cards",
): Response {
  return new Response(bytes, {
    headers: {
      "Content-Type": "application/pdf",
      "Content-Disposition": `attachment; filename="${name}.pdf"`,
      "Cache-Control": "private, no-store",
      "X-Content-Type-Options": "nosniff",
    },
  });
}
