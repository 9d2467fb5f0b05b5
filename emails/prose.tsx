import { Link } from "@react-email/components";
import { Fragment, type ReactNode } from "react";
import { htmlLang } from "../app/i18n/translate.ts";
import type { Locale } from "../db/vocabulary.ts";
import { Bullets, Heading, In, LINK_COLOUR, Paragraph, Rule } from "./layout.tsx";
import type { Opening, Prose, ProseRun } from "./payload.ts";
import { plain, type Writing } from "./words.ts";

/** What staff wrote with marks, as text and as HTML. */

/** The text in this language, or in the other when that is all there is. */
export function ownProse(
  locale: Locale,
  { proseEn, proseZh }: { proseEn: Prose; proseZh: Prose },
): { prose: Prose; locale: Locale } {
  const [own, other] = locale === "en" ? [proseEn, proseZh] : [proseZh, proseEn];
  if (own.length > 0) return { prose: own, locale };
  return { prose: other, locale: locale === "en" ? "zh-CN" : "en" };
}

type Block = Exclude<Prose[number], { type: "block" }>;

/** One paragraph, heading or list as lines of plain text. */
export function proseLines(block: Block): Array<string> {
  switch (block.type) {
    case "paragraph":
    case "heading":
      return [runsText(block.runs)];
    case "list":
      return block.items.map((runs, n) => `${block.ordered ? `${n + 1}.` : "-"} ${runsText(runs)}`);
    case "rule":
      return ["-".repeat(32)];
    default:
      return block satisfies never;
  }
}

/** A side's own words above what a mail says by itself: lines of text, each paragraph set off by an empty one. */
export function openingText({ locale }: Writing, opening: Opening): Array<string> {
  return ownProse(locale, opening).prose.flatMap((block, index) =>
    block.type === "block" ? [] : [...(index === 0 ? [] : [""]), ...proseLines(block)],
  );
}

/** The same as HTML. */
export function OpeningPart({ writing, opening }: { writing: Writing; opening: Opening }) {
  const { prose, locale } = ownProse(writing.locale, opening);
  return (
    <div lang={locale === writing.locale ? undefined : htmlLang(locale)}>
      {prose.map((block, index) =>
        block.type === "block" ? null : (
          // biome-ignore lint/suspicious/noArrayIndexKey: rendered once, never changed
          <ProsePart key={index} block={block} locale={locale} />
        ),
      )}
    </div>
  );
}

function lines(text: string): Array<string> {
  return text.split("\n").map((line) => blanks(line));
}

/** Like `plain`, with the blanks between runs kept. */
function blanks(line: string): string {
  const [, before = "", after = ""] = /^(\s*).*?(\s*)$/su.exec(line) ?? [];
  const text = plain(line);
  return text === ""
    ? line === ""
      ? ""
      : " "
    : `${before === "" ? "" : " "}${text}${after === "" ? "" : " "}`;
}

function runsText(runs: ReadonlyArray<ProseRun>): string {
  return runs
    .map(({ text, href }) => {
      const shown = lines(text).join("\n");
      return href === undefined || href === shown ? shown : `${shown} <${href}>`;
    })
    .join("");
}

function Runs({ runs, locale }: { runs: ReadonlyArray<ProseRun>; locale: Locale }) {
  return runs.map((run, index) => {
    const shown: ReactNode = lines(run.text).map((line, n) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: rendered once, never changed
      <Fragment key={n}>
        {n === 0 ? null : <br />}
        <In run={{ text: line, locale }} page={locale} />
      </Fragment>
    ));
    const strong = run.strong === true ? <strong>{shown}</strong> : shown;
    const marked = run.em === true ? <em>{strong}</em> : strong;
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: rendered once, never changed
      <Fragment key={index}>
        {run.href === undefined ? (
          marked
        ) : (
          <Link href={run.href} style={{ color: LINK_COLOUR, textDecoration: "underline" }}>
            {marked}
          </Link>
        )}
      </Fragment>
    );
  });
}

export function ProsePart({ block, locale }: { block: Block; locale: Locale }) {
  switch (block.type) {
    case "paragraph":
      return (
        <Paragraph>
          <Runs runs={block.runs} locale={locale} />
        </Paragraph>
      );
    case "heading":
      return (
        <Heading>
          <Runs runs={block.runs} locale={locale} />
        </Heading>
      );
    case "list":
      return (
        <Bullets
          ordered={block.ordered}
          items={block.items.map((runs, n) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rendered once, never changed
            <Runs key={n} runs={runs} locale={locale} />
          ))}
        />
      );
    case "rule":
      return <Rule />;
    default:
      return block satisfies never;
  }
}
