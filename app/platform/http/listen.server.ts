import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { getRequestListener } from "@hono/node-server";
import type { createApp } from "./app.server.ts";
import { type Origin, settleHeaders } from "./origin.server.ts";

/** How long requests may still run when the process has been told to stop. */
const LONGEST_FAREWELL = 5_000;

/** Somebody who answers some requests before the product sees them: Vite in development. */
export type InFront = (incoming: IncomingMessage, outgoing: ServerResponse, next: () => void) => void;

/**
 * Listens.
 *
 * @returns once connections are taken; `close` takes no new ones and resolves when the last request is answered, or cut off.
 * @throws Error with the system's code when the port cannot be had.
 */
export async function listen(
  app: ReturnType<typeof createApp>,
  options: {
    host: string;
    port: number;
    baseUrl: string;
    ownOrigins: ReadonlySet<string>;
    trustedProxies: number;
    inFront?: InFront | undefined;
  },
): Promise<{ close(): Promise<void> }> {
  const settings = { own: options.ownOrigins, ...options };
  const origins = new WeakMap<IncomingMessage, Origin>();
  const answer = getRequestListener((request, env) => {
    const from = "incoming" in env ? origins.get(env.incoming as IncomingMessage) : undefined;
    return app.fetch(request, { ...env, client: from?.client ?? "", isHere: from?.isHere ?? false });
  });
  /** Connections on which nobody has asked for anything yet. Node does not count them as idle. */
  const silent = new Set<Socket>();
  const server = createServer((incoming, outgoing) => {
    silent.delete(incoming.socket);
    const serve = () => {
      origins.set(incoming, settleHeaders(incoming, settings));
      void answer(incoming, outgoing);
    };
    if (options.inFront === undefined) serve();
    else options.inFront(incoming, outgoing, serve);
  });
  server.on("connection", (socket) => {
    silent.add(socket);
    socket.once("close", () => silent.delete(socket));
  });
  // Longer than proxies keep theirs, or they would send a request into a connection that we are just closing.
  server.keepAliveTimeout = 75_000;
  // Ten megabytes take minutes from a hotel's network.
  server.requestTimeout = 300_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  return {
    close() {
      for (const socket of silent) socket.destroy();
      return closeOrderly(server);
    },
  };
}

function closeOrderly(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // Connections that a request has just left become idle one by one.
    const sweep = setInterval(() => server.closeIdleConnections(), 25);
    const limit = setTimeout(() => server.closeAllConnections(), LONGEST_FAREWELL);
    server.close(() => {
      clearInterval(sweep);
      clearTimeout(limit);
      resolve();
    });
    server.closeIdleConnections();
  });
}
