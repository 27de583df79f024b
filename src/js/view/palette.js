// @ts-check
/** One colour for each mood, on light and on dark ground; the page's stylesheet has the same, as a test holds. */

/** @type {Record<"light" | "dark", Record<import("../client/types.d.ts").Mood, string>>} */
export const PALETTE = {
  light: {
    neutral: "#626469", calm: "#329378", happy: "#b38d28", sad: "#2145a0", angry: "#c0471f", fearful: "#9b53d6", disgust: "#424712", surprised: "#e360b8",
  },
  dark: {
    neutral: "#b5bcc4", calm: "#7efacb", happy: "#fcc404", sad: "#426fcf", angry: "#ed7b6b", fearful: "#d77efd", disgust: "#6f7513", surprised: "#dc2e87",
  },
};
