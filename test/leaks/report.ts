/** What keeps the process alive before a session, in one phase of it, and after its end. */
export interface Report {
  transport: string;
  phase: string;
  end: string;
  /** Names from `process.getActiveResourcesInfo()`. */
  before: string[];
  during: string[];
  after: string[];
  /** Whether the signal passed to an operator still has a subscriber. */
  observed: boolean;
}
