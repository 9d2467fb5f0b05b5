/* Tables as CSV, the one way in which they leave here. */

/**
 * A file that Excel opens as what it is: UTF-8 with its mark, CRLF, every cell quoted, no cell a formula.
 *
 * @param lines headings first, and whatever is said above them.
 */
export function csvFile(lines: Iterable<ReadonlyArray<string>>): string {
  let file = "\ufeff";
  for (const cells of lines) file += `${cells.map(csvCell).join(",")}\r\n`;
  return file;
}

/**
 * One quoted cell. Spreadsheets run what begins with `= + - @`, their full-width forms, a tab or a line end; an
 * apostrophe before it makes it text. So it is whatever spaces stand in front.
 */
export function csvCell(text: string): string {
  // Most cells begin with a letter, a digit or a character: nothing stands before those, and they begin no formula.
  if (/^[\dA-Za-z\u4e00-\u9fff]/.test(text))
    return text.includes('"') ? `"${text.replaceAll('"', '""')}"` : `"${text}"`;
  const guarded = /^[\s\u200b\ufeff]*[=+\-@＝＋－＠]|^[\t\r\n]/u.test(text) ? `'${text}` : text;
  return `"${guarded.replaceAll('"', '""')}"`;
}
