import { variable } from '../expressions.ts'
import type { Expression, Let, Local, Program, Statement } from '../program.ts'
import { roles } from '../program.ts'
import { eachVariable, expressionsOf, mapped, rebuilt, sizeOf } from './trees.ts'

/**
 * The program without the variables that are not worth having: what is read or located is so where it is first needed, in
 * the loop of its own; and what is needed at one place, in no inner loop, is written there.
 */
export function settle(program: Program): Program {
  return { ...program, once: settled(program.once), always: settled(program.always) }
}

/** Expressions nest no deeper, so that neither passes nor engines run out of stack, and are no longer than a line. */
const MOST_NESTED = 30
const LONGEST = 24

type Block = Statement[]

/** A variable that may be declared later than it stands, or never. */
interface Waiting {
  readonly statement: Let
  /** What is written so far of the block that it is to be declared in. */
  readonly home: Block
  /** How deeply its value nests, of others that wait. */
  readonly height: number
}

function settled(statements: readonly Statement[]): readonly Statement[] {
  const settling = new Settling(usesOf(statements))
  return settling.block(statements)
}

class Settling {
  readonly #once: ReadonlySet<number>
  readonly #waiting = new Map<number, Waiting>()

  /** `once`: the variables that are needed at one place, in the block in which they are declared. */
  constructor(once: ReadonlySet<number>) {
    this.#once = once
  }

  block(statements: readonly Statement[]): Block {
    const block: Block = []
    for (const s of statements) this.#statement(s, block)
    return block
  }

  #statement(s: Statement, block: Block): void {
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

  #declare(s: Let, block: Block): void {
    const height = 1 + this.#heightOf(s.value)
    const waits = movable(s) || (this.#once.has(s.local.id) && height <= MOST_NESTED)
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
  #here<E extends Expression>(e: E, block: Block): E {
    const longest = e.kind === 'variable' ? Number.POSITIVE_INFINITY : LONGEST
    return rebuilt(e, (local) => this.#needed(local, block, longest))
  }

  #needed(local: Local, block: Block, longest: number): Expression {
    const found = this.#waiting.get(local.id)
    if (found === undefined) return variable(local)
    this.#waiting.delete(local.id)
    const { statement, home } = found
    const value = this.#here(statement.value, home)
    if (home === block && this.#once.has(local.id) && (movable(statement) || sizeOf(value) <= longest)) return value
    home.push({ ...statement, value })
    return variable(local)
  }
}

/** What only reads what stays as it is, or says where it is. */
function movable({ local, value }: Let): boolean {
  return roles[local.role] === 'index' || value.kind === 'element'
}

/** The variables that are needed at one place, in the block in which they are declared. */
function usesOf(statements: readonly Statement[]): ReadonlySet<number> {
  const homes = new Map<number, readonly Statement[]>()
  const once = new Set<number>()
  const seen = new Set<number>()
  const use = (block: readonly Statement[]) => (local: Local) => {
    const { id } = local
    if (seen.has(id) || homes.get(id) !== block) once.delete(id)
    else once.add(id)
    seen.add(id)
  }
  const walk = (block: readonly Statement[]): void => {
    const used = use(block)
    for (const s of block) {
      if (s.kind === 'let') homes.set(s.local.id, block)
      for (const e of expressionsOf(s)) eachVariable(e, used)
      if (s.kind === 'loop') walk(s.body)
    }
  }
  walk(statements)
  return once
}
