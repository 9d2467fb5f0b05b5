import { createElement } from "react";
import { renderToPipeableStream, renderToString } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { inOnePiece } from "#app/one-piece.server.ts";

/** The page that React draws into blocks of bytes, and the same as one text. */
function drawn(before: number) {
  const rows = Array.from({ length: 300 }, (_, n) =>
    createElement("p", { key: n, title: `最高人民法院${n}` }, "𬱖䶮示例"),
  );
  const page = createElement("main", null, createElement("i", null, "a".repeat(before)), rows);
  return new Promise<{ bytes: Buffer; text: string }>((resolve, reject) => {
    const { pipe } = renderToPipeableStream(page, {
      onAllReady: () => pipe(inOnePiece((bytes) => resolve({ bytes, text: renderToString(page) }))),
      onShellError: reject,
    });
  });
}

describe("a page as it goes out", () => {
  // Whichever byte of a character a block ends in: each shift by one puts the ends elsewhere.
  it.each(Array.from({ length: 12 }, (_, n) => n))("is the text that was drawn, shifted by %i", async (n) => {
    const { bytes, text } = await drawn(n);
    expect(bytes.includes(0)).toBe(false);
    expect(bytes.toString("utf8")).toBe(text);
  });
});
