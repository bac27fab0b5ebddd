import type * as Plot from '@observablehq/plot'
import type { FigureLayer } from '../layers.ts'
import { paletteColour } from '../theme.ts'
import { bars } from './bars.ts'
import { contour } from './contour.ts'
import { intervals } from './intervals.ts'
import type { FigureRow, Mark } from './mark.ts'
import { paths } from './paths.ts'
import { points } from './points.ts'
import { rules } from './rules.ts'

const marks: { readonly [K in FigureLayer['mark']]: Mark<Extract<FigureLayer, { readonly mark: K }>> } = {
  contour,
  paths,
  points,
  intervals,
  bars,
  rules,
}

const markOf = (layer: FigureLayer): Mark<FigureLayer> => marks[layer.mark] as unknown as Mark<FigureLayer>
const colourOf = (layer: FigureLayer): string => paletteColour('colour' in layer ? layer.colour : 0)

export const drawLayer = (layer: FigureLayer): readonly Plot.Markish[] => markOf(layer).draw(layer, colourOf(layer))
export const keyOf = (layer: FigureLayer): string | undefined => markOf(layer).key(layer, colourOf(layer))
export const rowsOf = (layer: FigureLayer): readonly FigureRow[] => markOf(layer).rows(layer)
