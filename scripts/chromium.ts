import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright";

/** The one without windows first: it has the same engine, and needs a fifth less of the processors. */
const NAMES = [
  "chromium-headless-shell",
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
];
const PLACES = ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];

/**
 * A Chromium that starts: one that is installed, else Playwright's own, fetched if need be, else the system's package.
 *
 * @returns its path, or null when there is none to be had.
 */
export function findChromium(): string | null {
  return installedChromium() ?? playwrights() ?? fetched() ?? packaged();
}

/** One that is installed and starts, the one named in CHROMIUM before all others; null: there is none. */
export function installedChromium(): string | null {
  const named = process.env.CHROMIUM;
  const folders = (process.env.PATH ?? "").split(":");
  const all = [
    ...(named === undefined ? [] : [named]),
    ...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))),
    ...PLACES,
  ];
  return all.find(starts) ?? null;
}

function playwrights(): string | null {
  const path = chromium.executablePath();
  return starts(path) ? path : null;
}

function fetched(): string | null {
  console.error("No Chromium here: fetching Playwright's…");
  const cli = join(import.meta.dirname, "../node_modules/playwright/cli.js");
  // With the libraries that it needs, where this user may install them.
  const withDeps = isRoot() && hasApt() ? ["--with-deps"] : [];
  quietly(process.execPath, [cli, "install", ...withDeps, "chromium"]);
  return playwrights();
}

function packaged(): string | null {
  if (!isRoot() || !hasApt()) return null;
  console.error("Fetching the system's Chromium…");
  quietly("apt-get", ["update", "-qq"]);
  for (const name of ["chromium-headless-shell", "chromium"]) {
    quietly("apt-get", ["install", "-y", "-qq", "--no-install-recommends", name, "fonts-noto-cjk"]);
    const found = installedChromium();
    if (found !== null) return found;
  }
  return null;
}

function starts(path: string): boolean {
  return (
    existsSync(path) && spawnSync(path, ["--version"], { stdio: "ignore", timeout: 30_000 }).status === 0
  );
}

function quietly(command: string, args: ReadonlyArray<string>): void {
  spawnSync(command, [...args], {
    stdio: "ignore",
    timeout: 10 * 60_000,
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function hasApt(): boolean {
  return existsSync("/usr/bin/apt-get");
}
