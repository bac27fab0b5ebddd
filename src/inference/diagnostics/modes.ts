import { type Draws, series, statistic } from '../draws/draws.ts'
import { mean, variance } from './moments.ts'
import type { SummaryRow } from './summary.ts'

/** Chains that keep to one place. */
interface ChainGroup {
  readonly chains: readonly number[]
  readonly mean: number
  /** Its mean lp__, where there is one. */
  readonly level: number | undefined
}

/**
 * Which chains are where, when they keep to different modes: apart in the quantity they disagree about most, or else in
 * their level of lp__, by more than four times the spread within a chain. A sentence, with a space before it; empty
 * where the chains overlap.
 */
export function differentModes(draws: Draws, disagreed: readonly SummaryRow[]): string {
  const levels = (statistic(draws, 'lp__') ?? []).map(mean)
  const places = (chains: readonly Float64Array[]): readonly ChainPlace[] =>
    chains.map((c, i) => ({ chain: (draws.chains[i]?.chain ?? i) + 1, mean: mean(c), sd: Math.sqrt(variance(c)), level: levels[i] }))
  for (const { name } of disagreed) {
    const groups = apart(places(series(draws, name)))
    if (groups.length > 1) return modesInWords(name, groups)
  }
  const groups = apart(places(statistic(draws, 'lp__') ?? []))
  return groups.length > 1 ? modesInWords('lp__', groups) : ''
}

function modesInWords(name: string, groups: readonly ChainGroup[]): string {
  const where = groups.map(({ chains, mean: at, level }) => {
    const height = level === undefined || name === 'lp__' ? '' : ` (mean lp__ ${level.toFixed(1)})`
    return `near ${short(at)} in chain${chains.length === 1 ? '' : 's'} ${listed(chains)}${height}`
  })
  return ` The chains are in different modes: ${name} is ${where.join(groups.length > 2 ? ', ' : ' and ')}.`
}

interface ChainPlace {
  readonly chain: number
  readonly mean: number
  readonly sd: number
  readonly level: number | undefined
}

/** Chains in order of their means, parted where the next is farther than four times the spread of either. */
function apart(places: readonly ChainPlace[]): readonly ChainGroup[] {
  const groups: ChainPlace[][] = []
  for (const place of [...places].sort((a, b) => a.mean - b.mean)) {
    const last = groups.at(-1)?.at(-1)
    if (last === undefined || place.mean - last.mean > 4 * Math.max(place.sd, last.sd)) groups.push([place])
    else groups.at(-1)?.push(place)
  }
  return groups.map((group) => ({
    chains: group.map((p) => p.chain).sort((a, b) => a - b),
    mean: average(group.map((p) => p.mean)),
    level: group[0]?.level === undefined ? undefined : average(group.map((p) => p.level ?? Number.NaN)),
  }))
}

function average(numbers: readonly number[]): number {
  return mean(Float64Array.from(numbers))
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)))
}

function listed(numbers: readonly number[]): string {
  return numbers.length < 3 ? numbers.join(' and ') : `${numbers.slice(0, -1).join(', ')} and ${numbers.at(-1)}`
}
