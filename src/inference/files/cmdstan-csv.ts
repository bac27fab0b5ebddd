import { must } from '../../base/internal-error.ts'
import { columnNames, type Draws, indices } from '../draws/draws.ts'
import type { Tuning } from '../samplers/sampler.ts'

export interface CsvHeader {
  readonly model: string
  readonly seed: number
  /** Numbered from 0; CmdStan's `id` is one more. */
  readonly chain: number
  readonly warmup: number
  readonly draws: number
  readonly thin?: number
  /** Whether the draws of warm-up are among the rows. */
  readonly savedWarmup?: boolean
  readonly tuning: Tuning
  /** Cells of the header for columns that are not called by numbers, by the names of the draws. */
  readonly called?: ReadonlyMap<string, string>
}

/**
 * One chain as CmdStan writes it: comments with the configuration, the sampler's columns, then the parameters with dots
 * for brackets (`theta.1`, `x.1.2`), the first index fastest, as Stan lays out arrays of arrays for its readers. Columns that
 * are called otherwise (`beta[treated]`) stand in the same places.
 */
export function cmdStanCsv(draws: Draws, header: CsvHeader): string {
  return [...cmdStanPieces(draws, header)].join('')
}

/** So many rows are a piece. */
const PIECE = 256

/** The same piece by piece: all of it can be longer than a string may be. */
export function* cmdStanPieces(draws: Draws, header: CsvHeader): Generator<string> {
  const chain = must(
    draws.chains.find((c) => c.chain === header.chain),
    `chain ${header.chain}`,
  )
  const order = columnOrder(draws)
  const nameOf = (name: string): string => header.called?.get(name) ?? dotted(name)
  const names = order.map((c) => nameOf(must(draws.names[c], 'name')))
  let lines = [...configuration(header), [...chain.columns, ...names].join(','), ...adaptation(header.tuning)]
  const width = chain.columns.length
  for (let d = 0; d < chain.count; d += 1) {
    const statistics = Array.from(chain.statistics.subarray(d * width, (d + 1) * width), number)
    const values = order.map((c) => number(chain.values[d * draws.names.length + c] as number))
    lines.push([...statistics, ...values].join(','))
    if (lines.length < PIECE) continue
    yield `${lines.join('\n')}\n`
    lines = []
  }
  if (lines.length > 0) yield `${lines.join('\n')}\n`
}

/** Stan's metric names; it has none that is of low rank. */
const metrics = { unit: 'unit_e', diagonal: 'diag_e', 'low-rank': 'low_rank', dense: 'dense_e' } as const

function configuration(h: CsvHeader): string[] {
  return [
    `# model = ${h.model}`,
    '# method = sample (Default)',
    '#   sample',
    `#     num_samples = ${h.draws}`,
    `#     num_warmup = ${h.warmup}`,
    `#     save_warmup = ${h.savedWarmup === true ? 1 : 0}`,
    `#     thin = ${h.thin ?? 1}`,
    ...(h.tuning.metric === undefined
      ? []
      : [
          '#     algorithm = hmc (Default)',
          '#       hmc',
          '#         engine = nuts (Default)',
          `#         metric = ${metrics[h.tuning.metric]}`,
        ]),
    `# id = ${h.chain + 1}`,
    '# random',
    `#   seed = ${h.seed}`,
  ]
}

function adaptation({ stepSize, metric, inverseMetric }: Tuning): string[] {
  if (stepSize === undefined) return []
  const lines = ['# Adaptation terminated', `# Step size = ${number(stepSize)}`]
  if (metric === 'diagonal' && inverseMetric !== undefined) {
    lines.push('# Diagonal elements of inverse mass matrix:', `# ${Array.from(inverseMetric, number).join(', ')}`)
  }
  if (metric === 'low-rank' && inverseMetric !== undefined) {
    lines.push(
      '# Inverse mass matrix: variances, then the variance of each direction and its elements:',
      `# ${Array.from(inverseMetric, number).join(', ')}`,
    )
  }
  if (metric === 'dense' && inverseMetric !== undefined) {
    const n = Math.sqrt(inverseMetric.length)
    lines.push('# Elements of inverse mass matrix:')
    for (let i = 0; i < n; i += 1) lines.push(`# ${Array.from(inverseMetric.subarray(i * n, (i + 1) * n), number).join(', ')}`)
  }
  return lines
}

/** Positions of the columns with each variable's first index fastest. */
function columnOrder(draws: Draws): number[] {
  const order: number[] = []
  for (const { name, shape } of draws.variables) {
    const start = draws.names.indexOf(columnNames(name, shape)[0] ?? name)
    const strides = shape.map((_, a) => shape.slice(a + 1).reduce((p, s) => p * s, 1))
    for (const at of indices([...shape].reverse())) {
      order.push(start + [...at].reverse().reduce((sum, i, a) => sum + i * (strides[a] as number), 0))
    }
  }
  return order
}

function dotted(name: string): string {
  return name.replace('[', '.').replaceAll(',', '.').replace(']', '')
}

/** Shortest text that reads back as the same double; CmdStan's words for what is not finite. */
function number(x: number): string {
  if (Number.isNaN(x)) return 'nan'
  if (x === Number.POSITIVE_INFINITY) return 'inf'
  return x === Number.NEGATIVE_INFINITY ? '-inf' : String(x)
}
