import { chart } from './chart.js';
import { measureAlternatives, measureLone, measurePeers, ourRows, type Crowd } from './measure.js';
import { briefTable, fullTable, loneTable } from './table.js';

/** One part of a run: its figures for the terminal, and its table for the page. */
export interface Part {
  readonly title: string;
  readonly full: string;
  readonly brief: string;
}

/** The parts of a run, each measured when it is asked for. */
export const parts: Readonly<Record<string, (crowd: Crowd) => Part>> = {
  ours: (crowd) => partOf('ours', ourRows(crowd).map((measure) => measure())),
  alternatives: (crowd) => partOf('alternatives', measureAlternatives(crowd)),
  peers: (crowd) => partOf('peers', measurePeers(crowd)),
  alone: ({ seed }) => {
    const table = loneTable(measureLone(seed));
    return { title: 'alone', full: table, brief: table };
  },
};

const partOf = (title: string, rows: Parameters<typeof fullTable>[0]): Part => ({ title, full: fullTable(rows), brief: briefTable(rows) });

export { chart };
