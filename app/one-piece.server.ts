import { Writable } from "node:stream";

/**
 * A drain that hands over what came when all of it has come. A web stream in its place would cost as much as drawing.
 *
 * React 18 fills blocks of a fixed size, and hands a block on whole although a character of several bytes no longer fitted
 * into it: the one or two bytes that are left over are zeros, which browsers show as � in what a script reads and in
 * attributes. A page has no zeros of its own, so those at the end of a block are cut off.
 */
export function inOnePiece(done: (bytes: Buffer<ArrayBuffer>) => void): Writable {
  const pieces: Array<Uint8Array> = [];
  return new Writable({
    write(piece: Uint8Array, _encoding, next) {
      let end = piece.length;
      while (end > 0 && piece[end - 1] === 0) end -= 1;
      pieces.push(piece.subarray(0, end));
      next();
    },
    final(next) {
      done(Buffer.concat(pieces));
      next();
    },
  });
}
