import { type AppLoadContext, createRequestHandler, type ServerBuild } from "@remix-run/node";

export type Handler = (request: Request, context: AppLoadContext) => Promise<Response>;

type RouteModule = NonNullable<ServerBuild["routes"][string]>["module"];

/** A route's module, or (in the built server: vite.config.ts) what loads it. */
function isOnDemand(module: RouteModule | { load: unknown }): module is { load(): Promise<RouteModule> } {
  return "load" in module && typeof module.load === "function";
}

/** The same build with the modules of all its routes in memory. */
export async function loaded(build: ServerBuild): Promise<ServerBuild> {
  const routes: ServerBuild["routes"] = {};
  for (const [id, route] of Object.entries(build.routes)) {
    if (route === undefined) continue;
    const { module } = route;
    routes[id] = isOnDemand(module) ? { ...route, module: await module.load() } : route;
  }
  return { ...build, routes };
}

/** The same build without what its routes do: enough to find them. */
function hollow(build: ServerBuild): ServerBuild {
  const routes: ServerBuild["routes"] = {};
  for (const [id, route] of Object.entries(build.routes))
    if (route !== undefined) routes[id] = { ...route, module: { default: undefined } };
  return { ...build, routes };
}

/** A route's whole pattern in lower case, segment by segment: `["staff", "e", ":edition", "people"]`. */
type Pattern = ReadonlyArray<string>;

const MOST_HANDLERS = 1_000;
const MOST_SHAPES = 10_000;
const LONGEST_DISCOVERED_PATH = 512;
const MOST_DISCOVERED_SHAPES = 40;

/**
 * One build, many small handlers (docs/decisions/handlers-by-path-shape.md). Remix matches, describes and renders with
 * every route of its build; with a hundred routes that is most of a request's time. So a request goes to a handler
 * whose build holds only the routes that can match its path *or a parent of its path*: the client finds a layout's
 * index and other children of the parents in the answer, and asks for no discovery. Answers are those of the full
 * handler, byte for byte; a test compares them for every route. A route's module is loaded with the first request for
 * it.
 */
export function narrowedHandler(build: ServerBuild, mode: "production" | "development"): Handler {
  const discovery = createRequestHandler(hollow(build), mode);
  const routes = patterns(build);
  const words = staticWords(routes.map(([, pattern]) => pattern));
  const byShape = new Map<string, Promise<Handler>>();
  const byRoutes = new Map<string, Promise<Handler>>();
  let whole: Promise<Handler> | undefined;
  const hasBasename = build.basename !== undefined && build.basename !== "/";

  async function handlerOf(part: ServerBuild): Promise<Handler> {
    return createRequestHandler(await loaded(part), mode);
  }

  function full(): Promise<Handler> {
    whole ??= handlerOf(build);
    return whole;
  }

  function handlerFor(pathname: string): Promise<Handler> {
    if (hasBasename || pathname.includes("//")) return full();
    const segments = segmentsOf(pathname);
    if (segments === null) return full();
    const shape = shapeOfSegments(words, segments);
    const known = byShape.get(shape);
    if (known !== undefined) return known;
    const ids = routes.filter(([, pattern]) => canMatch(pattern, segments)).map(([id]) => id);
    const key = ids.join("|");
    let handler = byRoutes.get(key);
    if (handler === undefined) {
      if (byRoutes.size >= MOST_HANDLERS) return full();
      handler = handlerOf(reduced(build, ids));
      byRoutes.set(key, handler);
    }
    if (byShape.size < MOST_SHAPES) byShape.set(shape, handler);
    return handler;
  }

  /**
   * Route discovery. Remix matches every parent of every asked path against all routes, which lets one long URL hold
   * the process for seconds; so each shape is asked once, and no deeper than the deepest route.
   */
  function discover(request: Request, context: AppLoadContext, url: URL): Promise<Response> {
    const asked = new Map<string, string>();
    for (const path of url.searchParams.getAll("p")) {
      if (path.length > LONGEST_DISCOVERED_PATH) return badRequest();
      const segments = path
        .split("/")
        .filter((segment) => segment !== "")
        .slice(0, words.length + 1);
      const shape = shapeOfSegments(
        words,
        segments.map((segment) => segment.toLowerCase()),
      );
      if (!asked.has(shape)) asked.set(shape, `/${segments.join("/")}`);
    }
    if (asked.size > MOST_DISCOVERED_SHAPES) return badRequest();
    const narrowed = new URL(url.pathname, url);
    for (const path of asked.values()) narrowed.searchParams.append("p", path);
    narrowed.searchParams.set("version", url.searchParams.get("version") ?? "");
    return discovery(new Request(narrowed, { headers: request.headers, signal: request.signal }), context);
  }

  return async (request, context) => {
    const url = new URL(request.url);
    if (url.pathname === "/__manifest") return discover(request, context, url);
    const handler = await handlerFor(url.pathname);
    return handler(request, context);
  };
}

/**
 * Names a path by its own words alone, for the log: `/i/abc/registration` is `/i/:/registration`. Whatever is no word
 * of a route at its place is `:`, so a token, an id or a guess is never repeated.
 */
export function pathShapes(build: ServerBuild): (pathname: string) => string {
  const words = staticWords(patterns(build).map(([, pattern]) => pattern));
  return (pathname) => {
    const segments = segmentsOf(pathname);
    return segments === null ? "(undecodable)" : `/${shapeOfSegments(words, segments)}`;
  };
}

function badRequest(): Promise<Response> {
  return Promise.resolve(new Response("Bad Request", { status: 400 }));
}

function patterns(build: ServerBuild): ReadonlyArray<readonly [id: string, pattern: Pattern]> {
  function pattern(id: string): Pattern {
    const route = build.routes[id];
    if (route === undefined) return [];
    const own = (route.path ?? "").split("/").filter((segment) => segment !== "");
    return route.parentId === undefined ? own : [...pattern(route.parentId), ...own];
  }
  return Object.keys(build.routes).map((id) => [id, pattern(id).map((segment) => segment.toLowerCase())]);
}

/** A splat or an optional segment: from here on anything may match. */
function isOpen(segment: string): boolean {
  return segment === "*" || segment.endsWith("?");
}

/** Whether the pattern matches the URL's segments or a parent of them. */
function canMatch(pattern: Pattern, segments: ReadonlyArray<string>): boolean {
  for (const [index, own] of pattern.entries()) {
    if (isOpen(own)) return true;
    const asked = segments[index];
    if (asked === undefined) return false;
    if (!own.startsWith(":") && own !== asked) return false;
  }
  return true;
}

/** For each depth the words that some route has there. */
function staticWords(all: ReadonlyArray<Pattern>): ReadonlyArray<ReadonlySet<string>> {
  const words: Array<Set<string>> = [];
  for (const pattern of all) {
    for (const [index, segment] of pattern.entries()) {
      const here = words[index] ?? new Set<string>();
      words[index] = here;
      if (!segment.startsWith(":") && !isOpen(segment)) here.add(segment);
    }
  }
  return words;
}

/** Two paths of one shape are matched by the same routes; deeper than every route, depth no longer matters. */
function shapeOfSegments(words: ReadonlyArray<ReadonlySet<string>>, segments: ReadonlyArray<string>): string {
  return segments
    .slice(0, words.length + 1)
    .map((segment, index) => (words[index]?.has(segment) === true ? segment : ":"))
    .join("/");
}

/** Decoded, in lower case, without the data request's suffix; null when it cannot be decoded. */
function segmentsOf(pathname: string): ReadonlyArray<string> | null {
  const path =
    pathname === "/_root.data"
      ? "/"
      : pathname.endsWith(".data")
        ? pathname.slice(0, -".data".length)
        : pathname;
  try {
    return path
      .split("/")
      .filter((segment) => segment !== "")
      .map((segment) => decodeURIComponent(segment).toLowerCase());
  } catch {
    return null;
  }
}

function reduced(build: ServerBuild, ids: ReadonlyArray<string>): ServerBuild {
  return {
    ...build,
    routes: pick(build.routes, ids),
    assets: { ...build.assets, routes: pick(build.assets.routes, ids) },
  };
}

/** In the order of `ids`, which is that of the build: Remix answers in it. */
function pick<Value>(
  all: Readonly<Record<string, Value>>,
  ids: ReadonlyArray<string>,
): Record<string, Value> {
  const picked: Record<string, Value> = {};
  for (const id of ids) {
    const value = all[id];
    if (value !== undefined) picked[id] = value;
  }
  return picked;
}
