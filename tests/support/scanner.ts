/** A scanner for tests: finds a word in what it is given, and says so by its exit code. */
const parts: Array<Buffer> = [];
process.stdin.on("data", (part: Buffer) => parts.push(part));
process.stdin.on("end", () => {
  process.exitCode = Buffer.concat(parts).includes("EICAR") ? 1 : 0;
});
