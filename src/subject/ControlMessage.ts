/**
 * The type of the messages that `multiplex` sends: `Out`, or anything on a subject with one type argument. In rxjs/webSocket, too, their type may
 * differ from that of the messages received.
 */
export type ControlMessage<In, Out> = (<T>() => T extends In ? 1 : 2) extends <T>() => T extends Out ? 1 : 2 ? unknown : Out;
