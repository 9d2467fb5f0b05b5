/**
 * The mail as HTML, with what only some mail programs understand around what all of them do. QQ and 163 drop the head
 * and with it both of these; nothing may be missing then. Outlook on Windows draws with Word: it knows no widest width
 * and lets tables forget the type that was set around them. Comments like these are Word's to read and nobody else's.
 */
import type { ReactElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";

/** Where the mail program says that the lights are off, links are lighter. */
const DARK = "<style>@media (prefers-color-scheme:dark){a{color:#8ab8dd!important}}</style>";

const WORD_TYPE =
  "<!--[if mso]><style>table,td,th,p,div,a{font-family:'Segoe UI','Microsoft YaHei',sans-serif}td,th{font-size:12pt;line-height:1.5}</style><![endif]-->";
const WORD_PAPER = '<!--[if mso]><table role="presentation" width="620" align="left"><tr><td><![endif]-->';
const WORD_PAPER_ENDS = "<!--[if mso]></td></tr></table><![endif]-->";

const HEAD_ENDS = "</head>";
const PAPER = 'style="max-width:38em">';
const PAPER_ENDS = "</td></tr></tbody></table></body></html>";

/** A whole document. What people typed is text in it by now: none of the marks looked for can be theirs. */
export function mailHtml(document: ReactElement): string {
  const html = renderToStaticMarkup(document);
  const head = html.indexOf(HEAD_ENDS);
  const paper = html.lastIndexOf("<table ", html.indexOf(PAPER));
  if (head < 0 || paper < head || !html.endsWith(PAPER_ENDS))
    throw new Error("A mail is laid out in another way than its frame expects");
  const end = html.length - PAPER_ENDS.length;
  return [
    "<!doctype html>",
    html.slice(0, head),
    DARK,
    WORD_TYPE,
    html.slice(head, paper),
    WORD_PAPER,
    html.slice(paper, end),
    WORD_PAPER_ENDS,
    html.slice(end),
  ].join("");
}
