import { forward, SocketEvents, sourceOf, type Overrides, type Sink, type Source } from '../session/source.js';
import type { SocketOperator } from '../subject/SocketOperator.js';

/** Makes an operator from a function that connects a source to a sink, once per subscriber. */
export function socketOperator<In, Out>(
  name: string,
  connect: (source: Source<In, Out>, ...to: Parameters<Source<In, Out>>) => void,
): SocketOperator<In, Out> {
  return (events) => {
    const source = sourceOf(events, name);
    return new SocketEvents((sink, subscription) => connect(source, sink, subscription));
  };
}

/** Makes an operator from a function that returns overrides of its sink; everything else is passed on. */
export function overridingOperator<In, Out>(name: string, overrides: (sink: Sink<In, Out>) => Overrides<In, Out>): SocketOperator<In, Out> {
  return socketOperator(name, (source, sink, subscription) => source(forward(sink, overrides(sink)), subscription));
}
