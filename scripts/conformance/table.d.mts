/** The transports that `.ci/run` sees each time: the column's name, and its title. */
export declare const here: Readonly<Record<string, string>>;

/** The cells of docs/transports.md: by section and case, one for each column. */
export declare class Table {
  readonly sections: Map<string, Map<string, Map<string, string>>>;
  readonly runs: Map<string, { version: string; date: string }>;
  readonly size: number;
  set(section: string, name: string, column: string, cell: string): void;
  toString(): string;
}

/** Reads the cells back from the document. */
export declare function readTable(text?: string): Table;
