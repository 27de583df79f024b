// Hands every block of samples to a port.

class Tap extends AudioWorkletProcessor {
  constructor() {
    super();
    this.port.onmessage = ({ data }) => {
      if (data === "end") return this.sink.postMessage("end");
      this.sink = data;
      this.port.postMessage("ready");
    };
  }

  process([[samples]]) {
    if (samples) this.sink.postMessage(samples.slice());
    return true;
  }
}

registerProcessor("tap", Tap);
