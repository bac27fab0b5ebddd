import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { must } from '../../../src/base/internal-error.ts'
import { GraphBuilder } from '../../../src/ir/builder.ts'
import { maths } from '../../../src/ir/maths.ts'
import { loadTf } from '../../../src/targets/tfjs/load.ts'
import { openTfjs } from '../../../src/targets/tfjs.ts'
import { program } from '../../cli/amp.ts'
import { noNative } from './backends.ts'

const amp = (backend: string, flags: readonly string[] = [], env: NodeJS.ProcessEnv = process.env) => {
  const model = 'models/modern_hopfield/modern_hopfield.amp'
  const data = 'models/large_associative_memory'
  const from = ['--memory', `xi=${data}/prototypes.csv`, '--cue', `x=${data}/cues.csv`, '--param', 'beta=30']
  return spawnSync(process.execPath, [program, 'retrieve', model, ...from, '--backend', backend, ...flags], { encoding: 'utf8', env })
}

if (noNative === undefined) {
  describe('native TensorFlow', there)
} else {
  it(`native TensorFlow is left out here, and said to be: ${noNative}`, async () => {
    expect((await openTfjs()).passedOver[0]).toBe(noNative)
    expect(amp('tfjs').stdout).toContain(`backend: tfjs-wasm). It was requested. It computes in float32. ${noNative}`)
    expect(amp('tfjs-node').stdout).toContain(`backend: kernel). ${noNative}`)
  })
}

/** What stand-ins cannot show; the laws are held on it in the files beside this one. */
function there(): void {
  it('is what is taken, and goes by the name that is asked for', async () => {
    expect(await openTfjs()).toMatchObject({ backend: 'tfjs-node', passedOver: [] })
    const opened = await loadTf('tfjs-node')
    if (!('tf' in opened)) throw new Error(opened.passedOver.join(' '))
    const { tf } = opened
    expect(tf.getBackend()).toBe('tensorflow')
    expect(tf.version_core).toBe('4.22.0')
    const { binding } = tf.backend() as unknown as { binding: { TF_Version: string } }
    expect(binding.TF_Version).toMatch(/^2\.\d+\.\d+$/)
  })

  it('computes with its own engine while another is open', async () => {
    const b = new GraphBuilder()
    const m = maths(b)
    b.output('y', m.sum(['i'], m.square(b.input('x', ['i']))))
    const graph = b.finish()
    const executables = []
    for (const backend of ['tfjs-node', 'tfjs-wasm', 'tfjs-cpu'] as const) {
      const opened = await openTfjs(backend)
      if (opened.backend === undefined) throw new Error(opened.passedOver.join(' '))
      executables.push(opened.target(graph, { i: 3 }))
    }
    for (const k of [1, 2]) {
      for (const executable of executables) {
        must(executable.inputs.get('x'), 'x').set([k, 2 * k, 3 * k])
        executable.run()
        expect([...must(executable.outputs.get('y'), 'y')]).toEqual([14 * k * k])
      }
    }
    for (const executable of executables) executable.dispose()
  })

  it('says nothing of its own, on any version of Node', () => {
    const { TF_CPP_MIN_LOG_LEVEL: _, ...env } = process.env
    const { stdout, stderr, status } = amp('tfjs-node', [], env)
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
    expect(must(stdout.trimEnd().split('\n').at(-1), 'last line')).toMatch(/^10 of 10 at rest \(flow: fixed-point; backend: tfjs-node\)\./)
  })

  it('says what it is told to say', () => {
    expect(amp('tfjs-node', [], { ...process.env, TF_CPP_MIN_LOG_LEVEL: '0' }).stderr).toMatch(/tensorflow\/core/)
  })

  it('ends where loops end', () => {
    const run = (backend: string) => {
      const found = JSON.parse(amp(backend, ['--json']).stdout) as { backend: { name: string }; cues: { energy: number }[] }
      expect(found.backend.name).toBe(backend)
      return found.cues.map((cue) => cue.energy)
    }
    const [native, loops] = [run('tfjs-node'), run('kernel')]
    expect(native.length).toBe(10)
    // Energies near 1 at rest, where float32 leaves 1e-5 of a coordinate and the energy is flat.
    native.forEach((energy, k) => {
      expect(Math.abs(energy - must(loops[k], 'energy'))).toBeLessThan(1e-5)
    })
  })
}
