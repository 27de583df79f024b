// What sticks out of the page at its right.

/** Runs in the page. */
export const stickingOut = () => {
  const { scrollWidth, clientWidth } = document.documentElement;
  const out = [...document.querySelectorAll("main *, header *")]
    .filter((element) => element.checkVisibility() && !element.closest(".scroll, .visually-hidden, .hero, .segments, .skip"))
    .filter((element) => element.getBoundingClientRect().right > clientWidth + 1)
    .map((element) => `${element.tagName}.${element.getAttribute("class")}`);
  return scrollWidth > clientWidth ? [`the page scrolls sideways: ${scrollWidth} > ${clientWidth}`, ...out] : out;
};
