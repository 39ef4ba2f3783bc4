/**
 * Names of the client that the planner could confuse with names of its own go through planning under another name.
 * See `prepareDocument`.
 */
export interface ResponseNames {
  /** The client's name for a name that the plan uses. */
  toClient(name: string): string;
}
