import { spreadOf, type Crowd } from './measure.js';
import { alternatives, ours, peers } from './schemes.js';
import { simulate, type Outcome, type Scheme, type Storm } from './simulate.js';

/** One line of the picture: its name in the legend, the class of its style, and what it shows. */
interface Line {
  readonly name: string;
  readonly style: string;
  readonly scheme: Scheme;
  readonly drop?: NonNullable<Storm['drop']>;
}

interface Panel {
  readonly title: string;
  readonly x: number;
  readonly y: number;
  /** From a second to what is drawn of it, 0 to 1. */
  readonly heights: (outcome: Outcome) => readonly number[];
  readonly marks: readonly (readonly [height: number, text: string])[];
  readonly server: Storm['server'];
}

const width = 880;
const height = 700;
const panelWidth = 360;
const panelHeight = 225;
const seconds = 120;
/** Attempts a second are drawn on a logarithmic scale from a hundredth of the server's rate to a hundred times it. */
const decades = [-2, -1, 0, 1, 2];

const one = (value: number): string => value.toFixed(1);
const named = (name: string, schemes: readonly Scheme[]): Scheme => {
  const found = schemes.find((scheme) => scheme.name.startsWith(name));
  if (found === undefined) throw new Error(`there is no scheme '${name}'`);
  return found;
};

const linesFor = (crowd: Crowd): readonly Line[] => [
  { name: 'exponential without jitter', style: 'bare', scheme: named('exponential', peers) },
  { name: 'reconnecting-websocket', style: 'reconnecting', scheme: named('reconnecting', peers) },
  { name: 'socket.io', style: 'socketio', scheme: named('socket.io', peers) },
  { name: 'full jitter 1 s ×2, 30 s', style: 'full', scheme: named('full jitter 1 s ×2, 30 s; timeout', alternatives) },
  { name: 'reconnectOnCode(), dropped', style: 'ours', scheme: ours },
  { name: 'reconnectOnCode(), 1012 with spread', style: 'hinted', scheme: ours, drop: { code: 1012, reason: spreadOf(crowd) } },
];

/** The share of the clients that are back at the end of each second. */
const shareBack = ({ openedBySecond, clients }: Outcome): readonly number[] => {
  let sum = 0;
  return [0, ...Array.from(openedBySecond.subarray(0, seconds), (opened) => (sum += opened) / clients)];
};

/** Attempts in each second, from the bottom of the logarithmic scale to its top; `NaN` where there were none. */
const rateOf = (rate: number) => ({ triedBySecond }: Outcome): readonly number[] =>
  Array.from(triedBySecond.subarray(0, seconds), (tried) => {
    const share = (Math.log10(tried / rate) + 2) / 4;
    return tried === 0 ? NaN : Math.min(1, Math.max(0, share));
  });

const panelsFor = (rate: number): readonly Panel[] => {
  const share = [0, 0.25, 0.5, 0.75, 1].map((height): [number, string] => [height, `${height * 100} %`]);
  const power = decades.map((decade): [number, string] => [(decade + 2) / 4, decade === 0 ? 'R' : `${10 ** decade} R`]);
  const both = ['refuses', 'queues'] as const;
  return both.flatMap((server, column) => [
    { server, title: `the server ${server}: clients that are back`, x: 64 + column * 430, y: 142, heights: shareBack, marks: share },
    { server, title: `the server ${server}: attempts a second`, x: 64 + column * 430, y: 430, heights: rateOf(rate), marks: power },
  ]);
};

const styles = `
  svg { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
  .card { fill: #ffffff; stroke: #d0d7de; }
  text { fill: #1f2328; }
  .small { fill: #57606a; font-size: 12px; }
  .grid { stroke: #d8dee4; fill: none; }
  .ideal { stroke: #57606a; stroke-dasharray: 2 4; fill: none; }
  .line { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
  .bare { stroke: #8c959f; stroke-dasharray: 3 3; }
  .reconnecting { stroke: #9a6700; stroke-dasharray: 9 3; }
  .socketio { stroke: #bf3989; stroke-dasharray: 9 3 2 3; }
  .full { stroke: #cf222e; }
  .ours { stroke: #0969da; stroke-width: 3; }
  .hinted { stroke: #1a7f37; stroke-width: 3; }
  @media (prefers-color-scheme: dark) {
    .card { fill: #0d1117; stroke: #30363d; }
    text { fill: #e6edf3; }
    .small { fill: #9198a1; }
    .grid { stroke: #262c36; }
    .ideal { stroke: #9198a1; }
    .bare { stroke: #7d8590; }
    .reconnecting { stroke: #d29922; }
    .socketio { stroke: #f778ba; }
    .full { stroke: #ff7b72; }
    .ours { stroke: #58a6ff; }
    .hinted { stroke: #3fb950; }
  }
`;

const legendOf = (lines: readonly Line[]): string =>
  lines
    .map(({ name, style }, index) => {
      const x = 64 + (index % 3) * 250;
      const y = 68 + Math.floor(index / 3) * 22;
      return `<path class="line ${style}" d="M${x} ${y}h34"/><text x="${x + 42}" y="${y + 4}">${name}</text>`;
    })
    .join('\n');

const frameOf = ({ title, x, y, marks }: Panel): string =>
  [
    `<text x="${x}" y="${y - 10}">${title}</text>`,
    ...marks.map(([at, text]) => {
      const level = one(y + panelHeight * (1 - at));
      return `<path class="grid" d="M${x} ${level}h${panelWidth}"/><text class="small" text-anchor="end" x="${x - 6}" y="${Number(level) + 4}">${text}</text>`;
    }),
    ...[0, 30, 60, 90, 120].map((second) => {
      const at = x + (panelWidth * second) / seconds;
      return `<text class="small" text-anchor="middle" x="${at}" y="${y + panelHeight + 18}">${second} s</text>`;
    }),
  ].join('\n');

/** A line from second to second, which stops where there is nothing to draw; a lone second is a dash as long as it lasts. */
const pathOf = ({ x, y }: Panel, heights: readonly number[]): string =>
  heights
    .map((at, second) => {
      if (Number.isNaN(at)) return '';
      const [begins, ends] = [-1, 1].map((step) => Number.isNaN(heights[second + step] ?? NaN));
      const dash = begins && ends ? `h${one(panelWidth / seconds)}` : '';
      return `${begins ? 'M' : 'L'}${one(x + (panelWidth * second) / seconds)} ${one(y + panelHeight * (1 - at))}${dash}`;
    })
    .join('');

/** The curves of a storm as an SVG that can be read on light and on dark ground. */
export function chart(crowd: Crowd): string {
  const { clients, rate } = crowd;
  const lines = linesFor(crowd);
  const outcomes = new Map<string, Outcome>();
  for (const server of ['refuses', 'queues'] as const) {
    for (const { style, scheme, drop } of lines) outcomes.set(`${server} ${style}`, simulate(scheme, { ...crowd, server, ...(drop && { drop }) }));
  }
  const panels = panelsFor(rate).map((panel) => {
    const ideal = panel.heights === shareBack ? `<path class="ideal" d="${pathOf(panel, shareOfIdeal(crowd))}"/>\n` : '';
    const drawn = lines.map(({ style }) => {
      const outcome = outcomes.get(`${panel.server} ${style}`);
      return outcome === undefined ? '' : `<path class="line ${style}" d="${pathOf(panel, panel.heights(outcome))}"/>`;
    });
    return `${frameOf(panel)}\n${ideal}${drawn.join('\n')}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title description">
<title id="title">How a crowd of clients comes back</title>
<desc id="description">Clients that are back, and attempts a second, over two minutes after all of them were dropped at once, for six schemes and for two kinds of server.</desc>
<style>${styles}</style>
<rect class="card" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="6"/>
<text x="24" y="32">${clients.toLocaleString('en')} clients dropped at once; the server takes R = ${rate.toLocaleString('en')} a second. Thin dots: the best that any scheme can do.</text>
${legendOf(lines)}
${panels.join('\n')}
</svg>
`;
}

const shareOfIdeal = ({ clients, rate }: Crowd): readonly number[] =>
  Array.from({ length: seconds + 1 }, (_, second) => Math.min(1, (rate * second) / clients));
