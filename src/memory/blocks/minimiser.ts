import { must } from '../../base/internal-error.ts'
import type { Sizes } from '../../ir/graph.ts'
import type { Executable } from '../../middle/executable.ts'
import * as ports from '../../middle/ports.ts'
import type { ModeBlock, QuadraticBlock, RetrievalBlock } from '../../middle/program.ts'
import type { FlowSetting } from '../geometry.ts'
import { rounding, type StatePoint } from '../point.ts'
import { type Factor, factorise, solve } from './semidefinite.ts'
import { type LinearSystem, matrixOf, numbersIn, systemsOf } from './systems.ts'

/** Finds the least energy over some coordinates, all else held. */
export interface Minimiser {
  readonly states: readonly string[]
  /** Whether it is the energy itself that is least there, not a bound of it. */
  readonly exact: boolean
  /** Whether a step costs no more than some gradient steps, which it saves. */
  readonly fits: boolean
  /** Writes the place into `x`, which holds that of `here`. */
  aim(here: StatePoint, x: Float64Array): Aimed
}

/** `unbounded`: there is no least energy. `elsewhere`: this step does not find it. */
export type Aimed = 'found' | 'unbounded' | 'elsewhere'

/** A block of a program with its graph opened. */
export interface MachineBlock {
  readonly block: RetrievalBlock
  readonly executable: Executable
  /** What was worked out last, of a block whose second derivatives do not change: for the coordinates that moved. */
  kept?: { readonly moves: Uint8Array; readonly systems: readonly FactoredSystem[] }
  /** Says that the buffer of a fixed variable was written anew. */
  touch(name: string): void
  /** Writes other values of a fixed variable. */
  renew(name: string, data: Float64Array): void
  dispose(): void
}

/** What a step has besides the place: the values that a cue brings. */
export interface BlockSetting extends FlowSetting {
  readonly sizes: Sizes
  readonly own: Readonly<Record<string, Float64Array>>
}

export function minimiserOf(open: MachineBlock, setting: BlockSetting): Minimiser {
  const { block } = open
  return block.kind === 'mode' ? modeMinimiser(open, block, setting) : quadraticMinimiser(open, block, setting)
}

/** Writes what the graph of a block reads besides what is fixed, and runs it. */
function look({ executable }: MachineBlock, { layout, own }: BlockSetting, x: Float64Array): void {
  for (const { state, offset, length } of layout.blocks) {
    executable.inputs.get(ports.coordinate(state.name))?.set(x.subarray(offset, offset + length))
  }
  for (const [name, values] of Object.entries(own)) {
    const input = executable.inputs.get(name)
    if (input === undefined) continue
    input.set(values)
    executable.touch(name)
  }
  executable.run()
}

function modeMinimiser(open: MachineBlock, { states: [name], port }: ModeBlock, setting: BlockSetting): Minimiser {
  const { offset, length } = must(setting.layout.blocks.find((b) => b.state.name === name), name) // biome-ignore format: one line
  return {
    states: [name],
    exact: true,
    fits: true,
    aim(here, x) {
      look(open, setting, here.x)
      const place = must(open.executable.outputs.get(port), port)
      for (let k = 0; k < length; k += 1) {
        if (setting.moves[offset + k] === 0) continue
        if (!Number.isFinite(place[k] as number)) return 'elsewhere'
        x[offset + k] = place[k] as number
      }
      return 'found'
    },
  }
}

/** A system with the matrix of its second derivatives, which several may share. */
interface FactoredSystem extends LinearSystem {
  readonly matrix: Float64Array
  readonly factor: Factor
}

/** Numbers in matrices, and multiplications, of about as much time as the steps that are saved: worked out once, or at each step. */
const limits = {
  once: { numbers: 4e6, work: 4e8 },
  always: { numbers: 1e5, work: 4e6 },
} as const

/** Newton's step, x - H^-1 g: for a quadratic the place itself, whatever its linear part is. */
function quadraticMinimiser(open: MachineBlock, block: QuadraticBlock, setting: BlockSetting): Minimiser {
  const { sizes, moves, layout } = setting
  const { varies } = block
  const isShared = !varies && !block.graph.inputs.some(({ name }) => name in setting.own)
  const limit = varies ? limits.always : limits.once
  const isSmall = numbersIn(block, sizes) <= limit.numbers
  let systems: readonly LinearSystem[] | undefined
  let factored: readonly FactoredSystem[] = []
  const apart = (): readonly LinearSystem[] => {
    systems ??= systemsOf(block, setting, sizes)
    return systems
  }

  function refresh(here: StatePoint): void {
    if (factored.length > 0 && !varies) return
    const { kept } = open
    if (isShared && kept?.moves.every((m, i) => m === moves[i])) {
      factored = kept.systems
      return
    }
    look(open, setting, here.x)
    const outputs = block.parts.map((p) => must(open.executable.outputs.get(p.port), p.port))
    const made: FactoredSystem[] = []
    for (const [k, system] of apart().entries()) made.push(factoredAs(system, outputs, [factored[k], made.at(-1)]))
    factored = made
    if (isShared) open.kept = { moves, systems: made }
  }

  const step = new Float64Array(layout.length)
  const slope = new Float64Array(layout.length)
  const rest = new Float64Array(layout.length)
  return {
    states: block.states,
    exact: block.exact,
    get fits() {
      if (!isSmall) return false
      const sizes = apart().map(({ at, numbers }) => ({
        rows: at.length,
        each: (2 * numbers.reduce((n, { to }) => n + to.length, 0)) / at.length,
      }))
      if (sizes.reduce((sum, { rows }) => sum + rows * rows, 0) > limit.numbers) return false
      // A row's numbers meet in pairs where it is eliminated; second derivatives cost about as much as a gradient for each row.
      const eliminated = sizes.reduce((sum, { rows, each }) => sum + (rows * each * each) / 2, 0)
      const read = [...open.executable.inputs.values()].reduce((sum, { length }) => sum + length, 1)
      const most = sizes.reduce((rows, system) => Math.max(rows, system.rows), 0)
      return eliminated + read * most <= limit.work
    },
    aim(here, x) {
      refresh(here)
      for (const { at, factor } of factored) {
        if (factor.indefinite) return block.exact ? 'unbounded' : 'elsewhere'
        at.forEach((i, k) => {
          slope[k] = here.gradient[i] as number
        })
        solve(factor, slope, step, rest)
        if (factor.rank < factor.n && isSlope(here, at, slope, rest)) return block.exact ? 'unbounded' : 'elsewhere'
        at.forEach((i, k) => {
          x[i] = (here.x[i] as number) - (step[k] as number)
        })
      }
      return 'found'
    },
  }
}

/** The factor of a system's matrix, taken from one of these where the matrix is the same. */
function factoredAs(
  system: LinearSystem,
  outputs: readonly Float64Array[],
  known: readonly (FactoredSystem | undefined)[],
): FactoredSystem {
  const matrix = matrixOf(system, outputs)
  const same = known.find((f) => f?.matrix.length === matrix.length && f.matrix.every((v, i) => v === matrix[i]))
  return same === undefined
    ? { ...system, matrix, factor: factorise(matrix, system.at.length) }
    : { ...system, matrix: same.matrix, factor: same.factor }
}

/** Whether a slope where nothing bends is more than the rounding of the others and of the energy. */
function isSlope(here: StatePoint, at: Int32Array, slope: Float64Array, rest: Float64Array): boolean {
  const inNats = (v: Float64Array, k: number): number => Math.abs(v[k] as number) * (1 + Math.abs(here.x[at[k] as number] as number))
  let [whole, left] = [0, 0]
  for (let k = 0; k < at.length; k += 1) {
    whole = Math.max(whole, inNats(slope, k))
    left = Math.max(left, inNats(rest, k))
  }
  return left > Math.max(1e-6 * whole, 1e3 * rounding(here))
}
