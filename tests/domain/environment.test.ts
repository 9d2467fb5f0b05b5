import { describe, expect, test } from "vitest";
import { EnvironmentError, readEnvironment } from "#app/platform/environment.server.ts";
import { clientAddress, guesserOf, ownOrigins } from "#app/platform/http/origin.server.ts";
import { createLimits } from "#app/platform/limits.server.ts";
import { createLog, describeError } from "#app/platform/log.server.ts";

describe("the environment", () => {
  test("may be empty: then the server listens to this machine alone, and the mailbox takes the mail", () => {
    const environment = readEnvironment({ PORT: " ", SMTP_URL: "" });
    expect(environment).toMatchObject({
      port: 3000,
      host: "127.0.0.1",
      baseUrl: "http://localhost:3000",
      smtpUrls: null,
      mailPaces: new Map(),
      bounceAddress: null,
      bounceToken: null,
      trustedProxies: 0,
      secondStepRequired: true,
      demo: false,
    });
  });

  test("gives a base URL without a slash at its end", () => {
    expect(readEnvironment({ BASE_URL: "https://Dialogue.example/" }).baseUrl).toBe(
      "https://dialogue.example",
    );
  });

  test("takes a sender with and without a name", () => {
    const sender = (MAIL_FROM: string) => readEnvironment({ MAIL_FROM }).mailFrom;
    expect(sender("秘书处 Secretariat <s@dialogue.example>")).toEqual({
      name: "秘书处 Secretariat",
      address: "s@dialogue.example",
    });
    expect(sender('"A, B" <s@dialogue.example>').name).toBe("A, B");
    expect(sender("s@dialogue.example")).toEqual({ name: "", address: "s@dialogue.example" });
  });

  test("names the variable that cannot be used, and never repeats a password", () => {
    const wrong: ReadonlyArray<Readonly<Record<string, string>>> = [
      { PORT: "0" },
      { PORT: "70000" },
      { PORT: "3000.5" },
      { BASE_URL: "https://dialogue.example/path" },
      { BASE_URL: "https://user@dialogue.example" },
      { BASE_URL: "ftp://dialogue.example" },
      { BASE_URL: "https://dialogue.example", DEMO: "1" },
      { SMTP_URL: "mail.example:25 secret" },
      { MAIL_FROM: "a@b\r\nBcc: x@y" },
      { MAIL_FROM: "A <a@b>, B <b@c>" },
      { TRUSTED_PROXIES: "yes" },
      { DKIM_DOMAIN: "dialogue.example" },
      { SECOND_STEP: "no" },
      { DEMO: "true" },
      { CLOCK_OFFSET: "1000" },
    ];
    for (const variables of wrong) {
      const [name = ""] = Object.keys(variables);
      expect(() => readEnvironment(variables), name).toThrow(EnvironmentError);
      expect(() => readEnvironment(variables), name).toThrow(name);
    }
    expect(() => readEnvironment({ SMTP_URL: "mail.example secret" })).not.toThrow("secret");
  });
});

describe("the client's address", () => {
  const told = "203.0.113.9, 198.51.100.2, 10.0.0.1";

  test("is the peer's when no proxy is trusted, whatever the client writes", () => {
    expect(clientAddress("192.0.2.1", told, 0)).toBe("192.0.2.1");
    expect(clientAddress("::ffff:192.0.2.1", undefined, 0)).toBe("192.0.2.1");
  });

  test("is as far from the right as there are trusted proxies", () => {
    expect(clientAddress("192.0.2.1", told, 1)).toBe("10.0.0.1");
    expect(clientAddress("192.0.2.1", told, 2)).toBe("198.51.100.2");
    expect(clientAddress("192.0.2.1", [told, "10.0.0.2"], 1)).toBe("10.0.0.2");
  });

  test("is the peer's when the list is too short or holds no address", () => {
    expect(clientAddress("192.0.2.1", told, 4)).toBe("192.0.2.1");
    expect(clientAddress("192.0.2.1", undefined, 1)).toBe("192.0.2.1");
    expect(clientAddress("192.0.2.1", "unknown", 1)).toBe("192.0.2.1");
  });

  test("counts guesses for a whole /64 of IPv6", () => {
    expect(guesserOf("2001:db8:1:2:3:4:5:6")).toBe(guesserOf("2001:db8:1:2:ffff::1"));
    expect(guesserOf("2001:db8::1")).toBe("2001:db8:0:0::/64");
    expect(guesserOf("2001:db8:1:2::")).not.toBe(guesserOf("2001:db8:1:3::"));
    expect(guesserOf("192.0.2.1")).toBe("192.0.2.1");
  });
});

test("only a loopback address has other names", () => {
  expect([...ownOrigins("https://dialogue.example")]).toEqual(["https://dialogue.example"]);
  expect([...ownOrigins("http://localhost:3000")]).toEqual([
    "http://localhost:3000",
    "http://127.0.0.1:3000",
    "http://[::1]:3000",
  ]);
});

describe("limits", () => {
  test("block one key after its failures, not another, and forget on success", async () => {
    const { secondStep } = createLimits();
    for (let n = 0; n < 5; n++) {
      expect(await secondStep.blocked("a")).toBe(false);
      await secondStep.count("a");
    }
    expect([await secondStep.blocked("a"), await secondStep.blocked("b")]).toEqual([true, false]);
    await secondStep.clear("a");
    expect(await secondStep.blocked("a")).toBe(false);
  });
});

describe("the log", () => {
  test("writes of an error its kind and place, no values", () => {
    const lines: Array<string> = [];
    const log = createLog("info", { write: (line) => void lines.push(line) });
    const error = new Error(
      "Failed query: insert\nparams: 张伟,zhang@example.com at /i/abcdefghijklmnopqrstuv/registration",
    );
    log.error({ error }, "request failed");
    log.error({ error: new Error("No route for /i/abcdefghijklmnopqrstuv, <li@example.com>") }, "x");
    expect(lines.join()).not.toMatch(/张伟|example\.com|abcdefghijklmnopqrstuv/);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      level: "error",
      msg: "request failed",
      error: { type: "Error" },
    });
  });

  test("takes anything that was thrown", () => {
    expect(describeError({ status: 404, data: "/i/secret" })).toEqual({
      type: "object",
      message: "status 404",
    });
    expect(describeError("zhang@example.com")).toEqual({ type: "string", message: "not an error" });
  });
});
