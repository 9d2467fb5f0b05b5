import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { SMTPServer } from "smtp-server";
import { answerWith } from "./processes.ts";
import { type SinkQuestion, sinkQuestion } from "./protocol.ts";

/* A mail server that takes everything: it counts, notes when messages came, and keeps some. */

let messages = 0;
let signed = 0;
let bytes = 0;
let warmUp = 0;
let begin = 0;
let last = 0;
let folder: string | null = null;
let enough: (() => void) | null = null;
let awaited = 0;

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ["STARTTLS", "AUTH"],
  disableReverseLookup: true,
  logger: false,
  onData(stream, _session, done) {
    const chunks: Array<Buffer> = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("end", () => {
      const whole = Buffer.concat(chunks);
      last = performance.now();
      messages += 1;
      if (messages === warmUp) begin = last;
      bytes += whole.length;
      if (whole.subarray(0, 2_000).includes("DKIM-Signature:")) signed += 1;
      if (folder !== null) writeFileSync(join(folder, `${messages}.eml`), whole);
      done();
      if (messages >= awaited) enough?.();
    });
  },
});

function answer(asked: SinkQuestion): unknown {
  switch (asked.do) {
    case "listen":
      return new Promise((resolve) => {
        const http = server.listen(0, "127.0.0.1", () => {
          const address = http.address();
          resolve({ port: typeof address === "object" && address !== null ? address.port : 0 });
        });
      });
    case "reset":
      messages = signed = bytes = 0;
      folder = asked.folder;
      warmUp = asked.warmUp;
      return { ready: true };
    case "wait":
      return new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new Error(`Only ${messages} of ${asked.messages} mails came`)),
          asked.milliseconds,
        );
        enough = () => {
          enough = null;
          clearTimeout(timer);
          resolve({ messages, signed, bytes, seconds: (last - begin) / 1_000 });
        };
        awaited = asked.messages;
        if (messages >= awaited) enough();
      });
    default:
      return asked satisfies never;
  }
}

answerWith((asked) => answer(sinkQuestion.parse(asked)));
