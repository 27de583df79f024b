// A worker of the app's own: classifies samples, or listens to a port that an AudioWorklet feeds.

import init, { Classifier } from "songmood";
import { voice } from "songmood/weights";

const ready = init().then(async () => new Classifier(await voice()));

self.onmessage = async ({ data: { samples, rate, live, port } }) => {
  try {
    const classifier = await ready;
    if (port) return listen(classifier.live(live), port);
    const { verdict, windows } = classifier.classify(samples, rate);
    self.postMessage({ mood: verdict.mood, probability: verdict.probability, windows: windows.length });
  } catch (error) {
    self.postMessage({ error: String(error) });
  }
};

function listen(listener, port) {
  const windows = [];
  port.onmessage = ({ data }) => {
    if (data === "end") return self.postMessage({ windows });
    const window = listener.push(data);
    if (window) windows.push({ endS: window.endS, moods: window.moods });
  };
}
