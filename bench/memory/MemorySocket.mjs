/** A transport in memory, open at once, whose messages the program makes. */
export class MemorySocket {
  static last;
  readyState = 1;
  protocol = '';
  constructor() {
    MemorySocket.last = this;
  }
  send() {}
  close() {}
}
