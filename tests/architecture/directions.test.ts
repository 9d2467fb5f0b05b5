import { describe, expect, test } from "vitest";
import { importsOf, readSource, type Source, sourcesOf, withoutComments } from "./sources.ts";

/*
 * One arrow: routes → domain → db. Emails, documents, components, i18n, platform and the vocabulary are leaves: they
 * are given data and fetch none. server.ts ties the process together, context.server.ts a request.
 */

const all = sourcesOf("app", "db", "emails", "server.ts", "scripts");

/** The part of the house that a path belongs to. */
function roomOf(path: string): string {
  if (path === "db/vocabulary.ts") return "vocabulary";
  if (path.startsWith("db/seed/")) return "seed";
  const [top = "", second = ""] = path.split("/");
  if (top !== "app") return path === "server.ts" ? "server" : top;
  if (path === "app/context.server.ts" || path === "app/services.server.ts") return "context";
  if (path === "app/paths.ts") return "paths";
  if (/^app\/[^/]+$/.test(path)) return "shell";
  return second;
}

/** What each room may import besides itself. */
const MAY: Readonly<Record<string, ReadonlyArray<string>>> = {
  vocabulary: [],
  paths: [],
  i18n: ["vocabulary"],
  platform: ["i18n", "vocabulary"],
  components: ["i18n", "vocabulary", "paths", "platform", "styles"],
  documents: ["i18n", "vocabulary", "platform"],
  emails: ["i18n", "vocabulary", "paths"],
  db: ["vocabulary"],
  domain: ["db", "vocabulary", "i18n", "platform", "paths", "emails", "documents"],
  context: ["domain", "db", "vocabulary", "i18n", "platform", "paths"],
  routes: [
    "context",
    "domain",
    "vocabulary",
    "components",
    "documents",
    "i18n",
    "platform",
    "paths",
    "styles",
  ],
  shell: ["routes", "context", "components", "i18n", "paths", "vocabulary", "styles"],
  seed: ["db", "domain", "platform", "vocabulary", "i18n", "paths"],
  server: ["context", "domain", "db", "seed", "platform", "components", "vocabulary", "i18n"],
  scripts: ["server", "domain", "db", "platform", "vocabulary", "i18n"],
};

/**
 * Types say what a leaf is given; they fetch nothing. A leaf may name the views of the domain that it draws, and the
 * Tx or Log that it is handed.
 */
const MAY_NAME: Readonly<Record<string, ReadonlyArray<string>>> = {
  components: ["domain"],
  documents: ["domain"],
  emails: ["domain"],
  domain: ["context"],
  routes: ["db", "emails"],
  platform: ["db"],
};

const arrow = (source: Source, target: string) => `${source.path} → ${target}`;

test("imports follow the one arrow", () => {
  const wrong = all.flatMap((source) => {
    const room = roomOf(source.path);
    const values = importsOf(source, { types: false });
    return importsOf(source)
      .filter((target) => {
        const other = roomOf(target);
        if (other === room) return false;
        if ((MAY[room] ?? []).includes(other)) return false;
        return values.includes(target) || !(MAY_NAME[room] ?? []).includes(other);
      })
      .map((target) => arrow(source, target));
  });
  expect(wrong).toEqual([]);
});

test("every room is known to this test", () => {
  const rooms = new Set(all.map(({ path }) => roomOf(path)));
  expect([...rooms].filter((room) => !(room in MAY))).toEqual([]);
});

describe("what may run in a browser", () => {
  test("rules, forms, components and words never import the server's parts, not even through others", () => {
    const byPath = new Map(all.map((source) => [source.path, source]));
    const leaking: Array<string> = [];
    const starts = all.filter(
      ({ path }) =>
        /^app\/(components|i18n)\//.test(path) ||
        /^app\/domain\/.*\/(rules|form)\.ts$/.test(path) ||
        path === "app/paths.ts",
    );
    for (const start of starts) {
      const seen = new Set<string>();
      const visit = (source: Source) => {
        for (const target of importsOf(source, { types: false })) {
          if (seen.has(target)) continue;
          seen.add(target);
          if (/\.server\.tsx?$/.test(target) || /^db\/schema\//.test(target))
            leaking.push(arrow(start, target));
          const next = byPath.get(target);
          if (next !== undefined) visit(next);
        }
      };
      visit(start);
    }
    expect(leaking).toEqual([]);
  });

  test("the vocabulary imports nothing", () => {
    expect(importsOf({ path: "db/vocabulary.ts", text: readSource("db/vocabulary.ts") })).toEqual([]);
  });
});

test("only the database's own files and the domain write SQL", () => {
  const wrong = all
    .filter(({ path }) => /^app\/(?!domain\/)/.test(path))
    .filter(({ text }) => /from "drizzle-orm/.test(text) || /\bsqlite\.(prepare|exec)\(/.test(text))
    .map(({ path }) => path);
  expect(wrong).toEqual([]);
});

test("every import of a file carries its extension", () => {
  const wrong = all.flatMap((source) =>
    importsOf(source)
      .filter((target) => !/\.(tsx?|css|svg|json|js)$/.test(target))
      .map((target) => arrow(source, target)),
  );
  expect(wrong).toEqual([]);
});

test("routes neither query nor write by themselves", () => {
  const wrong = all
    .filter(({ path }) => path.startsWith("app/routes/"))
    .filter(({ text }) => /\bopenDatabase\b|\bdb\.write\b|\.orm\.\w/.test(withoutComments(text)))
    .map(({ path }) => path);
  expect(wrong).toEqual([]);
});
