/** A transport in memory that is open at once; the benchmark calls its handlers. */
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
