/** What kept the process alive before a session, while it was in a phase, and after its end. */
export interface Report {
  transport: string;
  phase: string;
  end: string;
  /** By the names of `process.getActiveResourcesInfo()`. */
  before: string[];
  during: string[];
  after: string[];
  /** Whether the signal that was given to an operator still has a listener. */
  observed: boolean;
}
