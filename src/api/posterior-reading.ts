import { type Checked, checked, made, unmade } from '../base/diagnostic.ts'
import type { Bound } from '../bind/bound.ts'
import { drawnLast } from '../compile/drawn-last.ts'
import { seatingGiven } from '../compile/partitions/open-rows.ts'
import type { Energy } from '../middle/energy.ts'
import { defaults, type OptionsOf } from '../middle/options.ts'
import type { AncestralProgram } from '../middle/program.ts'
import { observing, type Situation } from '../middle/situation.ts'
import type { SamplingParts } from '../run/sampling.ts'
import { withKnownParts } from './known-part.ts'
import type { Loaded } from './load.ts'
import { situationIn } from './observed.ts'
import { samplingParts, type WantedDraws } from './pipeline.ts'

/** What is drawn given the values of `bound`. */
export interface PosteriorReading {
  readonly reading: { readonly kind: 'posterior'; readonly parts: SamplingParts }
  readonly bound: Bound
}

type PosteriorOptions = Pick<OptionsOf<'sample'>, 'report' | 'predict' | 'sampler' | 'partitions'> & Pick<WantedDraws, 'random'>

/** What is drawn given what is bound, and when: unknown counts last, all else before. */
export interface Drawing {
  readonly energy: Energy
  readonly bound: Bound
  readonly situation: Situation
  /** How to draw what comes last. */
  readonly last: AncestralProgram | undefined
}

export function drawingIn(
  { energy: whole }: Loaded,
  given: Bound,
  asked: Situation,
  random: NonNullable<WantedDraws['random']> = [],
): Checked<Drawing> {
  const last = drawnLast(whole, given, asked)
  if (last !== undefined && last.value === undefined) return unmade(last.diagnostics)
  const { energy, bound, program } = last?.value ?? { energy: whole, bound: given, program: undefined }
  const situation = observing(
    seatingGiven(situationIn(energy, asked, bound), random),
    (program?.draws ?? []).map((d) => d.name),
  )
  return made({ energy, bound: withKnownParts(bound, situation), situation, last: program })
}

/** Draws given what is bound, of everything else but unknown counts, which are drawn last. `random`: axes that are open in the energy. */
export function posteriorReading(
  loaded: Loaded,
  given: Bound,
  asked: Situation,
  { report, predict, sampler, random = [], partitions }: PosteriorOptions = {},
): Checked<PosteriorReading> {
  const drawing = drawingIn(loaded, given, asked, random)
  if (drawing.value === undefined) return unmade(drawing.diagnostics)
  const { energy, bound, situation, last } = drawing.value
  const { value: parts, diagnostics } = samplingParts(energy, situation, {
    ...{ report, predict, last, exact: exactFor(sampler), partitions, random },
  })
  return parts === undefined ? unmade(diagnostics) : checked({ reading: { kind: 'posterior', parts }, bound }, diagnostics)
}

/** Which draws from conditional forms a sampler may need. */
function exactFor(sampler: OptionsOf<'sample'>['sampler'] = defaults.sampler): NonNullable<WantedDraws['exact']> {
  if (sampler === 'gibbs') return 'all'
  return sampler === 'auto' || sampler === 'exact' ? 'at once' : 'none'
}
