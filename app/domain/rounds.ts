/** Looks once a minute for what has come due by the clock. A round that fails is told of and stops no other. */
export function rounds(
  due: ReadonlyArray<() => Promise<unknown>>,
  { failed }: { failed: (error: unknown) => void },
): { start(): void; stop(): Promise<void> } {
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<unknown> = Promise.resolve();
  const round = () => {
    for (const one of due) running = running.then(one).catch(failed);
  };
  return {
    start() {
      timer ??= setInterval(round, 60_000);
      round();
    },
    async stop() {
      if (timer !== null) clearInterval(timer);
      await running;
    },
  };
}
