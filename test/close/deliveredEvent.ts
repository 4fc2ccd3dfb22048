import { CloseEvent, type CloseFacts } from '../../src/close/CloseEvent.js';

/** The facts of a dropped connection. */
const dropped: CloseFacts = {
  code: 1006,
  reason: '',
  wasClean: false,
  initiator: 'transport',
  opened: true,
  host: 'quotes.example.com',
  httpStatus: null,
  attempt: 0,
  uptime: 0,
  unsent: [],
  sent: null,
  cause: undefined,
};

/** Makes an event as a stream delivers it: by default that of a dropped connection. */
export function deliveredEvent(facts: Partial<CloseFacts> = {}, session: object = {}): CloseEvent {
  return new CloseEvent('close', undefined, { ...dropped, ...facts }, session);
}
