import { must } from '../../base/internal-error.ts'
import { attemptOnce, countsOf, type Memory, type SharedElements, USED } from './elements.ts'
import { asTheyAre, halves, MARGIN, together } from './trial.ts'

/** Pairs that are looked at in one round. */
const MOST_LOOKED = 12

/** Pairs of elements that rows are torn between become one, or are divided anew. */
export function joins(e: SharedElements, memory: Memory): boolean {
  const counts = countsOf(e)
  const used = Array.from(counts.keys()).filter((k) => (counts[k] as number) >= USED)
  let moved = false
  const gone = new Set<number>()
  for (const [a, b] of overlapsOf(e, used).slice(0, MOST_LOOKED)) {
    if (gone.has(a) || gone.has(b)) continue
    const change = changeOf(e, a, b)
    if (change === undefined) continue
    const sizes = [a, b].map((k) => (counts[k] as number).toFixed(1))
    if (!attemptOnce(e, memory, `${change.kind} ${sizes}`, change.make)) continue
    gone.add(a).add(b)
    moved = true
  }
  return moved
}

interface PairChange {
  readonly kind: 'join' | 'divide'
  make(): void
}

/** What their rows by themselves say is better than the two as they are; without a scene of them always to join. */
function changeOf(e: SharedElements, a: number, b: number): PairChange | undefined {
  const join = (): void => {
    for (const p of e.pickers) p.pour(b, a)
  }
  const [picker] = e.pickers
  if (e.small === undefined || picker === undefined) return { kind: 'join', make: join }
  const both = (site: number): number => picker.of(site, a) + picker.of(site, b)
  const sites = Array.from({ length: picker.sites }, (_, s) => s).filter((s) => both(s) > 0.5)
  if (sites.length < 2 || sites.length > MOST_ROWS) return { kind: 'join', make: join }
  const scene = e.small(sites)
  const one = together(scene)
  const now = asTheyAre(scene, sites.map((s) => picker.of(s, b) / both(s))) // biome-ignore format: one thought
  if (one > now.elbo - MARGIN) return { kind: 'join', make: join }
  const other = halves(scene, e.stream)
  if (!(other.elbo > now.elbo + LEAST)) return undefined
  return {
    kind: 'divide',
    make() {
      for (const [i, site] of sites.entries()) {
        const share = both(site)
        picker.give(site, a, share * (1 - (other.second[i] as number)))
        picker.give(site, b, share * (other.second[i] as number))
      }
    },
  }
}

/** Pairs of more rows are joined or left. */
const MOST_ROWS = 4000

/** Nats by which another division must be better. */
const LEAST = 0.01

/** Pairs by the cosine of their shares, the largest first. */
function overlapsOf({ pickers }: SharedElements, used: readonly number[]): readonly (readonly [a: number, b: number])[] {
  const n = used.length
  const products = new Float64Array(n * n)
  const shares = new Float64Array(n)
  for (const picker of pickers) {
    for (let s = 0; s < picker.sites; s += 1) {
      used.forEach((k, i) => {
        shares[i] = picker.of(s, k)
      })
      for (let i = 0; i < n; i += 1) {
        if ((shares[i] as number) < 1e-12) continue
        for (let j = 0; j <= i; j += 1)
          products[i * n + j] = (products[i * n + j] as number) + (shares[i] as number) * (shares[j] as number)
      }
    }
  }
  const own = (i: number): number => products[i * n + i] as number
  const cosine = (i: number, j: number): number => (products[i * n + j] as number) / Math.sqrt(own(i) * own(j))
  const pairs = used.flatMap((_, i) => used.slice(0, i).map((__, j) => ({ i, j, cosine: cosine(i, j) })))
  const torn = pairs.filter((p) => p.cosine > 1e-6).sort((p, q) => q.cosine - p.cosine)
  return torn.map(({ i, j }) => [must(used[j], 'element'), must(used[i], 'element')])
}
