import { must } from '../../base/internal-error.ts'
import { arrayMoments, numberMoments } from '../../families/tables/moments.ts'
import type { ArrayFamily, NumberFamily } from '../../families/tables/signatures.ts'
import type { FamilyBlock } from '../../middle/fit-program.ts'
import { type OpenSetting, open } from '../../middle/open.ts'
import * as ports from '../../middle/ports.ts'
import { siteSampler, sitesOf } from '../samplers/site-sampler.ts'
import type { FitBuffers, FitPart } from './part.ts'
import { formStatistics, statisticAt } from './statistics.ts'

/** One variable whose q is of a family, at each site by itself. */
export function familyPart(block: FamilyBlock, setting: OpenSetting, { means, values, sums }: FitBuffers): FitPart {
  const { name, draw, form } = block
  const executable = open(setting, draw.program.graph, means)
  const [drawn] = draw.program.draws
  const { arguments: count, family } = must(drawn, name)
  const row = formStatistics[form]
  const args = Array.from({ length: count }, (_, i) => must(executable.outputs.get(ports.parameter(name, i)), name))
  const positive = executable.outputs.get(ports.positive(name))
  const sites = sitesOf(must(drawn, name), setting.sizes)
  const sample = siteSampler(must(drawn, name), 0)
  const own = must(values.get(name), name)
  const x = new Float64Array(sites[0]?.size ?? 0)
  const here = args.map((a) => new Float64Array(a.length / Math.max(1, sites.length)))
  const statistics = block.statistics.map(({ statistic, port }) => ({
    buffer: must(means.get(port), port),
    mean: must(row.means[statistic], statistic),
    at: must(statisticAt[statistic], statistic),
  }))

  /** The arguments of a site. */
  const take = (s: number): void => {
    here.forEach((to, a) => {
      to.set((args[a] as Float64Array).subarray(s * to.length, (s + 1) * to.length))
    })
  }

  const total = (f: (s: number) => number): number => {
    let sum = 0
    for (let s = 0; s < sites.length; s += 1) {
      take(s)
      sum += f(s)
    }
    return sum
  }

  return {
    names: [name],
    update() {
      sums.fresh()
      executable.run()
      if (positive?.every((p) => p > 0) === false) return name
      sites.forEach(({ start, stride, size }, s) => {
        take(s)
        for (const { buffer, mean } of statistics) for (let i = 0; i < size; i += 1) buffer[start + i * stride] = mean(here, i, size)
      })
      sums.changed()
      return undefined
    },
    entropy: () => total((s) => row.entropy(here, sites[s]?.size ?? 0)),
    draw(stream) {
      return total((s) => {
        const site = must(sites[s], 'site')
        sample(stream, here, own, site)
        for (let i = 0; i < site.size; i += 1) x[i] = own[site.start + i * site.stride] as number
        return row.logDensity(here, x)
      })
    },
    pin() {
      sums.changed()
      for (const { buffer, at } of statistics) for (let i = 0; i < own.length; i += 1) buffer[i] = at(own[i] as number)
    },
    moments() {
      const [mean, sd] = [new Float64Array(own.length), new Float64Array(own.length)]
      sites.forEach(({ start, stride, size }, s) => {
        take(s)
        const found = momentsAt(family, here, size)
        for (let i = 0; i < size; i += 1) {
          mean[start + i * stride] = found.means[i] as number
          sd[start + i * stride] = Math.sqrt(found.variances[i] as number)
        }
      })
      return [{ name, mean, sd }]
    },
  }
}

function momentsAt(
  family: string,
  args: readonly Float64Array[],
  size: number,
): { means: ArrayLike<number>; variances: ArrayLike<number> } {
  const vector = arrayMoments[family as ArrayFamily]
  if (vector !== undefined) return { means: vector.means(args, size, 1), variances: vector.variances(args, size, 1) }
  const numbers = args.map((a) => a[0] as number)
  const row = numberMoments[family as NumberFamily]
  return { means: [row.mean(numbers)], variances: [row.variance(numbers)] }
}
