import { type Checked, checked, type Diagnostic, diagnostic, unmade } from '../base/diagnostic.ts'
import { must } from '../base/internal-error.ts'
import type { GivenByRole } from '../bind/bound.ts'
import { type Given, numbers } from '../bind/given.ts'
import { columnNames } from '../inference/draws/draws.ts'
import { defaults, type OptionsOf, optionsOf } from '../middle/options.ts'
import { type FitResult, fit as fitted } from './fit.ts'
import type { Loaded } from './load.ts'

/** Ways up whose draws are pooled, so that one into a minor mode is left behind by importance. */
const PATHS = 4

/** Draws by which paths are weighed. */
const DRAWS = 400

/**
 * What is given, with a draw of Pathfinder for each chain as where it starts, of the continuous states that nobody gave a start for.
 * AMP604 where a discrete state would have to move, which paths do not.
 */
export function pathfinderStarts(loaded: Loaded, given: GivenByRole, options: OptionsOf<'sample'>): Checked<GivenByRole> {
  const { chains = defaults.chains } = options
  const known = new Set<string>(optionsOf('fit').map(([name]) => name))
  const shared = Object.fromEntries(Object.entries(options).filter(([name]) => known.has(name)))
  const found = fitted(loaded, given, { ...shared, method: 'pathfinder', starts: PATHS, draws: Math.max(DRAWS, chains) })
  if (found.value === undefined) return unmade(found.diagnostics.map(withoutPaths))
  const { outcome } = found.value
  if (outcome.kind === 'failed') return checked(given, [diagnostic('AMP727', `The option init has no effect: ${outcome.sentence}`)])
  const said = new Set(given.cues.map((c) => c.name))
  const starts = startsIn(found.value, chains).filter((s) => !said.has(s.name))
  return checked({ ...given, cues: [...given.cues, ...starts] }, [])
}

function withoutPaths(d: Diagnostic): Diagnostic {
  return d.code === 'AMP604' ? { ...d, hint: 'Leave out --init pathfinder: paths do not move discrete states.' } : d
}

/** The first draws, one a chain. */
function startsIn({ draws, blocks }: FitResult, chains: number): readonly Given[] {
  const { values } = must(draws.chains[0], 'draws')
  const width = draws.names.length
  const moving = new Set(blocks.flatMap((b) => b.names))
  return draws.variables.flatMap(({ name, shape }): readonly Given[] => {
    if (!moving.has(name)) return []
    const columns = columnNames(name, shape)
    const first = draws.names.indexOf(must(columns[0], name))
    const data = Float64Array.from({ length: chains * columns.length }, (_, k) => {
      return values[Math.floor(k / columns.length) * width + first + (k % columns.length)] as number
    })
    return [{ name, from: 'Pathfinder', value: numbers([chains, ...shape], data) }]
  })
}
