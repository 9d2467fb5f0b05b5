import { crc32, deflateRawSync } from "node:zlib";
import sharp from "sharp";

/* Files as people hand them in, and as somebody might who means no good. */

/** A small PDF; `extra` stands in its catalogue. */
export function pdf(extra = ""): Buffer {
  return Buffer.from(
    `%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R ${extra} >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n`,
    "latin1",
  );
}

type Entry = { name: string; bytes: Buffer; claims?: number };

/** A ZIP archive. `claims`: the size that its list says instead of the true one. */
export function zip(entries: ReadonlyArray<Entry>): Buffer {
  const parts: Array<Buffer> = [];
  const list: Array<Buffer> = [];
  let at = 0;
  for (const { name, bytes, claims } of entries) {
    const packed = deflateRawSync(bytes);
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(8, 4);
    facts.writeUInt32LE(crc32(bytes), 10);
    facts.writeUInt32LE(packed.length, 14);
    facts.writeUInt32LE(claims ?? bytes.length, 18);
    facts.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), facts, Buffer.from(name), packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(at, 10);
    list.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x00", "latin1"), facts, tail, Buffer.from(name)]));
    parts.push(local);
    at += local.length;
  }
  const directory = Buffer.concat(list);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, directory, end]);
}

/** A Word document, as far as its parts tell. */
export function docx(...more: ReadonlyArray<Entry>): Buffer {
  return zip([
    { name: "[Content_Types].xml", bytes: Buffer.from("<Types/>") },
    { name: "word/document.xml", bytes: Buffer.from("<w:document/>") },
    ...more,
  ]);
}

/** The head of a PNG of any size, and nothing after it. */
export function pngHead(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const check = Buffer.alloc(4);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const size = Buffer.alloc(13);
  size.writeUInt32BE(width, 0);
  size.writeUInt32BE(height, 4);
  size.writeUInt8(8, 8);
  size.writeUInt8(2, 9);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", size),
    chunk("IDAT", Buffer.from([0x78, 0x9c])),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** A photograph that a phone took lying on its side, with the place and the phone in it. */
export function jpegWithPlace(): Promise<Buffer> {
  return sharp({ create: { width: 900, height: 700, channels: 3, background: "#4477aa" } })
    .jpeg()
    .withExif({
      IFD0: { Make: "SECRETCAM", Orientation: "6" },
      IFD3: {
        GPSLatitudeRef: "N",
        GPSLatitude: "39/1 54/1 0/1",
        GPSLongitudeRef: "E",
        GPSLongitude: "116/1 23/1 0/1",
      },
    })
    .withMetadata({ orientation: 6 })
    .toBuffer();
}
