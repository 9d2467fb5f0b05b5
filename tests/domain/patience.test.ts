import { describe, expect, it, vi } from "vitest";
import { patience } from "#app/patience.server.ts";

/** Holds the process, as a long statement of somebody else's does. */
function hold(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("patience with a page that is drawn", () => {
  it("does not count for how long others held the process: whoever waited gets their turn first", async () => {
    const giveUp = vi.fn();
    const end = patience(giveUp, { turns: 4, apart: 10 });
    // Each time for far longer than all of its turns: a clock would have struck before the page had its turn.
    for (let n = 0; n < 3; n++) {
      hold(50);
      await turn();
      expect(giveUp).not.toHaveBeenCalled();
    }
    end();
  });

  it("ends, with what never does", async () => {
    await new Promise<void>((resolve) => patience(resolve, { turns: 3, apart: 1 }));
  });

  it("ends with the page", async () => {
    const giveUp = vi.fn();
    patience(giveUp, { turns: 1, apart: 1 })();
    hold(10);
    await turn();
    expect(giveUp).not.toHaveBeenCalled();
  });
});
