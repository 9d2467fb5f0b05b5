import type { Locale } from "#db/vocabulary.ts";

/** A form that came when the link, or the browser's code, was no longer good. */
export type KeptForm = {
  /** What was typed, by name. */
  kept: ReadonlyArray<readonly [name: string, text: string]>;
  /** The same, sealed for this link; null when the link leads nowhere. */
  sealed: string | null;
  locale: Locale;
  token: string;
};

export function isKeptForm(data: unknown): data is KeptForm {
  return typeof data === "object" && data !== null && "kept" in data && Array.isArray(data.kept);
}
