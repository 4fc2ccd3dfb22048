import { conformance } from '../suite/conformance.js';
import type { Transport } from '../suite/Lab.js';
import { cases } from './vitest.js';

/** Set by the bundler: which transport is tested, and where the results go. */
declare const tested: Omit<Transport, 'WebSocketCtor'> & {
  /** Pass the platform's own class, although the library has another default there. */
  readonly own?: boolean;
  readonly resultsUrl: string;
  /** Of "section: case": which cases to run. */
  readonly pattern: string;
};

/** Runs the suite, and sends each result as soon as it is known, so that a crash does not lose the ones before. */
export async function run(): Promise<void> {
  const { own, resultsUrl, pattern, ...transport } = tested;
  const wanted = new RegExp(pattern);
  const send = (result: unknown): Promise<unknown> => fetch(resultsUrl, { method: 'POST', body: JSON.stringify(result) }).then((reply) => reply.text());
  try {
    conformance({ ...transport, ...(own === true && { WebSocketCtor: globalThis.WebSocket }) });
    for (const { section, name, run: runCase } of cases.filter((one) => wanted.test(`${one.section}: ${one.name}`))) {
      try {
        const seen = await runCase();
        await send({ section, name, ...(seen !== undefined && { seen }) });
      } catch (error) {
        await send({ section, name, error: describeError(error) });
      }
    }
    await send({ done: cases.length });
  } catch (error) {
    await send({ crashed: describeError(error) });
  }
}

/** What an assertion saw is cut short in its message. */
function describeError(error: unknown): string {
  const { actual, expected } = error as { actual?: unknown; expected?: unknown };
  const values = expected === undefined ? '' : `\nexpected ${show(expected)}\nreceived ${show(actual)}`;
  return `${String(error)}${values}`;
}

function show(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return String(value);
  }
}
