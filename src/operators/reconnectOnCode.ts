import { Subscription } from 'rxjs';
import { codePolicy, type CodeTable } from '../policy/codePolicy.js';
import type { ReconnectPolicy } from '../policy/ReconnectPolicy.js';
import type { SocketOperator } from '../subject/SocketOperator.js';
import { socketOperator } from '../subject/source.js';
import { retryDecider } from './retryDecider.js';
import { waitThen } from './waitThen.js';

/**
 * Connects again after an end, clean or not, when the policy for its code says so, and after as many ms as it says.
 *
 * An end by the program is final, whatever the policy. Where the policy declines the end goes through unchanged: same event, same terminal, same
 * error. It does not replay what the server sent while there was no connection; values in the outbox wait for the next one.
 *
 *     events                  -c-o-m-X|
 *     reconnectOnCode(1012)   -c-o-m-r----c-o-m-...     X: closed with 1012; r: `reconnecting`, then the wait
 *     reconnectOnCode(stop)   -c-o-m-X|
 *
 * @param policyOrTable - left out: the default decision for each code (RFC 6455 §7.2.3 and §7.4, the IANA registry). A table, keyed by codes
 *   and ranges (`'4000-4099'`), is laid over those defaults: the exact code first, then the narrowest range; ranges that cross and impossible codes
 *   throw a `TypeError` that names them. A function is asked alone: it gives ms to wait, or `null` to stop. When it throws, or gives no number of
 *   ms, that is told on `warnings` and the end goes through.
 *
 * @example
 * ```ts
 * import { between, reconnectOnCode, stop, webSocket } from 'websocket-subject';
 *
 * const socket = webSocket<string>('wss://quotes.example.com').pipeEvents(
 *   reconnectOnCode({ 4401: stop, '4500-4599': between(1_000, 5_000) }),
 * );
 * ```
 */
export function reconnectOnCode<In, Out>(policyOrTable?: ReconnectPolicy | CodeTable): SocketOperator<In, Out> {
  const policy = typeof policyOrTable === 'function' ? policyOrTable : codePolicy(policyOrTable);

  return socketOperator<In, Out>('reconnectOnCode', (source, sink, subscription) => {
    const decide = retryDecider<In, Out>(policy);

    const connect = (): void => {
      const connection = new Subscription();
      let hasMovedOn = false;
      // `unsubscribe()` of the subject ends the connection's subscription, and so ours.
      connection.add(() => {
        if (!hasMovedOn) subscription.unsubscribe();
      });
      subscription.add(connection);
      source(
        {
          event: (event) => {
            const retry = event.type === 'close' ? decide(event) : null;
            if (retry === null) sink.event(event);
            else {
              hasMovedOn = true;
              connection.unsubscribe();
              waitThen(connect, retry, sink, subscription);
            }
          },
          message: (data) => sink.message(data),
          complete: () => sink.complete(),
          error: (error) => sink.error(error),
        },
        connection,
      );
    };

    connect();
  });
}
