import { describe, expect, it } from 'vitest'
import type { Diagnostic } from '../../src/base/diagnostic.ts'
import { type Ancestral, nameOf, planOf, type SamplerName } from '../../src/run/samplers.ts'

const states = [{ name: 'x' }] as never
const discrete = [{ name: 'z' }] as never
const undirected: Ancestral = { reason: 'it has a term.' }
const directed = { graph: {}, draws: [] } as unknown as Ancestral
const programs = {
  both: { states, discrete },
  smooth: { states, discrete: [] },
  jumping: { states: [], discrete },
  still: { states: [], discrete: [] },
}

describe('what draws', () => {
  it.each<[SamplerName, keyof typeof programs, Ancestral, string]>([
    ['auto', 'both', undirected, 'nuts within gibbs'],
    ['auto', 'smooth', undirected, 'nuts'],
    ['auto', 'jumping', undirected, 'gibbs'],
    ['auto', 'still', undirected, 'exact'],
    ['auto', 'both', directed, 'exact'],
    ['nuts', 'both', directed, 'nuts within gibbs'],
    ['langevin', 'both', undirected, 'langevin within gibbs'],
    ['gibbs', 'both', undirected, 'nuts within gibbs'],
    [
      'gibbs',
      'smooth',
      undirected,
      'AMP711 no discrete state is left to move, and no continuous one has a conditional form that it could draw from. Use --sampler nuts.',
    ],
    ['nuts', 'jumping', undirected, 'AMP711 it has no continuous state to move. Use --sampler gibbs.'],
    ['langevin', 'still', undirected, 'AMP711 it has no continuous state to move. Use --sampler exact.'],
    ['exact', 'jumping', undirected, 'AMP711 it has a term. Use --sampler gibbs.'],
  ])('%s of %s', (sampler, kind, ancestral, expected) => {
    const diagnostics: Diagnostic[] = []
    const plan = planOf({ program: programs[kind], exact: [], ancestral, isFree: true, isProper: () => true }, sampler, diagnostics)
    const refusals = diagnostics.map((d) => `${d.code} ${d.message.split(': ')[1]} ${d.hint}`)
    expect(plan === undefined ? refusals : [nameOf(plan)]).toEqual([expected])
  })

  const draw = { kind: 'gaussian', variables: [{ name: 'x' }] } as never
  it.each<[SamplerName, keyof typeof programs, boolean, string]>([
    ['auto', 'smooth', true, 'exact'],
    ['exact', 'smooth', true, 'exact'],
    ['auto', 'smooth', false, 'nuts'],
    ['gibbs', 'smooth', true, 'gibbs'],
    ['nuts', 'smooth', true, 'nuts'],
    ['auto', 'both', true, 'nuts within gibbs'],
    ['gibbs', 'both', true, 'gibbs'],
  ])('%s of %s with a conditional form, whether it is proper: %s', (sampler, kind, isProper, expected) => {
    const plan = planOf(
      { program: programs[kind], exact: [draw], ancestral: undirected, isFree: false, isProper: () => isProper },
      sampler,
      [],
    )
    expect(plan && nameOf(plan)).toBe(expected)
  })

  it('moves by NUTS what has no form', () => {
    const program = { states: [{ name: 'x' }, { name: 'w' }], discrete } as never
    const plan = planOf({ program, exact: [draw], ancestral: undirected, isFree: true, isProper: () => true }, 'gibbs', [])
    expect(plan).toEqual({
      kind: 'blocks',
      blocks: [{ by: 'nuts', moves: ['w'] }, { by: 'conditional', moves: ['x'] }, { by: 'gibbs', moves: ['z'] }], // biome-ignore format: one line
    })
  })

  it('is not exact where something is known', () => {
    const plan = planOf({ program: programs.both, exact: [], ancestral: directed, isFree: false, isProper: () => true }, 'auto', [])
    expect(plan).toEqual({
      kind: 'blocks',
      blocks: [
        { by: 'nuts', moves: ['x'] },
        { by: 'gibbs', moves: ['z'] },
      ],
    })
  })
})
