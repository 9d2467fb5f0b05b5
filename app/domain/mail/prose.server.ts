/**
 * What staff write for many is read as Markdown: emphasis, headings, lists, rules and links that they typed; nothing
 * else, no HTML, no address that turns into a link by itself. Marks are read first and placeholders filled afterwards,
 * in one pass: what a value contains is text, whatever it looks like.
 */
import MarkdownIt from "markdown-it";
import { MESSAGE_BLOCKS, type MessageBlock } from "#db/vocabulary.ts";
import type { Prose, ProseRun } from "#emails/payload.ts";
import { fillPlaceholders } from "../invitation/text.ts";

const markdown = new MarkdownIt("zero", { html: false, linkify: false, typographer: false }).enable([
  "heading",
  "list",
  "hr",
  "emphasis",
  "link",
  "escape",
  "newline",
]);
// Which addresses may stand in a mail is the check's to say, by name; here none is dropped without a word.
markdown.validateLink = () => true;
markdown.normalizeLink = (address) => address;
markdown.normalizeLinkText = (text) => text;

type Token = ReturnType<typeof markdown.parse>[number];

/** The marks of a text, with its placeholders as they stand. */
export function readProse(text: string): Prose {
  const found: Array<Prose[number]> = [];
  // A list in a list is one list: mail programs disagree on how far the inner one is set in.
  let depth = 0;
  let ordered = false;
  let items: Array<ReadonlyArray<ProseRun>> = [];
  let heading = false;
  for (const token of markdown.parse(text.replaceAll(/\r\n?/g, "\n"), {})) {
    switch (token.type) {
      case "bullet_list_open":
      case "ordered_list_open":
        if (depth === 0) {
          ordered = token.type === "ordered_list_open";
          items = [];
        }
        depth += 1;
        break;
      case "bullet_list_close":
      case "ordered_list_close":
        depth -= 1;
        if (depth === 0) found.push({ type: "list", ordered, items });
        break;
      case "heading_open":
        heading = true;
        break;
      case "heading_close":
        heading = false;
        break;
      case "hr":
        found.push({ type: "rule" });
        break;
      case "inline": {
        const runs = runsOf(token.children ?? []);
        if (depth > 0) items.push(runs);
        else found.push(blockOf(runs) ?? { type: heading ? "heading" : "paragraph", runs });
        break;
      }
      default:
        break;
    }
  }
  return found;
}

/** A paragraph that is nothing but the name of something that the mail writes itself. */
function blockOf(runs: ReadonlyArray<ProseRun>): Prose[number] | null {
  const [only, ...others] = runs;
  if (only === undefined || others.length > 0) return null;
  const name = /^\s*\{(\w+)\}\s*$/.exec(only.text)?.[1];
  const block = MESSAGE_BLOCKS.find((each) => each === name);
  return block === undefined ? null : { type: "block", name: block };
}

function runsOf(tokens: ReadonlyArray<Token>): Array<ProseRun> {
  const runs: Array<ProseRun> = [];
  let strong = 0;
  let em = 0;
  let href: string | null = null;
  const add = (text: string) => {
    if (text === "") return;
    const last = runs.at(-1);
    const run: ProseRun = {
      text,
      ...(strong > 0 ? { strong: true as const } : {}),
      ...(em > 0 ? { em: true as const } : {}),
      ...(href === null ? {} : { href }),
    };
    if (last !== undefined && last.strong === run.strong && last.em === run.em && last.href === run.href)
      runs[runs.length - 1] = { ...last, text: last.text + text };
    else runs.push(run);
  };
  for (const token of tokens) {
    if (token.type === "strong_open") strong += 1;
    else if (token.type === "strong_close") strong -= 1;
    else if (token.type === "em_open") em += 1;
    else if (token.type === "em_close") em -= 1;
    else if (token.type === "link_open") href = String(token.attrGet("href") ?? "");
    else if (token.type === "link_close") href = null;
    else if (token.type === "softbreak" || token.type === "hardbreak") add("\n");
    else add(token.content);
  }
  return runs;
}

/** The text with one person's values in it: in runs of text alone, never in the address of a link. */
export function fillProse(prose: Prose, values: Readonly<Record<string, string>>): Prose {
  const fill = (runs: ReadonlyArray<ProseRun>) =>
    runs.map((run) => ({ ...run, text: fillPlaceholders(run.text, values) }));
  return prose.map((block) => {
    switch (block.type) {
      case "paragraph":
      case "heading":
        return { ...block, runs: fill(block.runs) };
      case "list":
        return { ...block, items: block.items.map(fill) };
      default:
        return block;
    }
  });
}

/** The blocks that a text has a place for. */
export function blocksOf(prose: Prose): Array<MessageBlock> {
  return prose.flatMap((block) => (block.type === "block" ? [block.name] : []));
}

/** The addresses of the links that staff typed. */
export function linksOf(prose: Prose): Array<string> {
  const runs = prose.flatMap((block) =>
    block.type === "paragraph" || block.type === "heading"
      ? block.runs
      : block.type === "list"
        ? block.items.flat()
        : [],
  );
  return [...new Set(runs.flatMap(({ href }) => (href === undefined ? [] : [href])))];
}

/** All that stands in runs of text: what a reader reads before any value is in it. */
export function wordsOf(prose: Prose): string {
  return prose
    .flatMap((block) =>
      block.type === "paragraph" || block.type === "heading"
        ? block.runs
        : block.type === "list"
          ? block.items.flat()
          : [],
    )
    .map(({ text }) => text)
    .join(" ");
}
