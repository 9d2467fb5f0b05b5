/**
 * Where what comes back of a mail is sent to: an address of its own for each mail, so that whatever a server answers is
 * known for what it is about. It has a mark that only we can make; a stranger cannot have a mail counted as returned.
 */
import type { Keys } from "../../platform/crypto.server.ts";

const MARK = 10;

function markOf(keys: Pick<Keys, "digest">, deliveryId: string): string {
  return keys.digest(`bounce ${deliveryId}`).slice(0, MARK);
}

/** @param base e.g. `bounces@dialogue.example`, which takes everything after a plus sign, too. */
export function bounceAddressOf(
  keys: Pick<Keys, "digest">,
  { base, deliveryId }: { base: string; deliveryId: string },
): string {
  const at = base.lastIndexOf("@");
  // Some servers change the case of an address: the id is written in hexadecimal, which has only one.
  const id = Buffer.from(deliveryId, "base64url").toString("hex");
  return `${base.slice(0, at)}+${id}.${markOf(keys, deliveryId)}${base.slice(at)}`;
}

/** The delivery that an address stands for, or null when we did not make it. */
export function deliveryOfBounce(keys: Pick<Keys, "digest">, address: string): string | null {
  const [, id = "", mark = ""] = /\+([0-9a-f]{30})\.([0-9a-f]{10})@/i.exec(address) ?? [];
  if (id === "") return null;
  const deliveryId = Buffer.from(id, "hex").toString("base64url");
  return markOf(keys, deliveryId) === mark.toLowerCase() ? deliveryId : null;
}
