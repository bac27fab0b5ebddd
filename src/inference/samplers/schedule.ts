import { InternalError } from '../../base/internal-error.ts'
import type { Stream } from '../../base/random.ts'
import type { ChainFailure } from '../chains/outcome.ts'
import type { Block } from './block.ts'
import type { Sampler, SamplerState } from './sampler.ts'

/** Steps of the other blocks before it is given up to find values at which the energy is finite. */
const SWEEPS = 5

/**
 * One sampler of several blocks, which move in turn, each given the others' new values, under one
 * stream of random numbers. All must look at the same buffers. The position is the blocks' one after the other, or `places` says
 * where in it the numbers of each are; `lp__`, where some block knows it, is that of all together.
 */
export function schedule(blocks: readonly Block[], places: readonly Int32Array[] = oneAfterTheOther(blocks)): Sampler {
  const [first] = blocks
  if (first === undefined) throw new InternalError('a schedule without blocks')
  if (new Set(blocks.flatMap((b) => b.moves)).size < blocks.flatMap((b) => b.moves).length)
    throw new InternalError('two blocks that move one variable')
  const teller = blocks.find((b) => b.logDensity !== undefined)
  const position = new Float64Array(blocks.reduce((sum, b) => sum + b.position.length, 0))
  const sources = columnsOf(blocks, teller)
  const statistics = new Float64Array(sources.length)

  function publish(): void {
    for (let b = 0; b < blocks.length; b += 1) {
      const { position: own } = blocks[b] as Block
      const to = places[b] as Int32Array
      for (let i = 0; i < own.length; i += 1) position[to[i] as number] = own[i] as number
    }
    sources.forEach(({ block, place }, i) => {
      statistics[i] = place < 0 ? (teller?.logDensity?.() ?? Number.NaN) : (block.statistics[place] as number)
    })
  }

  /** Values drawn at random may be impossible together (nothing is seen where nothing is): steps of the blocks behind make them possible. */
  function begin(k: number, warmup: number, stream: Stream): ChainFailure | undefined {
    const block = blocks[k] as Block
    let failure = block.begin(warmup, stream)
    for (let sweep = 0; failure !== undefined && k < blocks.length - 1 && sweep < SWEEPS; sweep += 1) {
      for (const other of blocks.slice(k + 1)) other.step(true, stream)
      failure = block.begin(warmup, stream)
    }
    return failure
  }

  return {
    position,
    columns: sources.map((s) => s.name),
    statistics,
    begin(warmup, stream) {
      // From the last to the first, which looks at the density of all and so needs the others' values.
      for (let k = blocks.length - 1; k >= 0; k -= 1) {
        const failure = begin(k, warmup, stream)
        if (failure !== undefined) return failure
      }
      return undefined
    },
    step(warming, stream, stop) {
      for (const block of blocks) {
        if (block !== first) block.refresh()
        // Broken off in a later block, the blocks before it have moved already: only the first, the longest, is.
        const end = block.step(warming, stream, block === first ? stop : undefined)
        if (end !== undefined) return end
        block.refresh()
      }
      first.refresh()
      if (teller !== first) teller?.refresh()
      publish()
      return undefined
    },
    state: () => stateOf(blocks),
    resume(saved) {
      for (const block of [...blocks].reverse()) block.resume(ownOf(block, blocks, saved))
    },
    place(point) {
      // As where it goes on: each block looks at values that those behind it have.
      for (let b = blocks.length - 1; b >= 0; b -= 1) {
        const block = blocks[b] as Block
        if (block.place === undefined) throw new InternalError('a block that cannot be placed')
        block.place(Float64Array.from(places[b] as Int32Array, (place) => point[place] as number))
      }
      publish()
    },
    tuning: () => Object.assign({}, ...[...blocks].reverse().map((b) => b.tuning())),
    ...(teller === undefined ? {} : { logDensity: () => teller.logDensity?.() ?? Number.NaN }),
  }
}

function oneAfterTheOther(blocks: readonly Block[]): readonly Int32Array[] {
  let at = 0
  return blocks.map((b) => Int32Array.from(b.position, () => at++))
}

/** Where a column is from; place -1 is the density of all. */
interface Column {
  readonly name: string
  readonly block: Block
  readonly place: number
}

function columnsOf(blocks: readonly Block[], teller: Block | undefined): readonly Column[] {
  const columns = blocks.flatMap((block) =>
    block.columns
      .map((name, place): Column => ({ name: name + markOf(block, blocks), block, place }))
      .filter((_, i) => block.columns[i] !== 'lp__'),
  )
  return teller === undefined ? columns : [{ name: 'lp__', block: teller, place: -1 }, ...columns]
}

/** What follows the names of a block's numbers, in columns and in the state: what it moves, where an earlier block is of its kind. */
function markOf(block: Block, blocks: readonly Block[]): string {
  const own = block.columns.filter((name) => name !== 'lp__')
  const isAlike = blocks.slice(0, blocks.indexOf(block)).some((b) => b.columns.some((name) => own.includes(name)))
  return isAlike ? `(${block.moves.join(', ')})` : ''
}

function stateOf(blocks: readonly Block[]): SamplerState {
  const entries = blocks.flatMap((b) => Object.entries(b.state()).map(([name, numbers]) => [name + markOf(b, blocks), numbers] as const))
  const state = Object.fromEntries(entries)
  if (Object.keys(state).length < entries.length) throw new InternalError('blocks whose states have names in common')
  return state
}

/** What of a saved state is a block's. */
function ownOf(block: Block, blocks: readonly Block[], saved: SamplerState): SamplerState {
  const mark = markOf(block, blocks)
  const own = Object.entries(saved).filter(([name]) => name.endsWith(mark))
  return Object.fromEntries(own.map(([name, numbers]) => [name.slice(0, name.length - mark.length), numbers]))
}
