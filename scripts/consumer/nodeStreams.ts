// Compiled only where the consumer has @types/node, together with surface.ts.
import { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { WebSocketSubject, iterate, toWebStreams, webSocket } from 'websocket-subject';

class Quotes extends WebSocketSubject<string> {
  override unsubscribe(): void {
    this.close(4000);
    super.unsubscribe();
  }
}

export const pipe = async (): Promise<void> => {
  const socket = webSocket<string>('wss://quotes.example.com').pipeEvents();
  await pipeline(Duplex.fromWeb(toWebStreams(socket), { objectMode: true }), process.stdout);
  await pipeline(iterate(new Quotes('wss://quotes.example.com')), process.stdout);
};
