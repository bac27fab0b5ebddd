import { expect, test } from 'vitest'
import { type EnergyLandscape, type LandscapeOptions, landscape } from '../../src/api/landscape/landscape.ts'
import { planeOfMemories, pointOn, projected } from '../../src/api/landscape/plane.ts'
import { load } from '../../src/api/load.ts'
import { must } from '../../src/base/internal-error.ts'
import { symmetricEigen } from '../../src/base/linear/eigen.ts'
import { givenOf, type Inputs } from '../../src/run/inputs.ts'

async function found(text: string, inputs: Inputs = {}, options: Partial<LandscapeOptions> = {}): Promise<EnergyLandscape> {
  const loaded = must(load({ name: 'm.amp', text }).value, 'model')
  const given = must(givenOf(inputs).value, 'values')
  return must((await landscape(loaded, given, { starts: 8, draws: 0, seed: 1, ...options })).value, 'landscape')
}

const wells = 'state x\nstate y\nenergy (x^2 - 1)^2 + y^2\n'

test('a double well has its energy, two minima, and the saddle between them', async () => {
  const { rests, grid, window, paths, isWhole } = await found(wells)
  expect(isWhole).toBe(true)
  const [u, v] = window
  for (const [i, j] of [
    [0, 0],
    [17, 80],
    [100, 31],
  ] as const) {
    const x = u[0] + ((u[1] - u[0]) * i) / (grid.count - 1)
    const y = v[0] + ((v[1] - v[0]) * j) / (grid.count - 1)
    expect(grid.energies[j * grid.count + i]).toBeCloseTo((x * x - 1) ** 2 + y * y, 10)
  }
  expect(rests.map((r) => r.kind)).toEqual(['minimum', 'minimum', 'saddle'])
  const at = rests.map((r) => [r.at[0], r.at[1]].map((w) => Math.round(w * 1e4) / 1e4 + 0))
  expect(at.slice(0, 2).sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0))).toEqual([
    [-1, 0],
    [1, 0],
  ])
  expect(at[2]).toEqual([0, 0])
  expect(must(rests[2], 'saddle').energy).toBeCloseTo(1, 8)
  // Each retrieval ends in one of the wells, and its way begins where it was put.
  expect(rests.reduce((sum, r) => sum + r.ends, 0)).toBe(8)
  expect(paths.every((way) => Math.abs(Math.abs(must(way.at(-1), 'end')[0]) - 1) < 1e-4)).toBe(true)
})

test('a maximum is told from a minimum', async () => {
  // -(x^2 + y^2) near 0, confined further out: a ring of minima, which are flat along it.
  const { rests } = await found('state x[d]\naxis d = 2\nenergy (sum[d](x^2) - 1)^2\n')
  expect(rests.filter((r) => r.kind === 'maximum').map((r) => r.at.map((w) => Math.abs(w) < 1e-6))).toEqual([[true, true]])
  expect(rests.filter((r) => r.kind === 'minimum')).toEqual([])
})

test('samples are of the density of the same energy, at the same temperature', async () => {
  const { samples, temperature } = await found('state x ~ normal(1, 2)\nstate y ~ normal(x, 1)\n', {}, { draws: 2000, temperature: 0.25 })
  expect(temperature).toBe(0.25)
  const mean = samples.reduce((sum, [x]) => sum + x, 0) / samples.length
  const variance = samples.reduce((sum, [x]) => sum + (x - mean) ** 2, 0) / samples.length
  // The density has x ~ normal(1, 1) at T = 1/4. An effective sample of 400 at least: 6 standard errors, less than 1e-8 by chance.
  expect(Math.abs(mean - 1)).toBeLessThan(0.3)
  expect(Math.abs(variance - 1)).toBeLessThan(6 * Math.sqrt(2 / 400))
})

test('among more numbers the plane goes along two of them, with the others where retrieval ends', async () => {
  const text = 'state x[d]\naxis d = 3\ndata m[d]\nenergy sum[d]((x - m)^2)\n'
  const { rests, notes, isWhole, grid, window } = await found(text, { data: { m: [1, 2, 3] } }, { along: ['x[1]', 'x[3]'] })
  expect(isWhole).toBe(false)
  expect(notes.join(' ')).toContain('The other number is held where retrieval from the cue ends.')
  expect(must(rests[0], 'minimum').at.map((w) => Math.round(w * 1e6) / 1e6)).toEqual([1, 3])
  expect(must(rests[0], 'minimum').kind).toBe('minimum')
  // x[2] stands at 2, so that it adds nothing.
  expect(grid.energies[0]).toBeCloseTo((window[0][0] - 1) ** 2 + (window[1][0] - 3) ** 2, 6)
})

test('what is observed of a state does not move', async () => {
  const text = 'state x[d]\naxis d = 3\nenergy sum[d]((x - 2)^2) + (sum[d](x))^2\n'
  const { plane, rests } = await found(text, { observed: { x: [null, 5, null] } })
  expect(plane.labels).toEqual(['x[1]', 'x[3]'])
  // d/dx = 2 (x - 2) + 2 (2 x + 5) = 0 where both are equal.
  expect(must(rests[0], 'minimum').at[0]).toBeCloseTo(-1, 5)
})

test('of more than two memories the plane is that of the principal components', () => {
  const rows = [
    [1, 2, 0.5, 0],
    [-2, 0.3, 1, 1],
    [0.4, -1, 2, -1],
    [3, 1, -0.7, 0.2],
    [0, 0.9, 0.1, 2],
  ].map((r) => Float64Array.from(r))
  const mean = Array.from({ length: 4 }, (_, i) => rows.reduce((sum, r) => sum + must(r[i], 'x'), 0) / 5)
  const covariance = new Float64Array(16)
  for (const r of rows)
    for (let i = 0; i < 4; i += 1)
      for (let j = 0; j < 4; j += 1)
        covariance[i * 4 + j] =
          must(covariance[i * 4 + j], 'c') + (must(r[i], 'x') - must(mean[i], 'm')) * (must(r[j], 'x') - must(mean[j], 'm'))
  const { values, vectors } = symmetricEigen(covariance, 4)
  const order = [0, 1, 2, 3].sort((a, b) => must(values[b], 'v') - must(values[a], 'v'))
  const plane = must(planeOfMemories(rows, 'xi'), 'plane')
  for (const [k, direction] of [plane.first, plane.second].entries()) {
    const along = direction.reduce((sum, x, i) => sum + x * must(vectors[i * 4 + must(order[k], 'k')], 'v'), 0)
    expect(Math.abs(along)).toBeCloseTo(1, 6)
  }
  const [u, v] = projected(plane, pointOn(plane, [0.7, -1.3]))
  expect(u).toBeCloseTo(0.7, 12)
  expect(v).toBeCloseTo(-1.3, 12)
  // Two memories and 0 lie on theirs; one spans none.
  const [a, b] = rows as [Float64Array, Float64Array]
  const two = must(planeOfMemories([a, b], 'xi'), 'plane')
  for (const m of [a, b]) for (const [i, x] of pointOn(two, projected(two, m)).entries()) expect(x).toBeCloseTo(must(m[i], 'x'), 12)
  expect(planeOfMemories([a], 'xi')).toBeUndefined()
  expect(planeOfMemories([a, a], 'xi')).toBeUndefined()
})
