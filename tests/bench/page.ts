import { createElement, type ReactElement } from "react";
import { type Template, template } from "./statements.ts";

/*
 * A page of the product as a React page without the product: the same elements, attributes and texts, made anew for
 * each answer by `createElement` and nothing else. No catalogue, no components, no formatting of dates, no router.
 */

type Filled = { facts: ReadonlyArray<string> };
type Build = (filled: Filled, key: number) => ReactElement | string;

const VOID = new Set(["area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"]);
const BOOLEAN = new Set(["required", "checked", "disabled", "selected", "multiple", "open", "hidden"]);
const ENTITIES: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#x27;": "'",
};

function decode(text: string): string {
  return text.replaceAll(/&(?:amp|lt|gt|quot|#x27);/g, (entity) => ENTITIES[entity] ?? entity);
}

type Open = {
  tag: string;
  attributes: ReadonlyArray<readonly [string, Template | true]>;
  children: Array<Build>;
};

function build({ tag, attributes, children }: Open): Build {
  return (filled, key) => {
    const props: Record<string, unknown> = { key };
    for (const [name, value] of attributes) props[name] = value === true ? true : value(filled.facts, []);
    if (tag === "textarea") {
      props.defaultValue = children.map((child) => child(filled, 0)).join("");
      return createElement(tag, props);
    }
    return createElement(tag, props, ...children.map((child, index) => child(filled, index)));
  };
}

/**
 * Reads HTML as React writes it (every element closed, every attribute in double quotes).
 *
 * @param known facts of the invitee whose page it is; the page can be made for others with theirs.
 */
export function pageFromHtml(
  html: string,
  known: ReadonlyArray<string>,
): (facts: ReadonlyArray<string>) => ReactElement {
  const top: Open = { tag: "", attributes: [], children: [] };
  const stack: Array<Open> = [top];
  const markup =
    /<!--.*?-->|<!DOCTYPE[^>]*>|<\/([a-z0-9]+)>|<([a-zA-Z0-9]+)((?:\s[^\s=>]+(?:="[^"]*")?)*)\s*(\/?)>/gs;
  let at = 0;
  const here = () => stack.at(-1) ?? top;
  const addText = (text: string) => {
    if (text === "") return;
    const made = template(decode(text), known, []);
    here().children.push((filled) => made(filled.facts, []));
  };
  for (const match of html.matchAll(markup)) {
    addText(html.slice(at, match.index));
    at = match.index + match[0].length;
    const [, closed, opened, attributeText = "", selfClosed] = match;
    if (closed !== undefined) {
      const done = stack.pop();
      if (done?.tag !== closed) throw new Error(`</${closed}> closes <${done?.tag}>`);
      here().children.push(build(done));
    } else if (opened !== undefined) {
      const attributes = [...attributeText.matchAll(/\s([^\s=>]+)(?:="([^"]*)")?/g)].map(
        ([, name = "", value = ""]) =>
          [name, value === "" && BOOLEAN.has(name) ? true : template(decode(value), known, [])] as const,
      );
      const element: Open = { tag: opened, attributes, children: [] };
      if (VOID.has(opened) || selfClosed === "/") here().children.push(build(element));
      else stack.push(element);
    }
  }
  const root = top.children[0];
  if (stack.length !== 1 || root === undefined) throw new Error("The page is not whole");
  return (facts) => {
    const element = root({ facts }, 0);
    if (typeof element === "string") throw new Error("The page is not an element");
    return element;
  };
}
