import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const consumer = fileURLToPath(new URL('../memory/slowConsumer.mjs', import.meta.url));
const few = 20_000;
const many = 200_000;
const aMillion = 1_000_000;
const small = '1 MB of young generation';

/** What runs at once: consumers that mostly wait, each in a process of its own. */
const together = [
  { seconds: 60, runs: ['ws, paused', 'for await', 'toWebStreams'].flatMap((way) => [many, aMillion].map((offered) => ({ way, offered }))) },
  {
    seconds: 40,
    runs: [
      ...['ws, paused', 'for await', 'toWebStreams'].map((way) => ({ way, offered: few })),
      ...['ws, paused', 'for await', 'toWebStreams'].map((way) => ({ way, offered: many, young: small })),
    ],
  },
  { seconds: 20, runs: ['ws, the latest', 'latest', 'drop-oldest'].map((way) => ({ way, offered: many })) },
  { seconds: 20, runs: ['ws, the latest', 'latest', 'drop-oldest'].map((way) => ({ way, offered: aMillion })) },
  { seconds: 20, runs: ['ws, the latest', 'latest', 'drop-oldest'].map((way) => ({ way, offered: aMillion, young: small })) },
];

async function look({ way, offered, young }, seconds, url) {
  const child = fork(consumer, [way, `${url}/?count=${offered}&bytes=1024`, String(offered), String(seconds)], {
    execArgv: young === undefined ? [] : ['--max-semi-space-size=1'],
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), (seconds + 30) * 1_000);
  let seen;
  child.on('message', (message) => (seen = message));
  const [code, signal] = await once(child, 'exit');
  clearTimeout(timer);
  if (seen === undefined) throw new Error(`${way} gave nothing: it ended with ${signal ?? code}`);
  return { way, offered, young, ...seen };
}

const whole = (value) => value.toLocaleString('en');
const names = {
  'ws, paused': '`ws` that pauses itself',
  'for await': '`for await (… of socket)`',
  toWebStreams: '`toWebStreams(socket)`',
  'ws, the latest': '`ws` that keeps the latest',
  latest: "`iterate({ pause: false, overflow: 'latest' })`",
  'drop-oldest': "`iterate({ pause: false, overflow: 'drop-oldest' })`",
};

const row = ({ way, offered, young, received, consumed, held, growth }) =>
  `| ${names[way]}${young === undefined ? '' : `, ${young}`} | ${whole(offered)} | ${whole(received)} | ${whole(consumed)} | ${/^(ws, p|for|to)/.test(way) ? held : '–'} | ${(growth / 2 ** 20).toFixed(1)} MB |`;

export default {
  title: 'A slow consumer',
  text: 'A server that offers so many messages of 1 KB as fast as they are read, and a consumer that takes 1 ms and a little for each, for a minute at most. Growth is the most that the resident set of the process came to, over what it was at the first message. Held is the most that had been parsed and not yet consumed: the high mark of 64, and what was left of the chunk that `ws` had read when it was paused. With the young generation of V8 kept at 1 MB (`--max-semi-space-size=1`) one sees how much of the growth is the messages and how much is V8, which lets it grow to 16 MB and more however little survives.',
  server: 'frames',
  async measure({ url }) {
    const rows = [];
    for (const { seconds, runs } of together) rows.push(...(await Promise.all(runs.map((run) => look(run, seconds, url)))).map(row));
    return ['| | offered | received | consumed | held at most | growth |', '|---|---|---|---|---|---|', ...rows];
  },
};
