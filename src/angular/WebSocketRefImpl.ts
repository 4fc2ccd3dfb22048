import { computed, DestroyRef, effect, inject, NgZone, PLATFORM_ID, signal, untracked, type Injector, type Signal } from '@angular/core';
import { Observable, Subject, Subscription } from 'rxjs';
import type { CloseEvent } from '../close/CloseEvent.js';
import type { SendableCloseCode } from '../close/SendableCloseCode.js';
import { UnsentError } from '../close/UnsentError.js';
import type { SocketStatus } from '../config/SocketStatus.js';
import { withEnvironment, type Environment } from '../connection/Environment.js';
import { partsOf } from '../subject/partsOf.js';
import type { WebSocketSubject } from '../subject/WebSocketSubject.js';
import { SOCKET_ENVIRONMENT } from './socketEnvironment.js';
import type { WebSocketRef } from './WebSocketRef.js';

/** The result or the error of a run of `create`. */
interface Choice<In, Out> {
  readonly socket?: WebSocketSubject<In, Out> | undefined;
  readonly error?: unknown;
}

const idle: SocketStatus = { state: 'idle', queued: 0 };
const chooseNothing = (): { readonly socket?: undefined; readonly error?: undefined } => ({});

/** Follows one socket after another, and the sessions of each socket one after another. */
export class WebSocketRefImpl<In, Out> implements WebSocketRef<In, Out> {
  readonly status = signal(idle);
  readonly value = signal<In | undefined>(undefined);
  readonly closeEvent = signal<CloseEvent | null>(null);
  readonly error = signal<unknown>(undefined);
  readonly messages = new Observable<In>((subscriber) => (NgZone.isInAngularZone() ? this.#inZone : this.#outsideZone).subscribe(subscriber));
  readonly #zone: NgZone;
  // Two lists of subscribers: one `zone.run` serves all of the first list, and without them a message does not enter the zone.
  readonly #inZone = new Subject<In>();
  readonly #outsideZone = new Subject<In>();
  /** Emits when another socket is followed. */
  readonly #resets = new Subject<void>();
  /** The socket that the signals choose. Reading it may call `create`. */
  #current: () => Choice<In, Out> = chooseNothing;
  /** The socket whose state the signals show: the current one since the last run of the effect, `close()` or `reconnect()`. */
  #followed: Choice<In, Out>['socket'];
  /** The former current sockets that were not released yet, the newest last. */
  readonly #made: Choice<In, Out>['socket'][] = [];
  /** Ends when another socket is followed. */
  #following = new Subscription();
  /** The newest session. It has no subscription yet while `socket.subscribe()` runs. */
  #session: { subscription?: Subscription } = { subscription: Subscription.EMPTY };

  constructor(create: () => WebSocketSubject<In, Out> | undefined, injector: Injector) {
    const zone = (this.#zone = injector.get(NgZone));
    injector.get(DestroyRef).onDestroy(() => {
      this.#current = chooseNothing;
      this.#made.push(undefined);
      this.#follow();
      this.#inZone.complete();
      this.#outsideZone.complete();
    });
    if (injector.get(PLATFORM_ID) === 'server') return;
    const environment: Environment = { ...injector.get(SOCKET_ENVIRONMENT, null), scope: (work) => zone.runOutsideAngular(work) };
    this.#current = computed(() => {
      const choice = choose(() => withEnvironment(environment, create));
      if (this.#made.at(-1) !== choice.socket) this.#made.push(choice.socket);
      return choice;
    });
    effect(
      () => {
        this.#current();
        untracked(() => this.#follow());
      },
      { injector },
    );
  }

  fold<T>(reduce: (state: T, message: In) => T, initial: T): Signal<T> {
    const folded = signal(initial);
    const subscription = this.#outsideZone.subscribe((message) => folded.update((state) => reduce(state, message)));
    subscription.add(this.#resets.subscribe(() => folded.set(initial)));
    try {
      inject(DestroyRef).onDestroy(() => subscription.unsubscribe());
    } catch {
      // There is no injection context: it ends with the ref.
    }
    return folded;
  }

  // Callbacks of the subject may read signals, and an `effect` that calls these methods must not track them.

  next(value: Out): void {
    untracked(() => this.#current().socket?.next(value));
  }

  send(value: Out): Promise<void> {
    return untracked(() => {
      const { socket, error } = this.#current();
      return socket?.send(value) ?? Promise.reject(new UnsentError([value], null, error));
    });
  }

  reconnect(): void {
    untracked(() => {
      const { socket } = this.#current();
      if (!socket) return;
      // Connecting, open or waiting: the session goes on with a new connection. Ended or ending: subscribing begins a new session.
      const isRunning = partsOf('reconnect', socket).core.session?.isJoinable;
      if (socket !== this.#followed) this.#follow();
      // This subscription may have ended while another subject of the core keeps the session running.
      else if (!isRunning || this.#session.subscription?.closed) this.#subscribe(socket);
      if (isRunning) socket.reconnect();
    });
  }

  close<Code extends number>(code?: Code & SendableCloseCode<Code>, reason?: string): void {
    untracked(() => {
      this.#current().socket?.close<number>(code, reason);
      // The effect would connect a socket that is not followed yet.
      this.#follow(false);
    });
  }

  /** Follows the current socket, and releases all others. */
  #follow(connects = true): void {
    const { socket, error } = this.#current();
    if (socket && socket === this.#followed) return;
    const before = this.#following;
    before.unsubscribe();
    // A callback of the released socket may have called this method.
    if (this.#following !== before) return;
    const following = (this.#following = new Subscription());
    this.#followed = socket;
    this.status.set(idle);
    this.value.set(undefined);
    this.closeEvent.set(null);
    this.error.set(error);
    this.#resets.next();
    if (socket) {
      const shown = socket.status.subscribe((status) => {
        this.status.set(status);
        if ('closeEvent' in status && status.closeEvent) this.closeEvent.set(status.closeEvent);
      });
      following.add(shown);
      if (connects) this.#subscribe(socket);
    }
    for (const left of this.#made.splice(0, this.#made.lastIndexOf(socket))) if (left && left !== socket) leave(left);
  }

  /** Starts a session, or joins the current one. A session that is ending still delivers its messages, but not its error. */
  #subscribe(socket: WebSocketSubject<In, Out>): void {
    // Callbacks of the config may end it while this subscribes.
    const following = this.#following;
    this.error.set(undefined);
    const session: { subscription?: Subscription } = (this.#session = {});
    session.subscription = socket.subscribe({
      next: (message) => {
        this.value.set(message);
        this.#outsideZone.next(message);
        if (this.#inZone.observed) this.#zone.run(() => this.#inZone.next(message));
      },
      error: (error: unknown) => {
        if (this.#session === session) this.error.set(error);
      },
    });
    following.add(session.subscription);
  }
}

function choose<In, Out>(create: () => WebSocketSubject<In, Out> | undefined): Choice<In, Out> {
  try {
    return { socket: create() };
  } catch (error) {
    return { error };
  }
}

/** Rejects or reports values that wait for a session, unless one runs: its other subscribers or `linger` keep that one. */
function leave<In, Out>(socket: WebSocketSubject<In, Out>): void {
  const { core } = partsOf('injectWebSocket', socket);
  if (!core.session?.isJoinable) core.dropOutbox('injectWebSocket left the socket');
}
