// Sends so many JSON messages of about so many bytes as the client asks for (`?count=`, `?bytes=`), as fast as it reads them: from blocks of frames made
// beforehand.
import { acceptSockets, textFrame } from './acceptSockets.mjs';

const perBlock = 500;
const blocks = new Map();

function blockOf(bytes) {
  const filler = bytes > 100 && { note: 'x'.repeat(bytes - 110) };
  const message = (n) => JSON.stringify({ op: 'quote', symbol: 'EURUSD', price: 1.0842 + n / 1e4, size: 250_000, venue: 'primary', sequence: 1_000_000 + n, ...filler });
  const block = blocks.get(bytes) ?? Buffer.concat(Array.from({ length: perBlock }, (_, n) => textFrame(message(n))));
  blocks.set(bytes, block);
  return block;
}

acceptSockets((socket, query) => {
  const block = blockOf(Number(query.get('bytes') ?? 100));
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
