/** An argument in use, as far as its axes go. */
export interface ArgumentAxes {
  /** The axes of the family that it goes along: `columns` goes along the second one of a matrix. */
  readonly over: readonly string[]
  /** The axis of the elements that the left side ranges over. */
  readonly element: string | undefined
  /** The axis of the argument that is neither one of the left side nor that of its elements. */
  readonly own: string | undefined
}

/** Of an argument of a family over the axes `over`, whose values are `left`; without one, of the values themselves. */
export function argumentAxes(
  left: { readonly axes: readonly string[]; readonly element?: string },
  over: readonly string[],
  argument?: { readonly name: string; readonly axes: readonly string[] },
): ArgumentAxes {
  const { axes, element } = left
  const own = argument?.axes.find((axis) => axis !== element && !axes.includes(axis) && !over.includes(axis))
  return { over: argument?.name === 'columns' ? over.slice(1) : over, element, own }
}

/** The axis that an argument has besides another, and how many elements fewer it has. */
export interface TiedAxis {
  readonly axis: string
  readonly than: string
  readonly fewer: 0 | 1
}

/** Undefined where the argument has no axis of its own, or there is none to compare it with. */
export function tied(axis: string | undefined, than: string | undefined, fewer: 0 | 1): TiedAxis | undefined {
  return axis === undefined || than === undefined ? undefined : { axis, than, fewer }
}
