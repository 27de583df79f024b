// @ts-check
/** Ties the parts together: what is listened to, and what the page shows meanwhile. */

import { warmUp } from "../pkg/client/warm-up.js";
import { Announcer } from "./announcer.js";
import { make } from "./dom.js";
import { PageError } from "./errors.js";
import { Keep } from "./export/keep.js";
import { lookUpFonts } from "./fonts.js";
import { heroArt } from "./hero-art.js";
import { takeFiles } from "./intake.js";
import { KindSwitch } from "./kind-switch.js";
import { message, onLanguage } from "./language/language.js";
import { LiveController } from "./live-controller.js";
import { fillCards } from "./model-cards.js";
import { Notice } from "./notice.js";
import { takeLaunched } from "./offline/launch.js";
import { keepOffline } from "./offline/offline.js";
import { OwnNetworks, isWeights } from "./own-networks/own-networks.js";
import { pageWorker } from "./page-worker.js";
import { Playback } from "./playback.js";
import { Progress } from "./progress.js";
import { ResultView } from "./result-view.js";
import { SongController } from "./song-controller.js";
import { SongList } from "./song-list/song-list.js";

/**
 * What the controllers share. `shown`: a song is there to its end and has taken the place of all else; `back`: it never will, and
 * what was there before it comes back. States: `start` nothing yet, `list` songs but none of them open, `song`, `live` the microphone
 * is on, `heard` it was on.
 * @typedef {{
 *   client: import("../pkg/client/worker-client.js").WorkerClient, view: ResultView, notice: Notice, progress: Progress, announcer: Announcer, kinds: KindSwitch,
 *   playback: Playback, setState: (state: "start" | "list" | "song" | "live" | "heard") => void,
 *   shown: () => void, back: () => void,
 * }} Page
 */

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @type {Page} */
const page = {
  client: pageWorker(),
  view: new ResultView(),
  notice: new Notice(byId("notice")),
  progress: new Progress({ box: byId("progress"), label: byId("progress-label"), bar: byId("progress-bar"), fill: byId("progress-fill") }),
  announcer: new Announcer(byId("status")),
  kinds: new KindSwitch(byId("kinds")),
  playback: new Playback(/** @type {HTMLButtonElement} */ (byId("play"))),
  setState(state) {
    if (state === "live") {
      song.leave();
      live.letGo();
      songs.leave();
    }
    const shown = state === "start" && songs.any ? "list" : state;
    document.body.dataset.state = shown;
    page.view.hidden = shown === "start" || shown === "list";
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

const songs = new SongList(page, song, () => live.stop());
const keep = new Keep(page.notice);
song.onHeard = (name, file, heard) => {
  songs.shown(file, heard);
  keep.show(name, heard);
};

/** One file is shown at once; more make a list, and so does what comes while there is one. @param {import("./song-list/files.js").Intake} intake */
function hearFiles(intake) {
  const weights = intake.found.flatMap(({ file }) => (file && isWeights(file) ? [file] : []));
  if (weights.length > 0) void own.load(weights);
  intake.found = intake.found.filter(({ file }) => !file || !isWeights(file));
  if (intake.found.length === 0) return;
  const [{ name, file }] = intake.found;
  if (intake.found.length > 1 || intake.folder || songs.any || !file) return songs.add(intake);
  live.stop();
  void song.hear(file, name);
}

function hearSample() {
  live.stop();
  const made = async () => new File([await page.client.request("sample")], "sample.wav", { type: "audio/wav" });
  void song.hear(made, "sample.wav", { play: true, from: "sample" });
}

function toggleMicrophone() {
  if (live.on) live.stop();
  else void live.start();
}

takeFiles(
  {
    choosers: [
      [byId("choose"), /** @type {HTMLInputElement} */ (byId("file"))], [byId("songs-add"), /** @type {HTMLInputElement} */ (byId("file"))],
      [byId("choose-folder"), /** @type {HTMLInputElement} */ (byId("folder"))], [byId("songs-add-folder"), /** @type {HTMLInputElement} */ (byId("folder"))],
    ],
    veil: byId("drop-veil"),
  },
  { onFiles: hearFiles, onError: (error) => page.notice.show(error) },
);
takeLaunched(hearFiles, (error) => page.notice.show(error));
byId("sample").addEventListener("click", hearSample);
byId("mic").addEventListener("click", toggleMicrophone);
byId("cancel").addEventListener("click", () => song.cancel());

/** Once more what is at hand, by the networks that are chosen now. */
function listenAgain() {
  if (!live.on) return song.hearAgain();
  live.stop();
  void live.start();
}
page.kinds.onChange = listenAgain;

const own = new OwnNetworks(page, () => {
  songs.useOtherNetworks();
  page.client.end();
  listenAgain();
  loadNetworks();
});

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

/** What the networks say of themselves, once they are loaded. @type {import("../types/songmood.d.ts").Loaded | null} */
let cards = null;
function showCards() {
  if (!cards) return;
  fillCards(byId("cards-music"), cards.music);
  fillCards(byId("cards-voice"), cards.voice);
}
onLanguage(showCards);
page.client.onLoaded = (loaded) => {
  cards = loaded;
  showCards();
};

let begun = false;
/** What waits for the first networks. */
function loaded() {
  if (begun) return;
  begun = true;
  void keepOffline(byId("update"));
  const fonts = () => lookUpFonts(byId("result"));
  fonts();
  onLanguage(fonts);
  // What fails here fails again when it is needed, and is told then.
  warmUp(page.client).catch(() => {});
  void own.restore();
}

/**
 * The networks are loaded before anyone asks, so that the first song does not wait for them. What is kept for use without a
 * network comes afterwards: it fetches the same files.
 */
function loadNetworks() {
  page.client.ready().then(loaded, (error) => {
    for (const id of ["cards-music", "cards-voice"]) {
      byId(id).replaceChildren(make("tbody", {}, make("tr", {}, make("td", {}, () => message("about.missing")))));
    }
    page.notice.show(error, { retry: loadNetworks });
  });
}
loadNetworks();
