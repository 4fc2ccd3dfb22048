import { NEVER } from 'rxjs';
import { webSocket as rxjsWebSocket } from 'rxjs/webSocket';
import { closeGracefully, reconnectOnCode, webSocket } from '../../dist/index.js';
import { MemorySocket } from '../memory/MemorySocket.mjs';

const count = 20_000_000;

const config = { url: 'ws://memory', WebSocketCtor: MemorySocket, deserializer: ({ data }) => data };
const open = (subscribe) => (receive) => {
  subscribe(receive);
  MemorySocket.last.onopen({ type: 'open' });
};

/** Returns the processor time per message in nanoseconds, measured in a second round, when the code is compiled. */
const cost = (connect) => () => {
  let sum = 0;
  connect((value) => (sum += value.length));
  const event = { data: 'a' };
  const transport = MemorySocket.last;
  let ns = 0;
  for (const messages of [count / 4, count]) {
    const begun = process.cpuUsage();
    for (let i = 0; i < messages; i++) transport.onmessage(event);
    const { user, system } = process.cpuUsage(begun);
    ns = ((user + system) / messages) * 1e3;
  }
  if (sum !== 1.25 * count) throw new Error(`${sum} messages arrived`);
  return ns;
};

const bare = cost((receive) => (new MemorySocket().onmessage = ({ data }) => receive(data)));

export default {
  title: 'A message in memory',
  text: 'From `onmessage` of a transport in memory to one subscriber, without parsing: processor time per message in nanoseconds, averaged over 20,000,000 messages.',
  tables: [
    {
      title: 'Processor time per message',
      unit: 'ns',
      repetitions: 7,
      compare: 'difference',
      sides: {
        'a callback': bare,
        'websocket-subject': cost(open((receive) => webSocket(config).subscribe(receive))),
        'through `reconnectOnCode`': cost(open((receive) => webSocket(config).pipeEvents(reconnectOnCode()).subscribe(receive))),
        'through two operators': cost(open((receive) => webSocket(config).pipeEvents(reconnectOnCode(), closeGracefully(NEVER)).subscribe(receive))),
        'rxjs/webSocket': cost(open((receive) => rxjsWebSocket(config).subscribe(receive))),
      },
    },
  ],
};
