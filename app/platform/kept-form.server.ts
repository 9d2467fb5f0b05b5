import type { Locale } from "#db/vocabulary.ts";
import { hashToken, type Keys } from "./crypto.server.ts";
import type { KeptForm } from "./kept-form.ts";

/* A form that could not be taken because the link or the browser's code is no longer good, carried by the pages themselves. */

/** More is no form of ours. */
const LONGEST = 200_000;

function placeOf(token: string): string {
  return `kept form/${hashToken(token)}`;
}

/** A form's texts in their order. Files have to be chosen again. */
function textsOf(formData: FormData): Array<[string, string]> {
  return [...formData].flatMap(([name, value]) =>
    typeof value === "string" ? [[name, value] satisfies [string, string]] : [],
  );
}

/**
 * What an answer brings back of a form. While the link is good, it also has all of it sealed for this link, to be carried
 * through the page where a code is typed: what lies in that page's source is nothing to be read.
 */
export function keptForm(
  { keys, token, path }: { keys: Keys; token: string; path: string },
  formData: FormData,
  { opens, locale }: { opens: boolean; locale: Locale },
): KeptForm {
  const texts = textsOf(formData);
  const sealed = opens ? keys.seal(JSON.stringify({ path, texts }), placeOf(token)) : null;
  return { kept: texts, sealed, locale, token };
}

/** What was carried, or null when it was not sealed for this link. */
export function openKeptForm(
  keys: Keys,
  token: string,
  sealed: unknown,
): { path: string; texts: Array<[string, string]> } | null {
  if (typeof sealed !== "string" || sealed === "" || sealed.length > LONGEST * 2) return null;
  try {
    return JSON.parse(keys.open(sealed, placeOf(token)));
  } catch {
    return null;
  }
}
