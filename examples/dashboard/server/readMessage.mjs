/** @typedef {import('../page/protocol.js').Outgoing} Outgoing */

/** @param {string} text @returns {Outgoing | null} null if it is not a message of this protocol */
export function readMessage(text) {
  try {
    const { op, token, symbol, since, at } = JSON.parse(text);
    if (op === 'login' && typeof token === 'string') return { op, token };
    if (op === 'watch' && typeof symbol === 'string' && (since === null || Number.isSafeInteger(since))) return { op, symbol, since };
    if (op === 'unwatch' && typeof symbol === 'string') return { op, symbol };
    return op === 'ping' && typeof at === 'number' ? { op, at } : null;
  } catch {
    return null;
  }
}
