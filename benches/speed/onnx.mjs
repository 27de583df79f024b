// Writes ONNX files: just enough of the format (onnx.proto3) for the graphs of networks.mjs.

const FLOAT = 1;
const INT64 = 7;

const varint = (number) => {
  const bytes = [];
  let rest = BigInt.asUintN(64, BigInt(number));
  do {
    bytes.push(Number(rest & 127n) | (rest > 127n ? 128 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Buffer.from(bytes);
};
/** A field that is a number. */
const number = (field, value) => Buffer.concat([varint(field << 3), varint(value)]);
/** A field that is text, bytes or another message. */
const piece = (field, value) => {
  const bytes = Buffer.isBuffer(value) ? value : Buffer.from(value);
  return Buffer.concat([varint((field << 3) | 2), varint(bytes.length), bytes]);
};

/** @param {string} name @param {number[]} shape @param {Float32Array | BigInt64Array} values */
const tensor = (name, shape, values) =>
  Buffer.concat([
    ...shape.map((extent) => number(1, extent)),
    number(2, values instanceof BigInt64Array ? INT64 : FLOAT),
    piece(8, name),
    piece(9, Buffer.from(values.buffer, values.byteOffset, values.byteLength)),
  ]);

/** An attribute: one whole number, or a list of them. */
const attribute = ([name, value]) =>
  Buffer.concat(
    Array.isArray(value)
      ? [piece(1, name), ...value.map((i) => number(8, i)), number(20, 7)]
      : [piece(1, name), number(3, value), number(20, 2)],
  );

/** @param {[string, string[], string[], Record<string, number | number[]>?]} node operator, inputs, outputs, attributes */
const node = ([operator, inputs, outputs, attributes = {}]) =>
  Buffer.concat([
    ...inputs.map((name) => piece(1, name)),
    ...outputs.map((name) => piece(2, name)),
    piece(4, operator),
    ...Object.entries(attributes).map((entry) => piece(5, attribute(entry))),
  ]);

/** A value of the graph; an extent that is text may be any. */
const value = (name, shape) => {
  const extents = shape.map((extent) => piece(1, typeof extent === "string" ? piece(2, extent) : number(1, extent)));
  const type = Buffer.concat([number(1, FLOAT), piece(2, Buffer.concat(extents))]);
  return Buffer.concat([piece(1, name), piece(2, piece(1, type))]);
};

/**
 * A model from `x` to `y`, opset 17.
 *
 * @param {{ input: (number | string)[], output: (number | string)[], nodes: Parameters<typeof node>[0][],
 *   constants: Record<string, { shape: number[], values: Float32Array | BigInt64Array }> }} graph
 * @returns {Buffer}
 */
export function onnx({ input, output, nodes, constants }) {
  const graph = Buffer.concat([
    ...nodes.map((one) => piece(1, node(one))),
    piece(2, "graph"),
    ...Object.entries(constants).map(([name, { shape, values }]) => piece(5, tensor(name, shape, values))),
    piece(11, value("x", input)),
    piece(12, value("y", output)),
  ]);
  return Buffer.concat([number(1, 8), piece(8, Buffer.concat([piece(1, ""), number(2, 17)])), piece(7, graph)]);
}
