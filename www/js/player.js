// @ts-check
/** Plays the song. A media element rather than decoded samples: it streams, so an hour costs no memory. */

export class Player {
  #audio = new Audio();
  #address = "";
  #frame = 0;
  /** The length by the decoder; a media element may only estimate it. */
  #durationS = 0;

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
    this.#audio.addEventListener("error", () => {
      if (this.#address) this.onBroken();
    });
  }

  /** @param {Blob} file @param {number} durationS */
  load(file, durationS) {
    this.unload();
    this.#durationS = durationS;
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
    return Math.min(this.#audio.currentTime, this.#durationS);
  }

  get playing() {
    return !this.#audio.paused && !this.#audio.ended;
  }

  /** @param {number} t seconds */
  seek(t) {
    const to = Math.max(0, Math.min(t, this.#durationS));
    this.#audio.currentTime = to;
    this.onTime(to, false);
  }

  async toggle() {
    if (this.playing) return this.#audio.pause();
    // Refused play (a policy, a broken file) is told by the error event or leaves the button as it is.
    await this.#audio.play().catch(() => {});
  }

  #tick() {
    cancelAnimationFrame(this.#frame);
    const step = () => {
      if (!this.playing) return;
      this.onTime(this.time, true);
      this.#frame = requestAnimationFrame(step);
    };
    step();
  }
}
