// @ts-check
/** Where the shipped networks lie, as literals that bundlers find. A test holds the names against models/index.json. */
export const shippedBy = () => ({
  music: [new URL("./weights/music-cnn.safetensors", import.meta.url), new URL("./weights/music-rnn.safetensors", import.meta.url)],
  voice: [new URL("./weights/voice-cnn.safetensors", import.meta.url), new URL("./weights/voice-rnn.safetensors", import.meta.url)],
});
