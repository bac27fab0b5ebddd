import type { Lab, LabStore, Vector } from 'amp-lang/experiment'

/** The four maps of features, by their files. */
export const maps = {
  waves: 'random_feature_memory.amp',
  cosines: 'cosine_features.amp',
  positive: 'positive_features.amp',
  paired: 'paired_features.amp',
} as const

/** A store of a model with so many features, drawn under a seed. */
export async function memory(lab: Lab, file: string, features: number, beta: number, seed: number): Promise<LabStore> {
  const model = await lab.load(file, (text) => text.replace(/^(axis\s+feature = )\d+/m, `$1${features}`))
  return lab.store(model, { param: { beta } }, { seed })
}

/** Patterns of bits, as far from the origin as of any length: 0 or 1 / sqrt(size). */
export function bits(lab: Lab, name: string, count: number, size: number): readonly Vector[] {
  const random = lab.random(name)
  return Array.from({ length: count }, () => Array.from({ length: size }, () => (random.uniform() < 0.5 ? 0 : 1 / Math.sqrt(size))))
}

/** Each with a tenth of its bits flipped. */
export function flipped(lab: Lab, name: string, patterns: readonly Vector[]): readonly Vector[] {
  const random = lab.random(name)
  return patterns.map((p) => {
    const places = Array.from(p, () => random.uniform())
    const last = [...places].sort((a, b) => a - b)[Math.round(p.length / 10) - 1] ?? -1
    return p.map((v, i) => ((places[i] as number) <= last ? 1 / Math.sqrt(p.length) - v : v))
  })
}
