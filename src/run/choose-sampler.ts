import { type Diagnostic, diagnostic } from '../base/diagnostic.ts'
import type { Bound } from '../bind/bind.ts'
import { defaults, type OptionsOf } from '../middle/options.ts'
import type { SamplingProgram } from '../middle/program.ts'
import type { Front } from './ancestral.ts'

export type SamplerName = NonNullable<OptionsOf<'sample'>['sampler']>

/** What draws in the end. */
export type ChosenSampler = Exclude<SamplerName, 'auto'> | 'nuts within gibbs'

/**
 * The sampler asked for, or the one that fits; undefined (with a diagnostic) when it cannot do this program. `front`: how
 * to draw everything in order at the temperature of the run.
 */
export function chooseSampler(
  program: Pick<SamplingProgram, 'states' | 'discrete'>,
  front: Front,
  bound: Bound,
  { sampler = defaults.sampler }: { readonly sampler?: SamplerName },
  diagnostics: Diagnostic[],
): ChosenSampler | undefined {
  const continuous = program.states.length > 0
  const discrete = program.discrete.length > 0
  const fromFront = 'graph' in front && Object.keys(bound.observed).length === 0 && Object.keys(bound.cues).length === 0
  const refuse = (why: string, hint: string): undefined => {
    diagnostics.push(diagnostic('AMP711', `The sampler ${sampler} cannot draw from this model: ${why}.`, { hint }))
    return undefined
  }
  const fits = !continuous && !discrete ? 'exact' : continuous && discrete ? 'nuts within gibbs' : continuous ? 'nuts' : 'gibbs'
  if (sampler === 'auto') return fromFront ? 'exact' : fits
  if (sampler === 'exact') {
    if (fits === 'exact' || fromFront) return 'exact'
    const why = 'reason' in front ? front.reason : 'it draws each variable given those before it, with nothing observed or cued'
    return refuse(why.replace(/\.$/, ''), `Use --sampler ${fits === 'gibbs' ? 'gibbs' : 'nuts'}.`)
  }
  if (sampler === 'gibbs')
    return !discrete ? refuse('no discrete state is left to move', `Use --sampler ${fits}.`) : continuous ? 'nuts within gibbs' : 'gibbs'
  if (!continuous) return refuse('it has no continuous state to move', `Use --sampler ${fits}.`)
  if (discrete)
    return sampler === 'nuts'
      ? 'nuts within gibbs'
      : refuse('it also has discrete states', 'Use --sampler nuts, which alternates with Gibbs steps.')
  return sampler
}
