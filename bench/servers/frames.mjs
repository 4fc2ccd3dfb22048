// Sends so many JSON messages of about 100 bytes as the client asks for (`?count=`), as fast as it reads them: from blocks of frames made beforehand.
import { acceptSockets, textFrame } from './acceptSockets.mjs';

const perBlock = 500;
const message = (n) => JSON.stringify({ op: 'quote', symbol: 'EURUSD', price: 1.0842 + n / 1e4, size: 250_000, venue: 'primary', sequence: 1_000_000 + n });
const block = Buffer.concat(Array.from({ length: perBlock }, (_, n) => textFrame(message(n))));

acceptSockets((socket, query) => {
  let missing = Number(query.get('count')) / perBlock;
  const send = () => {
    while (missing > 0) {
      missing--;
      if (!socket.write(block)) return;
    }
  };
  socket.on('drain', send);
  send();
});
