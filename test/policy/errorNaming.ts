import { expect } from 'vitest';

/** Matches an error of this class whose message names an argument: `toThrow(errorNaming(TypeError, /after: ms/))`. */
export function errorNaming(type: ErrorConstructor, argument: RegExp): Error {
  return expect.objectContaining({ name: type.name, message: expect.stringMatching(argument) as string }) as Error;
}
