import type { Program } from './program.ts'

/** A way to some outputs that is quicker than another, and does not always work. */
export interface Quick {
  /** Its last output is 1 if the quick way is worth trying. */
  readonly before: Program
  /** The outputs, and one more, last, that is 1 if it worked. */
  readonly program: Program
}

/** The output that says so. */
export function verdictOf({ outputs }: Program): string {
  return outputs.at(-1)?.name ?? ''
}
