// @ts-check
/** Plays the song. A media element rather than decoded samples: it streams, so an hour costs no memory. */

export class Player {
  #audio = new Audio();
  #address = "";
  #frame = 0;
  /** The length by the decoder; a media element may only estimate it. */
  #durationS = 0;
  /** The time at which the file begins. */
  #startS = 0;
  /** Playing keeps within this part. @type {import("../client/types.d.ts").Range | null} */
  range = null;

  /** Called while playing at the display's rate (`gliding`), and after each seek. @type {(t: number, gliding: boolean) => void} */
  onTime = () => {};
  /** @type {(playing: boolean) => void} */
  onPlaying = () => {};
  /** The browser cannot play this file. @type {() => void} */
  onBroken = () => {};

  constructor() {
    this.#audio.preload = "auto";
    this.#audio.addEventListener("play", () => {
      this.onPlaying(true);
      this.#tick();
    });
    for (const event of ["pause", "ended"]) this.#audio.addEventListener(event, () => this.onPlaying(false));
    for (const event of ["seeked", "pause", "ended"]) {
      this.#audio.addEventListener(event, () => {
        if (this.#address) this.onTime(this.time, false);
      });
    }
    // The display's frames pause in a tab in the background; this goes on.
    this.#audio.addEventListener("timeupdate", () => this.#keepWithin());
    this.#audio.addEventListener("error", () => {
      if (this.#address) this.onBroken();
    });
  }

  /** @param {Blob} file @param {number} durationS @param {number} startS the time at which the file begins */
  load(file, durationS, startS) {
    this.unload();
    this.range = null;
    this.#durationS = durationS;
    this.#startS = startS;
    this.#address = URL.createObjectURL(file);
    this.#audio.src = this.#address;
  }

  unload() {
    this.#audio.pause();
    if (!this.#address) return;
    URL.revokeObjectURL(this.#address);
    this.#address = "";
    this.#audio.removeAttribute("src");
    this.#audio.load();
  }

  /** Seconds. */
  get time() {
    return this.#startS + Math.min(this.#audio.currentTime, this.#durationS);
  }

  get playing() {
    return !this.#audio.paused && !this.#audio.ended;
  }

  /** @param {number} t seconds */
  seek(t) {
    const to = Math.max(0, Math.min(t - this.#startS, this.#durationS));
    this.#audio.currentTime = to;
    this.onTime(this.#startS + to, false);
  }

  async toggle() {
    if (this.playing) return this.#audio.pause();
    const { range, time } = this;
    if (range && (time < range.startS || time >= range.endS - 0.02)) this.seek(range.startS);
    // Refused play (a policy, a broken file) is told by the error event or leaves the button as it is.
    await this.#audio.play().catch(() => {});
  }

  /** Stops at the end of the part. */
  #keepWithin() {
    if (this.range && this.playing && this.time >= this.range.endS) {
      this.#audio.pause();
      this.seek(this.range.endS);
    }
  }

  #tick() {
    cancelAnimationFrame(this.#frame);
    const step = () => {
      this.#keepWithin();
      if (!this.playing) return;
      this.onTime(this.time, true);
      this.#frame = requestAnimationFrame(step);
    };
    step();
  }
}
