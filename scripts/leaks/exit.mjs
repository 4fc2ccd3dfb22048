// Ends a session in one way, and must then exit by itself: node exit.mjs <transport> <end> <server> <closed>.
// Prints what has happened.
import { webSocket, WebSocketCloseError } from 'websocket-subject';
import { ends } from './ends.mjs';
import { transports } from './transports.mjs';

const [transport, name, server, closed] = process.argv.slice(2);
const { act, config, operators, path = '/echo' } = ends[name];
const controller = new AbortController();
const given = (value) => (typeof value === 'function' ? value({ controller }) : value);

const said = [];
const say = (what) => said.push(what);
let status;
let hasTerminal = false;
const terminal = (what) => {
  hasTerminal = true;
  say(what);
};
process.on('uncaughtException', ({ message }) => say(`uncaught ${message}`));
process.on('exit', () => {
  if (!hasTerminal) say(status.state === 'closed' ? `left ${status.closeEvent.code}` : status.state);
  process.stdout.write(said.join(', '));
});

const base = webSocket({ url: path === null ? closed : server + path, WebSocketCtor: await transports[transport](), ...given(config) });
base.status.subscribe((present) => (status = present));
base.warnings.subscribe();
const socket = base.pipeEvents(...(given(operators) ?? []));
const subscribe = (source, next) => source.subscribe({
  next,
  complete: () => terminal(`complete ${status.closeEvent.code}`),
  error: (error) => terminal(`error ${error instanceof WebSocketCloseError ? error.code : error.name}`),
});
await act({ base, controller, say, socket, subscribe });
