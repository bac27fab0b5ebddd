/**
 * The graph: scalar rules over named axes. A node is an operation with the *set* of axis names it varies over;
 * elementwise operations broadcast by name. Nodes sit in one flat table in topological order and refer to operands by
 * position. Sizes are not part of a graph: they are given when it runs.
 */
export type NodeId = number

export type UnaryOp =
  | 'neg'
  | 'exp'
  | 'expm1'
  | 'log'
  | 'log1p'
  | 'sqrt'
  | 'square'
  | 'abs'
  | 'sign'
  | 'floor'
  | 'ceil'
  | 'round'
  | 'sin'
  | 'cos'
  | 'tan'
  | 'asin'
  | 'acos'
  | 'atan'
  | 'sinh'
  | 'cosh'
  | 'tanh'
  | 'sigmoid'
  | 'softplus'
  | 'logcosh'
  | 'lgamma'
  | 'digamma'
  | 'trigamma'
  | 'erf'
  | 'erfc'
  | 'log_erfc'
  /**
   * `log_total(x)`: x, the log of what weights add up to, but no less than `LEAST_TOTAL`: the weights exp(y - log_total(x)) of
   * nothing but minus infinities are 0 then, not NaN. Written where weights are, and what they are known by.
   */
  | 'log_total'

export type BinaryOp =
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'pow'
  | 'min'
  | 'max'
  | 'less'
  | 'less_equal'
  | 'equal'
  /** `xlogy(a, b)`: a log(b), and 0 where a is 0, whatever b is. */
  | 'xlogy'
  | 'log_bessel_i'
  | 'log_gamma_p'
  | 'log_gamma_q'
  | 'log_gamma_p_by_shape'
  | 'log_gamma_q_by_shape'
  /** `bessel_ratio(x, v)`: I_v(x) / I_(v - 1)(x). */
  | 'bessel_ratio'
  /** `log1p_square(a, b)`: log(1 + (a / b)^2), for b > 0. */
  | 'log1p_square'
  /** log B(a, b). */
  | 'log_beta'
  /** `digamma_gap(a, b)`: digamma(a + b) - digamma(a). */
  | 'digamma_gap'

/** `where(condition, a, b)`: condition is 1 or 0. What the special functions mean is said beside them (base/special). */
export type TernaryOp =
  | 'where'
  | 'log_beta_i'
  | 'log_beta_i_by_first'
  | 'log_beta_i_by_second'
  | 'log_von_mises_mass'
  | 'log_von_mises_mass_by_kappa'

export type ElementwiseOp = UnaryOp | BinaryOp | TernaryOp

export type ReductionOp = 'sum' | 'prod' | 'max_over' | 'min_over' | 'logsumexp'

interface NodeShared {
  /** Sorted by name. */
  readonly axes: readonly string[]
  readonly args: readonly NodeId[]
}

export type Node = NodeShared &
  (
    | { readonly op: 'const'; readonly value: number }
    | { readonly op: 'input'; readonly name: string }
    /** The number of elements of an axis; a scalar. */
    | { readonly op: 'size'; readonly axis: string }
    /** 0, 1, 2, ... along an axis. */
    | { readonly op: 'index'; readonly axis: string }
    | { readonly op: ElementwiseOp }
    /** Removes `over` (sorted, all of them axes of the operand). */
    | { readonly op: ReductionOp; readonly over: readonly string[] }
    /** args [x, index]: `x` at `index` (from 0) along `axis`; axes are those of x without `axis`, and those of index. */
    | { readonly op: 'pick'; readonly axis: string }
    /**
     * args [g, index]: the transpose of pick. `out[axis = k] = sum over 'over' of g where index = k`.
     * Axes are (axes of g and index) without `over`, and `axis`.
     */
    | { readonly op: 'scatter'; readonly axis: string; readonly over: readonly string[] }
    /** The same numbers with the axis `from` called `to`; both have the same size. */
    | { readonly op: 'rename'; readonly from: string; readonly to: string }
    /** `out[i] = x[i - by]`, 0 where that falls outside. */
    | { readonly op: 'shift'; readonly axis: string; readonly by: number }
    /** Running sum along `axis`, from the end when `reverse`; inclusive. */
    | { readonly op: 'cumsum'; readonly axis: string; readonly reverse: boolean }
    /**
     * A recursion along `axis`: args [first, ...elements]; `body` is a graph with the inputs `prev` and `e0`, `e1`, ...
     * (the elements at this position, without `axis`; inputs it does not use are left out) and the single output `next`.
     * Nothing in the body varies along `axis`; the ports have exactly the axes of the operands (`prev`: the carried axes).
     * `out[0] = first`, `out[i] = next(out[i-1], elements at i)`; from the end when `reverse`.
     * Axes are `axis` and those of `prev`.
     */
    | { readonly op: 'scan'; readonly axis: string; readonly reverse: boolean; readonly body: Graph }
    /**
     * args [x]: the lower triangular L over the same two axes (of one size) with L L' = x, whose lower triangle alone is
     * read; 0 above the diagonal. Where x is not positive definite, L is NaN from the first column on that does not exist.
     */
    | { readonly op: 'cholesky'; readonly rows: string; readonly columns: string }
    /**
     * args [L, g]: the adjoint of x from the adjoint g of L = cholesky(x), 0 above the diagonal, as is all that x has no part in there.
     * Of L and g the lower triangles alone are read.
     */
    | { readonly op: 'cholesky_gradient'; readonly rows: string; readonly columns: string }
    /**
     * args [L, b]: L z = b by substitution, for L lower triangular (above the diagonal it is not read). b varies over
     * `rows` and z over `columns`; `transposed`: L' z = b, with b over `columns` and z over `rows`. All other axes are kept.
     */
    | { readonly op: 'solve_lower'; readonly rows: string; readonly columns: string; readonly transposed: boolean }
    /** args [z, q]: the t for which sum over `axis` of max(z - t, 0)^q is 1; q >= 1. Of nothing, or of minus infinities, minus infinity. */
    | { readonly op: 'threshold'; readonly axis: string }
    /**
     * args [x, alpha], 1 < alpha <= 2: the largest p.x - sum(p^alpha - p) / (alpha (alpha - 1)) of all probabilities p along `axis`, the
     * convex conjugate of a Tsallis entropy's negative; its gradient is entmax (Blondel, Martins and Niculae 2020).
     */
    | { readonly op: 'entmax_potential'; readonly axis: string }
  )

export type Op = Node['op']
/** The operations that are neither elementwise nor reductions. */
export type StructuralOp = Exclude<Op, ElementwiseOp | ReductionOp>
export type NodeOf<K extends Op> = Node & { readonly op: K }

/** A named tensor at the graph's edge; `axes` in the order in which its numbers are laid out. */
export interface Port {
  readonly name: string
  readonly axes: readonly string[]
}

/** An output may list axes its node does not vary over: it is then repeated along them. */
export interface OutputPort extends Port {
  readonly node: NodeId
}

export interface Graph {
  readonly nodes: readonly Node[]
  readonly inputs: readonly Port[]
  readonly outputs: readonly OutputPort[]
}

/** How many elements each axis has. */
export type Sizes = Readonly<Record<string, number>>
