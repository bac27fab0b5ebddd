import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { endsOf } from '../../src/families/parts/support.ts'
import { aliases } from '../../src/families/tables/aliases.ts'
import { densities } from '../../src/families/tables/densities.ts'
import { distributions } from '../../src/families/tables/distributions.ts'
import { draws } from '../../src/families/tables/draws.ts'
import { interiors } from '../../src/families/tables/interiors.ts'
import { limits } from '../../src/families/tables/limits.ts'
import { masses } from '../../src/families/tables/masses.ts'
import { arrayMoments, numberMoments } from '../../src/families/tables/moments.ts'
import { powers } from '../../src/families/tables/powers.ts'
import { familyNames, signatures } from '../../src/families/tables/signatures.ts'

/** Where each part of a family goes, by the name under which its file exports it. */
const tables: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  density: densities,
  interior: interiors,
  limits,
  masses,
  distribution: distributions,
  moments: { ...numberMoments, ...arrayMoments },
  draw: draws,
  power: powers,
  aliases,
}

test('every file beside the tables is a family, and every family has one', () => {
  const files = readdirSync('src/families').flatMap((file) => (file.endsWith('.ts') ? [file.slice(0, -3)] : []))
  expect(files.sort()).toEqual([...familyNames].sort())
})

test.each(familyNames)('all parts of %s are in the tables, and nothing else is', async (name) => {
  const parts: Readonly<Record<string, unknown>> = await import(`../../src/families/${name}.ts`)
  const { signature, ...rest } = parts
  expect(Object.keys(rest).filter((part) => tables[part] === undefined)).toEqual([])
  for (const [part, rows] of Object.entries(tables)) expect(rows[name], part).toBe(rest[part])
  expect(signatures[name].doc).toBe((signature as { readonly doc: string }).doc)
})

test.each(familyNames)('the ends of the support of %s are numbers and parameters that it has', (name) => {
  const { parameters, support, edges = [] } = signatures[name]
  const named = [...(endsOf(support) ?? []), ...edges.flatMap((e) => e.unless?.[0] ?? []), ...('total' in support ? [support.total] : [])]
  const names = parameters.map((p) => p.name)
  for (const end of named) if (typeof end === 'string') expect(names).toContain(end)
})

test('no other name is for two families', () => {
  const names = Object.values(aliases).flatMap((a) => a.names ?? [])
  expect(names.filter((name, i) => names.indexOf(name) !== i || Object.hasOwn(signatures, name))).toEqual([])
})
