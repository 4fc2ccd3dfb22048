import { expect, it } from 'vitest';
import { Cork } from '../../src/transport/Cork.js';

/** A cork on a stream that writes down what is done to it. */
function corked(): { cork: Cork; log: string[]; send(bytes?: number): void } {
  const log: string[] = [];
  const cork = new Cork();
  cork.attach({ cork: () => log.push('cork'), uncork: () => log.push('uncork') });
  const send = (bytes = 10): void => {
    cork.hold(bytes);
    log.push('value');
  };
  return { cork, log, send };
}

const turnOver = (): Promise<void> => Promise.resolve();

it('lets the first value of a turn leave at once, holds the others together, and none past the turn', async () => {
  const { log, send } = corked();
  send();
  send();
  send();
  expect(log).toEqual(['value', 'cork', 'value', 'value']);
  await turnOver();
  expect(log).toEqual(['value', 'cork', 'value', 'value', 'uncork']);
  send();
  await turnOver();
  send();
  expect(log).toEqual(['value', 'cork', 'value', 'value', 'uncork', 'value', 'value']);
});

it('S15: holds 256 values at most', async () => {
  const { log, send } = corked();
  for (let n = 0; n < 600; n++) send();
  await turnOver();
  const lengths = log.join(' ').split('uncork').map((part) => part.split('value').length - 1);
  expect(lengths).toEqual([257, 256, 87, 0]);
});

it('S15: holds 64 KiB at most, and one value more', async () => {
  const { log, send } = corked();
  for (let n = 0; n < 5; n++) send(40_000);
  await turnOver();
  expect(log.join(' ')).toBe('value cork value value uncork cork value value uncork');
});

it('lets go when it is told to, once, and holds what comes after that', async () => {
  const { cork, log, send } = corked();
  cork.release();
  send();
  cork.release();
  send();
  cork.release();
  cork.release();
  send();
  await turnOver();
  await turnOver();
  expect(log).toEqual(['value', 'cork', 'value', 'uncork', 'cork', 'value', 'uncork']);
});

it('does nothing before there is a stream', async () => {
  const cork = new Cork();
  const log: string[] = [];
  cork.hold(10);
  cork.attach({ cork: () => log.push('cork'), uncork: () => log.push('uncork') });
  await turnOver();
  cork.release();
  expect(log).toEqual([]);
});
