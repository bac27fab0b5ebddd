import { offset, variable, zero } from '../expressions.ts'
import type { Local, Loop, LoopProgram, LoopStatement } from '../program.ts'
import { mapped, rebuilt } from './trees.ts'

/** The program with the lanes of its loops written out one after another. */
export function unroll(program: LoopProgram): LoopProgram {
  const copies = new Copies(1 + lastOf([...program.once, ...program.always]))
  return { ...program, once: unrolled(program.once, copies), always: unrolled(program.always, copies) }
}

/** New variables. */
class Copies {
  #next: number

  constructor(first: number) {
    this.#next = first
  }

  of(local: Local): Local {
    const id = this.#next
    this.#next += 1
    return { ...local, id }
  }
}

function lastOf(statements: readonly LoopStatement[]): number {
  let last = 0
  for (const s of statements) {
    for (const { id } of declaredBy(s)) last = Math.max(last, id)
    if (s.kind === 'loop') last = Math.max(last, lastOf(s.body))
  }
  return last
}

function declaredBy(s: LoopStatement): readonly Local[] {
  if (s.kind === 'start') return s.locals
  if (s.kind === 'loop') return [s.index]
  return s.kind === 'let' ? [s.local] : []
}

function unrolled(statements: readonly LoopStatement[], copies: Copies): readonly LoopStatement[] {
  const loops = statements.flatMap((s) => (s.kind === 'loop' && s.lanes > 1 ? [s] : []))
  const lanes = new Map(loops.flatMap((loop) => collectedIn(loop).map((local) => [local.id, loop.lanes] as const)))
  return statements.flatMap((s): readonly LoopStatement[] => {
    if (s.kind === 'start') return [{ ...s, locals: s.locals.flatMap((local) => lanesOf(local, lanes.get(local.id) ?? 1)) }]
    if (s.kind !== 'loop') return [s]
    return s.lanes > 1 ? writtenOut(s, copies) : [{ ...s, body: unrolled(s.body, copies) }]
  })
}

/** The variables in which a loop accumulates. */
function collectedIn(loop: Loop): readonly Local[] {
  const into = loop.body.flatMap((s) => (s.kind === 'accumulate' && s.into.kind === 'variable' ? [s.into.local] : []))
  return into.filter((local, k) => into.findIndex((l) => l.id === local.id) === k)
}

function lanesOf(local: Local, count: number): readonly Local[] {
  return Array.from({ length: count }, (_, lane) => laneOf(local, lane))
}

function laneOf(local: Local, lane: number): Local {
  return lane === 0 ? local : { ...local, lane }
}

function writtenOut(loop: Loop, copies: Copies): readonly LoopStatement[] {
  const { index, from = zero, until, lanes } = loop
  const sides = Array.from({ length: lanes }, (_, lane) => copied(loop, lane, copies)).flat()
  const joins = loop.body.flatMap((s): readonly LoopStatement[] => {
    if (s.kind !== 'accumulate' || s.into.kind !== 'variable') return []
    const { local } = s.into
    return [{ ...s, by: s.by === 'sub' ? 'add' : s.by, values: lanesOf(local, lanes).slice(1).map(variable) }]
  })
  return [
    { kind: 'start', locals: [index], value: from },
    { ...loop, from: undefined, until: offset(until, 1 - lanes), step: lanes, lanes: 1, body: sides },
    { ...loop, from: undefined, lanes: 1, body: copied(loop, 0, copies) },
    ...joins,
  ]
}

/** The body at the position of a lane, with variables of its own. */
function copied(loop: Loop, lane: number, copies: Copies): readonly LoopStatement[] {
  const put = new Map<number, Local>()
  const position = offset(variable(loop.index), lane)
  const at = (local: Local) => (local.id === loop.index.id ? position : variable(put.get(local.id) ?? local))
  return loop.body.map((s) => {
    const copy = mapped(
      s,
      (e) => rebuilt(e, at),
      (body) => body,
    )
    if (s.kind === 'accumulate' && s.into.kind === 'variable')
      return { ...copy, into: variable(laneOf(s.into.local, lane)) } as LoopStatement
    if (copy.kind !== 'let') return copy
    put.set(copy.local.id, copies.of(copy.local))
    return { ...copy, local: put.get(copy.local.id) as Local }
  })
}
