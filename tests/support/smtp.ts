import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

/** A mail as it came over the wire. */
export type Received = { from: string; to: ReadonlyArray<string>; source: string };

/** What the server says to a mail after its data: null accepts it, a reply refuses it, `drop` hangs up instead. */
export type Verdict = null | { code: number; text: string } | "drop";

/**
 * A real SMTP server on loopback that keeps what it accepts. `judge` decides for each mail after its last byte;
 * it may take its time.
 */
export async function startSmtpServer(
  judge: (mail: Received, attempt: number) => Verdict | Promise<Verdict> = () => null,
  { onMail }: { /** Called when somebody begins a mail. */ onMail?: () => void } = {},
) {
  const accepted: Array<Received> = [];
  const attempts = new Map<string, number>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    logger: false,
    closeTimeout: 1_000,
    onMailFrom(_address, _session, done) {
      onMail?.();
      done();
    },
    onData(stream, session, done) {
      const chunks: Array<Buffer> = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        const mail: Received = {
          from: mailFrom === false ? "" : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          source: Buffer.concat(chunks).toString("utf8"),
        };
        const key = messageIdOf(mail.source);
        const attempt = (attempts.get(key) ?? 0) + 1;
        attempts.set(key, attempt);
        Promise.resolve(judge(mail, attempt)).then((verdict) => {
          if (verdict === null) {
            accepted.push(mail);
            done(null, "2.0.0 queued");
          } else if (verdict === "drop") {
            for (const connection of server.connections) connection._socket.destroy();
          } else {
            done(Object.assign(new Error(verdict.text), { responseCode: verdict.code }));
          }
        });
      });
    },
  });
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    accepted,
    /** How often each message was offered in full, by Message-ID. */
    attempts,
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

export function messageIdOf(source: string): string {
  return /^message-id:\s*(\S+)/im.exec(source)?.[1] ?? "";
}
