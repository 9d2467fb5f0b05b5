import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import SQLite from "better-sqlite3";
import { renderToString } from "react-dom/server";
import { pageFromHtml } from "./page.ts";
import { answerWith } from "./processes.ts";
import { type FloorSetUp, floorSetUp } from "./protocol.ts";
import { player } from "./statements.ts";

/*
 * The floor: what the same answers cost with nothing of the product in between. One bare `node:http` server with
 *
 * - `GET /bare`: the bytes of the product's page, compressed anew for each answer as the product does;
 * - `GET /page/:token`: the page's own statements, its elements rendered by React, compressed;
 * - `POST /normal/:token` and `/full/:token`: the body parsed, and the submit's own statements in one transaction.
 */

function open(file: string, synchronous: "NORMAL" | "FULL"): SQLite.Database {
  const sqlite = new SQLite(file);
  sqlite.pragma("journal_mode = WAL");
  sqlite.pragma(`synchronous = ${synchronous}`);
  sqlite.pragma("foreign_keys = ON");
  sqlite.pragma("secure_delete = ON");
  return sqlite;
}

function sendHtml(response: ServerResponse, html: string | Buffer): void {
  const body = gzipSync(html, { level: 1 });
  response.writeHead(200, {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Encoding": "gzip",
    "Content-Length": body.length,
  });
  response.end(body);
}

async function bodyOf(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Array<Buffer> = [];
  for await (const chunk of request) chunks.push(chunk);
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

function start({ html, databases, statements, known, made, facts }: FloorSetUp): Promise<unknown> {
  const bytes = Buffer.from(html);
  const page = pageFromHtml(html, known);
  const render = (own: ReadonlyArray<string>) => `<!DOCTYPE html>${renderToString(page(own))}`;
  const readPage = player(open(databases.page, "FULL"), statements.page, known, made);
  const transactions = new Map(
    (["normal", "full"] as const).map((name) => {
      const sqlite = open(databases[name], name === "normal" ? "NORMAL" : "FULL");
      const play = player(sqlite, statements.submit, known, made);
      return [name as string, sqlite.transaction(play)];
    }),
  );

  const server = createServer(async (request, response) => {
    const [, kind = "", token = ""] = (request.url ?? "").split("/");
    const own = facts[token];
    const transaction = transactions.get(kind);
    if (kind === "bare") return sendHtml(response, bytes);
    if (kind === "page" && own !== undefined) {
      readPage(own);
      return sendHtml(response, render(own));
    }
    if (transaction !== undefined && own !== undefined && request.method === "POST") {
      const form = await bodyOf(request);
      if (form.get("intent") !== "submit") throw new Error("The body was not understood");
      transaction.immediate(own);
      response.writeHead(303, { Location: `/i/${token}`, "Content-Length": 0 });
      return response.end();
    }
    response.writeHead(404, { "Content-Length": 0 });
    return response.end();
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      resolve({ port, html: render(known) });
    });
  });
}

answerWith((question) => start(floorSetUp.parse(question)));
