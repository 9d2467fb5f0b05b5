import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder of the database's migrations. */
export function migrationsFolder(): string {
  return folderOfProject("db/migrations");
}

/** The folder of the files that the demonstration edition is made of. */
export function demonstrationFolder(): string {
  return folderOfProject("db/seed/beijing-2018");
}

/** The face that PDF files are set in, compressed. */
export function fontFile(): string {
  return folderOfProject("app/documents/fonts/NotoSerifSC-Regular.ttf.br");
}

/** A build may lie anywhere below the checkout, so its folders are looked for upwards. */
function folderOfProject(path: string): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, path))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`There is no ${path} above ${import.meta.dirname}.`);
    folder = parent;
  }
  return join(folder, path);
}
