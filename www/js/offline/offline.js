// @ts-check
/** Works without a network from the second visit on, and offers a new version without forcing it. */

import { byId, button, make } from "../dom.js";

const WORKER = new URL("../../sw.js", import.meta.url);

/** @param {HTMLElement} box @param {string} text @param {string} label @param {() => void} action */
function offer(box, text, label, action) {
  const later = () => {
    box.hidden = true;
    byId("main").focus();
  };
  const buttons = make("p", { class: "notice-buttons" }, button(label, action, { "data-testid": "update-use" }), button("Later", later, { "data-testid": "update-later" }));
  box.replaceChildren(make("p", {}, text), buttons);
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
      offer(box, "A newer songmood is ready. To use it now the page reloads, and what was heard here is gone from it. Otherwise it comes with a later visit.", "Use it now", () => {
        accepted = true;
        waiting.postMessage("use the new version");
      });
    } else if (data?.songmood === "in use") {
      if (accepted) location.reload();
      else offer(box, "A newer songmood was taken into use in another tab. Reload this one when it suits you; what was heard here is then gone from it.", "Reload", () => location.reload());
    }
  });
  container.startMessages();
  const follow = () => registration.installing?.addEventListener("statechange", ask);
  registration.addEventListener("updatefound", follow);
  follow();
  ask();
}
