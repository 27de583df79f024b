// The results as tables in Markdown.

const NETS = { cnn: "study CNN", rnn: "study LSTM", "cnn-2d": "2-D CNN" };
const OURS = "songmood";

const digits = (value) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));
const ratio = (theirs, ours) => (theirs === undefined ? "" : `${digits(theirs / ours)} ×`);
const row = (cells) => `| ${cells.join(" | ")} |`;
const table = (head, rows) => [row(head), row(head.map(() => "---")), ...rows.map(row)].join("\n");

/** @param {Record<string, { ms: number, min: number, runs: number, error: number }>} results */
export function mfccTable(results, golden) {
  const ours = results[OURS].ms;
  const rows = Object.entries(results).sort(([, a], [, b]) => a.ms - b.ms);
  return table(
    ["MFCC of 180 s", "ms (median)", "least", "songmood is faster by", "off the exact value by", "off librosa by (4 s)"],
    rows.map(([name, { ms, min, error }]) => [name, digits(ms), digits(min), name === OURS ? "" : ratio(ms, ours), error.toPrecision(2), golden[name].toPrecision(2)]),
  );
}

/** @param {Record<string, Record<string, { ms: number, min: number, error: number }>>} results by `net@batch` */
export function forwardTable(results) {
  const tasks = Object.keys(results);
  const peers = Object.keys(results[tasks[0]]);
  const best = (task) => Math.min(...peers.filter((name) => name !== OURS).map((name) => results[task][name].ms));
  const title = (task) => {
    const [net, batch] = task.split("@");
    return `${NETS[net]}, batch ${batch}`;
  };
  const rows = tasks.map((task) => [title(task), ...peers.map((name) => digits(results[task][name].ms)), ratio(best(task), results[task][OURS].ms)]);
  return table(["forward pass, ms (median)", ...peers, "songmood is faster by"], rows);
}

/** @param {Record<string, { whole: any, timings: any, window: any, block: any }>} results by domain */
export function moodsTable(results) {
  const rows = Object.entries(results).map(([domain, { whole, timings, window, block }]) => [
    domain, digits(whole.ms), digits(timings.resampleMs), digits(timings.mfccMs), digits(timings.forwardMs), digits(window.ms), digits(window.max), digits(block.ms * 1000),
  ]);
  return table(["songmood from samples on", "180 s, ms", "resampling", "features", "networks", "live window, ms", "slowest", "live block of 128, µs"], rows);
}

/** @param {Record<string, Record<string, number>>} results by stack */
export function wholeTable(results, file) {
  const ours = results[OURS]?.total;
  const rows = Object.entries(results).map(([name, { total, loaded, decode, mfcc, network }]) => [
    name, ...[total, loaded, decode, mfcc, network].map(digits), name === OURS || !ours ? "" : ratio(total, ours),
  ]);
  return table([`navigation to verdict, ${file} of 180 s, ms`, "in all", "loading", "decoding", "MFCC", "network", "songmood is faster by"], rows);
}

/** @param {Record<string, { raw: number, brotli: number }>} sizes */
export function sizeTable(sizes) {
  return table(["what the page loads, KB", "raw", "brotli"], Object.entries(sizes).map(([name, { raw, brotli }]) => [name, (raw / 1000).toFixed(0), (brotli / 1000).toFixed(0)]));
}
