/** Light or dark; `auto` is light, and dark where the reader prefers that. */
export type Theme = 'light' | 'dark' | 'auto'

/**
 * A colour is written as it is on light ground and has one counterpart on dark ground. All of the palette have a contrast of
 * at least 4.5 with both grounds; the first five differ for readers of any colour vision.
 */
const pairs = {
  paper: ['#ffffff', '#0f141b'],
  ink: ['#1b1f24', '#e6edf3'],
  faint: ['#59616b', '#a3aebb'],
  frame: ['#c6ccd3', '#3d4752'],
  grid: ['#e3e6ea', '#262e38'],
} as const

const paletteFound = [
  ['#0a5fb4', '#6cb2ff'],
  ['#bf3f04', '#ff9a5c'],
  ['#00745c', '#43d1ac'],
  ['#8a3ea8', '#d8a5f5'],
  ['#7d5f00', '#e5c04b'],
  ['#a81c5a', '#ff8fbd'],
  ['#0f6f80', '#64d0e2'],
  ['#4f5963', '#b3bec9'],
] as const

/** Fills of a landscape from its wells to its heights. */
const rampFound = [
  ['#8fb7df', '#2f6296'],
  ['#9fc1e3', '#2b5986'],
  ['#aecbe8', '#275077'],
  ['#bdd5ec', '#234868'],
  ['#cadef0', '#204059'],
  ['#d6e5f3', '#1c384d'],
  ['#e0ecf6', '#193142'],
  ['#e9f1f8', '#172a37'],
  ['#f1f6fb', '#14232d'],
  ['#f8fafd', '#121c25'],
] as const

type ColourPair = readonly [light: string, dark: string]

export const colours = Object.fromEntries(Object.entries(pairs).map(([name, [light]]) => [name, light])) as Readonly<
  Record<keyof typeof pairs, string>
>
export const palette: readonly string[] = paletteFound.map(([light]) => light)
export const ramp: readonly string[] = rampFound.map(([light]) => light)
export const colourPairs: readonly ColourPair[] = [...Object.values(pairs), ...paletteFound, ...rampFound]

export const paletteColour = (k: number): string => palette[k % palette.length] as string

/** A drawing, made in light colours, under a theme. */
export function themed(svg: string, theme: Theme): string {
  if (theme === 'light') return svg
  if (theme === 'auto') return svg.replace('<title', `<style>${preferred()}</style>\n<title`)
  const dark = new Map(colourPairs.map(([a, b]) => [a, b] as const))
  return svg.replaceAll(/#[0-9a-f]{6}/g, (colour) => dark.get(colour) ?? colour)
}

/** What overrules attributes in the dark: style sheets do. A program that knows none shows the light drawing. */
function preferred(): string {
  const rules = colourPairs.map(([light, dark]) => `[fill="${light}"]{fill:${dark}}[stroke="${light}"]{stroke:${dark}}`)
  return `@media (prefers-color-scheme:dark){${rules.join('')}}`
}
