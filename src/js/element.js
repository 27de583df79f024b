// The entry songmood/element: importing it defines <song-mood>. Its types are in element.d.ts.

import { SongMood } from "./element/song-mood.js";

// Two copies of the package on a page are no reason to break it.
if (!customElements.get("song-mood")) customElements.define("song-mood", SongMood);

export { SongMood };
