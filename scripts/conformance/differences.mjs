/** The servers of `websocket-subject/testing`. `.ci/run` sees them each time: test/conformance/testing.test.ts checks the cases. */
const inMemory = ['testing-node20', 'testing-ws-node20'];

/**
 * What a platform is known to do differently: the cases that fail there, what they fail with, and why. A case that fails otherwise is reported, and
 * so is one that does not fail any more.
 *
 * - `name` stands in the cells of docs/transports.md, and the `reason` below the tables
 * - `on`: the platforms, by their names in platforms.mjs
 * - `cases`: by section, the beginnings of their names
 * - `fails`: a part of the error
 * - `sometimes`: a race on that platform, which the case may win
 */
export const differences = [
  {
    name: 'invalid handshake',
    on: ['deno'],
    cases: {
      'the opening handshake': [
        'S3: is answered with the wrong key', 'S3: has an extension', 'S3: has no subprotocol', 'S3: has another subprotocol',
        'S3: has the subprotocol in capitals', 'S3: has a subprotocol',
      ],
    },
    fails: /resolved .* instead of rejecting/,
    reason: 'Deno opens a connection whose handshake has a wrong key, an extension that was not offered, or a wrong subprotocol.',
  },
  {
    name: '1014',
    on: ['deno'],
    cases: { 'the server closes': ['S2: with 1014:'] },
    fails: /cox!/,
    reason: 'Deno reports a Close with 1014 as 1006, without the reason.',
  },
  {
    name: 'no answer to Close',
    on: ['deno'],
    cases: { 'the answer to our Close': ['S2: is missing when'], 'ended by your code': ['S5: while the server drops'] },
    fails: /"code":1005/,
    reason: 'where the server ends TCP instead of answering our Close, Deno reports a clean 1005, as if it had answered without a code.',
  },
  {
    name: 'late Close',
    on: ['deno'],
    cases: { 'a new session': ['S7: connects only when the old one, which still has values to send'] },
    fails: /expected 2 to be 1/,
    sometimes: true,
    reason: 'Deno writes a Close some time after `close()` was called: the server may see the next connection first.',
  },
  {
    name: 'repeated handshake',
    on: ['workerd', 'workerd-2025'],
    cases: {
      'ended by your code': ['S5: through the base subject, an operator applied by pipe()'],
      reconnecting: ['S8: a stable connection resets'],
      'from inside an event': ['S5: close() in reconnecting', 'S9: unsubscribe() in reconnecting', 'S13: next() in connecting and in reconnecting', 'S1: retryNow()'],
      'values that no connection has taken yet': ['S13: are unsent when the attempt that complete() waited for'],
      closeGracefully: ['S5: triggered during a wait'],
    },
    fails: /expected 2 to be 1|expected 1 to be 2|more than 15000 ms|"for":"texts"|'co' to be 'crco'|"code":1006/,
    reason: 'where the server drops the TCP connection instead of answering the opening handshake, workerd connects once more, without a word.',
  },
  {
    name: 'wrong subprotocol',
    on: ['workerd', 'workerd-2025'],
    cases: {
      'the opening handshake': ['S3: has no subprotocol', 'S3: has another subprotocol', 'S3: has the subprotocol in capitals', 'S3: has a subprotocol'],
    },
    fails: /resolved .* instead of rejecting/,
    reason: 'workerd takes whatever subprotocol the server chose.',
  },
  {
    name: 'invalid frame',
    on: ['workerd', 'workerd-2025'],
    cases: { 'the server sends': ['S3: a Close body of one byte', 'S3: a reason that is no UTF-8', 'S3: text that is no UTF-8'] },
    fails: /'comx\|' to be 'comx!'|'error' to be 'complete'|bad UTF-8/,
    reason: 'workerd takes a Close with a body of one byte, and bytes that are no UTF-8; it may send such a reason back.',
  },
  {
    name: 'abandoned attempt',
    on: ['firefox'],
    cases: {
      'the opening handshake': ['S3: is never answered', 'S7: is never answered'],
      'ended in the phase connecting': ['S5: by ', 'S9: by '],
      'ended by your code': ['S2: abort()'],
      'a new session': ['S7: begins at once after close() of one that was connecting', 'S7: begins at once after the last unsubscribe while connecting'],
      'reconnect()': ['S5: abandons a pending attempt'],
      suspendWhile: ['S5: a pending attempt is abandoned'],
    },
    fails: /no \{"for":"gone"\}/,
    reason: 'Firefox does not end the TCP connection of an attempt that was given up. The server sees it for more than a minute; it never opens.',
  },
  {
    name: 'wrong subprotocol',
    on: ['firefox'],
    cases: { 'the opening handshake': ['S3: has no subprotocol', 'S3: has a subprotocol'] },
    fails: /resolved .* instead of rejecting/,
    reason: 'Firefox opens when the server chose none although some were offered, and when it chose one although none were.',
  },
  {
    name: 'invalid frame',
    on: ['firefox'],
    cases: { 'the server sends': ['S3: a Close body of one byte'] },
    fails: /'comx\|' to be 'comx!'/,
    reason: 'Firefox takes a Close with a body of one byte.',
  },
  {
    name: 'end of TCP',
    on: ['firefox'],
    cases: {
      'the server closes': ['S2: and ends its direction'],
      reconnecting: ['S7: keeps one connection at a time'],
      'subjects and subscribers': ['S2: closeEvent() gives the close of either kind'],
      'for await': ['S2: gives the messages, then throws'],
      toWebStreams: ['S2: both error with the error of an unclean end'],
    },
    fails: /"code":1000,"reason":"","wasClean":false|crc|length of 4 but got 3|expected \[\] to deeply equal|WebSocketCloseError: .*: 1006, /,
    sometimes: true,
    reason: 'where the TCP connection ends right behind the handshake, messages or a Close, Firefox may never open, drop the messages, or call it unclean.',
  },
  {
    name: '1012 to 1014',
    on: ['webkitgtk'],
    cases: {
      'the server closes': ['S2: with 1012:', 'S2: with 1013:', 'S2: with 1014:'],
      'the subprotocol': ['its function is called before each connection'],
      'the address': ['its function is called before each connection'],
      reconnecting: ['S2: the closes of its connections travel'],
      'subjects and subscribers': ['S17: at a 1012', 'S10: policies decide before'],
      errorOnCode: ['S2: turns a clean close into an error'],
      closeGracefully: ['changes nothing until it is triggered'],
      'for await': ['S2: connects, gives the messages, and ends at a clean close'],
      topics: ['S2: complete with a clean end'],
    },
    fails: /1006|co(m*)x!|"delay":\d\d+|closeObserver: closed|WebSocketCloseError/,
    reason: 'WebKitGTK reports a Close with 1012, 1013 or 1014 as 1006, without the reason: its HTTP library refuses these codes.',
  },
  {
    name: 'retried as 1006',
    on: ['webkitgtk'],
    cases: { 'for await': ['S17: goes on over'] },
    fails: /more than 15000 ms/,
    sometimes: true,
    reason: 'a Close with 1012 is retried after the random wait of a 1006, which may be longer than the case.',
  },
  {
    name: 'wrong subprotocol',
    on: ['webkitgtk'],
    cases: { 'the opening handshake': ['S3: has no subprotocol', 'S3: has the subprotocol in capitals'] },
    fails: /resolved .* instead of rejecting/,
    reason: 'WebKitGTK opens when the server chose none although some were offered, and compares names without regard to capitals.',
  },
  {
    name: 'frames',
    on: inMemory,
    cases: {
      'the opening handshake': ['S3: is answered with something else', 'S3: is answered with the wrong key', 'S3: has an extension'],
      'the server sends': ['S3: '],
    },
    fails: /not in memory: frames/,
    reason: 'a server in memory writes no frames and no HTTP, so that they cannot be wrong.',
  },
  {
    name: 'TCP',
    on: inMemory,
    cases: {
      'the server has sent Close, but keeps the TCP connection': ['S3: ', 'S13: ', 'S5: '],
      heartbeat: ['S19: ends a half-open connection'],
    },
    fails: /not in memory: TCP/,
    reason: 'in memory there is no TCP connection that could outlive a Close, or be half open.',
  },
  {
    name: 'codes',
    on: inMemory,
    cases: { 'the server closes': [0, 999, 1004, 1006, 1015, 1016, 2999, 5000, 65535].map((code) => `S2: with ${code}, which must not`) },
    fails: /no server can send this code/,
    reason: '`close()` of the kit throws for a code that no server may send, since the test is then wrong.',
  },
];

/** Returns whether a case is one that a difference names. */
export const belongs = ({ cases }, { section, name }) => cases[section]?.some((beginning) => name.startsWith(beginning)) === true;

/** Returns a cell for each result of a platform, and what was not expected. With `isPart`, not every case has run. */
export function judge(platform, results, isPart) {
  const expected = differences.filter(({ on }) => on.includes(platform));
  const problems = [];
  const cells = results.map((result) => {
    const { section, name, seen, error } = result;
    const title = `“${section}: ${name}”`;
    const difference = expected.find((one) => belongs(one, result));
    if (error === undefined) {
      if (difference && !difference.sometimes) problems.push(`${title} passed: it no longer belongs to “${difference.name}” in differences.mjs`);
      return { section, name, cell: seen ?? '✓' };
    }
    if (!difference) problems.push(`${title} failed: ${error}`);
    else if (!difference.fails.test(error)) problems.push(`${title} failed, but not as “${difference.name}” in differences.mjs does: ${error}`);
    return { section, name, cell: `≠ ${difference?.name}` };
  });
  for (const { name, cases } of isPart ? [] : expected) {
    for (const [section, beginnings] of Object.entries(cases)) {
      for (const beginning of beginnings) {
        if (!results.some((one) => one.section === section && one.name.startsWith(beginning))) problems.push(`“${name}”: there is no “${section}: ${beginning}…”`);
      }
    }
  }
  return { cells, problems };
}
