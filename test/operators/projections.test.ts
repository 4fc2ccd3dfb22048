import { concat, of, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { closeEvent, CloseEvent, messages, WebSocketCloseError } from '../../src/index.js';
import type { SocketEvent } from '../../src/index.js';
import { SocketMessage } from '../../src/session/events.js';
import { setUp } from '../subject/setUp.js';
import { collected } from './collected.js';

const clean = new CloseEvent('close', { code: 1000, wasClean: true }) as SocketEvent<string>;
const unclean = new CloseEvent('close', { code: 1006 }) as SocketEvent<string>;
const hello = new SocketMessage('hello') as SocketEvent<string>;

describe('messages()', () => {
  it('emits the data of each message, and ends as its source ends', () => {
    const error = new WebSocketCloseError(unclean as CloseEvent);
    expect(collected(of(hello, clean).pipe(messages()))).toEqual(['hello', 'complete']);
    expect(collected(concat(of(hello, unclean), throwError(() => error)).pipe(messages()))).toEqual(['hello', error]);
  });

  it('emits what the subject itself emits', () => {
    const { last, socket } = setUp<string>();
    const [itself, projected] = [collected(socket), collected(socket.events.pipe(messages()))];
    last().accept();
    last().send('hello');
    last().close(1000);
    expect(itself).toEqual(['hello', 'complete']);
    expect(projected).toEqual(itself);
  });
});

describe('closeEvent()', () => {
  it('emits the close, clean or not, and completes', () => {
    expect(collected(of(hello, clean).pipe(closeEvent()))).toEqual([clean, 'complete']);
    expect(collected(concat(of(hello, unclean), throwError(() => 'lost')).pipe(closeEvent()))).toEqual([unclean, 'complete']);
  });

  it('passes an end without a close on unchanged', () => {
    expect(collected(throwError(() => 'refused').pipe(closeEvent()))).toEqual(['refused']);
    expect(collected(of(hello).pipe(closeEvent()))).toEqual(['complete']);
  });
});
