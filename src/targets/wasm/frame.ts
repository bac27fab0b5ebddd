import { must } from '../../base/internal-error.ts'

/** A position of a loop as it is known in a frame: a variable and a whole number. */
export interface FramePosition {
  readonly local: number
  readonly plus: number
}

/** A variable of the program, in a frame: a variable of one number, or of a pair. */
interface FoundReal {
  readonly local: number
  readonly width: Width
  /** Which of a pair is meant, where the frame that asks stands beside one of them. */
  readonly lane: number | undefined
}

export type Width = 1 | 2

/**
 * Where statements are being printed: for one round of the loops around, or for two rounds of one of them at once, whose numbers are
 * pairs. What a frame does not know the frame around knows; `lane`: it stands beside one number of a pair there.
 */
export class RoundFrame {
  readonly width: Width
  readonly #parent: RoundFrame | undefined
  readonly #lane: number | undefined
  readonly #reals = new Map<number, number>()
  readonly #positions = new Map<number, readonly FramePosition[]>()
  /** Variables of one number that collect what pairs hold, the first before the second. */
  readonly #collectors = new Map<number, number>()

  private constructor(width: Width, parent: RoundFrame | undefined, lane: number | undefined) {
    this.width = width
    this.#parent = parent
    this.#lane = lane
  }

  static outermost(): RoundFrame {
    return new RoundFrame(1, undefined, undefined)
  }

  /** The same rounds, with variables that mean others. */
  beside(): RoundFrame {
    return new RoundFrame(this.width, this, undefined)
  }

  /** Rounds of another loop, one or two at once, within the round of `lane` here. */
  within(width: Width, lane: number): RoundFrame {
    return new RoundFrame(width, this, lane)
  }

  setReal(id: number, local: number): void {
    this.#reals.set(id, local)
  }

  setPositions(id: number, positions: readonly FramePosition[]): void {
    this.#positions.set(id, positions)
  }

  setCollector(id: number, local: number): void {
    this.#collectors.set(id, local)
  }

  collector(id: number): number | undefined {
    return this.#collectors.get(id) ?? (this.#lane === undefined ? this.#parent?.collector(id) : undefined)
  }

  real(id: number, lane: number | undefined): FoundReal {
    const local = this.#reals.get(id)
    if (local !== undefined) return { local, width: this.width, lane: this.width === 1 ? undefined : lane }
    return must(this.#parent, 'frame of a variable').real(id, this.#lane ?? lane)
  }

  /** The positions in the rounds of this frame, or the only one. */
  positions(id: number): readonly FramePosition[] {
    const own = this.#positions.get(id)
    if (own !== undefined) return own
    const around = must(this.#parent, 'frame of a position').positions(id)
    return this.#lane === undefined ? around : [must(around[this.#lane] ?? around[0], 'position')]
  }
}
