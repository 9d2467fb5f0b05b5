/**
 * Gives something up that does not end, and not what only waits for its turn. A clock would count the seconds in which the
 * process was busy with others as well, and fires before whoever has waited: so turns are counted, at least so far apart, in
 * each of which there was time for everybody.
 *
 * @returns ends the watch.
 */
export function patience(giveUp: () => void, { turns, apart }: { turns: number; apart: number }): () => void {
  let left = turns;
  const watch = setInterval(() => {
    left -= 1;
    if (left > 0) return;
    clearInterval(watch);
    giveUp();
  }, apart).unref();
  return () => clearInterval(watch);
}
