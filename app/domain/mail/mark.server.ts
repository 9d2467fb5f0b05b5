import { hashToken } from "../../platform/crypto.server.ts";
import type { StoredMessage } from "./audience.server.ts";

/** Stands for what a draft says and to whom: whoever saves it otherwise has looked at just that. */
export function messageMark({
  subjectEn,
  subjectZh,
  bodyEn,
  bodyZh,
  audience,
}: Pick<StoredMessage, "subjectEn" | "subjectZh" | "bodyEn" | "bodyZh" | "audience">): string {
  const text = JSON.stringify([subjectEn, subjectZh, bodyEn, bodyZh, audience]);
  return hashToken(text).slice(0, 16);
}
