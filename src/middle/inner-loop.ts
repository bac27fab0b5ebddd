import type { Executable } from './executable.ts'

/** What keeps some inputs of executables where an energy is least, given their other inputs. */
export interface InnerLoop {
  /** The buffers of those inputs, by name: the values where the energy was least when one of the executables ran last. */
  readonly values: ReadonlyMap<string, Float64Array>
  /** An executable that reads them, so that whenever it runs they are found first. `anew`: each time from where they start. */
  around(executable: Executable, anew?: boolean): Executable
  /** The next run begins where they start, and not where the last one ended. */
  restart(): void
  /** Why they are not at rest, the end of a sentence. */
  trouble(): string | undefined
  dispose(): void
}
