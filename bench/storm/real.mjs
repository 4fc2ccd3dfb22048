// Real connections on loopback: many clients of the library, and a server in another process that restarts or drops all of them.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** Milliseconds after which a storm counts as never over. */
const timeout = 120_000;

/** Connects clients of the library, drops all of them at once, and prints how they come back to a server that accepts `rate` a second. */
export async function real({ clients, rate }) {
  const { module } = await runnerImport('/src/index.ts', {
    root, configFile: false, logLevel: 'warn', resolve: { alias: { '#transport': `${root}src/connection/node.ts` } },
  });
  const server = fork(fileURLToPath(new URL('realServer.mjs', import.meta.url)), [String(rate)]);
  try {
    const [{ port }] = await once(server, 'message');
    const request = async (message) => {
      const reply = once(server, 'message');
      server.send(message);
      return (await reply)[0];
    };
    const fleet = connectClients(clients, `ws://127.0.0.1:${port}`, module);
    const inTime = await fleet.isConnected(timeout);
    if (!inTime) throw new Error(`only ${fleet.openedAfter.length} of ${clients} clients could connect`);
    console.log(`${clients} clients, real; the server accepts ${rate} a second: at best 99 % are back after ${((0.99 * clients) / rate).toFixed(1)} s`);

    const spread = Math.ceil((1.05 * clients) / rate);
    const storms = [
      // The server is down for a second, but the window leaves room for more: ending all connections takes time too.
      { name: `1012 "deploy; spread=3..${3 + spread}"`, code: 1012, reason: `deploy; spread=3..${3 + spread}`, downFor: 1_000 },
      { name: '1012', code: 1012, reason: '', downFor: 1_000 },
      { name: '1006', code: 1006, reason: '', downFor: 0 },
    ];
    let areAllBack = true;
    for (const { name, ...storm } of storms) {
      fleet.begin();
      const { took } = await request({ type: 'storm', ...storm });
      areAllBack = (await fleet.isConnected(timeout)) && areAllBack;
      await request({ type: 'unlimit' });
      const { tried } = fleet;
      const at = (percent) => fleet.openedAfter[Math.ceil((clients * percent) / 100) - 1];
      const when = [50, 99, 100].map((percent) => `${percent} % ${at(percent) === undefined ? 'never' : `${(at(percent) / 1_000).toFixed(1)} s`}`);
      console.log(`${name} (down for ${(took / 1_000).toFixed(1)} s): ${(tried.length / clients).toFixed(2)} attempts per client, peak ${(peakOf(tried) / rate).toFixed(2)} R; back: ${when.join(', ')}`);
      // Each storm must hit stable connections.
      await fleet.isStable();
    }
    fleet.unsubscribe();
    if (!areAllBack) process.exitCode = 1;
  } finally {
    server.disconnect();
    await once(server, 'exit');
  }
}

/** Connects clients, and records when each of them attempts to connect and is connected. */
function connectClients(clients, url, { reconnectOnCode, webSocket }) {
  let check = () => {};
  let began = performance.now();
  const back = new Set();
  const fleet = {
    /** When each client was connected again for the first time, in milliseconds since the storm began. */
    openedAfter: [],
    /** When each attempt began, in milliseconds since the storm began. */
    tried: [],
    begin() {
      began = performance.now();
      back.clear();
      fleet.openedAfter = [];
      fleet.tried = [];
    },
    /** Waits until all clients are connected; returns false if that takes longer than this many milliseconds. */
    async isConnected(ms) {
      let timer;
      const late = new Promise((resolve) => (timer = setTimeout(resolve, ms, false)));
      const all = new Promise((resolve) => {
        check = () => {
          if (back.size === clients) resolve(true);
        };
        check();
      });
      return Promise.race([all, late]).finally(() => clearTimeout(timer));
    },
    /** Waits until the connections count as stable, which takes five seconds by default (`stableAfter`). */
    isStable: () => new Promise((resolve) => setTimeout(resolve, 5_500)),
    unsubscribe() {
      for (const socket of sockets) socket.unsubscribe();
    },
  };
  const sockets = Array.from({ length: clients }, () => webSocket(url).pipeEvents(reconnectOnCode()));
  for (const [client, socket] of sockets.entries()) {
    socket.events.subscribe({
      next: ({ type }) => {
        if (type === 'connecting') fleet.tried.push(performance.now() - began);
        if (type !== 'open' || back.has(client)) return;
        back.add(client);
        fleet.openedAfter.push(performance.now() - began);
        check();
      },
      error: (error) => console.error(`a client has given up: ${error.message}`),
    });
  }
  return fleet;
}

/** Returns the largest number of times, in milliseconds, that are within the same second. */
function peakOf(times) {
  const bySecond = new Map();
  for (const time of times) bySecond.set(Math.floor(time / 1_000), (bySecond.get(Math.floor(time / 1_000)) ?? 0) + 1);
  return Math.max(0, ...bySecond.values());
}
