import { type Diagnostic, diagnostic } from '../base/diagnostic.ts'
import { must } from '../base/internal-error.ts'
import { fold, type Key } from '../base/random.ts'
import type { Graph } from '../ir/graph.ts'
import type { LearnProgram } from '../middle/learn-program.ts'
import { open } from '../middle/open.ts'
import type { Default, DrawnOnce, PriorDraw } from '../middle/parts.ts'
import * as ports from '../middle/ports.ts'
import { isDrawable } from './complete.ts'
import type { LearnParts } from './learn-parts.ts'
import type { Run } from './run.ts'
import { drawnValue } from './start-draw.ts'

type Negative = NonNullable<LearnProgram['negative']>

/** Why chains of what is shown cannot start from what `from`s say. */
export function unstartable({ negative, fixed, given: own }: LearnProgram): readonly Diagnostic[] {
  const given = new Set([...fixed.map((v) => v.name), ports.temperature])
  return (negative?.shown ?? []).flatMap(({ name }) => {
    const start = negative?.starts.find((s) => s.name === name)
    const why = start === undefined ? 'it has none' : whyNot(start, given)
    if (why === undefined) return []
    const hint = start === undefined ? `Say where they start, as in: state ${name} from normal(0, 1).` : 'Leave out --chains-from start.'
    const span = own.find((v) => v.name === name)?.span
    return [diagnostic('AMP744', `Chains of "${name}" cannot start from its \`from\`: ${why}.`, { ...(span && { span }), hint })]
  })
}

function whyNot(start: Default | PriorDraw, given: ReadonlySet<string>): string | undefined {
  if ('reason' in start) return start.reason
  const read = graphOf(start)?.inputs.find((p) => p.name !== start.name && !given.has(p.name))
  return read === undefined ? undefined : `it reads "${read.name}", which is learned or differs from pattern to pattern`
}

function graphOf(start: Default | DrawnOnce): Graph | undefined {
  return 'graph' in start ? start.graph : 'program' in start ? start.program.graph : undefined
}

/** Writes where the chains of a step start, each state's behind one another. */
export type ChainStarts = (values: ReadonlyMap<string, Float64Array>, step: number) => void

export function openChainStarts({ starts, shown }: Negative, run: Run<LearnParts>, key: Key): ChainStarts {
  const writers = shown.map(({ name }) => {
    const start = must(
      starts.find((s) => s.name === name),
      name,
    )
    return {
      name,
      write: 'graph' in start ? valueWriter(start, run) : drawWriter(must([start].find(isDrawable), name), run, fold(key, name)),
    }
  })
  const chains = must(run.sizes[run.parts.learn.patterns], 'chains')
  return (values, step) => {
    for (const { name, write } of writers) {
      const all = must(values.get(name), name)
      const length = all.length / chains
      for (let c = 0; c < chains; c += 1) write(all.subarray(c * length, (c + 1) * length), step, c)
    }
  }
}

type StartWriter = (into: Float64Array, step: number, chain: number) => void

function valueWriter({ graph }: Default, run: Run<LearnParts>): StartWriter {
  const executable = open(run, graph)
  executable.run()
  const value = Float64Array.from(must(executable.outputs.get(ports.result), 'start'))
  executable.dispose()
  return (into) => into.set(value)
}

function drawWriter(item: DrawnOnce, run: Run<LearnParts>, key: Key): StartWriter {
  const keyAt = (step: number, chain: number): Key => fold(fold(key, step), chain)
  const draw = must(run.draw, 'what draws')
  if ('level' in item) return (into, step, chain) => into.set(drawnValue(item, run, keyAt(step, chain), draw))
  const executable = open(run, item.program.graph)
  return (into, step, chain) => into.set(draw(item, executable, run.sizes, keyAt(step, chain)))
}
