import type { RouteConfigEntry } from "@remix-run/route-config";
import { describe, expect, test } from "vitest";
import { catalogue } from "#app/i18n/catalogue/index.ts";
import { paths } from "#app/paths.ts";
import * as vocabulary from "#db/vocabulary.ts";
import { readSource, type Source, sourcesOf, withoutComments } from "./sources.ts";

const code = sourcesOf("app", "db", "emails", "server.ts").map(({ path, text }) => ({
  path,
  text: withoutComments(text),
}));

/** `path:line` of each place where a pattern is found. */
function places(sources: ReadonlyArray<Source>, pattern: RegExp): ReadonlyArray<string> {
  return sources.flatMap(({ path, text }) =>
    text.split("\n").flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}`] : [])),
  );
}

describe("time", () => {
  test("comes from the clock that a function was given", () => {
    const timed = code.filter(({ path }) =>
      /^(app\/(domain|routes|documents|components)|emails)\//.test(path),
    );
    // better-auth lives in the machine's own time, and says so.
    const own = timed.filter(({ path }) => !path.startsWith("app/domain/access/"));
    expect(places(own, /\bnew Date\(\)|\bDate\.now\(/)).toEqual([]);
  });

  test("of the day has 24 hours on every page of staff, in either language", () => {
    const staff = code.filter(({ path }) => path.startsWith("app/routes/staff/"));
    expect(places(staff, /\b(?:clockTime|timeRange|moment|shortRange|zonedRange)\(/)).toEqual([]);
  });
});

describe("writes", () => {
  test("end in `.run()`, or nothing would be written", () => {
    const wrong = code.flatMap(({ path, text }) =>
      [...text.matchAll(/\.(?:insert|update|delete)\((?!\))/g)]
        .filter(({ index }) => isOfDatabase(text, index) && !endsWell(text.slice(index)))
        .map(({ index }) => `${path}:${text.slice(0, index).split("\n").length}`),
    );
    expect(wrong).toEqual([]);
  });

  test("never wait for anything inside a transaction", () => {
    expect(places(code, /\.(?:write|transaction)\(\s*async\b/)).toEqual([]);
  });
});

/** `tx.insert(…)`, `orm.update(…)`: not `headers.delete(…)`. */
function isOfDatabase(text: string, index: number): boolean {
  return /\b(?:tx|orm|db)\s*$/.test(text.slice(Math.max(0, index - 40), index));
}

/** Follows a chain of calls to its end: the last one must run it, prepare it, or give rows. */
function endsWell(chain: string): boolean {
  let depth = 0;
  let last = "";
  for (let at = 0; at < chain.length; at++) {
    const character = chain[at] ?? "";
    if (depth === 0) {
      const call = /^\s*\??\.(\w+)\s*(?=\()/.exec(chain.slice(at));
      if (call !== null) {
        last = call[1] ?? "";
        at += call[0].length - 1;
        continue;
      }
      if (character !== "(") break;
    }
    if ("([{".includes(character)) depth += 1;
    if (")]}".includes(character)) depth -= 1;
  }
  return ["run", "all", "get", "prepare"].includes(last);
}

describe("pages", () => {
  const screens = code.filter(({ path }) => /^app\/.*\.tsx$/.test(path));

  test("have no inline styles and no handlers in attributes: the policy forbids them", () => {
    expect(places(screens, /\sstyle=[{"]/)).toEqual([]);
    expect(places(screens, /\bdangerouslySetInnerHTML\b/)).toEqual([]);
  });

  test("load nothing from other hosts", () => {
    expect(places(screens, /(?:src|href)="https?:\/\//)).toEqual([]);
    expect(readSource("app/styles/look.css")).not.toMatch(/url\(\s*["']?(?:https?:)?\/\/|@import/);
  });

  test("link by app/paths.ts alone", () => {
    expect(places(screens, /(?:href|action|to)=(?:"|\{`|\{")\/(?!\/)/)).toEqual([]);
  });

  test("are drawn anew when the framework's form was refused for what a colleague wrote", () => {
    const refusing = screens.filter(
      ({ path, text }) => path.startsWith("app/routes/") && /\b409\b/.test(text) && /<Form\b/.test(text),
    );
    expect(refusing.length).toBeGreaterThan(20);
    const kept = refusing.filter(({ text }) => !/\bshouldRevalidate\b/.test(text)).map(({ path }) => path);
    // The list of people is a grid that follows colleagues by itself.
    expect(kept).toEqual(["app/routes/staff/people.tsx"]);
  });

  test("hold no words of their own: every text is in the catalogue", () => {
    // Text between tags that has letters in it; names of keys and code stand in braces.
    const spoken = screens.filter(({ path }) => path !== "app/components/page.tsx");
    expect(
      places(
        spoken,
        /<(?:p|h[1-6]|a|button|label|legend|th|td|li|dt|dd|strong|title|option)\b[^>{}/]*>[^<{]*[A-Za-z\u4e00-\u9fff]{2}/,
      ),
    ).toEqual([]);
  });
});

describe("links", () => {
  type Entry = RouteConfigEntry;
  function patterns(entries: ReadonlyArray<Entry>, above = ""): ReadonlyArray<string> {
    return entries.flatMap((entry) => {
      const own = entry.path === undefined ? above : `${above}/${entry.path}`;
      const isPage = entry.children === undefined || entry.children.length === 0;
      return [...(isPage ? [own === "" ? "/" : own] : []), ...patterns(entry.children ?? [], own)];
    });
  }

  test("app/paths.ts and app/routes.ts name the same addresses", async () => {
    // Remix puts its folder here while it reads the routes; the helpers ask for it.
    Object.assign(globalThis, { __remixAppDirectory: new URL("../../app", import.meta.url).pathname });
    const { default: routes } = await import("#app/routes.ts");
    const known = new Set(patterns(routes).filter((pattern) => pattern !== "/*"));
    const named = new Set(
      Object.values(paths).map((path) => {
        const names = /^\(?([^)]*?)\)?\s*=>/.exec(path.toString())?.[1]?.split(",") ?? [];
        const parameters = names.map((name) => name.trim()).filter((name) => name !== "");
        const call: (...values: ReadonlyArray<string>) => string = path as never;
        return call(...parameters.map((_, index) => `v${index}`)).replace(/\?.*$/, "");
      }),
    );
    const shape = (path: string) => path.replace(/\/(?::[^/.]+|v\d)(?=\/|\.|$)/g, "/:");
    const asked = [...named].map(shape).filter((path) => path !== "/healthz");
    expect(asked.sort()).toEqual([...known].map(shape).sort());
  });
});

describe("the catalogue", () => {
  const users = sourcesOf("app", "emails", "db", "server.ts", "scripts").filter(
    ({ path }) => !path.startsWith("app/i18n/catalogue/"),
  );
  const text = users.map((source) => withoutComments(source.text)).join("\n");
  /** Beginnings of keys that are completed at run time: t(`category.${x}`). */
  const prefixes = [...text.matchAll(/`([a-z][A-Za-z0-9]*\.(?:[\w]+\.)*)(?=\$\{)/g)].map(
    ([, prefix]) => prefix ?? "",
  );
  /** The same with something known after the hole: `system.error.${x}.title`. */
  const literals = new Set(
    [...text.matchAll(/["'`]([a-z][A-Za-z0-9]*(?:\.[\w]+)+)["'`]/g)].map(([, key]) => key),
  );

  test("has each key in one file: the later of two would silently speak for both", () => {
    const keys = sourcesOf("app")
      .filter(({ path }) => path.startsWith("app/i18n/catalogue/"))
      .flatMap(({ text }) => [...text.matchAll(/^ {2}"([^"]+)": \[/gm)].map(([, key]) => key));
    expect(keys.length).toBeGreaterThan(1000);
    expect(keys.filter((key, n) => keys.indexOf(key) !== n)).toEqual([]);
  });

  test("says everything in both languages", () => {
    // By its own type each entry is a type of its own, and comparing thousands of them is most of what types cost.
    const all: Readonly<Record<string, ReadonlyArray<string>>> = catalogue;
    const lacking = Object.entries(all).filter(
      ([, words]) => words.length !== 2 || words.some((each) => each.trim() === ""),
    );
    expect(lacking.map(([key]) => key)).toEqual([]);
  });

  test("keeps no dead key", () => {
    const dead = Object.keys(catalogue).filter(
      (key) => !literals.has(key) && !prefixes.some((prefix) => key.startsWith(prefix)),
    );
    expect(dead).toEqual([]);
  });

  test("has words for every member of every closed list that screens show", () => {
    const lists: Readonly<Record<string, ReadonlyArray<string>>> = {
      category: vocabulary.CATEGORIES,
      sessionFunction: vocabulary.SESSION_FUNCTIONS,
      permission: vocabulary.PERMISSIONS,
      reply: vocabulary.REPLIES,
    };
    const keys = Object.keys(catalogue);
    for (const [list, members] of Object.entries(lists)) {
      if (!keys.some((key) => key.startsWith(`${list}.`))) continue;
      const lacking = members.filter((member) => !keys.includes(`${list}.${member}`));
      expect(lacking, list).toEqual([]);
    }
  });

  test("fills the same blanks in both languages", () => {
    const blanks = (words: string) => new Set([...words.matchAll(/\{\s*(\w+)/g)].map(([, name]) => name));
    // Inside a plural or a choice the branches are words, not blanks.
    const plain = Object.entries(catalogue).filter(([, [en, zh]]) => !/plural|select/.test(en + zh));
    const wrong = plain.filter(
      ([, [en, zh]]) => [...blanks(en)].sort().join() !== [...blanks(zh)].sort().join(),
    );
    expect(wrong.map(([key]) => key)).toEqual([]);
  });
});

test("migrations are described as the journal lists them", () => {
  const journal: unknown = JSON.parse(readSource("db/migrations/meta/_journal.json"));
  expect(journal).toHaveProperty("dialect", "sqlite");
});
