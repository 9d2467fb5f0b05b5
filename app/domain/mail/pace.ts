/** How many mails a domain takes in a time: Chinese providers refuse a sender who hurries (DOMAIN §6.1). */

/** Milliseconds between two mails, by domain; `*.` before it means everything below it, too. */
export type Paces = ReadonlyMap<string, number>;

const TWENTY_SECONDS = 20_000;

/** What QQ, NetEase and government systems put up with, as far as it is known; MAIL_PACE says otherwise. */
export const USUAL_PACES: Paces = new Map(
  [
    "qq.com",
    "*.qq.com",
    "foxmail.com",
    "163.com",
    "*.163.com",
    "126.com",
    "*.126.com",
    "yeah.net",
    "188.com",
    "*.gov.cn",
  ].map((domain) => [domain, TWENTY_SECONDS]),
);

/** The usual paces, and what an operator says of single domains. */
export function pacesWith(own: Paces): Paces {
  return new Map([...USUAL_PACES, ...own]);
}

export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1).toLowerCase();
}

/** The pace of a domain; 0: as fast as it goes. */
export function paceOf(paces: Paces, domain: string): number {
  const own = paces.get(domain);
  if (own !== undefined) return own;
  for (let at = domain.indexOf("."); at >= 0; at = domain.indexOf(".", at + 1)) {
    const above = paces.get(`*${domain.slice(at)}`);
    if (above !== undefined) return above;
  }
  return 0;
}

/** What is known of a domain: when its next mail may go, and the first place after all that are given out. */
export type Queue = { nextAt: number; tailAt: number };

/** After a domain said "later", it is left alone for so long. */
export const REST = 2 * 60_000;

/**
 * Whether a mail that is due may go now, and what is known of its domain then.
 *
 * @param waits whether it can wait at all: a code that somebody waits for cannot.
 */
export function takePlace(
  queue: Queue | null,
  { pace, now, dueAt, waits }: { pace: number; now: number; dueAt: number; waits: boolean },
): { goes: true; queue: Queue } | { goes: false; dueAt: number; queue: Queue } {
  if (queue !== null && queue.nextAt > now && waits) {
    const place = Math.max(queue.tailAt, queue.nextAt);
    return { goes: false, dueAt: place, queue: { nextAt: queue.nextAt, tailAt: place + pace } };
  }
  // Counted from its place, not from when the worker came to it: otherwise each mail would miss its place by a little.
  const nextAt = Math.max(queue?.nextAt ?? 0, Math.max(Math.min(dueAt, now), now - pace) + pace);
  return { goes: true, queue: { nextAt, tailAt: Math.max(queue?.tailAt ?? 0, nextAt) } };
}
