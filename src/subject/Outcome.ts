/** Who is told, once, what has become of a value: the two ends of a promise. */
export interface Outcome {
  resolve(): void;
  reject(error: unknown): void;
}
