// @ts-check
/** Ties the parts together: what is listened to, and what the page shows meanwhile. */

import { Announcer } from "./announcer.js";
import { PageError } from "./errors.js";
import { heroArt } from "./hero-art.js";
import { takeFiles } from "./intake.js";
import { KindSwitch } from "./kind-switch.js";
import { LiveController } from "./live-controller.js";
import { fillCards } from "./model-cards.js";
import { Notice } from "./notice.js";
import { Playback } from "./playback.js";
import { Progress } from "./progress.js";
import { ResultView } from "./result-view.js";
import { SongController } from "./song-controller.js";
import { WorkerClient } from "./worker-client.js";

/**
 * What the controllers share. `shown`: a song is there to its end and has taken the place of all else; `back`: it never will, and
 * what was there before it comes back. States: `start` nothing yet, `song`, `live` the microphone is on, `heard` it was on.
 * @typedef {{
 *   client: WorkerClient, view: ResultView, notice: Notice, progress: Progress, announcer: Announcer, kinds: KindSwitch,
 *   playback: Playback, setState: (state: "start" | "song" | "live" | "heard") => void,
 *   shown: () => void, back: () => void,
 * }} Page
 */

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @type {Page} */
const page = {
  client: new WorkerClient(),
  view: new ResultView(),
  notice: new Notice(byId("notice")),
  progress: new Progress({ box: byId("progress"), label: byId("progress-label"), bar: byId("progress-bar"), fill: byId("progress-fill") }),
  announcer: new Announcer(byId("status")),
  kinds: new KindSwitch(byId("kinds")),
  playback: new Playback(/** @type {HTMLButtonElement} */ (byId("play"))),
  setState(state) {
    if (state === "live") song.leave();
    if (state === "live") live.letGo();
    document.body.dataset.state = state;
    byId("result").hidden = state === "start";
  },
  shown: () => live.letGo(),
  back() {
    if (!live.showAgain()) page.setState("start");
  },
};
const song = new SongController(page);
const live = new LiveController(page, {
  hush() {
    song.cancel();
    page.playback.pause();
  },
  hear: (file, name) => void song.hear(file, name),
});

/** @param {File} file @param {number} others how many more came with it */
function hearFile(file, others) {
  live.stop();
  void song.hear(file, others > 0 ? `${file.name} (the first of ${others + 1} files: one song at a time)` : file.name);
}

function hearSample() {
  live.stop();
  const made = async () => new File([await page.client.request("sample")], "sample.wav", { type: "audio/wav" });
  void song.hear(made, "The built-in sample", { play: true, from: "sample" });
}

function toggleMicrophone() {
  if (live.on) live.stop();
  else void live.start();
}

takeFiles(
  { choose: byId("choose"), input: /** @type {HTMLInputElement} */ (byId("file")), veil: byId("drop-veil") },
  { onFile: hearFile, onError: (error) => page.notice.show(error) },
);
byId("sample").addEventListener("click", hearSample);
byId("mic").addEventListener("click", toggleMicrophone);
byId("cancel").addEventListener("click", () => song.cancel());

page.kinds.onChange = () => {
  if (!live.on) return song.hearAgain();
  live.stop();
  void live.start();
};

const playOrStop = () => (live.on ? live.stop() : void page.playback.toggle());
byId("play").addEventListener("click", playOrStop);
page.view.timeline.onToggle = playOrStop;
page.view.timeline.onSeek = (t) => {
  page.view.followCursor();
  if (!page.playback.seek(t)) page.view.moveTo(t);
};
page.playback.onTime = (t, gliding) => page.view.moveTo(t, gliding);
page.playback.onPlaying = (playing) => playing && page.view.followCursor();
page.playback.onBroken = () => page.notice.show(new PageError("cannot-play"));
document.addEventListener("keydown", (event) => {
  if (event.key !== " " || event.target !== document.body || !["song", "heard"].includes(document.body.dataset.state ?? "")) return;
  event.preventDefault();
  void page.playback.toggle();
});
window.addEventListener("pagehide", () => live.stop());

heroArt(/** @type {HTMLCanvasElement} */ (byId("hero-art")));

let known = false;
page.client.onLoaded = (loaded) => {
  // A replacement worker loads the same files again.
  if (known) return;
  known = true;
  fillCards(byId("cards-music"), loaded.music);
  fillCards(byId("cards-voice"), loaded.voice);
};

/** The networks are loaded before anyone asks, so that the first song does not wait for them. */
function loadNetworks() {
  page.client.ready().catch((error) => {
    for (const id of ["cards-music", "cards-voice"]) {
      byId(id).textContent = "The networks could not be loaded; what they say about themselves is missing here.";
    }
    page.notice.show(error, { retry: loadNetworks });
  });
}
loadNetworks();
