/** The pages by task. Each page of `docs` is here once; a test checks that. */
const group = (text, items, collapsed = false) => ({ text, collapsed, items: items.map(([title, link]) => ({ text: title, link: `/${link}` })) });

export const sidebar = [
  group('Start', [
    ['What it is', ''],
    ['Try it in the page', 'try'],
    ['Connect', 'guides/connect'],
    ['Log in, and refresh a token', 'guides/log-in'],
    ['Choose a policy', 'guides/policies'],
  ]),
  group('Show the connection', [
    ['A connection banner', 'guides/banner'],
    ['Stop on 401', 'guides/stop-on-401'],
    ['A reconnect button', 'guides/reconnect-button'],
  ]),
  group('Receive', [
    ['Refetch and resume after a gap', 'guides/resume'],
    ['Keep the socket across routes', 'guides/routes'],
    ['One socket for many rows', 'guides/many-rows'],
    ['Pipelines and backpressure', 'guides/pipelines'],
    ['Binary messages', 'guides/binary'],
    ['Pages that sleep', 'guides/pages'],
    ['Several tabs, one socket', 'guides/tabs'],
  ]),
  group('Send and end', [
    ['Send without losing values', 'guides/send'],
    ['Request and reply', 'guides/request-and-reply'],
    ['Shut down gracefully', 'guides/shut-down'],
  ]),
  group('Where your code runs', [
    ['Test your code', 'guides/testing'],
    ['Angular', 'guides/angular'],
    ['React, Vue and Svelte', 'guides/frameworks'],
    ['Node: headers, TLS, proxies', 'guides/node'],
    ["The server's side", 'guides/servers'],
    ['Where it runs', 'guides/places'],
  ]),
  group('Understand', [
    ['Why retry() is not enough', 'guides/retry'],
    ['Close codes explained', 'close-codes'],
    ['Reconnect storms', 'storms'],
    ['Recipes for services', 'recipes'],
    ['Compared with alternatives', 'compare'],
    ['What it does not do', 'limits'],
    ['Security', 'guides/security'],
  ]),
  group('Migrate', [
    ['From rxjs/webSocket', 'migrating-from-rxjs'],
    ['From reconnecting-websocket', 'migrating-from-reconnecting-websocket'],
    ['From partysocket', 'migrating-from-partysocket'],
    ['From 0.1', 'migrating-from-0.1'],
  ]),
  group('Look up', [
    ['Config', 'config'],
    ['Operators', 'operators'],
    ['Events, status, warnings, errors', 'events'],
    ['API reference', 'reference/'],
    ['Reference: websocket-subject', 'reference/core'],
    ['Reference: testing', 'reference/testing'],
    ['Reference: angular', 'reference/angular'],
    ['Semantics', 'semantics'],
    ['Corner cases', 'corner-cases'],
    ['Transports', 'transports'],
  ]),
  group('Work on it', [
    ['Architecture', 'architecture'],
    ['Decisions', 'decisions'],
    ['Contributing', 'contributing'],
    ['Mutation tests', 'mutation'],
    ['Releasing', 'releasing'],
    ['Changelog', 'changelog'],
  ], true),
];
