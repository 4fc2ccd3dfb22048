import { act, render, screen } from '@testing-library/react';
import { createElement, StrictMode, useEffect, useState, type ReactElement } from 'react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { webSocket } from 'websocket-subject';
import { testServer } from 'websocket-subject/testing';

// The component makes its own socket, so that a test cannot give it a class.
function Price({ symbol }: { symbol: string }): ReactElement {
  const [price, setPrice] = useState<number>();
  useEffect(() => {
    const socket = webSocket<number>(`wss://quotes.example.com/${symbol}`);
    const subscription = socket.subscribe({ next: setPrice, error: () => setPrice(undefined) });
    return () => subscription.unsubscribe();
  }, [symbol]);
  return createElement('output', null, price === undefined ? 'no price' : `${symbol}: ${price}`);
}

let server = testServer();
beforeEach(() => {
  server = testServer();
  server.install(); // replaces the global WebSocket
});
afterEach(() => {
  server.restore();
  server.verify();
});

test('shows the latest price, and closes the connection when it is unmounted', async () => {
  // StrictMode mounts twice: the server forgets the attempt that was given up.
  const { unmount } = render(createElement(StrictMode, null, createElement(Price, { symbol: 'EURUSD' })));
  expect(screen.getByRole('status').textContent).toBe('no price');

  const connection = await server.connection('wss://quotes.example.com/EURUSD');
  act(() => connection.send(1.08));
  expect(screen.getByRole('status').textContent).toBe('EURUSD: 1.08');

  unmount();
  expect(connection.closedWith).toEqual({ code: 1000, reason: '' });
});
