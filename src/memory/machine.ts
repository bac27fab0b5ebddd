import { InternalError, must } from '../base/internal-error.ts'
import type { Graph, Sizes } from '../ir/graph.ts'
import { sizeOf } from '../ir/layout.ts'
import { pairCount } from '../middle/energy.ts'
import type { Executable, Target } from '../middle/executable.ts'
import type { InnerLoop } from '../middle/inner-loop.ts'
import { levelValues } from '../middle/kinds.ts'
import { open } from '../middle/open.ts'
import * as ports from '../middle/ports.ts'
import type { DiscreteState, RetrievalBlock, RetrievalProgram } from '../middle/program.ts'
import type { MachineBlock } from './blocks/minimiser.ts'
import { type Layout, layoutOf, shapeOf } from './layout.ts'
import type { Precision } from './point.ts'
import type { WideGraph } from './wide.ts'

/** A retrieval program made ready to run: its graphs on a backend, sharing the buffers of whatever they share. */
export interface Machine {
  readonly program: RetrievalProgram
  readonly sizes: Sizes
  readonly layout: Layout
  readonly executable: Executable
  /** How many cues one run of the graph looks at; above 1 the graph has a batch axis, first in every layout. */
  readonly rows: number
  readonly perCue: readonly string[]
  readonly precision: Precision
  readonly discrete: readonly DiscreteMachine[]
  /** What is minimised inside by a loop, if anything. */
  readonly inner?: InnerLoop
  /** The blocks of the program, opened when they are first asked for. */
  blocks(): readonly MachineBlock[]
  /** Writes one cue's own values of a fixed variable. */
  give(name: string, data: Float64Array, row: number): void
  /** Says that the buffer of a fixed variable was written anew. */
  touch(name: string): void
  /** Writes other values of a fixed variable, also into the buffer that it was opened with. */
  renew(name: string, data: Float64Array): void
  dispose(): void
}

/** The moves of one discrete state. `value` is the buffer that every graph reads. */
export interface DiscreteMachine {
  readonly state: DiscreteState
  readonly shape: readonly number[]
  /** How many levels a site has; level l has the value `levels[l]`. */
  readonly levels: readonly number[]
  readonly value: Float64Array
  readonly prepare: Executable
  readonly propose: Executable
  readonly commit: Executable
  readonly all?: Executable
}

export interface MachineOptions {
  /** The graph for many cues at once, of a program without discrete states. */
  readonly wide?: WideGraph
  /** Fixed variables that every cue brings its own values of (states that are observed whole). */
  readonly perCue?: readonly string[]
  /** What the backend computes in. Default double. */
  readonly precision?: Precision
  /** What computes of single cues, in double precision, where the backend looks at many. */
  readonly narrow?: Target
  /** Buffers of inputs that neither stay nor are moved here: whoever runs the machine writes into them. */
  readonly around?: ReadonlyMap<string, Float64Array>
  /** What keeps inputs at a minimum inside. */
  readonly inner?: InnerLoop
}

/**
 * Opens `program` on a backend. `given` has the sizes of the user's axes; those of axes that were made follow. `fixed`
 * holds the buffers of the fixed variables by name (data, memories, params, whole observed states); `temperature` is
 * there too, or is 1. The buffers are used, not copied, where the backend allows it.
 */
export function openMachine(
  program: RetrievalProgram,
  target: Target,
  given: Sizes,
  fixed: ReadonlyMap<string, Float64Array>,
  { wide, perCue = [], precision = 'double', narrow = target, around, inner }: MachineOptions = {},
): Machine {
  const rows = wide?.rows ?? 1
  if (rows > 1 && program.discrete.length > 0) throw new InternalError('discrete states move one cue at a time')
  const sizes = completed(program, given)
  const known = new Map([[ports.temperature, Float64Array.of(1)], ...[...fixed].filter(([name]) => !perCue.includes(name))])
  const shared = new Map([...known, ...(around ?? []), ...(inner?.values ?? [])])
  for (const state of program.discrete) shared.set(ports.value(state.name), new Float64Array(count(state.axes, sizes)))
  const across = wide === undefined ? sizes : { ...sizes, [wide.axis]: rows }
  const setting = { target, sizes: across, fixed: known, still: perCue }
  const make = (graph: Graph): Executable => open(setting, graph, shared)
  const made = make(wide?.graph ?? program.graph)
  const executable = inner === undefined ? made : inner.around(made)
  // The moves of discrete states read the values of continuous ones where the main graph leaves them.
  for (const state of program.states) {
    const value = executable.outputs.get(ports.value(state.name))
    if (value !== undefined) shared.set(ports.value(state.name), value)
  }
  return assemble(
    program,
    sizes,
    executable,
    { rows, perCue, precision, fixed: known, inner },
    program.discrete.map((state) => openDiscrete(state, sizes, shared, make)),
    (graph) => open({ ...setting, target: narrow, sizes }, graph, shared),
  )
}

/** A machine around an executable that is there already (a program without discrete states). */
export function machineOf(program: RetrievalProgram, executable: Executable, sizes: Sizes): Machine {
  if (program.discrete.length > 0) throw new InternalError('a program with discrete states needs openMachine')
  return assemble(program, sizes, executable, { rows: 1, perCue: [], precision: 'double', fixed: new Map(), inner: undefined }, [], () => {
    throw new InternalError('blocks need openMachine')
  })
}

function assemble(
  program: RetrievalProgram,
  sizes: Sizes,
  executable: Executable,
  {
    rows,
    perCue,
    precision,
    fixed,
    inner,
  }: Pick<Machine, 'rows' | 'perCue' | 'precision'> & {
    readonly fixed: ReadonlyMap<string, Float64Array>
    readonly inner: InnerLoop | undefined
  },
  discrete: readonly DiscreteMachine[],
  openBlock: (graph: Graph) => Executable,
): Machine {
  const everything = [executable, ...discrete.flatMap((d) => [d.prepare, d.propose, d.commit, ...(d.all === undefined ? [] : [d.all])])]
  let blocks: readonly MachineBlock[] | undefined
  return {
    program,
    sizes,
    layout: layoutOf(program, sizes),
    executable,
    rows,
    perCue,
    precision,
    discrete,
    ...(inner && { inner }),
    blocks() {
      blocks ??= program.blocks.map((block) => lazily(block, () => openBlock(block.graph)))
      return blocks
    },
    give(name, data, row) {
      for (const e of everything) e.inputs.get(name)?.set(data, row * data.length)
      for (const e of everything) e.touch(name)
    },
    touch(name) {
      for (const e of everything) e.touch(name)
      for (const block of blocks ?? []) block.touch(name)
    },
    renew(name, data) {
      fixed.get(name)?.set(data)
      for (const e of everything) e.inputs.get(name)?.set(data)
      for (const e of everything) e.touch(name)
      for (const block of blocks ?? []) block.renew(name, data)
    },
    dispose() {
      for (const e of everything) e.dispose()
      for (const block of blocks ?? []) block.dispose()
      inner?.dispose()
    },
  }
}

/** A block whose graph is opened when it is first run. */
function lazily(block: RetrievalBlock, make: () => Executable): MachineBlock {
  let executable: Executable | undefined
  return {
    block,
    get executable() {
      executable ??= make()
      return executable
    },
    touch(name) {
      executable?.touch(name)
      delete this.kept
    },
    renew(name, data) {
      executable?.inputs.get(name)?.set(data)
      this.touch(name)
    },
    dispose: () => executable?.dispose(),
  }
}

/** Sizes of the axes that were made on the way follow from those of the user's. */
function completed(program: RetrievalProgram, open: Sizes): Sizes {
  const sizes: Record<string, number> = { ...open }
  for (const { name, size } of program.axes) {
    if (name in sizes) continue
    if (size.kind === 'fixed') sizes[name] = size.size
    if (size.kind === 'same') sizes[name] = sizeOf(size.as, sizes)
    if (size.kind === 'less') sizes[name] = sizeOf(size.than, sizes) - size.by
    if (size.kind === 'pairs') sizes[name] = pairCount(sizeOf(size.of, sizes), size.equal)
    if (size.kind === 'product') sizes[name] = size.of.reduce((n, axis) => n * sizeOf(axis, sizes), 1)
  }
  return sizes
}

function openDiscrete(
  state: DiscreteState,
  sizes: Sizes,
  shared: Map<string, Float64Array>,
  open: (graph: Graph) => Executable,
): DiscreteMachine {
  const prepare = open(state.prepare)
  const value = must(shared.get(ports.value(state.name)), `value of ${state.name}`)
  return {
    state,
    shape: shapeOf(state.axes, sizes),
    levels: levelValues(state.levels, sizes),
    value,
    prepare,
    propose: open(state.propose),
    commit: open(state.commit),
    ...(state.all === undefined ? {} : { all: open(state.all) }),
  }
}

function count(axes: readonly string[], sizes: Sizes): number {
  return shapeOf(axes, sizes).reduce((product, size) => product * size, 1)
}
