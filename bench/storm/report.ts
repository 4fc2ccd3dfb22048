import { chart } from './chart.js';
import { measureAlternatives, measureLoads, measureLone, measurePeers, ourRows, type Crowd } from './measure.js';
import { briefTable, fullTable, loadTable, loneTable } from './table.js';

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
  alone: ({ seed }) => tableOnly('alone', loneTable(measureLone(seed))),
  loads: ({ seed }) => tableOnly('loads', loadTable(measureLoads(seed))),
};

const partOf = (title: string, rows: Parameters<typeof fullTable>[0]): Part => ({ title, full: fullTable(rows), brief: briefTable(rows) });

const tableOnly = (title: string, table: string): Part => ({ title, full: table, brief: table });

export { chart };
