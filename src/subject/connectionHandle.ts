import { domException } from '../close/domException.js';
import { SerializeError } from '../close/SerializeError.js';
import { validateClose } from '../close/validateClose.js';
import type { Connection } from './Connection.js';
import type { Core } from './Core.js';
import type { AttemptHandle, OpenHandle } from './events.js';
import { isBlob } from './isBlob.js';
import type { SessionLink } from './link.js';
import type { OpenPhase } from './OpenPhase.js';
import { isTimeout, maxTimeout } from './settings.js';

/** What the `connecting` event lets a program do with a connection. */
export function attemptHandle<In, Out>(session: SessionLink<In, Out>, connection: Connection): AttemptHandle {
  return {
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

/** What the `open` event lets a program do with a connection. */
export function openHandle<In, Out>(
  core: Core<In, Out>,
  session: SessionLink<In, Out>,
  connection: Connection,
  open: OpenPhase<In>,
): OpenHandle<In, Out> {
  return {
    ...attemptHandle(session, connection),
    gate: open,
    messages: open.messages,
    get canSend() {
      return connection.canSend;
    },
    get refused() {
      return open.refused;
    },
    send: (value) => {
      const data = core.serialize(value);
      // The transport cannot be left to read it: what is sent after it might be lost, or overtake it.
      if (isBlob(data)) throw new SerializeError(value, new TypeError('send() sends at once, and a Blob has to be read first: send what its arrayBuffer() gives'));
      if (!connection.canSend) throw domException('This connection is closing or gone: it sends nothing any more', 'InvalidStateError');
      connection.send(data);
    },
    waitUntil: (work) => open.waitUntil(work),
    ...(connection.canPing ? { ping: () => connection.ping() } : {}),
  };
}
