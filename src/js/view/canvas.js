// @ts-check
/** What every drawing begins with. */

/**
 * Makes a canvas as fine as the screen and empties it.
 * @param {HTMLCanvasElement} canvas
 */
export function clearCanvas(canvas) {
  const scale = window.devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  const [pixelsX, pixelsY] = [Math.round(width * scale), Math.round(height * scale)];
  // Setting a canvas's size clears and reallocates it, even to the same value.
  if (canvas.width !== pixelsX) canvas.width = pixelsX;
  if (canvas.height !== pixelsY) canvas.height = pixelsY;
  const context = canvas.getContext("2d");
  if (!context || width === 0) return null;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
}
