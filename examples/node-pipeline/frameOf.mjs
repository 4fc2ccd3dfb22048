const samples = 600; // about 4 KB: a reading is large, its summary is small

/**
 * Returns the frame that the feed sends for a number. It is always the same, so the feed needs no state, can resume from any number, and tests know what
 * to expect.
 * @param {number} n
 */
export function frameOf(n) {
  const celsius = Array.from({ length: samples }, (_, index) => ((n * 7_919 + index * 31) % 6_000) / 100 - 10);
  if (n % 40 === 13) return JSON.stringify({ n, celsius }).slice(3, -1); // not JSON: even the number cannot be read
  if (n % 25 === 0) return JSON.stringify({ n, celsius: null });
  if (n % 30 === 7) return JSON.stringify({ n, celsius: [...celsius, 1_000] });
  return JSON.stringify({ n, celsius });
}

/**
 * Returns whether the frame is a valid reading. All other frames must be refused.
 * @param {number} n
 */
export function isReading(n) {
  return n % 40 !== 13 && n % 25 !== 0 && n % 30 !== 7;
}
