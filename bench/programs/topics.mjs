import { filter, Observable } from 'rxjs';
import { topics, webSocket } from '../../dist/index.js';
import { MemorySocket } from '../memory/MemorySocket.mjs';

const messages = 100_000;
const rounds = 12;

/** Returns message texts with random keys, so that the processor cannot predict the next key. */
function textsOf(keys) {
  let seed = 1;
  const random = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
  return Array.from({ length: messages }, (_, sequence) => {
    const symbol = keys[Math.floor(random() * keys.length)];
    return { data: JSON.stringify({ op: 'quote', symbol, price: 1.0842, size: 250_000, venue: 'primary', sequence: 1_000_000 + sequence }) };
  });
}

/** Ways to dispatch the messages of a subject to one consumer per key. */
const ways = {
  map(socket, keys, consume) {
    const subscribers = new Map();
    for (const key of keys) new Observable((subscriber) => void subscribers.set(key, subscriber)).subscribe(consume());
    socket.subscribe((message) => subscribers.get(message.symbol)?.next(message));
  },
  topics(socket, keys, consume) {
    const topic = topics(socket, { keyOf: ({ symbol }) => symbol, subscribe: () => undefined, unsubscribe: () => undefined });
    for (const key of keys) topic(key).subscribe(consume());
  },
  filters(socket, keys, consume) {
    for (const key of keys) socket.pipe(filter(({ symbol }) => symbol === key)).subscribe(consume());
  },
};

/** Ns a message from its text to its consumer, less the same with one consumer that takes every message: the least of some rounds of each, in turn. */
const dispatch = (way, count) => () => {
  let consumed = 0;
  const consume = () => ({ size }) => void (consumed += size);
  const opened = (subscribe) => {
    const socket = webSocket({ url: 'ws://memory', WebSocketCtor: MemorySocket });
    subscribe(socket);
    const transport = MemorySocket.last;
    transport.onopen({ type: 'open' });
    return transport;
  };
  const keys = Array.from({ length: count }, (_, n) => `SYM${String(n).padStart(5, '0')}`);
  const texts = textsOf(keys);
  // A round with a thousand filters is slow.
  const part = texts.slice(0, way === 'filters' ? Math.max(2_000, messages / count) : messages);
  const one = opened((socket) => socket.subscribe(consume()));
  const all = opened((socket) => ways[way](socket, keys, consume));
  const nsOf = (transport) => {
    const begun = performance.now();
    for (let i = 0; i < part.length; i++) transport.onmessage(part[i]);
    return ((performance.now() - begun) / part.length) * 1e6;
  };
  let [least, leastOfOne] = [Infinity, Infinity];
  for (let round = 0; round < rounds; round++) {
    leastOfOne = Math.min(leastOfOne, nsOf(one));
    least = Math.min(least, nsOf(all));
  }
  if (consumed !== 2 * rounds * part.length * 250_000) throw new Error(`consumed ${consumed}`);
  return least - leastOfOne;
};

const table = (count) => ({
  title: `${count.toLocaleString('en')} keys`,
  unit: 'ns/message',
  repetitions: 5,
  sides: {
    'a `Map` of subscribers': dispatch('map', count),
    '`topics`': dispatch('topics', count),
    ...((count === 10 || count === 1_000) && { [`${count.toLocaleString('en')} filters`]: dispatch('filters', count) }),
  },
});

export default {
  title: 'Topics',
  text: 'The cost of dispatching a message of about 100 bytes to the consumer of its key, on top of parsing it for a single consumer: a transport in memory, one consumer per key, random keys. The `Map` is one lookup in a single subscriber of the subject, which is the minimum for one consumer per key. If both grow alike with the number of keys, the consumers no longer fit into the processor caches.',
  tables: [10, 100, 1_000, 10_000].map(table),
};
