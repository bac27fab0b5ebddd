import type { LoopProgram } from './program.ts'

/** A way to some outputs that is quicker than another, and does not always work. */
export interface Quick {
  /** Its last output is 1 if the quick way is worth trying. */
  readonly before: LoopProgram
  /** The outputs, and one more, last, that is 1 if it worked. */
  readonly program: LoopProgram
}

/** The output that says so. */
export function verdictOf({ outputs }: LoopProgram): string {
  return outputs.at(-1)?.name ?? ''
}
