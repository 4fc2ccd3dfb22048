import { expect, it } from 'vitest';
import { Cork } from '../../src/connection/Cork.js';

/** Makes a cork on a stream that logs its calls. */
function loggedCork(): { cork: Cork; log: string[]; send(bytes?: number): void } {
  const log: string[] = [];
  const cork = new Cork();
  cork.attach({ cork: () => log.push('cork'), uncork: () => log.push('uncork') });
  const send = (bytes = 10): void => {
    cork.hold(bytes);
    log.push('value');
  };
  return { cork, log, send };
}

/** Waits for the end of the task. */
const turnEnd = (): Promise<void> => Promise.resolve();

it('sends the first value of a task at once, and the others together at the end of the task', async () => {
  const { log, send } = loggedCork();
  send();
  send();
  send();
  expect(log).toEqual(['value', 'cork', 'value', 'value']);
  await turnEnd();
  expect(log).toEqual(['value', 'cork', 'value', 'value', 'uncork']);
  send();
  await turnEnd();
  send();
  expect(log).toEqual(['value', 'cork', 'value', 'value', 'uncork', 'value', 'value']);
});

it('S15: holds at most 256 values', async () => {
  const { log, send } = loggedCork();
  for (let n = 0; n < 600; n++) send();
  await turnEnd();
  const lengths = log.join(' ').split('uncork').map((part) => part.split('value').length - 1);
  expect(lengths).toEqual([257, 256, 87, 0]);
});

it('S15: holds at most 64 KiB and one more value', async () => {
  const { log, send } = loggedCork();
  for (let n = 0; n < 5; n++) send(32 * 1_024);
  await turnEnd();
  expect(log.join(' ')).toBe('value cork value value uncork cork value value uncork');
});

it('release() writes what is held, once, and later values are held again', async () => {
  const { cork, log, send } = loggedCork();
  cork.release();
  send();
  cork.release();
  send();
  cork.release();
  cork.release();
  send();
  await turnEnd();
  await turnEnd();
  expect(log).toEqual(['value', 'cork', 'value', 'uncork', 'cork', 'value', 'uncork']);
});

it('does nothing before a stream is attached', async () => {
  const cork = new Cork();
  const log: string[] = [];
  cork.hold(10);
  cork.attach({ cork: () => log.push('cork'), uncork: () => log.push('uncork') });
  await turnEnd();
  cork.release();
  expect(log).toEqual([]);
});
