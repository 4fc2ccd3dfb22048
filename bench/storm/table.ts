import { downtime, type Figures, type LoadRow, type Row, type ScheduleRow, type SingleUserRow } from './measure.js';

const seconds = (value: number | null, since = 0): string => (value === null ? 'never' : `${(value - since).toFixed(0)} s`);
const times = (value: number): string => (value < 9.95 ? value.toFixed(1) : value.toFixed(0));
const endOf = ({ almostAll, back }: Figures, since = 0): string =>
  almostAll === null ? `never (${Math.round(back * 100)} % back)` : seconds(almostAll, since);

const briefly = (figures: Figures, since = 0): string => `${times(figures.attemptsPerClient)}; ${endOf(figures, since)}`;

/** Returns a table in Markdown: attempts per client and when 99 % were connected again, for each kind of server. */
export function briefTable(rows: readonly Row[]): string {
  const hasOwn = rows.some(({ queuesOwnTimeout }) => queuesOwnTimeout);
  return [
    `| | refuses | down for ${downtime} s first | queues |${hasOwn ? ' queues, own connect timeout |' : ''}`,
    `|---|---|---|---|${hasOwn ? '---|' : ''}`,
    ...rows.map(({ name, refuses, isDown, queues, queuesOwnTimeout }) =>
      [`| ${name}`, briefly(refuses), briefly(isDown, downtime), briefly(queues), ...(queuesOwnTimeout ? [briefly(queuesOwnTimeout)] : [])].join(' | ').concat(' |'),
    ),
  ].join('\n');
}

/** Returns all figures as text in aligned columns. */
export function fullTable(rows: readonly Row[]): string {
  const cells = rows.flatMap(({ name, refuses, isDown, queues, queuesOwnTimeout }) => {
    const storms = { refuses, [`down ${downtime} s`]: isDown, queues, ...(queuesOwnTimeout ? { 'queues, own timeout': queuesOwnTimeout } : {}) };
    return Object.entries(storms).map(([storm, figures], index) => [
      index === 0 ? name : '', storm, figures.attemptsPerClient.toFixed(2), `${figures.peak.toFixed(2)} R`,
      seconds(figures.half), seconds(figures.almostAll), seconds(figures.all), `${(figures.back * 100).toFixed(1)} %`,
    ]);
  });
  const all = [['scheme', 'server', 'attempts', 'peak', '50 %', '99 %', '100 %', 'back'], ...cells];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
  return all.map((row) => row.map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ')).join('\n');
}

/** Returns a table in Markdown: how long one user waits after an outage, the median and the 90th percentile. */
export function singleUserTable(rows: readonly SingleUserRow[]): string {
  const names = rows[0]?.waits.map(({ name }) => name) ?? [];
  return [
    `| the outage lasts | ${names.join(' | ')} |`,
    `|---|${names.map(() => '---|').join('')}`,
    ...rows.map(({ outage, waits }) => `| ${outage} s | ${waits.map(({ half, mostly }) => `${half.toFixed(1)} s; ${mostly.toFixed(1)} s`).join(' | ')} |`),
  ].join('\n');
}

/** Returns a table in Markdown: half of the single users' waits after short outages, and the same storms for each schedule. */
export function scheduleTable(rows: readonly ScheduleRow[]): string {
  return [
    `| waits | alone: 1 s | 3 s | 10 s | refuses | down for ${downtime} s first | queues; all |`,
    '|---|---|---|---|---|---|---|',
    ...rows.map(({ name, alone, refuses, isDown, queues }) =>
      [`| ${name}`, ...alone.map((wait) => `${wait.toFixed(1)} s`), briefly(refuses), briefly(isDown, downtime), `${times(queues.attemptsPerClient)}; ${seconds(queues.all)} |`].join(' | '),
    ),
  ].join('\n');
}

/** Returns a table in Markdown: attempts per client and when 99 % were connected again, at servers of other sizes. */
export function loadTable(rows: readonly LoadRow[]): string {
  const names = rows[0]?.schemes.map(({ name }) => name) ?? [];
  return [
    `| the server needs for all | ${names.join(' | ')} |`,
    `|---|${names.map(() => '---|').join('')}`,
    ...rows.map(({ load, schemes }) => `| ${load} s | ${schemes.map(({ figures }) => briefly(figures)).join(' | ')} |`),
  ].join('\n');
}
