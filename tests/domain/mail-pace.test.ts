import fc from "fast-check";
import { expect, test } from "vitest";
import { paceOf, pacesWith, type Queue, takePlace } from "#app/domain/mail/pace.ts";
import { reasonOf } from "#app/domain/mail/rules.ts";

test("QQ, NetEase and government systems get one mail in twenty seconds unless an operator says otherwise", () => {
  const paces = pacesWith(
    new Map([
      ["163.com", 5_000],
      ["*.gov.cn", 0],
      ["slow.example", 60_000],
    ]),
  );
  const of = (domain: string) => paceOf(paces, domain);
  expect(["qq.com", "vip.qq.com", "foxmail.com", "126.com", "yeah.net"].map(of)).toEqual(
    Array(5).fill(20_000),
  );
  expect(["163.com", "moj.gov.cn", "slow.example", "example.org", "notqq.com"].map(of)).toEqual([
    5_000, 0, 60_000, 0, 0,
  ]);
});

test("whatever comes due when, a domain never gets two mails within its pace, and none waits for ever", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 1, max: 700 }),
      (dues, step) => {
        const pace = 20_000;
        let queue: Queue | null = null;
        const waiting = dues.map((dueAt, id) => ({ id, dueAt }));
        const gone: Array<number> = [];
        for (let now = 0; waiting.length > 0; now += step) {
          if (now > 100_000 + (dues.length + 2) * (pace + step)) throw new Error("somebody waits for ever");
          for (const one of waiting.toSorted((a, b) => a.dueAt - b.dueAt)) {
            if (one.dueAt > now) continue;
            const taken = takePlace(queue, { pace, now, dueAt: one.dueAt, waits: true });
            queue = taken.queue;
            if (taken.goes) {
              gone.push(now);
              waiting.splice(waiting.indexOf(one), 1);
            } else one.dueAt = taken.dueAt;
          }
        }
        for (const [n, at] of gone.entries())
          if (n > 0) expect(at - (gone[n - 1] ?? 0)).toBeGreaterThan(pace - step);
      },
    ),
    { numRuns: 60 },
  );
});

test("what servers say has a plain reason", () => {
  const said: ReadonlyArray<readonly [number | null, string, ReturnType<typeof reasonOf>]> = [
    [250, "queued", null],
    [550, "5.1.1 User unknown", "mailbox_unknown"],
    [550, "Domain frequency limited", "too_often"],
    [421, "HL:ICC too many connections", "too_often"],
    [451, "DT:SPM 163", "content"],
    [554, "DT:SPM 163", "content"],
    [550, "Mail content denied", "content"],
    [452, "4.2.2 mailbox full", "mailbox_full"],
    [550, "5.7.23 SPF validation failed", "sender"],
    [554, "5.7.1 blocked by policy", "blocked"],
    [451, "please wait", "later"],
    [552, "5.3.4 message size exceeds limit", "too_big"],
    [null, "ETLS", "tls"],
    [null, "ETIMEDOUT", "no_answer"],
    [null, "stopped", "stopped"],
    [554, "no", "other"],
  ];
  for (const [code, response, reason] of said)
    expect([response, reasonOf({ code, response })]).toEqual([response, reason]);
});
