import { must } from '../base/internal-error.ts'
import { evaluate } from '../ir/evaluate.ts'
import type { Sizes } from '../ir/graph.ts'
import { volumeOver } from '../ir/layout.ts'
import type { Target } from '../middle/executable.ts'
import type { Inverse } from '../middle/parts.ts'
import * as ports from '../middle/ports.ts'
import type { RetrievalProgram, RetrievalState, SamplingProgram, SamplingState } from '../middle/program.ts'
import { inputAt, type Numbers, openAt, type Trial } from './trial.ts'

/** A program opened in a case, over the flat coordinates of its continuous states. */
export interface ProgramScene {
  readonly program: RetrievalProgram | SamplingProgram
  readonly blocks: readonly SceneBlock[]
  readonly dimension: number
  /** The coordinates of the case's states. */
  readonly start: Float64Array
  look(y: Float64Array): void
  /** Of the last look; a view. */
  output(name: string): Float64Array
  /** The output `energy` and the sum of the magnitudes it is made of. */
  energy(): number
  scale(): number
  dispose(): void
}

export interface SceneBlock {
  readonly state: RetrievalState | SamplingState
  readonly offset: number
  readonly length: number
}

interface SceneParts {
  readonly program: RetrievalProgram | SamplingProgram
  readonly inverses: readonly Inverse[]
}

export function openScene(trial: Trial, parts: SceneParts, target: Target, temperature = trial.temperature): ProgramScene {
  const { program } = parts
  const { sizes } = trial
  const executable = openAt(trial, program.graph, target, temperature, (input) => ports.coordinateOwner(input) !== undefined)
  const blocks = blocksOf(program, sizes)
  const dimension = blocks.reduce((n, b) => n + b.length, 0)
  const start = new Float64Array(dimension)
  for (const b of blocks) start.set(coordinatesAt(trial, parts, b.state), b.offset)
  const output = (name: string): Float64Array => must(executable.outputs.get(name), `output ${name}`)
  return {
    program,
    blocks,
    dimension,
    start,
    look(y) {
      for (const b of blocks) executable.inputs.get(ports.coordinate(b.state.name))?.set(y.subarray(b.offset, b.offset + b.length))
      executable.run()
    },
    output,
    energy: () => output(ports.energy)[0] as number,
    scale: () => scaleOf(program, output, temperature),
    dispose: () => executable.dispose(),
  }
}

function scaleOf(program: RetrievalProgram | SamplingProgram, output: (name: string) => Float64Array, temperature: number): number {
  const terms = program.terms.reduce((sum, t) => sum + Math.abs(output(ports.term(t))[0] as number), 1)
  return program.kind === 'retrieval' ? terms : terms / temperature + Math.abs(output(ports.logJacobian)[0] as number) + 1
}

function blocksOf(program: RetrievalProgram | SamplingProgram, sizes: Sizes): readonly SceneBlock[] {
  let offset = 0
  return program.states.map((state) => {
    const length = volumeOver(state.coordinateAxes, sizes)
    const block = { state, offset, length }
    offset += length
    return block
  })
}

/** The coordinates of a state's value in the case, by the inverse of its change of variables. */
export function coordinatesAt(
  trial: Trial,
  { inverses }: Pick<SceneParts, 'inverses'>,
  state: RetrievalState | SamplingState,
): Float64Array {
  const inverse = inverses.find((i) => i.name === state.name)
  if (inverse === undefined) return inputAt(trial, state.name)
  const inputs = inverse.graph.inputs.map((p) => [p.name, inputAt(trial, p.name)] as const)
  return must(evaluate(inverse.graph, trial.sizes, Object.fromEntries(inputs))[ports.coordinate(state.name)], 'coordinate')
}

/** All outputs of the last look, copied. */
export function outputsOf(scene: ProgramScene): Numbers {
  return Object.fromEntries(scene.program.graph.outputs.map((o) => [o.name, scene.output(o.name).slice()]))
}

/** `theta[school = 2]`: a coordinate in the user's names, counted from 1. */
export function coordinateName(scene: ProgramScene, sizes: Sizes, i: number): string {
  const block = must(
    scene.blocks.findLast((b) => b.offset <= i),
    'block',
  )
  return elementName(block.state.name, block.state.coordinateAxes, sizes, i - block.offset)
}

export function elementName(name: string, axes: readonly string[], sizes: Sizes, at: number): string {
  const parts: string[] = []
  let rest = at
  for (const axis of axes.toReversed()) {
    const size = sizes[axis] ?? 1
    parts.unshift(`${axis} = ${(rest % size) + 1}`)
    rest = Math.floor(rest / size)
  }
  return parts.length === 0 ? name : `${name}[${parts.join(', ')}]`
}
