import { type Checked, checked, unmade } from '../base/diagnostic.ts'
import type { Bound } from '../bind/bound.ts'
import { drawnLast } from '../compile/drawn-last.ts'
import { seatingGiven } from '../compile/partitions/open-rows.ts'
import { defaults, type OptionsOf } from '../middle/options.ts'
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

/** Draws given what is bound, of everything else but unknown counts, which are drawn last. `random`: axes that are open in the energy. */
export function posteriorReading(
  loaded: Loaded,
  given: Bound,
  asked: Situation,
  { report, predict, sampler, random = [], partitions }: PosteriorOptions = {},
): Checked<PosteriorReading> {
  const last = drawnLast(loaded.energy, given, asked)
  if (last !== undefined && last.value === undefined) return unmade(last.diagnostics)
  const { energy, bound, program } = last?.value ?? { energy: loaded.energy, bound: given, program: undefined }
  const situation = observing(
    seatingGiven(situationIn(energy, asked, bound), random),
    (program?.draws ?? []).map((d) => d.name),
  )
  const { value: parts, diagnostics } = samplingParts(energy, situation, {
    ...{ report, predict, last: program, exact: exactFor(sampler), partitions, random },
  })
  return parts === undefined
    ? unmade(diagnostics)
    : checked({ reading: { kind: 'posterior', parts }, bound: withKnownParts(bound, situation) }, diagnostics)
}

/** Which draws from conditional forms a sampler may need. */
function exactFor(sampler: OptionsOf<'sample'>['sampler'] = defaults.sampler): NonNullable<WantedDraws['exact']> {
  if (sampler === 'gibbs') return 'all'
  return sampler === 'auto' || sampler === 'exact' ? 'at once' : 'none'
}
