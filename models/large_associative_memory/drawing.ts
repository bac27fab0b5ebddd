import type { Figure } from 'amp-lang/experiment'

export function drawing(
  paths: readonly { readonly name: string; readonly energies: readonly number[] }[],
  lags: readonly { readonly lag: number; readonly error: number }[],
): Figure {
  // To half the time only: the end at time 8, which it is taken from, is not rest itself.
  const falling = (energies: readonly number[]) => {
    const [first, last] = [energies[0] as number, energies.at(-1) as number]
    return energies.map((e, k) => ({ x: k * 0.04, y: (e - last) / (first - last) })).filter(({ x, y }) => x <= 4 && y > 1e-5)
  }
  const seen = [0.118, 0.054, 0.022, 0.007, 0.0024]
  const fastest = lags.at(-1)
  return {
    title: 'Two layers of neurons relax',
    panels: [
      {
        title: 'Energy along the paper’s equations',
        x: { label: 'time / τ' },
        y: { label: 'share of the fall still to come', scale: 'log' },
        series: paths.map(({ name, energies }) => ({ name, marks: 'line', points: falling(energies) })),
      },
      {
        title: 'What hidden neurons that lag change, model B',
        x: { label: 'time constant of hidden neurons', scale: 'log' },
        y: { label: 'largest error of v', scale: 'log' },
        series: [
          { name: 'here', marks: 'line and dots', points: lags.map(({ lag: x, error: y }) => ({ x, y })) },
          {
            name: 'independent simulation, other memories',
            marks: 'dots',
            points: lags.map(({ lag: x }, k) => ({ x, y: seen[k] as number })),
          },
          {
            name: 'in proportion',
            marks: 'dashes',
            points: lags.map(({ lag: x }) => ({ x, y: ((fastest?.error ?? 0) * x) / (fastest?.lag ?? 1) })),
          },
        ],
      },
    ],
  }
}
