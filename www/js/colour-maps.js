// @ts-check
/**
 * Colour maps whose steps look equally large: curves through OKLab (Ottosson, 2020), walked at an even pace. Lightness tells
 * the value by itself, so they are read without seeing hues, and they begin at the card's own colour in either theme.
 */

/** @typedef {"light" | "dark"} Theme */
/** @typedef {readonly [lightness: number, chroma: number, hue: number]} Lch OKLCH, the hue in degrees */

const STEPS = 256;
/** Points of the curve before it is walked evenly. */
const FINE = 1024;

/** From nothing to much. @type {Record<Theme, readonly Lch[]>} */
const SEQUENTIAL = {
  light: [[0.98, 0.008, 95], [0.8, 0.1, 85], [0.6, 0.15, 20], [0.42, 0.16, 320], [0.25, 0.1, 280]],
  dark: [[0.23, 0.018, 285], [0.38, 0.15, 300], [0.58, 0.19, 0], [0.76, 0.15, 55], [0.96, 0.08, 100]],
};
/** From far below the mean, over it, to far above. @type {Record<Theme, readonly Lch[]>} */
const DIVERGING = {
  light: [[0.4, 0.14, 258], [0.68, 0.11, 250], [0.98, 0.008, 95], [0.7, 0.13, 60], [0.42, 0.13, 45]],
  dark: [[0.86, 0.1, 235], [0.55, 0.14, 250], [0.23, 0.018, 285], [0.56, 0.13, 55], [0.88, 0.12, 80]],
};

/** @param {readonly [number, number, number]} lab OKLab @returns {[number, number, number]} linear sRGB */
function linearOf([l, a, b]) {
  const [p, q, r] = [l + 0.3963377774 * a + 0.2158037573 * b, l - 0.1055613458 * a - 0.0638541728 * b, l - 0.0894841775 * a - 1.291485548 * b].map((x) => x ** 3);
  return [
    4.0767416621 * p - 3.3077115913 * q + 0.2309699292 * r,
    -1.2684380046 * p + 2.6097574011 * q - 0.3413193965 * r,
    -0.0041960863 * p - 0.7034186147 * q + 1.707614701 * r,
  ];
}

/** @param {readonly [number, number, number]} lab @param {number} share of its chroma @returns {[number, number, number]} */
const paler = ([l, a, b], share) => [l, a * share, b * share];

/** As colourful as a screen can show it. @param {readonly [number, number, number]} lab */
function inGamut(lab) {
  let [low, high] = [0, 1];
  const shown = (/** @type {number} */ share) => linearOf(paler(lab, share)).every((x) => x >= -1e-4 && x <= 1.0001);
  if (shown(1)) return lab;
  for (let i = 0; i < 20; i++) {
    const middle = (low + high) / 2;
    if (shown(middle)) low = middle;
    else high = middle;
  }
  return paler(lab, low);
}

/** A point of the curve through the stops, in OKLab. @param {readonly Lch[]} stops @param {number} share 0 … 1 */
function curve(stops, share) {
  const at = share * (stops.length - 1);
  const i = Math.min(stops.length - 2, Math.floor(at));
  const [a, b] = [stops[i], stops[i + 1]].map(([l, c, h]) => [l, c * Math.cos((h * Math.PI) / 180), c * Math.sin((h * Math.PI) / 180)]);
  return inGamut(/** @type {[number, number, number]} */ (a.map((value, k) => value + (b[k] - value) * (at - i))));
}

/** @param {number} x linear */
const gamma = (x) => Math.round(255 * (x <= 0.0031308 ? 12.92 * Math.max(0, x) : 1.055 * Math.min(1, x) ** (1 / 2.4) - 0.055));

/**
 * @param {readonly Lch[]} stops
 * @returns {Uint8ClampedArray} red, green and blue of each step
 */
function walk(stops) {
  const points = Array.from({ length: FINE + 1 }, (_, i) => curve(stops, i / FINE));
  const way = [0];
  points.slice(1).forEach((point, i) => way.push(way[i] + Math.hypot(...point.map((value, k) => value - points[i][k]))));
  const map = new Uint8ClampedArray(STEPS * 3);
  let i = 0;
  for (let step = 0; step < STEPS; step++) {
    const target = (step / (STEPS - 1)) * way[FINE];
    while (i < FINE - 1 && way[i + 1] < target) i++;
    const share = (target - way[i]) / (way[i + 1] - way[i]);
    const lab = /** @type {[number, number, number]} */ (points[i].map((value, k) => value + (points[i + 1][k] - value) * share));
    map.set(linearOf(lab).map(gamma), step * 3);
  }
  return map;
}

/** Either half at its own pace, so that the middle of the map is the middle of the values. @param {readonly Lch[]} stops */
function walkHalves(stops) {
  const [below, above] = [walk(stops.slice(0, 3)), walk(stops.slice(2))];
  const map = new Uint8ClampedArray(STEPS * 3);
  for (let step = 0; step < STEPS; step++) {
    const half = step < STEPS / 2 ? below : above;
    const from = step < STEPS / 2 ? step * 2 : (step - STEPS / 2) * 2 + 1;
    map.set(half.subarray(from * 3, from * 3 + 3), step * 3);
  }
  return map;
}

/** @type {Map<string, Uint8ClampedArray>} */
const made = new Map();

/**
 * 256 colours, three bytes each.
 * @param {"sequential" | "diverging"} kind
 * @param {Theme} theme
 * @returns {Uint8ClampedArray}
 */
export function colourMap(kind, theme) {
  const key = `${kind} ${theme}`;
  const map = made.get(key) ?? (kind === "sequential" ? walk(SEQUENTIAL[theme]) : walkHalves(DIVERGING[theme]));
  made.set(key, map);
  return map;
}
