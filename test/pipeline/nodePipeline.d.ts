declare module '*/node-pipeline/buildPipeline.mjs' {
  export function buildPipeline(folder: string): Promise<string>;
}

declare module '*/node-pipeline/frameOf.mjs' {
  export function frameOf(n: number): string;
}

declare module '*/node-pipeline/freePort.mjs' {
  export function freePort(): Promise<number>;
}

declare module '*/node-pipeline/Program.mjs' {
  type Line = Record<string, unknown>;
  export class Program {
    constructor(file: string, args: readonly string[], env?: Readonly<Record<string, string>>);
    static endAll(): Promise<void>;
    readonly lines: readonly Line[];
    readonly errors: string;
    readonly ended: Promise<number | NodeJS.Signals | null>;
    readonly pid: number | undefined;
    until(matches: (line: Line) => boolean, times?: number): Promise<Line>;
    signal(signal: NodeJS.Signals): void;
    end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null>;
  }
}
