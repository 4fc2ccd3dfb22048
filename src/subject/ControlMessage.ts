/**
 * The type of the messages that `multiplex` sends: `Out`, or anything on a subject with one type argument. As in rxjs/webSocket, their type may differ from
 * that of received messages.
 */
export type ControlMessage<In, Out> = (<T>() => T extends In ? 1 : 2) extends <T>() => T extends Out ? 1 : 2 ? unknown : Out;
