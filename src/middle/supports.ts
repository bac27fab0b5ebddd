import { must } from '../base/internal-error.ts'
import { endsOf, hasElements, type Support } from '../families/parts/support.ts'
import type { Kind, KindRule } from './kinds/rule.ts'
import { kinds } from './kinds.ts'
import type { ValueType } from './model.ts'

const rules = kinds as Readonly<Record<Kind, KindRule>>

/** The type whose values are those of a support along the axes of its family, whatever the arguments; undefined where none is. */
export function typeOf(support: Support, over: readonly string[]): ValueType | undefined {
  if ('vector' in support) return written(support.vector, over)
  if ('matrix' in support) {
    const type = written(support.matrix, over)
    return support.unitRows === true && type.kind === 'cholesky' ? { ...type, unitRows: true } : type
  }
  const kind = (Object.keys(rules) as Kind[]).find((k) => isJust(rules[k], support))
  return kind && written(kind, over)
}

function written(kind: Kind, [first = '', second = '']: readonly string[]): ValueType {
  return must(rules[kind].written, kind).type(first, second)
}

/** Whether a kind of single numbers has the values of a support; of one that ends at an argument, those up to any end. */
function isJust({ written, range, bounds, discrete, allows }: KindRule, support: Support): boolean {
  if (written?.axes !== 0 || discrete !== 'whole' in support) return false
  const [low, high] = endsOf(support) ?? []
  if (discrete)
    return low === range.low && (typeof high === 'number' ? high : Infinity) === range.high && allows(low + 1, written.type('', ''), {})
  const open = 'interval' in support && support.open === true
  return bounds !== undefined && low === range.low && high === range.high && (low !== 0 || range.zero !== open)
}

/** Whether all values of one kind of type are values of another: bits are counts, and correlation matrices covariances. */
export function isAmong(kind: Kind, other: Kind): boolean {
  if (kind === other || (kind === 'correlation' && other === 'covariance')) return true
  const [a, b] = [rules[kind], rules[other]]
  if (a.written?.axes !== 0 || b.written?.axes !== 0 || (b.discrete && !a.discrete)) return false
  const within = a.range.low >= b.range.low && a.range.high <= b.range.high && (b.range.zero || !a.range.zero)
  const type = a.written.type('', '')
  const levels = a.levels?.(type)
  const held = levels?.kind === 'values' ? levels.values : []
  return within && held.every((v) => b.allows(v, b.written?.type('', '') ?? type, {}))
}

/** Whether a type alone keeps its values inside a support. */
export function keepsInside({ kind }: ValueType, support: Support): boolean {
  if (hasElements(support)) return kind === 'element'
  if (endsOf(support)?.some((end) => typeof end === 'string') === true) return false
  const type = typeOf(support, [])
  return type !== undefined && isAmong(kind, type.kind)
}

/** Whether a type that is no interval of the line holds every value of a support. */
export function holdsSupport({ kind }: ValueType, support: Support): boolean {
  if (hasElements(support)) return kind === 'element'
  const type = typeOf(support, [])
  return type !== undefined && isAmong(type.kind, kind)
}
