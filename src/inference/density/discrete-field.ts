import { InternalError, must } from '../../base/internal-error.ts'
import type { Graph, Port, Sizes } from '../../ir/graph.ts'
import type { Executable, Target } from '../../middle/executable.ts'
import { levelValues } from '../../middle/kinds.ts'
import * as ports from '../../middle/ports.ts'
import type { DiscreteState } from '../../middle/program.ts'
import type { DiscreteField } from '../samplers/gibbs.ts'
import { buffer, count } from './program-density.ts'

/**
 * A program's discrete state made ready to move. `shared` holds the buffers of everything the graphs read under its
 * input name (data, `temperature`, `value:OTHER`); `value:NAME` and what is missing are added to it, so that fields and
 * the program's own executable see each other's values.
 */
export function discreteField(state: DiscreteState, target: Target, sizes: Sizes, shared: Map<string, Float64Array>): DiscreteField {
  const cacheNames = state.prepare.outputs.map((o) => o.name)
  const own = new Map([ports.before, ports.after, ...state.axes.map((a) => ports.site(a))].map((name) => [name, new Float64Array(1)]))
  // Of the commit only, inputs and outputs have names in common; its outputs must not be written over what it still reads.
  const commit = target(state.commit, sizes, { buffers: inputs(without(state.commit, cacheNames), sizes, shared, own) })
  const caches = new Map(state.prepare.outputs.map((o) => [o.name, commit.inputs.get(o.name) ?? new Float64Array(count(o.axes, sizes))]))
  const prepare = target(state.prepare, sizes, { buffers: new Map([...inputs(state.prepare, sizes, shared), ...caches]) })
  const propose = target(state.propose, sizes, { buffers: inputs(state.propose, sizes, shared, new Map([...caches, ...own])) })
  const values = shared.get(ports.value(state.name)) ?? addBuffer(shared, ports.value(state.name), count(state.axes, sizes))
  const moves = sites(state, sizes, own)
  const from = buffer(own, ports.before)
  const to = buffer(own, ports.after)
  const change = buffer(propose.outputs, ports.change)

  function aim(site: number, level: number): void {
    moves.aim(site)
    from[0] = values[site] as number
    to[0] = level
  }

  return {
    name: state.name,
    values,
    levels: Float64Array.from(levelValues(state.levels, sizes)),
    prepare: () => prepare.run(),
    change(site, level) {
      aim(site, level)
      propose.run()
      return change[0] as number
    },
    commit(site, level) {
      aim(site, level)
      commit.run()
      adopt(commit, cacheNames, caches)
      values[site] = level
    },
  }
}

function without(graph: Graph, names: readonly string[]): Pick<Graph, 'inputs'> {
  return { inputs: graph.inputs.filter((port) => !names.includes(port.name)) }
}

/** Buffers for a graph's inputs: the field's own ones first, then the shared ones, which grow by what they lack. */
function inputs(graph: Pick<Graph, 'inputs'>, sizes: Sizes, shared: Map<string, Float64Array>, local = new Map<string, Float64Array>()) {
  return new Map(graph.inputs.map((port) => [port.name, local.get(port.name) ?? sharedBuffer(port, sizes, shared)]))
}

function sharedBuffer(port: Port, sizes: Sizes, shared: Map<string, Float64Array>): Float64Array {
  const size = count(port.axes, sizes)
  const there = shared.get(port.name) ?? addBuffer(shared, port.name, size)
  if (there.length !== size) throw new InternalError(`the buffer of ${port.name} holds ${there.length} numbers, not ${size}`)
  return there
}

function addBuffer(shared: Map<string, Float64Array>, name: string, size: number): Float64Array {
  const fresh = new Float64Array(size)
  shared.set(name, fresh)
  return fresh
}

function adopt(commit: Executable, names: readonly string[], caches: ReadonlyMap<string, Float64Array>): void {
  for (const name of names) buffer(caches, name).set(buffer(commit.outputs, name))
}

/** Turns a flat site number into its place along each axis. */
function sites(state: DiscreteState, sizes: Sizes, own: ReadonlyMap<string, Float64Array>) {
  const places = state.axes.map((axis) => buffer(own, ports.site(axis)))
  const lengths = state.axes.map((axis) => must(sizes[axis], `size of axis ${axis}`))
  return {
    aim(site: number): void {
      let rest = site
      for (let a = lengths.length - 1; a >= 0; a -= 1) {
        const length = lengths[a] as number
        ;(places[a] as Float64Array)[0] = rest % length
        rest = Math.floor(rest / length)
      }
    },
  }
}
