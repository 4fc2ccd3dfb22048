declare module '*/examples/dashboard/server/highlight.mjs' {
  export function highlight(source: string): string;
}
