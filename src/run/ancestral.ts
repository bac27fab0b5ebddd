import { type Diagnostic, diagnostic } from '../base/diagnostic.ts'
import type { Key } from '../base/random.ts'
import { openChain } from '../inference/chains/chain.ts'
import { ancestralSampler, drawnVariables } from '../inference/samplers/ancestral.ts'
import { type OpenSetting, open } from '../middle/open.ts'
import * as ports from '../middle/ports.ts'
import type { AncestralProgram } from '../middle/program.ts'
import type { Run } from './run.ts'
import type { Ancestral } from './samplers.ts'
import type { SamplingParts } from './sampling.ts'
import type { Workbench } from './workbench.ts'

/**
 * Ancestral sampling at the temperature of the run. A density that cannot be normalised at that temperature is reported.
 */
export function ancestralAt(run: Run<SamplingParts>): { readonly ancestral: Ancestral; readonly diagnostics: readonly Diagnostic[] } {
  const { temperature, bound } = run
  const { ancestral, tempered } = run.parts.program
  if (temperature === 1 || 'reason' in ancestral) return { ancestral, diagnostics: [] }
  if ('reason' in tempered) return { ancestral: { reason: `at temperature ${temperature} ${tempered.reason}` }, diagnostics: [] }
  const endless = endlessOf(run, tempered)
  if (endless === undefined) return { ancestral: tempered, diagnostics: [] }
  // Restricted to a part of the line, or beside what is observed, there may be a density all the same, though not a family's.
  const refused = { reason: `at temperature ${temperature} the density of "${endless.name}" is not that of a family` }
  const restricted = ancestral.draws.some((d) => d.name === endless.name && d.truncated)
  const isSure = !restricted && Object.keys(bound.observed).length === 0
  return { ancestral: refused, diagnostics: isSure ? [improper(endless.name, temperature)] : [] }
}

/** A draw from a family that has no density at the temperature. */
function endlessOf(setting: OpenSetting, program: AncestralProgram) {
  const asked = program.draws.filter((d) => program.graph.outputs.some((o) => o.name === ports.positive(d.name)))
  if (asked.length === 0) return undefined
  const executable = open(setting, program.graph)
  executable.run()
  return asked.find(({ name }) => executable.outputs.get(ports.positive(name))?.some((v) => v <= 0))
}

function improper(name: string, temperature: number) {
  return diagnostic('AMP603', `At temperature ${temperature} the density of "${name}" cannot be normalised: its integral is infinite.`, {
    hint: `exp(-E/T) is the density of each statement to the power 1/T; choose a temperature nearer to 1.`,
  })
}

/** Ancestral sampling: exact, independent draws, given what is fixed. There is no warm-up. */
export function ancestralWorkbench(setting: OpenSetting, program: AncestralProgram, key: Key): Workbench {
  const { sizes } = setting
  const executable = open(setting, program.graph)
  return {
    variables: drawnVariables(program, sizes),
    open: (chain, options, from) =>
      openChain(ancestralSampler(program, executable, sizes, key, chain), key, chain, { ...options, warmup: 0, thin: 1 }, from),
    openTails: () => [],
    generate({ chain, count, draws, columns, statistics }) {
      return { draws: { chain, count, values: draws, columns, statistics }, sums: [] }
    },
  }
}
