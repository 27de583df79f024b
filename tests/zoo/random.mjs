// Numbers that look random and are the same each time (Vigna's SplitMix, in 32 bits).

/** @param {number} seed @returns {() => number} whole numbers below 2³² */
export function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return (z ^ (z >>> 16)) >>> 0;
  };
}

/** @param {number} length @param {number} seed */
export function noise(length, seed) {
  const next = generator(seed);
  return Buffer.from(Uint8Array.from({ length }, () => next() >>> 24));
}
