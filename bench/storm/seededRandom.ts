/** Returns a generator of random numbers from 0 up to, but not including, 1: the same numbers for the same seed (sfc32, by Chris Doty-Humphrey). */
export function seededRandom(seed: number): () => number {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = seed | 0;
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 2 ** 32;
  };
  // With a small seed the state is mostly zeros at first.
  for (let round = 0; round < 16; round++) next();
  return next;
}
