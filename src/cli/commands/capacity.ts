import { type CapacityResult, type CapacityRow, capacity as run } from '../../api/capacity.ts'
import type { RetrieveOptions } from '../../api/retrieve.ts'
import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts'
import { type FlaggedOptions, flagged } from '../../middle/options.ts'
import type { Figure } from '../../plot/figure.ts'
import { writeWhole } from '../files/write.ts'
import { range } from '../ladder.ts'
import { modelWithValues } from '../model-with-values.ts'
import { progressLine } from '../progress-line.ts'
import { show, table } from '../table.ts'
import { print, report } from '../terminal.ts'
import type { ValueOptions } from '../values.ts'

export interface CapacityCommandOptions extends ValueOptions, FlaggedOptions<'retrieve'> {
  readonly along: string
  readonly corrupt: readonly string[]
  readonly success?: string
  readonly sizes: readonly string[]
  readonly level?: number
  readonly memories?: number
  readonly cues?: number
  readonly from?: number
  readonly to?: number
  readonly ratio?: number
  readonly loads?: string
  readonly json?: boolean
  readonly out?: string
}

/** How many patterns a memory holds; exit code 2 where no load was found at which recall fails. */
export async function capacity(file: string, options: CapacityCommandOptions): Promise<number> {
  const corrupt = options.corrupt.map(pairOf)
  const sizes = options.sizes.map((text) => sizesOf(text))
  const loads = options.loads === undefined ? undefined : listOf(options.loads)
  const ending = /\.(json|csv|svg)$/.exec(options.out ?? '.json')
  const wrong = [
    ...options.corrupt.flatMap((text, i) =>
      corrupt[i] === undefined ? [unread('--corrupt', text, 'a state and what is done to it: x=flip(0.1)')] : [],
    ),
    ...options.sizes.flatMap((text, i) =>
      sizes[i] === undefined ? [unread('--sizes', text, 'an axis and its sizes: dim=20; dim=10, 20, 40; dim=10 .. 18; dim=10:50:10')] : [],
    ),
    ...(options.loads !== undefined && loads === undefined
      ? [unread('--loads', options.loads, 'loads: 10, 20, 40; 10 .. 18; 10:50:10')]
      : []),
    ...(ending === null ? [unread('--out', options.out ?? '', 'a file that ends in .json, .csv or .svg')] : []),
  ]
  if (wrong.length > 0) return report(wrong, { name: file, text: '' })
  // Pictures are none of the formats that values are written in.
  const opened = await modelWithValues(file, ending?.[1] === 'svg' ? { ...options, out: undefined } : options)
  if (typeof opened === 'number') return opened
  const { source, loaded, values, before } = opened
  const { along, success, level, memories, cues, from, to, ratio } = options
  const line = progressLine('capacity', process.stderr)
  const { seed, ...retrieve } = flagged('retrieve', options) as RetrieveOptions
  const result = await run(loaded, values, {
    along,
    corrupt: Object.fromEntries(corrupt.flatMap((pair) => (pair === undefined ? [] : [pair]))),
    sizes: Object.fromEntries(sizes.flatMap((pair) => (pair === undefined ? [] : [pair]))),
    retrieve,
    ...given({ success, level, memories, cues, from, to, ratio, loads, seed }),
    progress: (said) => line.show(0, said),
  })
  line.clear()
  const code = report([...before, ...result.diagnostics], source)
  if (result.value === undefined) return code
  print(options.json ? JSON.stringify(result.value, null, 2) : text(result.value, options.loads !== undefined))
  const unwritten = options.out === undefined ? [] : await written(options.out, ending?.[1] ?? 'json', result.value)
  if (report(unwritten, source) !== 0) return 1
  return options.loads !== undefined || result.value.rows.every((r) => r.capacity !== undefined) ? code : 2
}

function given<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, v]) => v !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> }
}

function unread(flag: string, text: string, expected: string): Diagnostic {
  return diagnostic('AMP739', `${flag} ${text} cannot be read.`, { expected })
}

/** `x=flip(0.1)` */
function pairOf(text: string): readonly [string, string] | undefined {
  const at = text.indexOf('=')
  return at < 1 ? undefined : [text.slice(0, at).trim(), text.slice(at + 1).trim()]
}

/** `dim=20` is one size, all else is a list. */
function sizesOf(text: string): readonly [string, number | readonly number[]] | undefined {
  const pair = pairOf(text)
  const list = pair && listOf(pair[1])
  if (pair === undefined || list === undefined) return undefined
  const [only] = list
  return [pair[0], list.length === 1 && only !== undefined ? only : list]
}

/** `10, 20, 40`; `10 .. 18`, every whole number between, or `10 .. 100 in 4`, as a ladder has them; `10:50:10`. */
function listOf(text: string): readonly number[] | undefined {
  const [, from, to, step = '1'] = /^\s*(\d+)\s*:\s*(\d+)\s*:\s*(\d+)\s*$/.exec(text) ?? /^\s*(\d+)\s*\.\.\s*(\d+)\s*$/.exec(text) ?? []
  if (from !== undefined && to !== undefined) {
    const count = Math.floor((Number(to) - Number(from)) / Number(step)) + 1
    return count >= 1 && count <= 10_000 && Number(step) > 0
      ? Array.from({ length: count }, (_, i) => Number(from) + i * Number(step))
      : undefined
  }
  if (text.includes('..')) {
    try {
      return [...new Set(range(text).map(Math.round))]
    } catch {
      return undefined
    }
  }
  const all = text.split(',').map((n) => (/^\s*\d+\s*$/.test(n) ? Number(n) : Number.NaN))
  return all.some(Number.isNaN) ? undefined : all
}

const percent = (share: number): string => `${Number((100 * share).toPrecision(3))} %`
const between = ([low, high]: readonly [number, number], as: (x: number) => string): string => `${as(low)} to ${as(high)}`

function text(result: CapacityResult, isMeasured: boolean): string {
  const { rows, along, success, level } = result
  const [only] = rows
  const axes = Object.keys(only?.sizes ?? {})
  const of = (r: CapacityRow): readonly number[] => axes.map((a) => r.sizes[a] as number)
  const heads = rows.length > 1 || isMeasured ? axes : []
  const points = rows.flatMap((r) =>
    r.points.map((p) => [
      ...(heads.length > 0 ? of(r) : []),
      p.count,
      p.tried,
      percent(p.success),
      between(p.interval, percent),
      show(p.overlap),
      percent(p.errors),
    ]),
  )
  const pointTable = table([...heads, along, 'cues', 'recalled', '95 % interval', 'overlap', 'errors'], points)
  if (isMeasured) return `${pointTable}\n\nRecalled: ${success}.`
  if (rows.length === 1 && only !== undefined) return `${pointTable}\n\n${inWords(only, result)}`
  const capacities = rows.map((r) => [
    ...of(r),
    r.capacity === undefined ? 'not found' : show(r.capacity),
    r.interval === undefined ? '' : between(r.interval, show),
  ])
  return [
    table([...axes, 'capacity', '95 % interval'], capacities),
    '',
    `The capacity is the load along ${along} at which ${percent(level)} of the cues are recalled: ${success}.`,
    ...grown(result),
  ].join('\n')
}

function inWords({ capacity: found, interval, points }: CapacityRow, { along, level, success }: CapacityResult): string {
  if (found !== undefined && interval !== undefined)
    return `Capacity: ${show(found)} along ${along} (95 %: ${between(interval, show)}), where ${percent(level)} of the cues are recalled: ${success}.`
  const first = points[0]
  const last = points.at(-1)
  return first !== undefined && first.success < level
    ? `Fewer than ${percent(level)} of the cues are recalled at ${first.count} already: ${success}.`
    : `${percent(last?.success ?? 1)} of the cues are still recalled at ${last?.count}: ${success}. Try more with --to.`
}

function grown({ growth }: CapacityResult): readonly string[] {
  if (growth === undefined) return []
  const { axis, bySize, byLogSize } = growth
  return [
    ...(bySize === undefined
      ? []
      : [
          `log capacity grows by ${show(bySize.slope)} +- ${show(bySize.error)} with each of ${axis} (R^2 ${show(bySize.r2)}), as of an exponential memory;`,
        ]),
    ...(byLogSize === undefined
      ? []
      : [`as a power of ${axis}, the exponent is ${show(byLogSize.slope)} +- ${show(byLogSize.error)} (R^2 ${show(byLogSize.r2)}).`]),
  ]
}

async function written(path: string, ending: string, result: CapacityResult): Promise<readonly Diagnostic[]> {
  if (ending === 'json') return writeWhole(path, `${JSON.stringify(result, null, 2)}\n`)
  if (ending === 'csv') return writeWhole(path, csv(result))
  const { svgOf } = await import('../../plot/svg.ts')
  return writeWhole(path, svgOf(figure(result)))
}

function csv({ rows, along }: CapacityResult): string {
  const axes = Object.keys(rows[0]?.sizes ?? {})
  const lines = rows.flatMap((r) =>
    r.points.map((p) =>
      [...axes.map((a) => r.sizes[a]), p.count, p.tried, p.success, ...p.interval, p.overlap, p.errors, p.distance].join(','),
    ),
  )
  return [[...axes, along, 'cues', 'recalled', 'low', 'high', 'overlap', 'errors', 'distance'].join(','), ...lines, ''].join('\n')
}

/** The share that is recalled by load, a line for each size; and capacities by size where there are several. */
function figure({ rows, along, growth, success }: CapacityResult): Figure {
  const named = (r: CapacityRow): string => Object.entries(r.sizes).map(([a, n]) => `${a} = ${n}`).join(', ') // biome-ignore format: one thought
  const shares = {
    title: `recalled: ${success}`,
    x: { label: along, scale: 'log' as const },
    y: { label: 'share of cues' },
    series: rows.map((r) => ({
      name: named(r),
      marks: 'line and dots' as const,
      points: r.points.map((p) => ({ x: p.count, y: p.success })),
    })),
  }
  const known =
    growth === undefined
      ? []
      : rows.flatMap((r) => (r.capacity === undefined ? [] : [{ x: r.sizes[growth.axis] as number, y: r.capacity }]))
  const capacities = growth && {
    title: 'capacity',
    x: { label: growth.axis },
    y: { label: along, scale: 'log' as const },
    series: [{ name: '', marks: 'line and dots' as const, points: known }],
  }
  return { title: `Capacity along ${along}`, panels: [...(capacities ? [capacities] : []), shares] }
}
