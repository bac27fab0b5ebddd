import { must } from '../../../base/internal-error.ts'
import type { Port, Sizes } from '../../../ir/graph.ts'
import type { ArrayOf, LoopProgram } from '../program.ts'
import type { LowGraph, LowId } from '../schedule/lowered.ts'
import type { Schedule } from '../schedule/schedule.ts'
import type { Storage } from '../schedule/storage.ts'
import { writeFunction } from './loops.ts'
import { Locals } from './scope.ts'
import type { Stored } from './values.ts'

/**
 * The loops of a schedule. Every value is in a variable, in the outermost loop that it can be had in; `settled` keeps the
 * variables that are worth having.
 */
export function writeProgram(lowered: LowGraph, schedule: Schedule, storage: Storage, assumes: Sizes): LoopProgram {
  const { inputs, outputs } = lowered
  const arrays = new Arrays()
  const given = new Map(inputs.map((p, k) => [p.name, arrays.port('input', k, p)] as const))
  const results = outputs.map((p, k) => arrays.port('output', k, p))
  const stored = new Map<LowId, Stored>()
  for (const [id, layout] of storage.arrays) {
    const port = lowered.direct.get(id)
    stored.set(id, port === undefined ? arrays.add({ kind: 'work', number: stored.size, layout }) : must(results[port], 'output'))
  }
  const states = new Map<LowId, Stored>()
  for (const [id, layout] of storage.states)
    if (layout.length > 0) states.set(id, arrays.add({ kind: 'state', number: states.size, layout }))
  const w = {
    schedule,
    storage,
    stored,
    states,
    locals: new Locals(),
    input: (name: string) => must(given.get(name), 'array of an input'),
    outputs: results,
    held: new Map(),
    carries: new Map(),
    collectors: new Map(),
  }
  const [once, always] = [schedule.once, schedule.always].map((block) => writeFunction(w, block)) as [
    LoopProgram['once'],
    LoopProgram['always'],
  ]
  return { inputs, outputs: outputs.map(({ name, axes }) => ({ name, axes })), arrays: arrays.all, assumes, once, always }
}

class Arrays {
  readonly all: ArrayOf[] = []

  port(kind: 'input' | 'output', number: number, { name, axes }: Port): Stored {
    return this.add({ kind, number, port: name, layout: axes })
  }

  add(array: ArrayOf): Stored {
    this.all.push(array)
    return { array: this.all.length - 1, layout: array.layout }
  }
}
