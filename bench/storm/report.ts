import { chart } from './chart.js';
import { measureAlternatives, measureLoads, measureOtherLibraries, measureSchedules, measureSingleUser, ourRows, type StormSize } from './measure.js';
import { briefTable, fullTable, loadTable, scheduleTable, singleUserTable } from './table.js';

/** One part of a run: its figures for the terminal, its table for docs/storms.md, and the title that marks its place there. */
export interface Part {
  readonly title: string;
  readonly full: string;
  readonly brief: string;
}

/** The parts of a run, by title. Each is a function, so that a run measures only what it needs. */
export const parts: Readonly<Record<string, (size: StormSize) => Part>> = {
  ours: (size) => partOf('ours', ourRows(size).map((measure) => measure())),
  alternatives: (size) => partOf('alternatives', measureAlternatives(size)),
  peers: (size) => partOf('peers', measureOtherLibraries(size)),
  alone: ({ seed }) => tableOnly('alone', singleUserTable(measureSingleUser(seed))),
  schedules: ({ seed }) => tableOnly('schedules', scheduleTable(measureSchedules(seed))),
  loads: ({ seed }) => tableOnly('loads', loadTable(measureLoads(seed))),
};

const partOf = (title: string, rows: Parameters<typeof fullTable>[0]): Part => ({ title, full: fullTable(rows), brief: briefTable(rows) });

const tableOnly = (title: string, table: string): Part => ({ title, full: table, brief: table });

export { chart };
