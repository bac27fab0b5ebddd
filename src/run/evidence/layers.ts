import { must } from '../../base/internal-error.ts'
import { fold } from '../../base/random.ts'
import { count } from '../../inference/density/program-density.ts'
import { type Layer, layered } from '../../inference/evidence/layers.ts'
import type { OpenPopulation } from '../../inference/evidence/population.ts'
import { type LayerProgram, PARTICLE } from '../../middle/evidence-program.ts'
import { open } from '../../middle/open.ts'
import * as ports from '../../middle/ports.ts'
import type { EvidenceScene } from './scene.ts'

/** Particles of layers, all of whose elements are looked at together. */
export function openLayers({ run, fields, density }: EvidenceScene, programs: readonly LayerProgram[]): OpenPopulation {
  const { sizes, fixed, temperature, key } = run
  return layered({
    temperature,
    key: fold(key, 'particles'),
    open(particles) {
      const setting = { ...run, sizes: { ...sizes, [PARTICLE]: particles } }
      const shared = new Map(fixed)
      for (const { name, axes } of programs) shared.set(ports.value(name), new Float64Array(particles * count(axes, sizes)))
      const layers = programs.map(({ name, change, axes }): Layer => {
        const field = must(fields.find((f) => f.name === name), name) // biome-ignore format: one thought
        const values = must(shared.get(ports.value(name)), name)
        const own = count(axes, sizes)
        for (let i = 0; i < particles; i += 1) values.set(field.values, i * own)
        const executable = open(setting, change, shared)
        return {
          levels: [must(field.levels[0], 'level'), must(field.levels[1], 'level')],
          values,
          held: field.held ?? new Uint8Array(own),
          change: must(executable.outputs.get(ports.change), 'change'),
          look: () => executable.run(),
        }
      })
      const nothing = new Float64Array(0)
      return {
        layers,
        energy(i) {
          for (const [l, { name }] of programs.entries()) {
            const { values } = must(fields.find((f) => f.name === name), name) // biome-ignore format: one thought
            values.set((layers[l] as Layer).values.subarray(i * values.length, (i + 1) * values.length))
          }
          return -temperature * density.evaluate(nothing, nothing)
        },
      }
    },
  })
}
