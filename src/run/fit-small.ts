import { must } from '../base/internal-error.ts'
import type { FitPart } from '../inference/fit/part.ts'
import type { SmallScene } from '../inference/fit/trial.ts'
import { volumeOver } from '../ir/layout.ts'
import type { LevelBlock } from '../middle/fit-program.ts'
import { gather, withSizes } from './fit-rows.ts'
import { type FitScene, meansOf, openFit } from './fit-scene.ts'

/** Makes a small scene of some rows; it is good until the next one is made. */
export type SmallScenes = (rows: ArrayLike<number>) => SmallScene

/**
 * Small scenes, opened once for every power of two of rows: undefined where rows have more of their own than the element that they
 * take, or what is given varies over elements.
 */
export function smallScenes(scene: FitScene): SmallScenes | undefined {
  const { fit } = scene.run.parts
  const { rows, shared } = fit
  const [only, ...more] = shared.axes
  const [picker] = fit.blocks.filter((b): b is LevelBlock => b.kind === 'levels' && b.name === only?.pickers[0])
  if (rows === undefined || only === undefined || picker === undefined || more.length > 0 || only.pickers.length > 1) return undefined
  const own = fit.blocks.filter((b) => b !== picker && meansOf(b).some((mean) => mean.axes.includes(rows.axis)))
  const isGivenByElement = fit.fixed.some((v) => v.axes.includes(only.axis))
  if (own.length > 0 || picker.axes.join() !== rows.axis || isGivenByElement) return undefined
  const opened = new Map<number, ReturnType<typeof openSmall>>()
  return (all) => {
    let capacity = 8
    while (capacity < all.length) capacity *= 2
    const small = opened.get(capacity) ?? openSmall(scene, { row: rows.axis, elements: only.axis, capacity })
    opened.set(capacity, small)
    return small(all)
  }
}

interface SmallSizes {
  readonly row: string
  readonly elements: string
  readonly capacity: number
}

function openSmall(scene: FitScene, { row, elements, capacity }: SmallSizes): SmallScenes {
  const { run, buffers } = scene
  const { fit } = run.parts
  const sizes = withSizes(run.sizes, fit.axes, { [row]: capacity, [elements]: 2 })
  const given = fit.fixed.filter((v) => v.axes.includes(row) && run.fixed.has(v.name))
  const loose = new Map(given.map((v) => [v.name, new Float64Array(volumeOver(v.axes, sizes))]))
  const fixed = new Map([...run.fixed].filter(([name]) => !loose.has(name)))
  const small = openFit({ ...run, sizes, fixed }, loose)
  const isOfElements = (part: FitPart): boolean =>
    fit.blocks.some((b, i) => small.parts[i] === part && meansOf(b).some(({ axes }) => axes.includes(elements)))
  const active = small.parts.filter(isOfElements)
  const picker = must(small.pickers[0], row)
  const held = fit.blocks.flatMap(meansOf).filter(({ axes }) => !axes.includes(elements))
  const others = active.filter((p) => p !== picker)
  const elbo = (): number => active.reduce((sum, p) => sum + p.entropy(), -small.meanEnergy())
  return (rows) => {
    for (const v of given)
      gather(must(run.fixed.get(v.name), v.name), must(loose.get(v.name), v.name), { ...v, row, rows, sizes, all: run.sizes })
    for (const { port } of held) must(small.buffers.means.get(port), port).set(must(buffers.means.get(port), port))
    for (let i = 0; i < capacity; i += 1) picker.put(i, undefined)
    return { rows, picker, others, elbo }
  }
}
