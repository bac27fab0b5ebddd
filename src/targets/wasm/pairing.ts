import type { Sizes } from '../../ir/graph.ts'
import { volumeOver } from '../../ir/layout.ts'
import { eachVariable, expressionsOf, partsOf } from '../loops/passes/trees.ts'
import type { AccumulateValues, Element, Expression, IndexExpr, Loop, LoopStatement, StoreElement } from '../loops/program.ts'
import { roles } from '../loops/program.ts'

/**
 * Whether two rounds of a loop may go at once, statement by statement, and give the bits of one after the other: no round reads what
 * another writes, and what several rounds add up is added in the order of rounds. Loops within go over their own rounds with both.
 */
export function mayPair(loop: Loop, sizes: Sizes): boolean {
  if (loop.step !== 1) return false
  const body = new PairBody(loop, sizes)
  return body.boundsStay() && body.variablesAllow() && body.arraysAllow()
}

/** A statement of a body, with the loops within that are around it. */
interface Placed {
  readonly statement: LoopStatement
  readonly loops: readonly Loop[]
}

interface ArrayUse extends Placed {
  readonly element: Element
  readonly writes: 'stores' | 'accumulates' | undefined
}

class PairBody {
  readonly #loop: Loop
  readonly #sizes: Sizes
  readonly #placed: readonly Placed[]
  /** The variables of the body, its loops' included, with what the positions among them are. */
  readonly #declared = new Set<number>()
  readonly #positions = new Map<number, IndexExpr>()

  constructor(loop: Loop, sizes: Sizes) {
    this.#loop = loop
    this.#sizes = sizes
    this.#placed = placedIn(loop.body, [])
    for (const { statement: s } of this.#placed) {
      if (s.kind === 'start') for (const local of s.locals) this.#declared.add(local.id)
      if (s.kind === 'loop') this.#declared.add(s.index.id)
      if (s.kind !== 'let') continue
      this.#declared.add(s.local.id)
      if (roles[s.local.role] === 'index') this.#positions.set(s.local.id, s.value as IndexExpr)
    }
  }

  /** The loops within have the same rounds in both. */
  boundsStay(): boolean {
    return this.#placed.every(({ statement: s }) => s.kind !== 'loop' || expressionsOf(s).every((e) => !this.#varies(e)))
  }

  #varies(e: Expression): boolean {
    let found = false
    eachVariable(e, ({ id }) => {
      found ||= id === this.#loop.index.id || this.#declared.has(id)
    })
    return found
  }

  variablesAllow(): boolean {
    const collected = new Set<number>()
    for (const { statement: s, loops } of this.#placed) {
      if (s.kind === 'assign' || s.kind === 'routine') return false
      if (s.kind !== 'accumulate' || s.into.kind !== 'variable' || this.#declared.has(s.into.local.id)) continue
      if (loops.length > 0) return false
      collected.add(s.into.local.id)
    }
    return !this.#placed.some(({ statement: s }) => readBy(s).some((e) => mentions(e, collected)))
  }

  arraysAllow(): boolean {
    const uses = this.#placed.flatMap((p) => usesIn(p))
    const written = new Set(uses.flatMap(({ writes, element }) => (writes === undefined ? [] : [element.array])))
    return [...written].every((array) => this.#arrayAllows(uses.filter((u) => u.element.array === array)))
  }

  #arrayAllows(uses: readonly ArrayUse[]): boolean {
    const [first, ...more] = uses.map((u) => ({ ...u, at: this.#linear(u.element.at) }))
    if (first === undefined) return true
    const own = this.#loop.index.id
    const apart = [first, ...more].every(
      ({ at }) => at.by(own) !== 0 && at.by(own) === first.at.by(own) && at.plus === first.at.plus && !at.hides,
    )
    if (apart) return true
    if (more.length > 0 || first.writes !== 'accumulates') return false
    // Each element by itself, in the order of rounds.
    if (first.loops.length === 0) return true
    return !first.at.hides && first.at.by(own) === 0 && first.loops.every(({ index }) => first.at.by(index.id) !== 0)
  }

  /** A position as a sum of multiples of variables; `hides`: it is one that is computed, from what this loop changes. */
  #linear(e: IndexExpr): LinearPosition {
    switch (e.kind) {
      case 'whole':
        return new LinearPosition(e.value)
      case 'extent':
        return new LinearPosition(volumeOver(e.axes, this.#sizes))
      case 'variable': {
        const known = this.#positions.get(e.local.id)
        return known === undefined ? new LinearPosition(0, new Map([[e.local.id, 1]])) : this.#linear(known)
      }
      case 'total':
        return e.terms.map((t) => this.#linear(t)).reduce((a, b) => a.add(b))
      case 'offset':
        return this.#linear(e.of).add(new LinearPosition(e.by))
      case 'times':
        return this.#linear(e.of).times(volumeOver(e.by.axes, this.#sizes))
      case 'truncated':
        return new LinearPosition(0, new Map(), true)
    }
  }
}

class LinearPosition {
  readonly plus: number
  readonly hides: boolean
  readonly #terms: ReadonlyMap<number, number>

  constructor(plus: number, terms: ReadonlyMap<number, number> = new Map(), hides = false) {
    this.plus = plus
    this.#terms = terms
    this.hides = hides
  }

  by(id: number): number {
    return this.#terms.get(id) ?? 0
  }

  add(other: LinearPosition): LinearPosition {
    const terms = new Map(this.#terms)
    for (const [id, by] of other.#terms) terms.set(id, by + this.by(id))
    return new LinearPosition(this.plus + other.plus, terms, this.hides || other.hides)
  }

  times(by: number): LinearPosition {
    return new LinearPosition(this.plus * by, new Map([...this.#terms].map(([id, k]) => [id, k * by])), this.hides)
  }
}

function placedIn(statements: readonly LoopStatement[], loops: readonly Loop[]): readonly Placed[] {
  return statements.flatMap((statement) => [
    { statement, loops },
    ...(statement.kind === 'loop' ? placedIn(statement.body, [...loops, statement]) : []),
  ])
}

/** The expressions of a statement that are read: not where it writes. */
function readBy(s: LoopStatement): readonly Expression[] {
  if (s.kind === 'accumulate') return s.into.kind === 'variable' ? s.values : [s.into.at, ...s.values]
  return s.kind === 'store' ? [s.into.at, s.value] : expressionsOf(s)
}

function mentions(e: Expression, ids: ReadonlySet<number>): boolean {
  let found = false
  eachVariable(e, ({ id }) => {
    found ||= ids.has(id)
  })
  return found
}

function usesIn({ statement, loops }: Placed): readonly ArrayUse[] {
  const read = readBy(statement).flatMap((e) => elementsIn(e).map((element) => ({ statement, loops, element, writes: undefined })))
  const into = intoElement(statement)
  if (into === undefined) return read
  return [...read, { statement, loops, element: into, writes: statement.kind === 'store' ? 'stores' : 'accumulates' }]
}

function intoElement(s: LoopStatement): Element | undefined {
  return s.kind === 'store' ? (s satisfies StoreElement).into : s.kind === 'accumulate' ? elementOf(s) : undefined
}

function elementOf({ into }: AccumulateValues): Element | undefined {
  return into.kind === 'element' ? into : undefined
}

function elementsIn(e: Expression): readonly Element[] {
  return [...(e.kind === 'element' ? [e] : []), ...partsOf(e).flatMap(elementsIn)]
}
