/**
 * Builds the product into BUILD_DIR (`build`). `npm start`, the demonstration, the operators' commands and the tests
 * build by themselves when there is no build or when the sources have changed since.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { extname, join, resolve } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import SQLite from "better-sqlite3";

const root = join(import.meta.dirname, "..");
const buildFolder = resolve(root, process.env.BUILD_DIR ?? "build");
const LONGEST_BUILD = 120_000;
const stampFile = join(buildFolder, "sources.sha256");

/** Everything that ends up in a build. */
const SOURCES = [
  "app",
  "db",
  "emails",
  "scripts",
  "server.ts",
  "vite.config.ts",
  "remix.config.js",
  "package-lock.json",
];

/** The built file of one of the entries that vite.config.ts names. */
export function builtFile(entry: "server" | "secretariat" | "routes"): string {
  return join(buildFolder, "server", `${entry}.js`);
}

/** Builds unless the build is of these very sources. Of several that ask at once, one builds and the others wait. */
export function buildIfStale(): void {
  const sources = hashOfSources();
  const isFresh = () => existsSync(stampFile) && readFileSync(stampFile, "utf8") === sources;
  if (isFresh()) return;
  mkdirSync(buildFolder, { recursive: true });
  const lock = new SQLite(join(buildFolder, "build.lock"), { timeout: LONGEST_BUILD });
  // No journal beside it: nothing is ever written into it.
  lock.pragma("journal_mode = memory");
  lock.exec("begin exclusive");
  try {
    if (!isFresh()) build(sources);
  } finally {
    lock.close();
  }
}

function build(sources: string): void {
  for (const part of ["client", "server"]) rmSync(join(buildFolder, part), { recursive: true, force: true });
  rmSync(stampFile, { force: true });
  console.error("Building…");
  const { status } = spawnSync(
    process.execPath,
    [join(root, "node_modules/@remix-run/dev/dist/cli.js"), "vite:build", "--logLevel", "warn"],
    { cwd: root, env: { ...process.env, NODE_ENV: "production" }, stdio: ["ignore", "ignore", "inherit"] },
  );
  if (status !== 0) throw new Error("The build failed.");
  compressAssets(join(buildFolder, "client/assets"));
  mkdirSync(buildFolder, { recursive: true });
  writeFileSync(stampFile, sources);
}

/** Assets never change, so they are compressed once, as well as it goes. */
function compressAssets(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (![".js", ".css", ".svg"].includes(extname(name))) continue;
    const file = join(folder, name);
    const bytes = readFileSync(file);
    writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
    writeFileSync(
      `${file}.br`,
      brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
    );
  }
}

function hashOfSources(): string {
  const hash = createHash("sha256");
  const add = (path: string) => {
    const full = join(root, path);
    if (statSync(full).isDirectory()) {
      for (const name of readdirSync(full).sort()) add(join(path, name));
    } else {
      hash.update(path).update("\0").update(readFileSync(full)).update("\0");
    }
  };
  for (const path of SOURCES) add(path);
  return hash.digest("hex");
}

if (process.argv[1] === import.meta.filename) {
  if (process.argv.includes("--if-stale")) buildIfStale();
  else build(hashOfSources());
}
