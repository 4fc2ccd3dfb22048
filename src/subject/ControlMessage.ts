/**
 * What the messages of `multiplex` may be: of type `Out`, or, on a subject with one type argument, anything, as in rxjs/webSocket, where programs
 * subscribe and unsubscribe with messages that are not of the type they receive.
 */
export type ControlMessage<In, Out> = (<T>() => T extends In ? 1 : 2) extends <T>() => T extends Out ? 1 : 2 ? unknown : Out;
