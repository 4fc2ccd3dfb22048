import { Observable, type Subscriber } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { CloseEvent, WebSocketCloseError } from '../../src/index.js';
import { Recording, type AnyCloseEvent, type AnyEvent, type RecordingOptions } from './suite/Recording.js';

const words = { c: 'connecting', o: 'open', m: 'message', r: 'reconnecting' } as const;

function closeEvent(wasClean: boolean): AnyCloseEvent {
  return new CloseEvent('close', { code: wasClean ? 1000 : 1006, wasClean }) as AnyCloseEvent;
}

/** Records events given as letters: `x` a clean close, `X` an unclean one, `|` complete, `!` the error of the close. */
function recordingOf(letters: string, options: RecordingOptions = {}): Recording {
  const source = new Observable<AnyEvent>((subscriber: Subscriber<AnyEvent>) => {
    let close: AnyCloseEvent | undefined;
    for (const letter of letters) {
      if (letter === 'x' || letter === 'X') {
        close = closeEvent(letter === 'x');
        subscriber.next(close);
      } else if (letter === '|') subscriber.complete();
      else if (letter === '!') subscriber.error(close ? new WebSocketCloseError(close) : new SyntaxError('refused'));
      else subscriber.next({ type: words[letter as keyof typeof words] } as AnyEvent);
    }
  });
  return new Recording(source, options);
}

describe('the check of every recording', () => {
  it.each(['', 'c', 'com', 'cr', 'crcomm', 'cox|', 'cx|', 'coX!', 'crx|', 'corcommx|', 'cX!'])('accepts %j', (letters) => {
    expect(() => recordingOf(letters).check()).not.toThrow();
  });

  it.each([
    'o', 'm', 'cm', 'cc', 'coo', 'x|', 'co|', 'cr|', 'crrx|', 'cxx|', 'cxcx|', 'cox!', 'coX|', 'rco', '!', 'c!', 'coxm|',
  ])('rejects %j', (letters) => {
    expect(() => recordingOf(letters).check()).toThrow();
  });

  it('rejects an error with another event than the close', () => {
    const source = new Observable<AnyEvent>((subscriber) => {
      subscriber.next({ type: 'connecting' } as AnyEvent);
      subscriber.next(closeEvent(false));
      subscriber.error(new WebSocketCloseError(closeEvent(false)));
    });
    expect(() => new Recording(source, {}).check()).toThrow();
  });

  it('rejects a terminal that comes a task after the close', async () => {
    const source = new Observable<AnyEvent>((subscriber) => {
      subscriber.next({ type: 'connecting' } as AnyEvent);
      subscriber.next(closeEvent(true));
      setTimeout(() => subscriber.complete());
    });
    const recording = new Recording(source, {});
    await recording.ended;
    expect(() => recording.check()).toThrow('task');
  });

  it('accepts a missing terminal only for a subscriber that unsubscribed inside the close', async () => {
    const source = new Observable<AnyEvent>((subscriber) => {
      subscriber.next({ type: 'connecting' } as AnyEvent);
      queueMicrotask(() => subscriber.next(closeEvent(true)));
    });
    const left: Recording = new Recording(source, { hook: ({ type }) => type === 'close' && left.unsubscribe() });
    const stayed = new Recording(source, {});
    await new Promise((resolve) => setTimeout(resolve));
    stayed.unsubscribe();
    expect(() => left.check()).not.toThrow();
    expect(() => stayed.check()).toThrow('task');
  });

  it('accepts a late subscriber that begins with the present phase', () => {
    for (const letters of ['omx|', 'rcox|', 'cox|']) expect(() => recordingOf(letters, { late: true }).check()).not.toThrow();
    expect(() => recordingOf('mx|', { late: true }).check()).toThrow();
  });

  it('accepts a constructor that refuses and an error of your code only where the test expects them', () => {
    expect(() => recordingOf('c!', { refused: true }).check()).not.toThrow();
    expect(() => recordingOf('coX!', { refused: true }).check()).toThrow();
    expect(() => recordingOf('cox!', { ownError: true }).check()).not.toThrow();
    expect(() => recordingOf('cox|', { ownError: true }).check()).toThrow();
  });

  it('resolves with the event that a test waits for, and rejects when it can never come', async () => {
    const recording = recordingOf('comx|');
    expect((await recording.until('message')).type).toBe('message');
    await expect(recording.until('message', 2)).rejects.toThrow('the session ended without message: comx|');
  });
});
