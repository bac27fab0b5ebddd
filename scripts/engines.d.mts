/** A seeded run: the arguments of `amp`, which end in a file to write, and the digest of what it writes. */
export interface SeededRun {
  /** Of a module that is emitted: what it is run on. */
  readonly data?: string
  readonly options?: object
  readonly args: readonly string[]
  readonly sha256: string
}

export declare function readings(): Readonly<Record<string, SeededRun>>
export declare function digestOf(run: Omit<SeededRun, 'sha256'>, node?: string): string
