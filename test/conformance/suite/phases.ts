import { after, reconnectOnCode } from '../../../src/index.js';
import type { Peer } from '../../server/serverAt.js';
import type { Lab, Socket } from './Lab.js';
import type { Recording } from './Recording.js';

export const sessionPhases = ['connecting', 'open', 'closing', 'waiting', 'closed'] as const;
export type SessionPhase = (typeof sessionPhases)[number];

export interface InPhase {
  peer: Peer;
  /** The base subject, without operators. */
  base: Socket;
  /** A derived subject that reconnects at once after every end that is not your code's; in the phase `waiting` it waits for long. */
  socket: Socket;
  /** The events of the derived subject, from the beginning. */
  recording: Recording;
}

/** The Close that the phase `closing` has sent. */
export const firstClose = { code: 4000, reason: 'first' } as const;

/** Brings a subject that reconnects into a phase of its session. In `closing` the server does not answer yet. */
export async function inPhase(
  lab: Lab, phase: SessionPhase, config: Parameters<Lab['socket']>[1] & { ownError?: boolean } = {},
): Promise<InPhase> {
  const { ownError = false, ...socketConfig } = config;
  const peer = await lab.peer(
    phase === 'connecting' ? { handshake: 'hold' } : phase === 'waiting' ? { handshake: { status: 503 } } : {
      onClose: phase === 'closing' ? 'hold' : 'echo',
    },
    {},
  );
  const base = lab.socket(peer, socketConfig);
  const socket = base.pipeEvents(reconnectOnCode(after(phase === 'waiting' ? 60_000 : 0)));
  const recording = lab.record(socket.events, { ownError });
  if (phase === 'connecting') await peer.at(0).requested();
  else await recording.until(phase === 'waiting' ? 'reconnecting' : 'open');
  if (phase === 'closing' || phase === 'closed') socket.close(firstClose.code, firstClose.reason);
  if (phase === 'closing') await peer.at(0).closeFrame();
  if (phase === 'closed') await recording.ended;
  return { peer, base, socket, recording };
}
