/*
 * Has Remix's router find the routes of a path once. Its answer hangs on the routes and the path alone, and makes half of
 * what it costs to ask a handler thousands of times: patterns become regular expressions anew for each question. To be
 * imported before anything that loads the router.
 */
import { registerHooks } from "node:module";

const ROUTER = /\/@remix-run\/router\/dist\/router\.cjs\.js$/;

const REMEMBERED = `
const patternsKnown = new Map();
function compilePath(path, caseSensitive, end) {
  const asked = path + "\\0" + (caseSensitive ?? false) + (end ?? true);
  if (!patternsKnown.has(asked)) patternsKnown.set(asked, compilePathAnew(path, caseSensitive, end));
  return patternsKnown.get(asked);
}
const branchesKnown = new WeakMap();
function branchesOf(routes) {
  if (!branchesKnown.has(routes)) {
    const branches = flattenRoutes(routes);
    rankRouteBranches(branches);
    branchesKnown.set(routes, branches);
  }
  return branchesKnown.get(routes);
}
const matchesKnown = new WeakMap();
function matchRoutesImpl(routes, location, basename, allowPartial) {
  const known = matchesKnown.get(routes) ?? new Map();
  matchesKnown.set(routes, known);
  const { pathname } = typeof location === "string" ? parsePath(location) : location;
  const asked = [basename, allowPartial, pathname].join("\\0");
  if (!known.has(asked)) known.set(asked, matchRoutesAnew(routes, location, basename, allowPartial));
  return known.get(asked)?.map((match) => ({ ...match })) ?? null;
}
`;

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    if (!ROUTER.test(url)) return loaded;
    const source = String(loaded.source);
    const changed = [
      ["function compilePath(", "function compilePathAnew("],
      ["function matchRoutesImpl(", "function matchRoutesAnew("],
      [
        "let branches = flattenRoutes(routes);\n  rankRouteBranches(branches);",
        "let branches = branchesOf(routes);",
      ],
    ].reduce((text, [was = "", is = ""]) => {
      if (text.split(was).length !== 2) throw new Error(`The router is another one by now: it has no ${was}`);
      return text.replace(was, is);
    }, source);
    return { ...loaded, source: changed + REMEMBERED };
  },
});
