import { readFileSync } from 'node:fs';
import { compileFunction } from 'node:vm';
import ts from 'typescript';
import * as library from '../../src/index.js';
import type { CodeTable, ReconnectPolicy, WebSocketSubject } from '../../src/index.js';
import { codeBlocksOfMarkdown } from '../package/codeBlocks.js';

/** The page of recipes. */
export const recipesPage = new URL('../../docs/recipes.md', import.meta.url);

/** A section of the page with code that uses `reconnectOnCode`. */
export interface Recipe {
  title: string;
  /** The table that the code passes to `reconnectOnCode`. */
  given: CodeTable;
  /** Returns the subject that the code makes, but connecting to this URL. */
  socketAt(url: string): WebSocketSubject<unknown>;
}

/** Returns the recipes of the page, with their code unchanged. */
export function recipesOf(page: string): Recipe[] {
  return page.split(/^## /m).slice(1).flatMap((section) => {
    const title = section.slice(0, section.indexOf('\n'));
    const block = codeBlocksOfMarkdown(title, section).find(({ code }) => code.includes('reconnectOnCode('));
    if (!block) return [];
    const { given, socket } = run(block.code, 'ws://unused');
    // Some recipes subscribe, and would retry for ever in the background.
    socket.unsubscribe();
    return [{ title, given, socketAt: (url: string) => run(block.code, url).socket }];
  }); // prettier-ignore
}

let all: Recipe[] | undefined;

/** Returns the recipe with this title. */
export function recipe(title: string): Recipe {
  all ??= recipesOf(readFileSync(recipesPage, 'utf8'));
  const found = all.find((one) => one.title === title);
  if (!found) throw new Error(`there is no recipe ${title}`);
  return found;
}

function run(code: string, url: string): { given: CodeTable; socket: WebSocketSubject<unknown> } {
  let given: CodeTable | undefined;
  const imported = {
    ...library,
    webSocket: (config: string | object) => library.webSocket(typeof config === 'string' ? url : { ...config, url }),
    reconnectOnCode: (policyOrTable: ReconnectPolicy | CodeTable) => {
      if (typeof policyOrTable === 'object') given = policyOrTable;
      return library.reconnectOnCode(policyOrTable);
    },
  };
  const { outputText } = ts.transpileModule(code, { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } });
  const socket = compileFunction(`${outputText}\nreturn socket;`, ['require', 'exports'])(() => imported, {}) as WebSocketSubject<unknown>;
  if (!given) throw new Error('the code passes no table to reconnectOnCode');
  return { given, socket };
}
