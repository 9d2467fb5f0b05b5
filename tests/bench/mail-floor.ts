import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { simpleParser } from "mailparser";
import nodemailer, { type SendMailOptions } from "nodemailer";
import { answerWith } from "./processes.ts";
import { type MailFloorQuestion, mailFloorQuestion } from "./protocol.ts";

/*
 * The floor for mail: nodemailer alone. It sends what the product sent (texts, HTML and attachments taken from the
 * product's own messages, and made into MIME and signed anew), over as many connections, with the same key.
 */

let mails: Array<SendMailOptions> = [];

async function read(folder: string): Promise<void> {
  mails = await Promise.all(
    readdirSync(folder).map(async (name): Promise<SendMailOptions> => {
      const parsed = await simpleParser(readFileSync(join(folder, name)), { skipHtmlToText: true });
      const to = Array.isArray(parsed.to) ? parsed.to[0] : parsed.to;
      return {
        from: parsed.from?.text,
        to: to?.text,
        subject: parsed.subject,
        text: parsed.text,
        html: parsed.html === false ? undefined : parsed.html,
        headers: { "Auto-Submitted": "auto-generated" },
        attachments: parsed.attachments.map(({ filename, contentType, content }) => ({
          filename,
          contentType,
          content,
        })),
      };
    }),
  );
}

async function answer(asked: MailFloorQuestion): Promise<unknown> {
  if (asked.do === "read") {
    await read(asked.folder);
    return { messages: mails.length };
  }
  const { privateKey, domainName, keySelector } = {
    privateKey: readFileSync(asked.dkim.keyFile, "utf8"),
    domainName: asked.dkim.domain,
    keySelector: asked.dkim.selector,
  };
  const transporter = nodemailer.createTransport({
    host: "127.0.0.1",
    port: asked.port,
    ignoreTLS: true,
    pool: true,
    maxConnections: asked.connections,
    maxMessages: Number.POSITIVE_INFINITY,
    dkim: { domainName, keySelector, privateKey },
  });
  let next = 0;
  const feed = async () => {
    while (next < asked.messages) {
      const mail = mails[next++ % mails.length];
      if (mail !== undefined) await transporter.sendMail(mail);
    }
  };
  // Twice as many as there are connections: none ever waits for its next mail.
  await Promise.all(Array.from({ length: asked.connections * 2 }, feed));
  transporter.close();
  return { messages: asked.messages };
}

answerWith((asked) => answer(mailFloorQuestion.parse(asked)));
