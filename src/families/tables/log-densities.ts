import { isCounted } from '../parts/support.ts'
import { type FamilyName, familyNames, signatures } from './signatures.ts'

/** What the log density of a family is called as a function, which is Stan's name for it: `normal_lpdf`, `poisson_lpmf`. */
export function logDensityName(family: FamilyName): string {
  return `${family}_${isCounted(signatures[family].support) ? 'lpmf' : 'lpdf'}`
}

const families: ReadonlyMap<string, FamilyName> = new Map(familyNames.map((family) => [logDensityName(family), family]))

export const logDensityNames: readonly string[] = [...families.keys()]

/** The family whose log density is called so. */
export function familyOfLogDensity(name: string): FamilyName | undefined {
  return families.get(name)
}
