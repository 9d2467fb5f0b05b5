import type { AppLoadContext, EntryContext, HandleErrorFunction } from "@remix-run/node";
import { isRouteErrorResponse, RemixServer } from "@remix-run/react";
import { renderToPipeableStream } from "react-dom/server";
import { RequestInfoProvider } from "./components/request-info.tsx";
import { requestLocale } from "./context.server.ts";
import { inOnePiece } from "./one-piece.server.ts";
import { patience } from "./patience.server.ts";

/** For how long Remix waits for data that come later: none of ours do. */
export const streamTimeout = 5_000;
/** A page that has its data waits for nothing but its turn, so nothing but a fault of ours is this slow. */
const DRAWING = { turns: 30, apart: 1_000 };

/**
 * Draws the whole page before the first byte goes out: SQLite answers at once, so there is nothing to stream, and a
 * failure can still become a proper status. On a busy machine an answer is late, and no failure.
 */
export default function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  remix: EntryContext,
  { nonce }: AppLoadContext,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    let current = status;
    const { pipe, abort } = renderToPipeableStream(
      <RequestInfoProvider value={{ nonce, locale: requestLocale(request) }}>
        <RemixServer context={remix} url={request.url} abortDelay={streamTimeout} nonce={nonce} />
      </RequestInfoProvider>,
      {
        nonce,
        onAllReady() {
          drawn();
          headers.set("Content-Type", "text/html; charset=utf-8");
          pipe(inOnePiece((page) => resolve(new Response(page, { headers, status: current }))));
        },
        onShellError(error) {
          drawn();
          reject(error);
        },
        onError() {
          current = 500;
        },
      },
    );
    const drawn = patience(abort, DRAWING);
  });
}

/** What a loader, an action or a page threw. The path is logged as its pattern's file, never with a token in it. */
export const handleError: HandleErrorFunction = (error, { request, context }) => {
  // A reader who left, and answers like 404 that Remix makes itself, are no failures of ours.
  if (request.signal.aborted || isRouteErrorResponse(error)) return;
  context.services.log.error(
    { requestId: context.requestId, method: request.method, error },
    "request failed",
  );
};
