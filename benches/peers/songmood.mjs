// songmood itself: the package as it is shipped, loaded from pkg/.

let songmood;
const networks = {};

export default {
  name: "songmood",
  note: "pkg/ as it is shipped",
  async init() {
    songmood = await import(/* @vite-ignore */ new URL("/pkg/songmood.js", location.href).href);
    await songmood.default();
  },
  async mfcc(pcm, sampleRate) {
    return songmood.mfcc(pcm, sampleRate, { sampleRate }).data;
  },
  async loadModel(net, spec) {
    networks[net] = new songmood.StudyNetwork(net, spec.safetensors);
  },
  async forward(net, x) {
    return networks[net].forward(x);
  },
};
