import type { Plugin } from 'vite';
import { plantedBugs } from './plantedBugs.js';

/** Replaces a text of the sources by a bug; fails where the text is not there exactly once. */
export function plant(name: string): Plugin {
  const bug = plantedBugs[name];
  if (!bug) throw new Error(`no bug is called '${name}'`);
  return {
    name: 'plant a bug',
    enforce: 'pre',
    transform(code, id) {
      if (!id.endsWith(`/src/${bug.file}`)) return undefined;
      const parts = code.split(bug.from);
      if (parts.length !== 2) throw new Error(`'${name}': its text is ${parts.length - 1} times in ${bug.file}`);
      return parts.join(bug.to);
    },
  };
}
