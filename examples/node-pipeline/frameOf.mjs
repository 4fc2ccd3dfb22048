const samples = 600; // about 4 KB: a reading is large, and what is made of it is small

/**
 * What the feed sends for a number. It is always the same, so the feed keeps nothing, goes on from any number, and everybody can check what came of it.
 * @param {number} n
 */
export function frameOf(n) {
  const celsius = Array.from({ length: samples }, (_, index) => ((n * 7_919 + index * 31) % 6_000) / 100 - 10);
  if (n % 40 === 13) return JSON.stringify({ n, celsius }).slice(3, -1); // not JSON: not even its number can be read
  if (n % 25 === 0) return JSON.stringify({ n, celsius: null });
  if (n % 30 === 7) return JSON.stringify({ n, celsius: [...celsius, 1_000] });
  return JSON.stringify({ n, celsius });
}

/**
 * Whether that is a reading, or something to be refused.
 * @param {number} n
 */
export function isReading(n) {
  return n % 40 !== 13 && n % 25 !== 0 && n % 30 !== 7;
}
