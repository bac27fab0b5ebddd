import { fold, type Key, Stream } from '../base/random.ts'
import type { Sizes } from '../ir/graph.ts'
import { volumeOver } from '../ir/layout.ts'
import type { Executable } from '../middle/executable.ts'
import { kindOf, levelsOf } from '../middle/kinds.ts'
import { type OpenSetting, open } from '../middle/open.ts'
import type { DrawnOnce } from '../middle/parts.ts'
import type { DrawablePrior } from '../middle/program.ts'

/** One draw under a run's key: `drawPrior`, which modules that draw nothing leave out. */
export type DrawPrior = (draw: DrawablePrior, executable: Executable, sizes: Sizes, key: Key) => Float64Array

/** One draw under a key, laid out in declared order; elements numbered from 0. `draw` is called for families alone. */
export function drawnValue(item: DrawnOnce, setting: OpenSetting, key: Key, draw: DrawPrior): Float64Array {
  if ('level' in item) return anyLevels(item, setting.sizes, fold(key, item.name))
  const executable = open(setting, item.program.graph)
  const value = draw(item, executable, setting.sizes, key)
  executable.dispose()
  return value
}

/** What has a few values has no middle one: its neutral value is any of them. */
function anyLevels({ axes, type }: Extract<DrawnOnce, { level: true }>, sizes: Sizes, key: Key): Float64Array {
  const stream = new Stream(key)
  const levels = levelsOf(type)
  const place = { at: [], sizes: levels?.kind === 'axis' ? [sizes[levels.axis] ?? 1] : [], stream }
  return Float64Array.from({ length: volumeOver(axes, sizes) }, () => kindOf(type).neutral(type, place))
}
