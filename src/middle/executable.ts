import type { Graph, Sizes } from '../ir/graph.ts'

/** A graph made ready to run at given sizes on one backend. */
export interface Executable {
  /** The buffers read by `run`, by input name, laid out in the port's axis order. Write into them. */
  readonly inputs: ReadonlyMap<string, Float64Array>
  /** The buffers `run` fills. */
  readonly outputs: ReadonlyMap<string, Float64Array>
  /** Evaluates the graph. Allocates nothing on kernel and wasm. */
  run(): void
  /** Says that the buffer of a static input changed (backends that keep a copy must look again). */
  touch(name: string): void
  dispose(): void
}

export interface ExecutableOptions {
  /** Buffers to use instead of fresh ones (views into one flat state vector, say), for inputs and outputs by name. */
  readonly buffers?: ReadonlyMap<string, Float64Array>
  /** Inputs that do not change between runs unless `touch`ed. */
  readonly fixed?: ReadonlySet<string>
}

/** A backend's way to make a graph run: reference, kernel, wasm, tfjs. */
export type Target = (graph: Graph, sizes: Sizes, options?: ExecutableOptions) => Executable
