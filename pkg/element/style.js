// @ts-check
/** The element's style sheet. Set by script, which a strict Content-Security-Policy allows. */

import { MOODS } from "../view/moods.js";
import { PALETTE } from "../view/palette.js";

const COLOURS = MOODS.map((mood) => `--${mood}: var(--song-mood-${mood}, light-dark(${PALETTE.light[mood]}, ${PALETTE.dark[mood]}));`).join("\n");
const OWN = MOODS.map((mood) => `.m-${mood} { --own: var(--${mood}); color: var(--${mood}); }`).join("\n");

export const CSS = `
:host {
  ${COLOURS}
  --faint: var(--song-mood-faint, light-dark(#8d8897, #7f7b8f));
  --hairline: var(--song-mood-line, light-dark(#e6e1d8, #2d2c39));
  --danger: var(--song-mood-danger, light-dark(#b3261e, #ff8b80));
  --focus: var(--song-mood-focus, light-dark(#2f5fe0, #8fb0ff));
  display: block; position: relative; min-width: 12rem; color: var(--song-mood-text, CanvasText);
  font: 400 1rem/1.45 var(--song-mood-font, system-ui, sans-serif);
}
:host([hidden]) { display: none; }
[hidden] { display: none !important; }
.head { display: flex; flex-wrap: wrap; align-items: center; gap: 0.4em 0.9em; min-height: 48px; margin-bottom: 0.9em; }
button { flex: none; display: grid; place-items: center; width: 48px; height: 48px; padding: 0; border: 0; border-radius: 50%; cursor: pointer;
  color: var(--song-mood-button-text, Canvas); background: var(--song-mood-button, CanvasText); }
button:disabled { opacity: 0.4; cursor: not-allowed; }
button svg { width: 22px; height: 22px; fill: currentColor; }
button path { display: none; }
button[data-does="play"] .play, button[data-does="pause"] .pause, button[data-does="listen"] .listen, button[data-does="stop"] .stop { display: block; }
button[data-does="stop"] { background: var(--danger); }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 3px; }
.verdict { flex: 1 1 9em; min-width: 0; margin: 0; font-weight: 600; overflow-wrap: anywhere; }
.verdict.failed { color: var(--danger); }
.time { flex: none; font-variant-numeric: tabular-nums; white-space: nowrap; }
meter { flex: 0 1 6em; min-width: 3em; }
.aloud { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.track { position: relative; height: var(--song-mood-height, 96px); cursor: pointer; touch-action: pan-y; user-select: none; border-radius: 6px; }
.track.fixed { cursor: default; }
canvas { display: block; width: 100%; height: 100%; }
.cursor { position: absolute; top: -6px; bottom: -4px; left: -1px; width: 2px; border-radius: 1px; background: currentColor; pointer-events: none; }
.hover { position: absolute; top: 0; bottom: 0; left: 0; width: 1px; background: var(--faint); pointer-events: none; }
.hover span { position: absolute; bottom: calc(100% + 4px); left: 0; padding: 0.1em 0.6em; border-radius: 8px; white-space: nowrap; font-size: 0.82em; font-weight: 600;
  color: Canvas; background: CanvasText; }
.segments { position: relative; height: 28px; margin-top: 6px; font-size: 0.8em; font-weight: 600; }
.segment { position: absolute; top: 0; bottom: 0; padding-inline: 1px; box-sizing: border-box; }
.segment-name { display: block; height: 23px; overflow: hidden; text-align: center; white-space: nowrap; line-height: 21px;
  color: var(--song-mood-text, CanvasText); border-top: 4px solid var(--own); border-radius: 3px 3px 6px 6px; background: color-mix(in oklab, var(--own) 15%, transparent); }
.segment-name.snug { font-size: 0.85em; }
.segment.unsure .segment-name { border-top-style: dashed; background: none; font-weight: 500; }
.segment.silent .segment-name { border-top: 4px dotted var(--faint); background: none; font-weight: 500; }
.ticks { position: relative; height: 1.3em; margin-top: 0.3em; font-size: 0.78em; font-variant-numeric: tabular-nums; opacity: 0.8; }
.tick { position: absolute; transform: translateX(-50%); }
.tick.first { transform: none; }
.tick.last { transform: translateX(-100%); }
${OWN}
.line { color: var(--hairline); }
.faint { color: var(--faint); }
`;
