// Real connections on loopback: the library as it is, and a server in another process that restarts, or drops everybody.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** Milliseconds after which a storm counts as never over. */
const patience = 120_000;

/** Lets N clients of the library lose a server that takes so many a second, and prints how they come back. */
export async function real({ clients, rate }) {
  const { module } = await runnerImport('/src/index.ts', {
    root, configFile: false, logLevel: 'warn', resolve: { alias: { '#transport': `${root}src/transport/node.ts` } },
  });
  const server = fork(fileURLToPath(new URL('realServer.mjs', import.meta.url)), [String(rate)]);
  try {
    const [{ port }] = await once(server, 'message');
    const ask = async (message) => {
      const answer = once(server, 'message');
      server.send(message);
      return (await answer)[0];
    };
    const crowd = crowdOf(clients, `ws://127.0.0.1:${port}`, module);
    const inTime = await crowd.isBack(patience);
    if (!inTime) throw new Error(`only ${crowd.openedAfter.length} of ${clients} could connect at all`);
    console.log(`${clients} clients, real; the server takes ${rate} a second: at best 99 % are back after ${((0.99 * clients) / rate).toFixed(1)} s`);

    const spread = Math.ceil((1.05 * clients) / rate);
    const storms = [
      // A server that will be down for a second does well to plan for more: ending its connections takes time, too.
      { name: `1012 "deploy; spread=3..${3 + spread}"`, code: 1012, reason: `deploy; spread=3..${3 + spread}`, downFor: 1_000 },
      { name: '1012', code: 1012, reason: '', downFor: 1_000 },
      { name: '1006', code: 1006, reason: '', downFor: 0 },
    ];
    let areAllBack = true;
    for (const { name, ...storm } of storms) {
      crowd.begin();
      const { took } = await ask({ type: 'storm', ...storm });
      areAllBack = (await crowd.isBack(patience)) && areAllBack;
      await ask({ type: 'free' });
      const { tried } = crowd;
      const at = (percent) => crowd.openedAfter[Math.ceil((clients * percent) / 100) - 1];
      const when = [50, 99, 100].map((percent) => `${percent} % ${at(percent) === undefined ? 'never' : `${(at(percent) / 1_000).toFixed(1)} s`}`);
      console.log(`${name} (down for ${(took / 1_000).toFixed(1)} s): ${(tried.length / clients).toFixed(2)} attempts per client, peak ${(peakOf(tried) / rate).toFixed(2)} R; back: ${when.join(', ')}`);
      // Each storm hits connections that are stable.
      await crowd.settles();
    }
    crowd.leave();
    if (!areAllBack) process.exitCode = 1;
  } finally {
    server.disconnect();
    await once(server, 'exit');
  }
}

function crowdOf(clients, url, { reconnectOnCode, webSocket }) {
  let wake = () => {};
  let began = performance.now();
  const back = new Set();
  const crowd = {
    /** When each client was back for the first time, in ms since the storm began. */
    openedAfter: [],
    /** When each attempt began, in the same ms. */
    tried: [],
    begin() {
      began = performance.now();
      back.clear();
      crowd.openedAfter = [];
      crowd.tried = [];
    },
    async isBack(ms) {
      let timer;
      const late = new Promise((resolve) => (timer = setTimeout(resolve, ms, false)));
      const all = new Promise((resolve) => {
        wake = () => {
          if (back.size === clients) resolve(true);
        };
        wake();
      });
      return Promise.race([all, late]).finally(() => clearTimeout(timer));
    },
    /** A connection counts as stable after five seconds. */
    settles: () => new Promise((resolve) => setTimeout(resolve, 5_500)),
    leave() {
      for (const socket of sockets) socket.unsubscribe();
    },
  };
  const sockets = Array.from({ length: clients }, () => webSocket(url).pipeEvents(reconnectOnCode()));
  for (const [client, socket] of sockets.entries()) {
    socket.events.subscribe({
      next: ({ type }) => {
        if (type === 'connecting') crowd.tried.push(performance.now() - began);
        if (type !== 'open' || back.has(client)) return;
        back.add(client);
        crowd.openedAfter.push(performance.now() - began);
        wake();
      },
      error: (error) => console.error(`a client has given up: ${error.message}`),
    });
  }
  return crowd;
}

/** The most of the times, in ms, that lie within one second of the clock. */
function peakOf(times) {
  const bySecond = new Map();
  for (const time of times) bySecond.set(Math.floor(time / 1_000), (bySecond.get(Math.floor(time / 1_000)) ?? 0) + 1);
  return Math.max(0, ...bySecond.values());
}
