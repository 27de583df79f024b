// Growth as a figure: points, the line through them, and what it says.

const WIDTH = 460;
const HEIGHT = 300;
const EDGE = { left: 64, right: 18, top: 44, bottom: 46 };

/**
 * The straight line nearest to some points, and how much of their spread it explains.
 *
 * @param {[number, number][]} points
 */
export function line(points) {
  const mean = (/** @type {number[]} */ values) => values.reduce((a, b) => a + b, 0) / values.length;
  const [mx, my] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const sum = (/** @type {(x: number, y: number) => number} */ of) => points.reduce((total, [x, y]) => total + of(x - mx, y - my), 0);
  const [xx, xy, yy] = [sum((x) => x * x), sum((x, y) => x * y), sum((_, y) => y * y)];
  const slope = xy / xx;
  return { slope, start: my - slope * mx, r2: yy === 0 ? 1 : (xy * xy) / (xx * yy) };
}

/** A round number of steps that are 1, 2 or 5 times a power of ten. @param {number} highest */
function ticks(highest) {
  const rough = highest / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) ?? rough;
  return Array.from({ length: Math.floor(highest / step + 1e-9) + 1 }, (_, i) => Number((i * step).toPrecision(6)));
}

/**
 * One panel.
 *
 * @param {{ title: string, x: string, y: string, says: string, points: [number, number][] }} what
 */
function panel({ title, x, y, says, points }) {
  const xs = ticks(Math.max(...points.map(([value]) => value)) * 1.02);
  const ys = ticks(Math.max(...points.map(([, value]) => value)) * 1.15);
  const [highestX, highestY] = [Math.max(...points.map(([value]) => value)) * 1.02, Math.max(...points.map(([, value]) => value)) * 1.15];
  const px = (/** @type {number} */ value) => EDGE.left + (value / highestX) * (WIDTH - EDGE.left - EDGE.right);
  const py = (/** @type {number} */ value) => HEIGHT - EDGE.bottom - (value / highestY) * (HEIGHT - EDGE.top - EDGE.bottom);
  const { slope, start } = line(points);
  const last = points.at(-1)?.[0] ?? 0;
  const text = (/** @type {number} */ at, /** @type {number} */ height, /** @type {string} */ words, rest = "") => `<text x="${at.toFixed(1)}" y="${height.toFixed(1)}" ${rest}>${words}</text>`;
  return [
    text(EDGE.left, 18, title, 'font-weight="bold"'),
    text(EDGE.left, 35, says, 'fill="#555"'),
    ...xs.map((value) => text(px(value), HEIGHT - EDGE.bottom + 18, String(value), 'text-anchor="middle"')),
    ...ys.map((value) => `<path d="M${EDGE.left} ${py(value).toFixed(1)}H${WIDTH - EDGE.right}" stroke="#ddd"/>${text(EDGE.left - 8, py(value) + 4, String(value), 'text-anchor="end"')}`),
    text((EDGE.left + WIDTH - EDGE.right) / 2, HEIGHT - 8, x, 'text-anchor="middle"'),
    `<text transform="translate(14 ${(EDGE.top + HEIGHT - EDGE.bottom) / 2}) rotate(-90)" text-anchor="middle">${y}</text>`,
    `<path d="M${px(0)} ${py(start).toFixed(1)}L${px(last).toFixed(1)} ${py(start + slope * last).toFixed(1)}" stroke="#1f77b4" stroke-width="1.5"/>`,
    ...points.map(([a, b]) => `<circle cx="${px(a).toFixed(1)}" cy="${py(b).toFixed(1)}" r="3.5" fill="#d95f02"/>`),
  ].join("\n");
}

/**
 * Panels two by two.
 *
 * @param {Parameters<typeof panel>[0][]} panels
 */
export function figure(panels) {
  const placed = panels.map((what, i) => `<g transform="translate(${(i % 2) * WIDTH} ${Math.floor(i / 2) * HEIGHT})">\n${panel(what)}\n</g>`);
  const [width, height] = [2 * WIDTH, Math.ceil(panels.length / 2) * HEIGHT];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">\n<rect width="100%" height="100%" fill="#fff"/>\n${placed.join("\n")}\n</svg>\n`;
}
