import { experiment, largestRise, smallestRise } from 'amp-lang/experiment'
import { filled, pairsOf, type Threshold, thresholds, unknownOf } from './filling.ts'
import { identities } from './identities.ts'
import { type Method, type Recalled, recalled } from './recall.ts'
import { objects, tableOf } from './tables.ts'

const follows = 'follows from the definitions'
const code = "the authors' code, hetero_associative_4d.py"
const simulation = 'independent simulation of the same set-up'

const same = (what: string) => ({ what, source: 0, where: follows, bound: { least: 0, most: 0 } }) as const

export default experiment({
  title: 'An entropic associative memory: objects and pairs of objects as counts in one table',
  source: 'Morales and Pineda 2024, arXiv 2411.02438',
  seconds: 40,
  seed: 1,
  claims: {
    willshaw: same('cells that a cue projects to, against Willshaw recall: others'),
    bam: same('counts there against unclipped outer products'),
    energy: { what: 'energy of a pair against the log of them', source: 0, where: follows, unit: 'nats', bound: { most: 1e-12 } },
    unknown: same('stored pairs that are not recognised'),
    counts: same('table against counts by hand'),
    total: same('sum of the table less pairs x features x features'),
    order: same('table in the other order'),
    additive: same('table of two parts against their sum'),
    forgotten: same('table after a write that was forgotten'),
    mirrored: same('table of the pairs the other way round against its transpose'),
    singleEntropy: same('one pair: entropy, bits'),
    singleCells: same('one pair: cells it projects to besides its own'),
    singleAnswers: same('one pair: answers of all methods that are not its partner'),
    marginal: same('table summed over one feature of b against the register of a'),
    product: {
      what: 'register: energy against a product of categoricals',
      source: 0,
      where: follows,
      unit: 'nats',
      bound: { most: 1e-12 },
    },
    narrow: same('register: answer to a narrow cue less the cue'),
    wide: { what: 'register: answer to a wide cue against its shares', source: 0, where: follows, bound: { most: 1e-9 } },
    entropy: { what: 'register: entropy against arithmetic by hand', source: 0, where: follows, unit: 'bits', bound: { most: 1e-12 } },
    allKnown: same('stored digits and letters that are not recognised'),
    entropyRises: { what: 'least rise of entropy, 100 to 2000 pairs', where: simulation, unit: 'bits', bound: { least: 0.01 } },
    entropyMost: { what: 'largest entropy', source: 4.6, where: simulation, unit: 'bits', bound: { least: 0, most: 8 } },
    refusedFalls: { what: 'refused cues: largest rise with pairs', where: simulation, bound: { most: 0 } },
    refusedRises: { what: 'refused cues: least rise with iota', where: simulation, bound: { least: 0 } },
    ordered: { what: 'largest rise of distance, random to sample to search', where: code, bound: { most: 0 } },
    sample: { what: 'letters of digits: sample and test, right class', source: 0.81, where: simulation, bound: { least: 0.65 } },
    gain: { what: 'its gain on random', source: 0.29, where: simulation, bound: { least: 0.2 } },
    search: { what: 'what search and test adds', source: -0.01, where: simulation, bound: { least: -0.05 } },
    nearer: { what: 'how much its mean distance is below', source: 1.6, where: simulation, bound: { least: 1e-9 } },
    gainBack: { what: 'digits of letters: gain of sample and test on random', where: 'as for letters of digits', bound: { least: 0.2 } },
    searchBack: { what: 'what search and test adds', where: 'as for letters of digits', bound: { least: -0.05 } },
    nearerBack: { what: 'how much its mean distance is below', where: 'as for letters of digits', bound: { least: 1e-9 } },
  },
  async run(lab) {
    lab.progress(0, 'identities')
    const found = await identities(lab)
    const [digits, letters] = [objects(lab, 'digits'), objects(lab, 'letters')]
    const few = lab.quick ? 15 : 100
    const tables = await filled(lab, lab.quick ? [100, 1000] : [100, 500, 1000, 2000], digits, letters, digits.asked.slice(0, few))
    const thousand = tables.find((t) => t.pairs === 1000) as (typeof tables)[number]
    const there = await recalled(lab, thousand.store, 0.25, digits.asked.slice(0, few), letters)
    const mirrored = await tableOf(lab, pairsOf(letters, digits, 1000))
    const back = await recalled(lab, mirrored, 0.25, letters.asked.slice(0, few), digits)
    // Shares of a few cues say little.
    const told = (one: Recalled) => (lab.quick ? { ...judged(one), sample: undefined, gain: undefined, search: undefined } : judged(one))
    const names = Object.keys(thresholds) as readonly Threshold[]
    const entropies = tables.map((t) => t.entropy)
    return {
      measured: {
        ...found,
        allKnown: await unknownOf(thousand.store, pairsOf(digits, letters, lab.quick ? 100 : 1000)),
        entropyRises: smallestRise(entropies),
        entropyMost: Math.max(...entropies),
        refusedFalls: Math.max(...names.map((name) => largestRise(tables.map((t) => t.refused[name])))),
        refusedRises: Math.min(...tables.map((t) => smallestRise(names.map((name) => t.refused[name])))),
        ordered: Math.max(there.rise, back.rise),
        ...told(there),
        ...backward(told(back)),
      },
      figure: {
        title: 'A table of counters as it fills, and three ways to answer from it',
        panels: [
          {
            title: 'Entropy of the table',
            x: { label: 'pairs', scale: 'log' },
            y: { label: 'bits of 8' },
            series: [{ name: 'entropy', marks: 'line and dots', points: tables.map((t) => ({ x: t.pairs, y: t.entropy })) }],
          },
          {
            title: 'Cues that it refuses',
            x: { label: 'pairs', scale: 'log' },
            y: { label: 'share' },
            series: names.map((name) => ({
              name: `iota ${thresholds[name]}`,
              marks: 'line and dots',
              points: tables.map((t) => ({ x: t.pairs, y: t.refused[name] })),
            })),
          },
          {
            title: '1000 pairs, iota 0.25: random, sample, search (right to left)',
            x: { label: 'mean distance of the cue, projected back' },
            y: { label: 'share of the right class' },
            series: [
              { name: 'letters of digits', marks: 'line and dots', points: path(there) },
              { name: 'digits of letters', marks: 'line and dots', points: path(back) },
            ],
          },
        ],
      },
    }
  },
})

const judged = ({ random, sample, search }: Recalled) => ({
  sample: sample.right,
  gain: sample.right - random.right,
  search: search.right - sample.right,
  nearer: sample.distance - search.distance,
})

const backward = ({ gain, search, nearer }: Readonly<Record<'gain' | 'search' | 'nearer', number | undefined>>) => ({
  gainBack: gain,
  searchBack: search,
  nearerBack: nearer,
})

const path = (found: Recalled) =>
  (['random', 'sample', 'search'] as readonly Method[]).map((m) => ({ x: found[m].distance, y: found[m].right }))
