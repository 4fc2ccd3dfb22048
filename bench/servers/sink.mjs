// Counts the bytes that come and says so once they are as many as the client has announced (`?bytes=`): it reads no frame, so that it is never slower
// than who sends.
import { acceptSockets, textFrame } from './acceptSockets.mjs';

acceptSockets((socket, query, head) => {
  let missing = Number(query.get('bytes')) - head.length;
  socket.on('data', ({ length }) => {
    const wasMissing = missing > 0;
    missing -= length;
    if (wasMissing && missing <= 0) socket.write(textFrame('"all"'));
  });
});
