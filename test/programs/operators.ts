import { tap, type Observable } from 'rxjs';
import type { ReconnectPolicy, SocketEvent, SocketOperator } from '../../src/index.js';
import { sentByEvent } from './laws/Values.js';
import type { Simulation } from './Simulation.js';

/** The wait of the policies, in milliseconds. */
const delay = 100;

/** Every operator of the library, with its callbacks. */
export function operatorsOf(simulation: Simulation): SocketOperator<unknown, unknown>[] {
  const { results, pings, when } = simulation.variant;
  const { after, atMost, between, closeGracefully, errorOnCode, exponential, heartbeat, onOpen, reconnectOnCode, serverHint, suspendWhile, within } = simulation.library;
  const decide: ReconnectPolicy = ({ attempt, closeEvent }) => {
    simulation.connections.decides(closeEvent, attempt);
    return simulation.call('policy', () => (closeEvent.code === 4401 ? null : delay));
  };
  const beating = { hidePongs: true, ping: () => simulation.call('ping', () => sentByEvent), isPong: () => simulation.call('isPong', () => false) };
  const random = (): number => simulation.call('random', () => 0.5);
  const policy = {
    function: decide,
    table: { 4401: decide, '1000-1015': decide },
    wrapped: atMost(1_000, within(1e9, decide)),
    hinted: serverHint(() => simulation.call('parse', () => delay), decide, { random }),
    random: { 1006: between(delay, delay + 1, { random }), 1012: exponential({ base: delay, random }), 1000: after(delay) },
  }[simulation.variant.policy];
  const until = results === 'value' ? {} : { until: simulation.results.single('until', 0) as Observable<unknown> };
  return [
    ...(simulation.variant.hasCustomOperator ? [(events: Observable<SocketEvent<unknown>>) => events.pipe(tap(() => simulation.call('operator', () => undefined)))] : []),
    ...(pings === 'never' ? [] : [heartbeat<unknown, unknown>({ every: 150, timeout: 100, ...(pings === 'by messages' ? beating : {}) })]),
    onOpen(() => simulation.call('effect', () => simulation.results.single('effect', undefined)) as Observable<unknown>),
    reconnectOnCode(policy, { wake: simulation.results.stream('wake') }),
    suspendWhile(simulation.results.stream<boolean>('suspended')),
    closeGracefully(when === 'signal' ? simulation.stopping.signal : (simulation.results.single('when', 0, when) as Observable<unknown>), { code: 4100, ...until }),
    errorOnCode(() => simulation.call('errorOnCode', () => false)),
  ];
}
