import { connect } from "node:net";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rawRequest, startTestServer, type TestServer, visitor } from "../support/server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
}, 120_000);
afterAll(() => server?.stop());

const form = { "Content-Type": "application/x-www-form-urlencoded" };
const post = (headers: Readonly<Record<string, string>>, path = "/staff/sign-in") =>
  rawRequest(server.port, path, {
    method: "POST",
    headers: { ...form, ...headers },
    body: "email=a%40example.com&password=wrong",
  });

describe("every page", () => {
  test("runs only scripts with its own nonce, and loads nothing from elsewhere", async () => {
    const page = await rawRequest(server.port, "/staff/sign-in");
    const policy = String(page.headers["content-security-policy"]);
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("form-action 'self'");
    expect(policy).not.toContain("unsafe");
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1];
    expect(nonce).toBeDefined();
    const scripts = [...page.body.matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag);
    expect(scripts.every((tag) => tag.includes(`nonce="${nonce}"`))).toBe(true);
    expect(page.body).not.toMatch(/\sstyle="/);
    expect(page.body).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    const again = await rawRequest(server.port, "/staff/sign-in");
    expect(String(again.headers["content-security-policy"])).not.toContain(`'nonce-${nonce}'`);
  });

  test("tells other sites nothing, cannot be framed, and is kept by no cache", async () => {
    for (const path of ["/", "/staff/sign-in", "/i/nobody", "/nope", "/staff"]) {
      const { headers } = await rawRequest(server.port, path);
      expect(headers["cache-control"], path).toBe("private, no-store");
      expect(headers["referrer-policy"], path).toBe("same-origin");
      expect(headers["x-frame-options"], path).toBe("DENY");
      expect(headers["x-content-type-options"], path).toBe("nosniff");
      expect(headers["x-request-id"], path).toMatch(/^[\w-]{20}$/);
      expect(headers["x-powered-by"], path).toBeUndefined();
      // The browser would refuse plain http from then on; this server was told of no https.
      expect(headers["strict-transport-security"], path).toBeUndefined();
    }
  });

  test("is compressed for those who ask, in one piece", async () => {
    const plain = await rawRequest(server.port, "/nope");
    const packed = await rawRequest(server.port, "/nope", { headers: { "Accept-Encoding": "gzip, br" } });
    expect(plain.headers["content-encoding"]).toBeUndefined();
    expect(packed.headers["content-encoding"]).toBe("gzip");
    expect(packed.headers["content-length"]).toBe(String(packed.bytes.length));
    expect(packed.headers.vary).toContain("Accept-Encoding");
    expect(gunzipSync(packed.bytes).toString("utf8")).toBe(plain.body);
    const refused = await rawRequest(server.port, "/nope", { headers: { "Accept-Encoding": "gzip;q=0" } });
    expect(refused.headers["content-encoding"]).toBeUndefined();
  });

  test("answers HEAD like GET, without a body", async () => {
    for (const path of ["/", "/nope", "/staff", "/%ff"]) {
      const get = await rawRequest(server.port, path);
      const head = await rawRequest(server.port, path, { method: "HEAD" });
      expect([head.status, head.headers.location]).toEqual([get.status, get.headers.location]);
      expect(head.body).toBe("");
      expect(head.headers["content-security-policy"], path).toBeDefined();
      expect(head.headers["cache-control"], path).toBe("private, no-store");
    }
  });
});

describe("assets", () => {
  test("are kept for ever and come compressed; what is not there is not kept", async () => {
    const page = await rawRequest(server.port, "/");
    const sheet = /href="(\/assets\/look-[^"]+\.css)"/.exec(page.body)?.[1] ?? "";
    const css = await rawRequest(server.port, sheet, { headers: { "Accept-Encoding": "gzip, br" } });
    expect(css.status).toBe(200);
    expect(css.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    expect(css.headers["content-encoding"]).toBe("br");
    const icon = /rel="icon" href="([^"]+)"/.exec(page.body)?.[1] ?? "";
    expect((await rawRequest(server.port, icon)).headers["content-type"]).toContain("image/svg+xml");
    const missing = await rawRequest(server.port, "/assets/nope.js");
    expect(missing.status).toBe(404);
    expect(missing.headers["cache-control"]).toBe("private, no-store");
  });

  test("are the only files that can be had", async () => {
    for (const path of [
      "/assets/../../server/server.js",
      "/assets/..%2f..%2fserver%2fserver.js",
      "/assets/%2e%2e/x",
    ])
      expect((await rawRequest(server.port, path)).status, path).toBe(404);
  });
});

describe("what is not there", () => {
  test("says so in both languages, the reader's first", async () => {
    const english = await visitor(server.url).get("/nope");
    const chinese = await visitor(server.url, { headers: { "Accept-Language": "zh-CN" } }).get("/i/nobody");
    expect([english.status, chinese.status]).toEqual([404, 404]);
    expect(english.text).toMatch(
      /<html lang="en">[\s\S]*no such page[\s\S]*<section[^>]*lang="zh-Hans"[\s\S]*未找到该页面/,
    );
    expect(chinese.text).toMatch(
      /<html lang="zh-Hans">[\s\S]*未找到该页面[\s\S]*<section[^>]*lang="en"[\s\S]*no such page/,
    );
    expect(english.text).not.toContain("<script");
  });

  test("cannot be told from what is not yours", async () => {
    const wrong = await rawRequest(server.port, "/i/aaaaaaaaaaaaaaaaaaaaaa");
    const short = await rawRequest(server.port, "/i/x");
    expect([wrong.status, wrong.body]).toEqual([short.status, short.body]);
  });
});

describe("a request that changes something", () => {
  test("is taken from this site's pages", async () => {
    expect((await post({ Origin: server.url })).status).not.toBe(403);
    expect((await post({ "Sec-Fetch-Site": "same-origin" })).status).not.toBe(403);
    // Another loopback name of this machine.
    expect((await post({ Origin: `http://127.0.0.1:${server.port}` })).status).toBeLessThan(500);
    expect((await post({ Origin: `http://127.0.0.1:${server.port}` })).status).not.toBe(403);
  });

  test("is refused from anywhere else, whatever it claims", async () => {
    const evil = "http://evil.example";
    const refused: ReadonlyArray<Readonly<Record<string, string>>> = [
      {},
      { Origin: evil },
      { Origin: "null" },
      { Origin: evil, Host: "evil.example" },
      { Origin: evil, "X-Forwarded-Host": "evil.example" },
      {
        Origin: evil,
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "http",
        Forwarded: "host=evil.example",
      },
      { Origin: evil, "Sec-Fetch-Site": "same-origin" },
      { "Sec-Fetch-Site": "cross-site" },
      { "Sec-Fetch-Site": "same-site" },
      { "Sec-Fetch-Site": "none" },
      { Origin: `http://localhost:${server.port + 1}` },
      { Origin: `https://localhost:${server.port}` },
      { Origin: evil, "Content-Type": "application/json" },
    ];
    for (const headers of refused) {
      const answer = await post(headers);
      expect(answer.status, JSON.stringify(headers)).toBe(403);
      expect(answer.body).toContain("未接受此请求");
      expect(answer.headers["content-security-policy"]).toBeDefined();
    }
    for (const method of ["PUT", "PATCH", "DELETE"])
      expect(
        (await rawRequest(server.port, "/staff/sign-in", { method, headers: { Origin: evil } })).status,
      ).toBe(403);
  });

  test("is answered rightly behind a proxy that changes Host or claims another one", async () => {
    const proxied: ReadonlyArray<Readonly<Record<string, string>>> = [
      { Origin: server.url, Host: "10.0.0.7:8080" },
      { Origin: server.url, Host: "10.0.0.7", "X-Forwarded-Host": "elsewhere.example" },
    ];
    for (const headers of proxied) expect((await post(headers)).status).toBeLessThan(500);
  });

  test("is refused when it is larger than 1 MB, with and without a length, in both languages", async () => {
    const body = Buffer.alloc(1024 * 1024 + 1, "a");
    const headers = { ...form, Origin: server.url };
    const sized = await rawRequest(server.port, "/staff/sign-in", {
      method: "POST",
      headers: { ...headers, "Content-Length": String(body.length) },
      body,
    });
    expect(sized.status).toBe(413);
    expect(sized.body).toContain("提交内容过大");
    const chunked = await rawRequest(server.port, "/staff/sign-in", {
      method: "POST",
      headers: { ...headers, "Transfer-Encoding": "chunked" },
      body,
    });
    expect(chunked.status).toBe(413);
  });
});

describe("a Host header that is not ours", () => {
  test("ends up in no page and no redirect", async () => {
    for (const path of ["/", "/nope", "/staff", "/staff/sign-in"]) {
      const answer = await rawRequest(server.port, path, {
        headers: { Host: "evil.example", "X-Forwarded-Host": "evil.example" },
      });
      expect(answer.body, path).not.toContain("evil.example");
      expect(answer.headers.location ?? "", path).not.toContain("evil.example");
    }
  });
});

describe("redirects", () => {
  test("stay here, whatever the address asks for", async () => {
    for (const target of [
      "//evil.example",
      "/\\evil.example",
      "https://evil.example",
      "/%5cevil.example",
      "/%09/evil.example",
    ]) {
      for (const path of [
        `${target}/`,
        `/staff/sign-in?to=${encodeURIComponent(target)}`,
        `//evil.example/staff`,
      ]) {
        const { headers } = await rawRequest(server.port, path.startsWith("http") ? "/" : path);
        const location = headers.location ?? "/";
        expect(new URL(location, server.url).origin, path).toBe(server.url);
      }
    }
  });
});

describe("the language", () => {
  test("that a link names is remembered for the pages that follow", async () => {
    const reader = visitor(server.url);
    expect((await reader.get("/?lang=zh-CN")).text).toContain('<html lang="zh-Hans">');
    expect(reader.cookies.get("lang")).toBe("zh-CN");
    expect((await reader.get("/")).text).toContain('<html lang="zh-Hans">');
    await reader.get("/nope?lang=en");
    expect((await reader.get("/")).text).toContain('<html lang="en">');
  });

  test("that is none of ours changes nothing", async () => {
    const reader = visitor(server.url);
    await reader.get("/?lang=fr");
    expect(reader.cookies.size).toBe(0);
  });

  test("cookie is for this site's pages alone", async () => {
    const { headers } = await rawRequest(server.port, "/?lang=zh");
    expect(headers["set-cookie"]?.[0]).toBe("lang=zh-CN; Max-Age=31536000; Path=/; HttpOnly; SameSite=Lax");
  });
});

describe("health", () => {
  test("is told to anybody, in three words", async () => {
    const answer = await rawRequest(server.port, "/healthz");
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toEqual({ status: "ok", database: "ok", mail: "ok", disk: "ok" });
  });
});

describe("the log", () => {
  test("names what was asked by its shape, and holds no token, address or query", async () => {
    await rawRequest(server.port, "/i/secret-token-of-somebody/registration?to=zhang.wei@example.com");
    await post({ Origin: server.url });
    const lines = server
      .output()
      .stdout.trim()
      .split("\n")
      .map((line): unknown => JSON.parse(line));
    expect(lines).toContainEqual(
      expect.objectContaining({
        method: "GET",
        path: "/i/:/registration",
        status: 404,
        requestId: expect.any(String),
      }),
    );
    const all = server.output().stdout + server.output().stderr.replace(/http:\/\/\S+set-up\S+/, "");
    expect(all).not.toContain("secret-token-of-somebody");
    expect(all).not.toContain("@example.com");
  });
});

test("a path that cannot be decoded is not there, and is not repeated in the log", async () => {
  for (const path of ["/i/my-secret%E0%A4%A", "/i/my-secret%ff.data"])
    expect((await rawRequest(server.port, path)).status).toBe(404);
  expect(server.output().stdout + server.output().stderr).not.toContain("my-secret");
});

test("a request line that is no URL does not end the server", async () => {
  for (const line of [
    "GET \\\\evil HTTP/1.1",
    "GET http://[::bad/ HTTP/1.1",
    "GET /%00%ff HTTP/1.1",
    "BREW / HTTP/1.1",
  ]) {
    await new Promise<void>((resolve) => {
      const socket = connect(server.port, "127.0.0.1", () =>
        socket.write(`${line}\r\nHost: x\r\nConnection: close\r\n\r\n`),
      );
      socket.on("close", () => resolve());
      socket.on("error", () => resolve());
      socket.resume();
    });
  }
  expect((await rawRequest(server.port, "/")).status).toBe(200);
});
