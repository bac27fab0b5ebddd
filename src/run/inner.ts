import { must } from '../base/internal-error.ts'
import { volumeOver } from '../ir/layout.ts'
import { landscapeOf } from '../memory/landscape.ts'
import { openMachine } from '../memory/machine.ts'
import { isAtRest } from '../memory/outcome.ts'
import type { RelaxEnd } from '../memory/relax.ts'
import { setOut } from '../memory/retrieve.ts'
import { madeSizes } from '../middle/derived-sizes.ts'
import type { Executable } from '../middle/executable.ts'
import type { InnerLoop } from '../middle/inner-loop.ts'
import { open } from '../middle/open.ts'
import * as ports from '../middle/ports.ts'
import type { RetrievalState } from '../middle/program.ts'
import type { InnerParts } from './inner-parts.ts'
import type { Run } from './run.ts'
import { startingPoint } from './start.ts'

/**
 * Gradients at the place that is found are off by the curvature times how far it is from the least one: a hundredth of what retrieval
 * calls rest by default keeps them below that.
 */
const tolerance = 1e-10

/**
 * Finds what is minimised inside by a retrieval of its own: from where it starts, the first time and after `restart`, and then from
 * where it was last. `perCue`: what is fixed, and written anew now and then.
 */
export function openInner(run: Run<unknown>, parts: InnerParts, perCue: readonly string[] = []): InnerLoop {
  const { program, outside } = parts
  const sizes = madeSizes(program.axes, run.sizes)
  const given = new Set([...outside.outputs.flatMap((o) => ports.valueOwner(o.name) ?? []), ...perCue])
  const around = new Map(
    program.fixed.flatMap((v) => (given.has(v.name) ? [[v.name, new Float64Array(volumeOver(v.axes, sizes))] as const] : [])),
  )
  const machine = openMachine(program, run.target, sizes, run.fixed, { around, perCue })
  const landscape = landscapeOf(machine)
  const inside = { ...run, sizes, parts }
  const values = new Map(program.states.map(({ name, axes }) => [name, new Float64Array(volumeOver(axes, sizes))]))
  let from: Readonly<Record<string, Float64Array>> | undefined
  let end: Pick<RelaxEnd, 'here' | 'outcome'> | undefined

  function descend(cue: NonNullable<typeof from>, probe: boolean): void {
    const own = Object.fromEntries(perCue.map((name) => [name, around.get(name) ?? new Float64Array(0)]))
    const walk = setOut(machine, { ...cue, ...own }, { tolerance, probe }, 0)
    let next = walk.path.next()
    for (; !next.done; next = walk.path.next()) landscape.look([next.value])
    end = next.value
    const { x } = end.here
    from = Object.fromEntries(machine.layout.blocks.map((b) => [b.state.name, x.slice(b.offset, b.offset + b.length)]))
    for (const { name } of program.states) values.get(name)?.set(must(machine.executable.outputs.get(ports.value(name)), name))
  }

  const isLost = (): boolean => end !== undefined && !isAtRest(end.outcome)

  function find(): void {
    const warm = from
    if (warm !== undefined) descend(warm, false)
    if (warm !== undefined && !isLost()) return
    descend(starts(inside, around), true)
  }

  return {
    values,
    around(executable, anew = false) {
      const writers = outsideOf(run, parts, executable)
      const outputs = [ports.energy, ...program.terms.map(ports.term)].flatMap((port) => executable.outputs.get(port) ?? [])
      return {
        inputs: executable.inputs,
        outputs: executable.outputs,
        run() {
          if (anew) from = undefined
          writers.run()
          for (const [name, value] of writers.values) around.get(name)?.set(value)
          find()
          for (const [name, value] of values) executable.inputs.get(name)?.set(value)
          executable.run()
          if (isLost()) for (const output of outputs) output.fill(end?.here.energy === -Infinity ? -Infinity : Number.NaN)
        },
        touch(name) {
          executable.touch(name)
          writers.touch(name)
          const value = executable.inputs.get(name)
          if (value === undefined) return
          if (around.has(name)) around.get(name)?.set(value)
          else machine.renew(name, value)
        },
        dispose() {
          writers.dispose()
          executable.dispose()
        },
      }
    },
    restart() {
      from = undefined
    },
    trouble() {
      if (end === undefined || !isLost()) return undefined
      const { sentence } = end.outcome
      const names = [...values.keys()].map((name) => `"${name}"`).join(' and ')
      return `the least energy over ${names} was not reached (${sentence.charAt(0).toLowerCase()}${sentence.slice(1).replace(/\.$/, '')})`
    },
    dispose: () => machine.dispose(),
  }
}

/** The values of what moves outside, from the inputs of an executable. */
function outsideOf(run: Run<unknown>, { outside }: InnerParts, executable: Executable) {
  const opened = open(run, outside)
  const copies = [...opened.inputs].flatMap(([name, buffer]) => {
    const from = executable.inputs.get(name)
    return from === undefined || run.fixed.has(name) ? [] : [{ from, buffer }]
  })
  return {
    values: [...opened.outputs].map(([port, value]) => [must(ports.valueOwner(port), port), value] as const),
    run() {
      for (const { from, buffer } of copies) buffer.set(from)
      opened.run()
    },
    touch(name: string) {
      const [from, to] = [executable.inputs.get(name), opened.inputs.get(name)]
      if (from === undefined || to === undefined) return
      to.set(from)
      opened.touch(name)
    },
    dispose: () => opened.dispose(),
  }
}

/** As retrieval starts: by a cue, a default or `from`, else a neutral point of the type; given what is outside. */
function starts(run: Run<InnerParts>, around: ReadonlyMap<string, Float64Array>): Readonly<Record<string, Float64Array>> {
  const inside = { ...run, fixed: new Map([...run.fixed, ...around]) }
  const startOf = (state: RetrievalState): Float64Array => startingPoint(inside, state, { cue: 0, draw: 0 }).coordinates
  return Object.fromEntries(run.parts.program.states.map((state) => [state.name, startOf(state)]))
}
