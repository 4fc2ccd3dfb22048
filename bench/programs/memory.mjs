import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const consumer = fileURLToPath(new URL('../memory/slowConsumer.mjs', import.meta.url));
const few = 20_000;
const many = 200_000;
const aMillion = 1_000_000;
const small = '1 MB of young generation';

/** The runs of each group run at once: consumers that mostly wait, each in its own process. */
const groups = [
  { seconds: 60, runs: ['ws, paused', 'iterate', 'toWebStreams'].flatMap((way) => [many, aMillion].map((offered) => ({ way, offered }))) },
  {
    seconds: 40,
    runs: [
      ...['ws, paused', 'iterate', 'toWebStreams'].map((way) => ({ way, offered: few })),
      ...['ws, paused', 'iterate', 'toWebStreams'].map((way) => ({ way, offered: many, young: small })),
    ],
  },
  { seconds: 20, runs: ['ws, the latest', 'latest', 'drop-oldest'].map((way) => ({ way, offered: many })) },
  { seconds: 20, runs: ['ws, the latest', 'latest', 'drop-oldest'].map((way) => ({ way, offered: aMillion })) },
  { seconds: 20, runs: ['ws, the latest', 'latest', 'drop-oldest'].map((way) => ({ way, offered: aMillion, young: small })) },
];

async function run({ way, offered, young }, seconds, url) {
  const child = fork(consumer, [way, `${url}/?count=${offered}&bytes=1024`, String(offered), String(seconds)], {
    execArgv: young === undefined ? [] : ['--max-semi-space-size=1'],
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), (seconds + 30) * 1_000);
  let result;
  child.on('message', (message) => (result = message));
  const [code, signal] = await once(child, 'exit');
  clearTimeout(timer);
  if (result === undefined) throw new Error(`${way} sent no result; it ended with ${signal ?? code}`);
  return { way, offered, young, ...result };
}

const whole = (value) => value.toLocaleString('en');
const names = {
  'ws, paused': '`ws` that pauses itself',
  iterate: '`iterate(socket)`',
  toWebStreams: '`toWebStreams(socket)`',
  'ws, the latest': '`ws` that keeps the latest',
  latest: "`iterate(socket, { pause: false, overflow: 'latest' })`",
  'drop-oldest': "`iterate(socket, { pause: false, overflow: 'drop-oldest' })`",
};

const row = ({ way, offered, young, received, consumed, held, growth }) =>
  `| ${names[way]}${young === undefined ? '' : `, ${young}`} | ${whole(offered)} | ${whole(received)} | ${whole(consumed)} | ${/^(ws, p|iterate|to)/.test(way) ? held : '–'} | ${(growth / 2 ** 20).toFixed(1)} MB |`;

export default {
  title: 'A slow consumer',
  text: 'A server sends messages of 1 KB as fast as they are read; a consumer takes slightly more than 1 ms for each, for at most a minute. Growth is the peak resident set size of the process minus its size at the first message. Held is the peak number of messages that were parsed and not yet consumed: the high-water mark of 64, and the rest of the chunk that `ws` had read when it was paused. Runs with V8’s young generation limited to 1 MB (`--max-semi-space-size=1`) show how much of the growth is messages and how much is V8, which lets the young generation grow to 16 MB and more even if little survives.',
  server: 'frames',
  async measure({ url }) {
    const rows = [];
    for (const { seconds, runs } of groups) rows.push(...(await Promise.all(runs.map((options) => run(options, seconds, url)))).map(row));
    return ['| | offered | received | consumed | held at most | growth |', '|---|---|---|---|---|---|', ...rows];
  },
};
