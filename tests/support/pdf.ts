import { getDocumentProxy } from "unpdf";

/** What stands on the pages of a PDF file; what was written beneath a page's edge does not. */
export async function pdfText(bytes: Uint8Array): Promise<string> {
  const pdf = await getDocumentProxy(bytes.slice());
  const onPaper: Array<string> = [];
  for (let n = 1; n <= pdf.numPages; n += 1) {
    const { items } = await (await pdf.getPage(n)).getTextContent();
    for (const item of items) if ("str" in item && item.transform[5] > 0) onPaper.push(item.str);
  }
  return onPaper.join(" ");
}
