import { computed, DestroyRef, effect, NgZone, PLATFORM_ID, signal, untracked, type Injector, type Signal } from '@angular/core';
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

type Socket<In, Out> = WebSocketSubject<In, Out> | undefined;

const idle: SocketStatus = { state: 'idle', queued: 0 };
const noSocket = (): undefined => undefined;

/** Follows one socket after another, and of each one session after another. */
export class SocketRef<In, Out> implements WebSocketRef<In, Out> {
  readonly status = signal(idle);
  readonly value = signal<In | undefined>(undefined);
  readonly closeEvent = signal<CloseEvent | null>(null);
  readonly error = signal<unknown>(undefined);
  readonly messages = new Observable<In>((subscriber) => (NgZone.isInAngularZone() ? this.#inside : this.#outside).subscribe(subscriber));
  readonly #zone: NgZone;
  readonly #inside = new Subject<In>();
  readonly #outside = new Subject<In>();
  /** The socket that the signals have chosen; reading it may make it. */
  #chosen: () => Socket<In, Out> = noSocket;
  /** The socket whose state the signals show: the chosen one, from the next run of the effect on. */
  #socket: Socket<In, Out>;
  /** What ends when another socket is followed. */
  #following = new Subscription();
  /** The newest session. */
  #session = { subscription: Subscription.EMPTY };

  constructor(create: () => Socket<In, Out>, injector: Injector) {
    const zone = (this.#zone = injector.get(NgZone));
    injector.get(DestroyRef).onDestroy(() => {
      this.#chosen = noSocket;
      this.#follow(undefined);
      this.#inside.complete();
      this.#outside.complete();
    });
    if (injector.get(PLATFORM_ID) === 'server') return;
    const environment: Environment = { ...injector.get(SOCKET_ENVIRONMENT, null), scope: (work) => zone.runOutsideAngular(work) };
    this.#chosen = computed(() => withEnvironment(environment, create));
    effect(
      () => {
        const socket = this.#chosen();
        untracked(() => this.#follow(socket));
      },
      { injector },
    );
  }

  fold<T>(reduce: (state: T, message: In) => T, initial: T): Signal<T> {
    const folded = signal(initial);
    this.#outside.subscribe((message) => folded.update((state) => reduce(state, message)));
    return folded;
  }

  next(value: Out): void {
    untracked(this.#chosen)?.next(value);
  }

  send(value: Out): Promise<void> {
    return untracked(this.#chosen)?.send(value) ?? Promise.reject(new UnsentError([value], null));
  }

  reconnect(): void {
    const socket = this.#socket;
    if (!socket) return;
    const isJoinable = partsOf('reconnect', socket).core.session?.isJoinable;
    if (!isJoinable || this.#session.subscription.closed) this.#subscribe(socket);
    if (isJoinable) socket.reconnect();
  }

  close<Code extends number>(code?: Code & SendableCloseCode<Code>, reason?: string): void {
    untracked(this.#chosen)?.close<number>(code, reason);
  }

  #follow(socket: Socket<In, Out>): void {
    this.#following.unsubscribe();
    this.#following = new Subscription();
    this.#socket = socket;
    this.status.set(idle);
    this.value.set(undefined);
    this.closeEvent.set(null);
    this.error.set(undefined);
    if (!socket) return;
    this.#subscribe(socket);
    const following = socket.status.subscribe((status) => {
      this.status.set(status);
      if ('closeEvent' in status && status.closeEvent) this.closeEvent.set(status.closeEvent);
    });
    this.#following.add(following);
  }

  /** Begins a session, or joins the present one. One that is ending still delivers its messages, but not its error. */
  #subscribe(socket: WebSocketSubject<In, Out>): void {
    this.error.set(undefined);
    const session = (this.#session = { subscription: Subscription.EMPTY });
    session.subscription = socket.subscribe({
      next: (message) => {
        this.value.set(message);
        this.#outside.next(message);
        if (this.#inside.observed) this.#zone.run(() => this.#inside.next(message));
      },
      error: (error: unknown) => {
        if (this.#session === session) this.error.set(error);
      },
    });
    this.#following.add(session.subscription);
  }
}
