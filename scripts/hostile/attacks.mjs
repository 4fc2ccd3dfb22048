import { firstValueFrom, timer } from 'rxjs';
import { iterate, onOpen, reconnectOnCode, webSocket } from 'websocket-subject';
import { bomb, closeFrame, frame, frameHead, opcode } from './frames.mjs';

const MB = 1_000_000;
const seconds = (count) => firstValueFrom(timer(count * 1_000));
const text = (value, options) => frame(opcode.text, JSON.stringify(value), options);
const fragment = (size) => frame(opcode.continuation, Buffer.alloc(size, 'x'), { fin: false });
const start = frame(opcode.text, '"', { fin: false });

/** Subscribes until the end; resolves with how it ended, and how many messages came before. */
function endOf(socket) {
  let messages = 0;
  return new Promise((resolve) => {
    let end;
    const over = () => resolve(`${end.code}${end.cause ? ` ${end.cause.name ?? end.cause}` : ''}, ${messages} messages`);
    socket.events.subscribe({
      next(event) {
        if (event.type === 'message') messages++;
        else if (event.type === 'close') end = event;
      },
      error: over,
      complete: over,
    });
  });
}

/** A server that floods with these bytes once the connection is open, after others. */
const floods = (bytes, limit, before = Buffer.alloc(0)) => ({
  open(peer) {
    peer.ignore();
    peer.write(before);
    peer.flood(bytes, limit);
  },
});

/** A server that answers a bare connection with this, and floods it with these bytes. */
const answersTcp = (answer, bytes) => ({
  tcp(peer) {
    peer.ignore();
    peer.write(Buffer.from(answer));
    peer.flood(bytes, 512 * MB);
  },
});

const untilTheEnd = (config) => endOf(webSocket(config));

/** Codes that no server may send, bodies of Close that are malformed, and reasons made to look like hints or like lines of a log. */
const closes = [
  ...[0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 65_535].map((code) => closeFrame(code)),
  frame(opcode.close, [3]),
  frame(opcode.close, [3, 232, 0xff]),
  ...[
    'retry-after=-1', 'retry-after=NaN', 'retry-after=1e309', `retry-after=${'9'.repeat(100)}`, 'spread=5..-5', 'spread=0..999999999999', '{"retryAfter":1e309}',
    '{"__proto__":{"retryAfter":1,"polluted":1}}', '{"constructor":{"prototype":{"polluted":1}}}', '{"spread":{"length":2,"0":0,"1":0}}',
    `{"spread":${'['.repeat(110)}`, 'ok\r\nERROR a line of its own', '\u001b[2J\u001b[31mred', '\u009b31mred', 'x'.repeat(123),
  ].map((reason) => closeFrame(1012, reason)),
  closeFrame(4999, 'the end'),
];

/**
 * By name: what the server does, what the client does, and what it may cost at most. `memory` is in MB above an idle client, `time` in ms until the client's
 * part is over, `delay` in ms that the event loop may stand still; `outcome` is how it must end. Where a transport has no limit of its own, `noLimit` names it,
 * and the row is only printed. `lifted` has options that lift the limit: with them, the bounds must be exceeded.
 */
export const attacks = {
  'nothing: an idle client': {
    server: { open: (peer) => peer.write(text('hello')) },
    async client(config) {
      const socket = webSocket(config);
      const end = endOf(socket);
      await seconds(0.5);
      socket.close();
      return end;
    },
  },

  'fragments of one byte, never the last': {
    server: floods(fragment(1), 8 * MB, start),
    client: untilTheEnd,
    memory: 64, time: 20_000, delay: 3_000, outcome: /^1006 .*, 0 messages/,
    lifted: { transportOptions: { maxFragments: 0 } },
  },
  'fragments without a byte': { server: floods(fragment(0), 8 * MB, start), client: untilTheEnd, memory: 64, time: 20_000, delay: 3_000, outcome: /^1006 .*, 0 messages/ },
  'fragments of 64 KiB, never the last': {
    server: floods(fragment(65_536), 512 * MB, start),
    client: untilTheEnd,
    memory: 250, time: 20_000, delay: 3_000, outcome: /^1006 .*, 0 messages/,
  },
  'a message of 2^62 bytes': {
    server: floods(Buffer.alloc(1_024), 512 * MB, frameHead(opcode.text, 2n ** 62n)),
    client: untilTheEnd,
    memory: 32, time: 3_000, delay: 3_000, outcome: /^1006 .*, 0 messages/,
  },
  'a message of 2^31 - 1 bytes': {
    server: floods(Buffer.alloc(1_024), 512 * MB, frameHead(opcode.text, 2 ** 31 - 1)),
    client: untilTheEnd,
    memory: 32, time: 3_000, delay: 3_000, outcome: /^1006 .*, 0 messages/,
    lifted: { transportOptions: { maxPayload: 2 ** 31 - 1 } },
  },
  'pings, and no pong is read': {
    server: {
      open(peer) {
        peer.stopReading();
        peer.flood(frame(opcode.ping, Buffer.alloc(125)), 16 * MB);
      },
    },
    client: untilTheEnd,
    memory: 32, time: 2_000, delay: 3_000, outcome: /^1006/,
    noLimit: ['undici', 'own'],
    lifted: { transportOptions: { maxPendingAutoPongs: 0 } },
  },
  'a bomb: 1 MB that inflates to 1 GB': { server: { open: (peer) => peer.write(bomb(1_000)) }, client: untilTheEnd, memory: 250, time: 20_000, delay: 3_000, outcome: /^1006 .*, 0 messages/ },
  'a bomb of 90 MB, below the limit': {
    server: { open: (peer) => peer.write(Buffer.concat([bomb(90), closeFrame(1000)])) },
    client: untilTheEnd,
    memory: 600, time: 15_000, delay: 15_000, outcome: /, 1 messages|^1006 RangeError/,
  },
  'an end while a message inflates': {
    server: {
      async open(peer) {
        peer.ignore();
        // Each in a packet of its own, and while the one before inflates.
        for (const bytes of [Buffer.alloc(0), bomb(7), frame(opcode.ping, '', { fin: false }), bomb(7)]) {
          peer.write(bytes);
          await seconds(0.003);
        }
        peer.end();
      },
    },
    async client(config) {
      let end;
      for (let times = 0; times < 8; times++) end = await untilTheEnd(config);
      return end;
    },
    memory: 128, time: 8_000, delay: 3_000, outcome: /^1006/,
    lifted: { transportOptions: { perMessageDeflate: true } },
  },
  'a flood while the login waits': {
    server: floods(text('x'.repeat(90)), 20 * MB),
    async client(config) {
      const socket = webSocket(config);
      const end = endOf(socket.pipeEvents(onOpen(() => timer(5_000))));
      await seconds(1);
      socket.close();
      return end;
    },
    memory: 64, time: 5_000, delay: 3_000,
  },
  'a flood for a loop that is slow': {
    server: floods(text('x'.repeat(90)), 64 * MB),
    async client(config) {
      let taken = 0;
      try {
        for await (const message of iterate(webSocket(config))) {
          await seconds(0.1);
          if (message && ++taken === 10) return '10 taken';
        }
      } catch (error) {
        return `${error.name}, ${taken} taken`;
      }
    },
    memory: 96, time: 5_000, delay: 3_000, outcome: /^10 taken|^InboxOverflowError/,
  },
  'a flood for a loop, while the login waits': {
    server: floods(text('x'.repeat(90)), 20 * MB),
    async client(config) {
      const socket = webSocket(config);
      let dropped = 0;
      socket.warnings.subscribe(({ count = 0 }) => (dropped += count));
      iterate(socket.pipeEvents(onOpen(() => timer(5_000)))).next().catch(() => undefined);
      await seconds(1);
      socket.close();
      return `${dropped > 0 ? 'some' : 'none'} dropped`;
    },
    memory: 96, time: 4_000, delay: 3_000, outcome: /^some dropped/,
  },
  'messages that cannot be read': {
    server: floods(frame(opcode.text, '{"'), 100_000),
    async client(config) {
      const socket = webSocket({ ...config, onInvalid: 'drop' });
      const end = endOf(socket);
      await seconds(1);
      socket.close();
      return end;
    },
    memory: 64, time: 15_000, delay: 10_000, lines: 30,
  },
  'TCP, and no answer': {
    server: { tcp: (peer) => peer.ignore() },
    client: (config) => untilTheEnd({ ...config, connectTimeout: 500 }),
    memory: 16, time: 2_000, delay: 3_000, left: 0, outcome: /^1006 WebSocketTimeoutError/,
  },
  'an answer of one byte in 10 ms': {
    server: {
      tcp(peer) {
        peer.ignore();
        void peer.drip(Buffer.from(`HTTP/1.1 101 Switching Protocols\r\n${'X-Header: x\r\n'.repeat(1_000)}`), 10);
      },
    },
    client: (config) => untilTheEnd({ ...config, connectTimeout: 500 }),
    memory: 16, time: 2_000, delay: 3_000, left: 0, outcome: /^1006 WebSocketTimeoutError/,
  },
  'headers without an end': {
    server: answersTcp('HTTP/1.1 101 Switching Protocols\r\n', Buffer.from('X-Header: xxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n')),
    client: (config) => untilTheEnd({ ...config, connectTimeout: 1_000 }),
    memory: 64, time: 3_000, delay: 3_000, left: 0, outcome: /^1006/,
  },
  'a 503 whose body has no end': {
    server: answersTcp('HTTP/1.1 503 Service Unavailable\r\nRetry-After: 99999999999999999999999999\r\n\r\n', Buffer.alloc(1_024)),
    client: (config) => untilTheEnd({ ...config, connectTimeout: 1_000 }),
    memory: 32, time: 3_000, delay: 3_000, left: 0, outcome: /^1006/,
  },
  'no answer to our Close, and the flood goes on': {
    server: floods(text('x'.repeat(90)), 64 * MB),
    async client(config) {
      const socket = webSocket(config);
      const end = endOf(socket);
      await firstValueFrom(socket);
      socket.close();
      return end;
    },
    memory: 64, time: 3_000, delay: 3_000, outcome: /^1006 WebSocketTimeoutError/,
  },
  'every connection is closed at once, with a hint of 0 s': {
    server: { open: (peer) => peer.end(closeFrame(1001, 'retry-after=0')) },
    async client(config) {
      const socket = webSocket(config).pipeEvents(reconnectOnCode());
      void endOf(socket);
      await seconds(3);
      socket.close();
      return 'closed';
    },
    memory: 48, time: 5_000, delay: 3_000, connections: 10,
  },
  'closes with illegal codes, and reasons like hints': {
    server: { open: (peer) => peer.end(closes[Math.min(peer.number, closes.length) - 1]) },
    async client(config) {
      const reported = [];
      const socket = webSocket({ ...config, closeObserver: { next: (event) => reported.push(String(event)) } });
      await endOf(socket.pipeEvents(reconnectOnCode(({ closeEvent: { code } }) => (code === 4999 ? null : 0))));
      // eslint-disable-next-line no-control-regex -- what must not get into a log
      return `${reported.length} reported, ${reported.filter((line) => /[\u0000-\u001f]/.test(line)).length} in more than one line`;
    },
    memory: 64, time: 8_000, delay: 3_000, outcome: new RegExp(`^${closes.length} reported, 0 in`),
  },
  'a server that does not read': {
    server: { open: (peer) => peer.stopReading() },
    async client(config) {
      const socket = webSocket(config);
      let dropped = 0;
      socket.warnings.subscribe(({ count = 0 }) => (dropped += count));
      const end = endOf(socket);
      await seconds(0.2);
      for (let round = 0; round < 50; round++) {
        for (let index = 0; index < 1_000; index++) socket.next('x'.repeat(1_000));
        await seconds(0.005);
      }
      socket.close();
      return `${await end}, ${dropped} dropped`;
    },
    memory: 64, time: 12_000, delay: 3_000, outcome: /^1006 WebSocketTimeoutError, 0 messages/,
    lifted: { outbox: { maxValues: Infinity, highWaterMark: 2 ** 40 } },
  },
};
