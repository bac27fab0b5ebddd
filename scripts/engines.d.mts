/** A seeded run: the arguments of `amp`, which end in a file to write, and the digest of what it writes. */
export interface SeededRun {
  readonly args: readonly string[]
  readonly sha256: string
}

export declare function readings(): Readonly<Record<string, SeededRun>>
export declare function digestOf(args: readonly string[], node?: string): string
