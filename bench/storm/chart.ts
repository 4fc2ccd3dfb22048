import { spreadOf, type StormSize } from './measure.js';
import { alternatives, otherLibraries, ours } from './schemes.js';
import { simulate, type Scheme, type Storm, type StormResult } from './simulate.js';

/** One line of the chart: its name in the legend, the CSS class of its style, and the scheme that it shows. */
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
  /** Returns the height of the line at each second, from 0 to 1. */
  readonly heights: (result: StormResult) => readonly number[];
  readonly marks: readonly (readonly [height: number, text: string])[];
  readonly server: Storm['server'];
}

const width = 880;
const height = 700;
const panelWidth = 360;
const panelHeight = 225;
const seconds = 120;
/** The logarithmic scale for attempts a second: from a hundredth of the server's rate to a hundred times that rate. */
const decades = [-2, -1, 0, 1, 2];

const oneDigit = (value: number): string => value.toFixed(1);
const named = (name: string, schemes: readonly Scheme[]): Scheme => {
  const found = schemes.find((scheme) => scheme.name.startsWith(name));
  if (found === undefined) throw new Error(`there is no scheme '${name}'`);
  return found;
};

const linesFor = (size: StormSize): readonly Line[] => [
  { name: 'exponential without jitter', style: 'bare', scheme: named('exponential', otherLibraries) },
  { name: 'reconnecting-websocket', style: 'reconnecting', scheme: named('reconnecting', otherLibraries) },
  { name: 'socket.io', style: 'socketio', scheme: named('socket.io', otherLibraries) },
  { name: 'full jitter 1 s ×2, 30 s', style: 'full', scheme: named('full jitter 1 s ×2, 30 s; timeout', alternatives) },
  { name: 'reconnectOnCode(), dropped', style: 'ours', scheme: ours },
  { name: 'reconnectOnCode(), 1012 with spread', style: 'hinted', scheme: ours, drop: { code: 1012, reason: spreadOf(size) } },
];

/** Returns the share of the clients that are connected again at the end of each second. */
const shareBack = ({ openedBySecond, clients }: StormResult): readonly number[] => {
  let sum = 0;
  return [0, ...Array.from(openedBySecond.subarray(0, seconds), (opened) => (sum += opened) / clients)];
};

/** Returns the attempts in each second as a height on the logarithmic scale; `NaN` where there were none. */
const rateOf = (rate: number) => ({ triedBySecond }: StormResult): readonly number[] =>
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
      const level = oneDigit(y + panelHeight * (1 - at));
      return `<path class="grid" d="M${x} ${level}h${panelWidth}"/><text class="small" text-anchor="end" x="${x - 6}" y="${Number(level) + 4}">${text}</text>`;
    }),
    ...[0, 30, 60, 90, 120].map((second) => {
      const at = x + (panelWidth * second) / seconds;
      return `<text class="small" text-anchor="middle" x="${at}" y="${y + panelHeight + 18}">${second} s</text>`;
    }),
  ].join('\n');

/** Returns the path of a line, with gaps where a height is `NaN`; a second between two gaps becomes a short dash. */
const pathOf = ({ x, y }: Panel, heights: readonly number[]): string =>
  heights
    .map((at, second) => {
      if (Number.isNaN(at)) return '';
      const [begins, ends] = [-1, 1].map((step) => Number.isNaN(heights[second + step] ?? NaN));
      const dash = begins && ends ? `h${oneDigit(panelWidth / seconds)}` : '';
      return `${begins ? 'M' : 'L'}${oneDigit(x + (panelWidth * second) / seconds)} ${oneDigit(y + panelHeight * (1 - at))}${dash}`;
    })
    .join('');

/** Returns the curves of a storm as an SVG, readable on light and dark backgrounds. */
export function chart(size: StormSize): string {
  const { clients, rate } = size;
  const lines = linesFor(size);
  const results = new Map<string, StormResult>();
  for (const server of ['refuses', 'queues'] as const) {
    for (const { style, scheme, drop } of lines) results.set(`${server} ${style}`, simulate(scheme, { ...size, server, ...(drop && { drop }) }));
  }
  const panels = panelsFor(rate).map((panel) => {
    const ideal = panel.heights === shareBack ? `<path class="ideal" d="${pathOf(panel, shareOfIdeal(size))}"/>\n` : '';
    const drawn = lines.map(({ style }) => {
      const result = results.get(`${panel.server} ${style}`);
      return result === undefined ? '' : `<path class="line ${style}" d="${pathOf(panel, panel.heights(result))}"/>`;
    });
    return `${frameOf(panel)}\n${ideal}${drawn.join('\n')}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title description">
<title id="title">How many clients reconnect</title>
<desc id="description">Clients that are back, and attempts a second, over two minutes after all of them were dropped at once, for six schemes and for two kinds of server.</desc>
<style>${styles}</style>
<rect class="card" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="6"/>
<text x="24" y="32">${clients.toLocaleString('en')} clients dropped at once; the server takes R = ${rate.toLocaleString('en')} a second. Thin dots: the best that any scheme can do.</text>
${legendOf(lines)}
${panels.join('\n')}
</svg>
`;
}

/** Returns the best that any scheme can do. */
const shareOfIdeal = ({ clients, rate }: StormSize): readonly number[] =>
  Array.from({ length: seconds + 1 }, (_, second) => Math.min(1, (rate * second) / clients));
