import type { Observable } from 'rxjs';
import { domException } from '../close/domException.js';
import { validateClose } from '../close/validateClose.js';
import type { Connection } from './Connection.js';
import type { Core } from './Core.js';
import type { ConnectionHandle } from './events.js';
import type { SessionLink } from './link.js';
import { isTimeout, maxTimeout } from './settings.js';

/** What the session does for the events of a connection. */
interface ConnectionSession<In, Out> extends SessionLink<In, Out> {
  messagesOf(connection: Connection): Observable<In>;
  waitUntil(connection: Connection, work: PromiseLike<unknown> | Observable<unknown>): void;
}

/** What the `connecting` and the `open` event of a connection let a program do with it. */
export function connectionHandle<In, Out>(
  core: Core<In, Out>,
  session: ConnectionSession<In, Out>,
  connection: Connection,
): ConnectionHandle<In, Out> {
  return {
    messages: session.messagesOf(connection),
    waitUntil: (work) => session.waitUntil(connection, work),
    send: (value) => {
      const data = core.serialize(value);
      if (!connection.canSend) throw domException('This connection is closing or gone: it sends nothing any more', 'InvalidStateError');
      connection.send(data);
    },
    close: (code, reason, { drain = false, timeout } = {}) => {
      const valid = validateClose(code, reason);
      if (timeout !== undefined && !isTimeout(timeout)) {
        throw new RangeError(`close: timeout must be a number of ms above 0 and up to ${maxTimeout}, not ${String(timeout)}`);
      }
      session.end({ ...valid, drain, timeout });
    },
    abort: (cause) => connection.abort(cause),
  };
}
