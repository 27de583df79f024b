// @ts-check
/** Works without a network from the second visit on, and offers a new version without forcing it. */

import { byId, button, make } from "../dom.js";
import { message } from "../language/language.js";

const WORKER = new URL("../../sw.js", import.meta.url);

/** @typedef {import("../language/language.js").Key} Key */

/** @param {HTMLElement} box @param {Key} text @param {Key} label @param {() => void} action */
function offer(box, text, label, action) {
  const later = () => {
    box.hidden = true;
    byId("main").focus();
  };
  const buttons = make("p", { class: "notice-buttons" }, button(() => message(label), action, { "data-testid": "update-use" }), button(() => message("update.later"), later, { "data-testid": "update-later" }));
  box.replaceChildren(make("p", {}, () => message(text)), buttons);
  box.hidden = false;
}

/** @param {HTMLElement} box where an update is offered */
export async function keepOffline(box) {
  // Absent at addresses that are neither https:// nor this computer, and in some private modes.
  if (!("serviceWorker" in navigator)) return;
  const container = navigator.serviceWorker;
  /** @type {ServiceWorkerRegistration} */
  let registration;
  try {
    registration = await container.register(WORKER, { updateViaCache: "none" });
  } catch (error) {
    // The page works all the same; only not without a network.
    console.info("songmood is not kept for use without a network:", error);
    return;
  }
  // On the first visit there is no older version that could be in use.
  const ask = () => container.controller && registration.waiting?.postMessage("are you news?");
  let accepted = false;
  container.addEventListener("message", ({ data }) => {
    const { waiting } = registration;
    if (data?.songmood === "waiting" && waiting) {
      offer(box, "update.ready", "update.use", () => {
        accepted = true;
        waiting.postMessage("use the new version");
      });
    } else if (data?.songmood === "in use") {
      if (accepted) location.reload();
      else offer(box, "update.elsewhere", "update.reload", () => location.reload());
    }
  });
  container.startMessages();
  const follow = () => registration.installing?.addEventListener("statechange", ask);
  registration.addEventListener("updatefound", follow);
  follow();
  ask();
}
