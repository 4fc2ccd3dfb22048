// Only where the consumer's libs declare Symbol.asyncDispose and its compiler knows `await using`; the program of surface.ts is compiled there too.
import { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { WebSocketSubject, toWebStreams, webSocket } from 'websocket-subject';

class Own extends WebSocketSubject<string> {
  override async [Symbol.asyncDispose](): Promise<void> {
    this.close(4000);
    await super[Symbol.asyncDispose]();
  }
}

export const program = async (): Promise<void> => {
  await using socket = webSocket<string>('wss://quotes.example.com').pipeEvents();
  await using own = new Own('wss://quotes.example.com');
  const disposable: AsyncDisposable = own;
  console.log(disposable, socket.observed);
  await pipeline(Duplex.fromWeb(toWebStreams(socket), { objectMode: true }), process.stdout);
};
