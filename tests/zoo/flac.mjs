// Hours of silence in a few kilobytes: FLAC frames of one constant (RFC 9639).

const BLOCK = 65_535;

/**
 * @param {number} seconds
 * @param {number} rate Hz, below 65 536
 */
export function silentFlac(seconds, rate) {
  const total = seconds * rate;
  const frames = [];
  for (let number = 0, left = total; left > 0; number += 1, left -= BLOCK) frames.push(frame(number, Math.min(BLOCK, left), rate));
  return Buffer.concat([header(total, rate), ...frames]);
}

/** @param {number} total @param {number} rate */
function header(total, rate) {
  const bytes = Buffer.alloc(42);
  bytes.write("fLaC", 0, "latin1");
  // The last block of metadata, of kind 0 (stream info), 34 bytes.
  bytes.writeUInt32BE(0x80_00_00_22, 4);
  bytes.writeUInt16BE(BLOCK, 8);
  bytes.writeUInt16BE(BLOCK, 10);
  // 20 bits rate, 3 bits channels − 1, 5 bits depth − 1, 36 bits samples; the checksum stays 0, which is “not known”.
  const packed = (BigInt(rate) << 44n) | (0n << 41n) | (15n << 36n) | BigInt(total);
  bytes.writeBigUInt64BE(packed, 18);
  return bytes;
}

/** @param {number} number @param {number} samples @param {number} rate */
function frame(number, samples, rate) {
  const size = Buffer.alloc(2);
  size.writeUInt16BE(samples - 1);
  const hertz = Buffer.alloc(2);
  hertz.writeUInt16BE(rate);
  // Sync, fixed block size; block size in 16 bits and rate in Hz at the end; mono of 16 bits.
  const head = Buffer.concat([Buffer.from([0xff, 0xf8, 0x7d, 0x08]), Buffer.from(String.fromCodePoint(number), "utf8"), size, hertz]);
  // A subframe of one constant, 0.
  const body = Buffer.concat([head, Buffer.from([crc(head, 8, 0x07)]), Buffer.from([0, 0, 0])]);
  const end = Buffer.alloc(2);
  end.writeUInt16BE(crc(body, 16, 0x8005));
  return Buffer.concat([body, end]);
}

/** @param {Buffer} bytes @param {number} width bits @param {number} polynomial */
function crc(bytes, width, polynomial) {
  const top = 1 << (width - 1);
  let value = 0;
  for (const byte of bytes) {
    value ^= byte << (width - 8);
    for (let bit = 0; bit < 8; bit += 1) value = ((value & top) !== 0 ? (value << 1) ^ polynomial : value << 1) & ((1 << width) - 1);
  }
  return value;
}
