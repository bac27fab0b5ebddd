import { must } from '../../base/internal-error.ts'
import type { Stream } from '../../base/random.ts'
import type { ConditionalDraw, FamilyDraw } from '../../middle/conditional-draw.ts'
import type { Executable } from '../../middle/executable.ts'
import { type OpenSetting, open } from '../../middle/open.ts'
import * as ports from '../../middle/ports.ts'
import type { ChainFailure } from '../chains/outcome.ts'
import { siteSampler, sitesOf } from '../samplers/site-sampler.ts'
import { gaussianDraw } from './gaussian-draw.ts'

/** Variables whose density with everything else held is of a known form, ready to be drawn from it. */
export interface FormDraws {
  readonly variables: readonly string[]
  /** Writes a draw where the variables' values are; fails where there is no density to draw from. */
  draw(stream: Stream): ChainFailure | undefined
}

/**
 * Opens the draws of a form. `known`: where the values are of what the graph reads beside `fixed`, and of the variables
 * themselves, by name. `held`: 1 for the elements that stay, of the variables of which some do.
 */
export function formDraws(
  draw: ConditionalDraw,
  setting: OpenSetting,
  known: ReadonlyMap<string, Float64Array>,
  held: ReadonlyMap<string, Uint8Array> = new Map(),
): FormDraws {
  const { graph } = draw.kind === 'family' ? draw.program : draw
  const executable = open(setting, graph, known)
  if (draw.kind === 'family') return familyDraws(draw, executable, setting, known, held)
  const gaussian = gaussianDraw(draw, { executable, sizes: setting.sizes, values: known, held })
  return {
    variables: draw.variables.map((v) => v.name),
    draw(stream) {
      const improper = gaussian(stream)
      return improper === undefined ? undefined : noDensity(improper, 'its precision is not positive')
    },
  }
}

function familyDraws(
  { program }: FamilyDraw,
  executable: Executable,
  { sizes }: OpenSetting,
  known: ReadonlyMap<string, Float64Array>,
  held: ReadonlyMap<string, Uint8Array>,
): FormDraws {
  const [drawn] = program.draws
  const { name, family, truncated, ...rest } = must(drawn, 'draw')
  const given = [...Array.from({ length: rest.arguments }, (_, i) => ports.parameter(name, i)), ...(truncated ? ends(name) : [])]
  const args = given.map((port) => must(executable.outputs.get(port), port))
  const positive = executable.outputs.get(ports.positive(name))
  const values = must(known.get(name), name)
  const stays = held.get(name)
  const sites = sitesOf(must(drawn, 'draw'), sizes)
  const sample = siteSampler(must(drawn, 'draw'), 0)
  // An argument holds as many numbers for every site.
  const here = args.map((a) => new Float64Array(a.length / Math.max(1, sites.length)))
  const take = (s: number): void => {
    for (let a = 0; a < here.length; a += 1) {
      const own = here[a] as Float64Array
      for (let i = 0; i < own.length; i += 1) own[i] = (args[a] as Float64Array)[s * own.length + i] as number
    }
  }
  return {
    variables: [name],
    draw(stream) {
      executable.run()
      if (positive !== undefined) for (const p of positive) if (!(p > 0)) return noDensity(name, `it is no density of ${family} there`)
      for (let s = 0; s < sites.length; s += 1) {
        const site = must(sites[s], 'site')
        if (stays?.[site.start] === 1) continue
        take(s)
        sample(stream, here, values, site)
      }
      return undefined
    },
  }
}

const ends = (name: string): readonly string[] => (['lower', 'upper'] as const).map((end) => ports.end(name, end))

function noDensity(name: string, why: string): ChainFailure {
  return { kind: 'failed', sentence: `The density of "${name}" given everything else cannot be drawn from: ${why}.` }
}
