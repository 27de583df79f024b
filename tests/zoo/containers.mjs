// Files of the compressed formats whose structure lies.

/** @typedef {[name: string, bytes: Buffer]} Named */

/** @param {number} size @param {string} name @param {Buffer} [content] */
function box(size, name, content = Buffer.alloc(0)) {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(size, 0);
  head.write(name, 4, "latin1");
  return Buffer.concat([head, content]);
}

/** A box within a box within a box …, each with its right length. @param {number} depth */
function nest(depth) {
  let inner = Buffer.alloc(0);
  for (let i = 0; i < depth; i += 1) inner = box(inner.length + 8, "moov", inner);
  return inner;
}

/** @param {Buffer} m4a @returns {Named[]} */
export function mp4(m4a) {
  const type = box(24, "ftyp", Buffer.from("M4A \0\0\0\0M4A mp42", "latin1"));
  /** Sets the length of every box of a name. @param {string} name @param {number} size */
  const resized = (name, size) => {
    const bytes = Buffer.from(m4a);
    const at = bytes.indexOf(name, 0, "latin1");
    if (at >= 4) bytes.writeUInt32BE(size, at - 4);
    return bytes;
  };
  return [
    ...["ftyp", "moov", "trak", "mdia", "stbl", "stsd", "stts", "stsz", "stco", "mdat"].flatMap((name) =>
      [0, 1, 7, 0x7fff_ffff, 0xffff_ffff].map((size) => /** @type {Named} */ ([`box ${name} of ${size}.m4a`, resized(name, size)])),
    ),
    ["boxes in boxes.m4a", Buffer.concat([type, nest(2_000)])],
    ["nothing but a type.m4a", type],
    ["a box that is 1 long.m4a", Buffer.concat([type, box(1, "moov")])],
    ["a million empty boxes.m4a", Buffer.concat([type, ...Array(100_000).fill(box(8, "free"))])],
  ];
}

/** @param {Buffer} flac @returns {Named[]} */
export function flac(flac) {
  const set = (/** @type {(bytes: Buffer) => void} */ change) => {
    const bytes = Buffer.from(flac);
    change(bytes);
    return bytes;
  };
  return [
    ["block sizes of 0.flac", set((bytes) => bytes.writeUInt32BE(0, 8))],
    ["rate of 0.flac", set((bytes) => bytes.writeUInt16BE(0, 18))],
    ["2 to the 36 samples.flac", set((bytes) => bytes.fill(0xff, 22, 26))],
    ["8 channels that are not there.flac", set((bytes) => bytes.writeUInt8((bytes.readUInt8(20) & 0xf1) | 0x0e, 20))],
    ["metadata longer than the file.flac", set((bytes) => bytes.writeUInt32BE(0x00ff_ffff, 4))],
    ["metadata without an end.flac", set((bytes) => bytes.writeUInt8(bytes.readUInt8(4) & 0x7f, 4))],
    ["only the first four bytes.flac", flac.subarray(0, 4)],
  ];
}

/** @param {Buffer} ogg @returns {Named[]} */
export function ogg(ogg) {
  /** @type {number[]} */
  const pages = [];
  for (let at = ogg.indexOf("OggS"); at >= 0; at = ogg.indexOf("OggS", at + 1)) pages.push(at);
  const set = (/** @type {(bytes: Buffer, page: number) => void} */ change) =>
    pages.map((page, index) => {
      const bytes = Buffer.from(ogg);
      change(bytes, page);
      return /** @type {[number, Buffer]} */ ([index, bytes]);
    });
  return [
    ...set((bytes, page) => bytes.writeUInt8(255, page + 26)).map(([index, bytes]) => /** @type {Named} */ ([`page ${index} of 255 pieces.ogg`, bytes])),
    ...set((bytes, page) => bytes.writeUInt8(0, page + 26)).map(([index, bytes]) => /** @type {Named} */ ([`page ${index} of no piece.ogg`, bytes])),
    ...set((bytes, page) => bytes.fill(0xff, page + 6, page + 14)).map(([index, bytes]) => /** @type {Named} */ ([`page ${index} at the end of time.ogg`, bytes])),
    ...set((bytes, page) => bytes.writeUInt32LE(7, page + 14)).map(([index, bytes]) => /** @type {Named} */ ([`page ${index} of another stream.ogg`, bytes])),
  ];
}

/** A tag in front of an mp3 that says it is `size` long. @param {number} size @param {Buffer} content */
function id3(size, content) {
  const head = Buffer.from("ID3\x04\0\0\0\0\0\0", "latin1");
  for (let i = 0; i < 4; i += 1) head[9 - i] = (size >> (7 * i)) & 0x7f;
  return Buffer.concat([head, content]);
}

/** @param {Buffer} mp3 @returns {Named[]} */
export function mp3(mp3) {
  return [
    ["a tag longer than the file.mp3", id3(0x0fff_ffff, mp3)],
    ["a tag of no length.mp3", id3(0, mp3)],
    ["a tag that ends within a frame.mp3", id3(100, mp3)],
    ["nothing but a tag.mp3", id3(0, Buffer.alloc(0))],
    ["a thousand tags.mp3", Buffer.concat([...Array(1_000).fill(id3(0, Buffer.alloc(0))), mp3])],
    ["a text frame of 2 to the 28 letters.mp3", id3(30, Buffer.concat([Buffer.from("TIT2\x7f\x7f\x7f\x7f\0\0", "latin1"), Buffer.alloc(20, 65), mp3]))],
    ["one frame.mp3", mp3.subarray(0, 420)],
    ["sync words and nothing else.mp3", Buffer.alloc(20_000, Buffer.from([0xff, 0xfb, 0x90, 0x64]))],
    ["free format.mp3", Buffer.alloc(20_000, Buffer.from([0xff, 0xfb, 0x00, 0x64]))],
  ];
}
