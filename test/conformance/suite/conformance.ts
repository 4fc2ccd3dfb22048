import { afterEach, beforeEach, describe } from 'vitest';
import { binary } from './binary.js';
import { callbacks } from './callbacks.js';
import { endingsInEveryPhase } from './endings.js';
import { graceful } from './graceful.js';
import { handshakes } from './handshakes.js';
import { heartbeats } from './heartbeats.js';
import { iterating } from './iterating.js';
import { Lab, type Transport } from './Lab.js';
import { logins } from './logins.js';
import { outbox } from './outbox.js';
import { reconnects } from './reconnects.js';
import { reentrancy } from './reentrancy.js';
import { remoteCloses } from './remoteCloses.js';
import { replacements } from './replacements.js';
import { sending } from './sending.js';
import { sessions } from './sessions.js';
import { streams } from './streams.js';
import { subjects } from './subjects.js';
import { topicsOfASubject } from './topics.js';
import { validation } from './validation.js';

/** Checks the laws on a transport. A wait of the test server times out before the test does, and reports what it saw. */
export function conformance(transport: Transport): void {
  describe(`conformance: ${transport.name}`, { timeout: 15_000 }, () => {
    const lab = new Lab(transport);
    beforeEach(() => lab.begin());
    afterEach(() => lab.end());
    validation(lab);
    remoteCloses(lab);
    handshakes(lab);
    endingsInEveryPhase(lab);
    sessions(lab);
    reconnects(lab);
    replacements(lab);
    heartbeats(lab);
    subjects(lab);
    reentrancy(lab);
    outbox(lab);
    sending(lab);
    logins(lab);
    callbacks(lab);
    binary(lab);
    graceful(lab);
    iterating(lab);
    streams(lab);
    topicsOfASubject(lab);
  });
}
