/** A bug that a text in the sources becomes. The programs must find it, with a violation of the law. */
export interface PlantedBug {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly law: RegExp;
}

export const plantedBugs: Readonly<Record<string, PlantedBug>> = {
  'the attempt is not reset': {
    file: 'session/Session.ts', from: 'const attempt = isStable ? 0 : end.attempt;', to: 'const attempt = end.attempt;', law: /^S8: /m,
  },
  'the outbox is flushed twice': {
    file: 'session/Outbox.ts',
    from: '    while (this.length > 0 && connection.hasRoom) {',
    to: '    for (const queued of this.#queue.slice(this.#head)) if (queued) connection.send(queued.data);\n    while (this.length > 0 && connection.hasRoom) {',
    law: /^S13: sent twice/m,
  },
  'a stale close is heard': {
    file: 'connection/Connection.ts', from: '    if (this.#hasEnded) return;\n    this.#dispose();', to: '    this.#dispose();', law: /^S[127]: /m,
  },
  'no Close after the last unsubscribe': {
    file: 'session/Session.ts', from: 'if (this.#isAbandoned) this.end(', to: 'if (this.#isAbandoned) void (', law: /^S9: /m,
  },
  'close() again after the last unsubscribe': { file: 'connection/Connection.ts', from: 'else if (!this.closing) transport?.close(1000);', to: 'else transport?.close(1000);', law: /^S4: /m },
  'next() is lost while the session is ending': {
    file: 'session/Core.ts',
    from: '    this.#outbox.push(queued);',
    to: '    if (!this.session?.isDetached || this.session.isFinished) this.#outbox.push(queued);',
    law: /^S13: /m,
  },
  'next() goes to the session that is ending': { file: 'session/Core.ts', from: '    session.isDetached = true;\n    this.#outbox = this.#newOutbox();\n', to: '    session.isDetached = true;\n', law: /^S(7|12|13|15): /m },
  'a stale message is heard': {
    file: 'connection/Connection.ts', from: "      if (this.isOpen || this.#state === 'connecting') this.#owner", to: '      this.#owner', law: /^S7: message/m,
  },
  'two transports at a time': { file: 'session/Core.ts', from: 'this.sessions.every((session) => session.start());', to: 'for (const session of this.sessions) session.start();', law: /^S7: /m },
  'a subscriber that waits never receives the end': {
    file: 'session/Session.ts', from: ', ...(this.#shutdown ? waitingSinks : [])];', to: '];', law: /^S1: /m,
  },
  'an unclean close completes': { file: 'session/Session.ts', from: 'event?.wasClean === false ?', to: "event?.initiator === 'remote' && !event.wasClean ?", law: /^S[12]: /m },
  'unsent values are not reported': { file: 'session/Session.ts', from: 'const unsent = this.#takeUnsent();', to: 'const unsent = this.#takeUnsent().slice(1);', law: /^S13: /m },
  'the outbox takes one value too many': { file: 'session/Outbox.ts', from: 'const isFull = (): boolean => this.length >= maxValues', to: 'const isFull = (): boolean => this.length > maxValues', law: /^S15: /m },
  'drop-oldest drops the newest': { file: 'session/Outbox.ts', from: "if (overflow === 'drop-oldest' &&", to: "if (overflow === 'drop-newest' &&", law: /^S1[35]: /m },
  'linger does not end': { file: 'session/Multicast.ts', from: 'startTimer(environment, settings.linger,', to: 'startTimer(environment, settings.linger * 50,', law: /^S9: /m },
  'no timeout for the answer to our Close': {
    file: 'connection/Connection.ts', from: "    this.#setDeadline(ms, () => this.#giveUp(new WebSocketTimeoutError('close', ms)));\n    try", to: '    try', law: /^S/m,
  },
  'no timeout for an attempt': { file: 'connection/Connection.ts', from: 'const ms = (this.connectTimeout = this.#evaluateConnectTimeout());', to: 'const ms = (this.connectTimeout = this.#evaluateConnectTimeout()) * 10;', law: /^S3: /m },
  'the status does not say that a retry waits': { file: 'session/Session.ts', from: '    else this.waits?.update();\n    // Third', to: '    // Third', law: /^S/m },
  'reconnect() counts as a retry': { file: 'session/Session.ts', from: 'this.#isReplaced ? attempt : attempt + 1', to: 'attempt + 1', law: /^S8: /m },
  'a timer is left': { file: 'connection/Connection.ts', from: "    this.#state = 'ended';\n    this.#clearDeadline();", to: "    this.#state = 'ended';", law: /timers are left/ },
  'a late subscriber does not receive the phase': { file: 'session/Multicast.ts', from: '    if (!phase) return;', to: "    if (phase?.type !== 'connecting') return;", law: /^S1: /m },
  'a message is lost by all subscribers but one': { file: 'session/Multicast.ts', from: 'if (members.length === 1) members[0]', to: 'if (members.length > 0) members[0]', law: /^S1: /m },
  'a heartbeat does not count messages': {
    file: 'operators/LivenessCheck.ts', from: '    this.#hasArrived = true;\n    if (!this.#options.every)', to: '    if (!this.#options.every)', law: /^S19: /m,
  },
  'the outbox does not wait for work': { file: 'session/OpenConnection.ts', from: 'this.pendingWork === 0 && !this.isOutboxOpen', to: '!this.isOutboxOpen', law: /^S12: /m },
};
