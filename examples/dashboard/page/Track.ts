import { svg } from './element.js';

/** Milliseconds that a track shows. */
export const shown = 60_000;

const begun = Date.now();

/** Percent of the width of a track. */
export const widthOf = (ms: number): string => `${((ms / shown) * 100).toFixed(3)}%`;

/** Where a time is on a track that has not moved yet. */
export const placeOf = (at: number): string => widthOf(at - begun);

/** Something drawn. It is kept until the minute after its end is over. */
export interface Part {
  shape: SVGElement;
  until: number;
}

/** A strip of time that moves to the left: its right edge is now. It measures in percent, so it has any width, and its text keeps its shape. */
export class Track<P extends Part> {
  readonly #strip = svg('svg', { width: '100%', height: '100%', overflow: 'visible' });
  #parts: P[] = [];

  constructor(root: SVGSVGElement) {
    root.append(this.#strip);
  }

  /** What can be seen, the oldest first. */
  get parts(): readonly P[] {
    return this.#parts;
  }

  add(part: P): void {
    this.#parts.push(part);
    this.#strip.append(part.shape);
  }

  move(now: number): void {
    this.#strip.setAttribute('x', widthOf(shown - (now - begun)));
    const isOver = ({ until }: P): boolean => until < now - shown;
    if (!this.#parts.some(isOver)) return;
    for (const { shape } of this.#parts.filter(isOver)) shape.remove();
    this.#parts = this.#parts.filter((part) => !isOver(part));
  }
}
