import { must } from '../base/internal-error.ts'
import { type ChainResult, type ChainRun, type ChainState, openChain } from '../inference/chains/chain.ts'
import type { LogDensity } from '../inference/density/density.ts'
import { count, flatBuffers, fromProgram } from '../inference/density/program-density.ts'
import { restrict, widen } from '../inference/density/restrict.ts'
import type { DrawnVariable } from '../inference/draws/draws.ts'
import { type GeneratedChain, generator } from '../inference/draws/generated.ts'
import type { Sampler } from '../inference/samplers/sampler.ts'
import type { InnerLoop } from '../middle/inner-loop.ts'
import { open } from '../middle/open.ts'
import * as ports from '../middle/ports.ts'
import { type ChainStart, chainStart } from './chain-start.ts'
import { openInner } from './inner.ts'
import { samplerOf } from './planned-blocks.ts'
import type { Run } from './run.ts'
import type { Plan } from './samplers.ts'
import type { RunSampleOptions, SamplingParts } from './sampling.ts'
import { type StateTail, statesTails } from './states-tails.ts'

/** A program made ready to run chains, one after the other, and to read what they drew. */
export interface Workbench {
  readonly variables: readonly DrawnVariable[]
  open(chain: number, options: RunSampleOptions, from?: ChainState): ChainRun
  generate(chain: ChainResult, sums?: GeneratedChain['sums']): GeneratedChain
  /** Coordinates of continuous states along which the density has no finite integral. */
  openTails(): readonly StateTail[]
}

export interface MarkovWorkbench extends Workbench {
  /** What moves chain number `chain`. */
  sampler(chain: number, options: RunSampleOptions): Sampler
  /** What is minimised inside. */
  readonly inner: InnerLoop | undefined
  /** The density of the free coordinates of continuous states, and where chain number `chain` starts. */
  target(chain: number): { readonly density: LogDensity; readonly initial: ChainStart['initial'] }
}

export function markovWorkbench(run: Run<SamplingParts>, plan: Plan): MarkovWorkbench {
  const { parts, sizes, fixed } = run
  const startOf = (chain: number): ChainStart => chainStart(run, chain, [])
  const { program } = parts
  const inner = parts.inner && openInner(run, parts.inner)
  const shared = new Map([...fixed, ...flatBuffers(program, sizes), ...(inner?.values ?? [])])
  // The moves of discrete states read the values of continuous ones where the program's graph leaves them.
  for (const state of program.discrete) shared.set(ports.value(state.name), new Float64Array(count(state.axes, sizes)))
  const plain = open(run, program.graph, shared)
  // A draw depends on none before it, however a chain was cut.
  const executable = inner?.around(plain, true) ?? plain
  for (const state of program.states) shared.set(ports.value(state.name), must(executable.outputs.get(ports.value(state.name)), state.name))
  const steps = open(run, parts.steps, shared)
  const stepping = inner?.around(steps) ?? steps
  const density = withTerms(fromProgram(program, stepping), fromProgram(program, executable))
  const generated = generator(program, executable, { ...run, inside: inner?.values }, run.key)
  const sampler = (chain: number, options: RunSampleOptions): Sampler =>
    startingAnew(samplerOf({ run, density, shared, start: startOf(chain), options }, plan), inner)
  return {
    variables: generated.variables,
    sampler,
    inner,
    open(chain, options, from) {
      // Where nothing moves, or draws do not depend on those before, there is nothing to warm up.
      return openChain(
        sampler(chain, options),
        run.key,
        chain,
        plan.kind === 'blocks' || plan.kind === 'tempered' ? options : { ...options, warmup: 0, thin: 1 },
        from,
      )
    },
    target(chain) {
      const { restriction, initial } = startOf(chain)
      return { density: restrict(density, restriction), initial }
    },
    generate: (chain, sums) => generated.chain(widen(chain, startOf(chain.chain).restriction), sums),
    openTails: () => statesTails(program.states, sizes, density, startOf(0)),
  }
}

/**
 * A step depends on nothing but the state of the chain: a minimum inside is found from its start where the step begins, as it is
 * where a chain goes on, and followed from there.
 */
function startingAnew(sampler: Sampler, inner: InnerLoop | undefined): Sampler {
  if (inner === undefined) return sampler
  const { place } = sampler
  return {
    ...sampler,
    ...(place && {
      place(position) {
        inner.restart()
        sampler.place?.(position)
      },
    }),
    begin(warmup, stream) {
      inner.restart()
      return sampler.begin(warmup, stream)
    },
    resume(state) {
      inner.restart()
      sampler.resume(state)
    },
    step(warming, stream, stop) {
      this.resume(sampler.state())
      return sampler.step(warming, stream, stop)
    },
  }
}

/** The terms are looked up by the whole program, at the last point that the steps evaluated. */
function withTerms(steps: LogDensity, whole: LogDensity): LogDensity {
  const last = new Float64Array(steps.dimension)
  const gradient = new Float64Array(steps.dimension)
  return {
    dimension: steps.dimension,
    evaluate(q, slope) {
      last.set(q)
      return steps.evaluate(q, slope)
    },
    terms() {
      whole.evaluate(last, gradient)
      return whole.terms?.() ?? []
    },
    whole: () => last,
  }
}
