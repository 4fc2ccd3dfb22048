import { readFileSync } from 'node:fs';
import { compileFunction } from 'node:vm';
import ts from 'typescript';
import * as library from '../../src/index.js';
import type { CodeTable, ReconnectPolicy, WebSocketSubject } from '../../src/index.js';
import { codeBlocksOfMarkdown } from '../package/codeBlocks.js';

/** The page of recipes. */
export const recipesPage = new URL('../../docs/recipes.md', import.meta.url);

/** A section of the page that has a program in it. */
export interface Recipe {
  title: string;
  /** What the program gives to `reconnectOnCode`. */
  given: CodeTable;
  /** The subject that the program makes, connecting to this address instead of its own. */
  socketAt(url: string): WebSocketSubject<unknown>;
}

/** The programs of the page, as they stand there. */
export function recipesOf(page: string): Recipe[] {
  return page.split(/^## /m).slice(1).flatMap((section) => {
    const title = section.slice(0, section.indexOf('\n'));
    const program = codeBlocksOfMarkdown(title, section).find(({ code }) => code.includes('reconnectOnCode('));
    if (!program) return [];
    return [{ title, given: run(program.code, 'ws://unused').given, socketAt: (url: string) => run(program.code, url).socket }];
  }); // prettier-ignore
}

let read: Recipe[] | undefined;

/** The recipe of this title. */
export function recipe(title: string): Recipe {
  read ??= recipesOf(readFileSync(recipesPage, 'utf8'));
  const found = read.find((one) => one.title === title);
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
  if (!given) throw new Error('the program gives reconnectOnCode no table');
  return { given, socket };
}
