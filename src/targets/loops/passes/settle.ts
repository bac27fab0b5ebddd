import { variable } from '../expressions.ts'
import { type Expression, type LetLocal, type Local, type LoopProgram, type LoopStatement, roles } from '../program.ts'
import { eachVariable, expressionsOf, mapped, rebuilt, sizeOf } from './trees.ts'

/**
 * The program without the variables that are not worth having: what is only read or located is so where it is first needed,
 * in its own loop; what is needed at one place, in no inner loop, is written there; what is not needed is left out.
 */
export function settle(program: LoopProgram): LoopProgram {
  return { ...program, once: settled(program.once), always: settled(program.always) }
}

/** Expressions nest no deeper, so that neither passes nor engines run out of stack, and are no longer than a line. */
const MOST_NESTED = 30
const LONGEST = 24

type StatementList = LoopStatement[]

/** A variable that may be declared later than it stands, or never. */
interface WaitingLet {
  readonly statement: LetLocal
  /** What is written so far of the block that it is to be declared in. */
  readonly home: StatementList
  /** How deeply its value nests, of others that wait. */
  readonly height: number
}

function settled(statements: readonly LoopStatement[]): readonly LoopStatement[] {
  const settling = new Settling(usesOf(statements))
  return settling.block(statements)
}

class Settling {
  readonly #uses: LocalUses
  readonly #waiting = new Map<number, WaitingLet>()

  constructor(uses: LocalUses) {
    this.#uses = uses
  }

  block(statements: readonly LoopStatement[]): StatementList {
    const block: StatementList = []
    for (const s of statements) this.#statement(s, block)
    return block
  }

  #statement(s: LoopStatement, block: StatementList): void {
    if (s.kind === 'let') this.#declare(s, block)
    else
      block.push(
        mapped(
          s,
          (e) => this.#here(e, block),
          (body) => this.block(body),
        ),
      )
  }

  #declare(s: LetLocal, block: StatementList): void {
    const uses = this.#uses.get(s.local.id)
    if (uses === undefined) return
    const height = 1 + this.#heightOf(s.value)
    const waits = movable(s) || (uses === 'once' && height <= MOST_NESTED)
    if (waits) this.#waiting.set(s.local.id, { statement: s, home: block, height: movable(s) ? 0 : height })
    else block.push({ ...s, value: this.#here(s.value, block) })
  }

  #heightOf(value: Expression): number {
    let top = 0
    eachVariable(value, ({ id }) => {
      top = Math.max(top, this.#waiting.get(id)?.height ?? 0)
    })
    return top
  }

  /** `e` as it can be written at the end of `block`, with what it needs before it. */
  #here<E extends Expression>(e: E, block: StatementList): E {
    const longest = e.kind === 'variable' ? Number.POSITIVE_INFINITY : LONGEST
    return rebuilt(e, (local) => this.#needed(local, block, longest))
  }

  #needed(local: Local, block: StatementList, longest: number): Expression {
    const found = this.#waiting.get(local.id)
    if (found === undefined) return variable(local)
    this.#waiting.delete(local.id)
    const { statement, home } = found
    const value = this.#here(statement.value, home)
    if (home === block && this.#uses.get(local.id) === 'once' && (movable(statement) || sizeOf(value) <= longest)) return value
    home.push({ ...statement, value })
    return variable(local)
  }
}

/** What only reads what stays as it is, or says where it is. */
function movable({ local, value }: LetLocal): boolean {
  return roles[local.role] === 'index' || value.kind === 'element'
}

/** Of the variables that are needed at all: at one place, in the block in which they are declared, or elsewhere too. */
type LocalUses = ReadonlyMap<number, 'once' | 'often'>

function usesOf(statements: readonly LoopStatement[]): LocalUses {
  const homes = new Map<number, readonly LoopStatement[]>()
  const uses = new Map<number, 'once' | 'often'>()
  const walk = (block: readonly LoopStatement[]): void => {
    const use = ({ id }: Local): void => {
      uses.set(id, uses.has(id) || homes.get(id) !== block ? 'often' : 'once')
    }
    for (const s of block) {
      if (s.kind === 'let') homes.set(s.local.id, block)
      for (const e of expressionsOf(s)) eachVariable(e, use)
      if (s.kind === 'loop') walk(s.body)
    }
  }
  walk(statements)
  return uses
}
