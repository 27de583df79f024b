// A network as its peers want it.

export const floats = async (url) => new Float32Array(await (await fetch(url)).arrayBuffer());

/** @param {string} net a network of networks.mjs */
export async function spec(net) {
  const manifest = await (await fetch(`/target/bench/models/${net}.json`)).json();
  const weights = await floats(`/target/bench/models/${net}.keras.f32`);
  return {
    shape: manifest.shape,
    onnx: `/target/bench/models/${net}.onnx`,
    safetensors: new Uint8Array(await (await fetch(`/target/bench/models/${net}.safetensors`)).arrayBuffer()),
    keras: manifest.keras.map(({ shape, offset, length }) => ({ shape, values: weights.subarray(offset, offset + length) })),
  };
}
