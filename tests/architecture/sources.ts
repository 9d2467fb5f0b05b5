import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export type Source = { path: string; text: string };

/** Our sources below some folders or files, with paths from the root. */
export function sourcesOf(...folders: ReadonlyArray<string>): ReadonlyArray<Source> {
  return folders.flatMap((folder) => {
    if (/\.\w+$/.test(folder)) return [{ path: folder, text: readFileSync(join(ROOT, folder), "utf8") }];
    return readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => ({ path: relative(ROOT, file), text: readFileSync(file, "utf8") }));
  });
}

export function readSource(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** The text without its comments, lines kept, so that a rule is not broken by a sentence about it. */
export function withoutComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, " "))
    .replace(/(^|[\s;{(,])\/\/[^\n]*/g, "$1");
}

/** Our files that a source imports, with paths from the root, types included unless told otherwise. */
export function importsOf(
  { path, text }: Source,
  { types = true }: { types?: boolean } = {},
): ReadonlyArray<string> {
  const found = [
    ...withoutComments(text).matchAll(
      /(?:^|[\s;])(?:import|export)\s+(type\s+)?(?:[\w*{}\s,$]+\s+from\s+)?"([^"]+)"|import\(\s*"([^"]+)"\s*\)/g,
    ),
  ];
  return found
    .filter(([, type]) => types || type === undefined)
    .map(([, , from, lazily]) => from ?? lazily ?? "")
    .flatMap((target) => {
      if (target.startsWith("#")) return [target.slice(1)];
      if (target.startsWith(".")) return [normalize(join(dirname(path), target)).replace(/\?.*$/, "")];
      return [];
    });
}
