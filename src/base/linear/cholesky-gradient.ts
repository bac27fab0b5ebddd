import { FEW, type MatrixPart, middle, partFrom, transposed } from './part.ts'
import { type MatrixSteps, plainSteps } from './steps.ts'
import { solveLowerTransposed } from './substitution.ts'

/**
 * The adjoint of a matrix, of which the lower triangle alone counts, in the place of the adjoint `g` of its factor `l`: of the
 * lower triangle of `g`. What lies above its diagonal is used on the way.
 *
 * The steps of `factorise` backwards (Murray 2016, arXiv:1602.07527, section 3).
 */
export function pullFactor(l: MatrixPart, g: MatrixPart, size: number, steps: MatrixSteps = plainSteps): void {
  if (size <= FEW) {
    pullFew(l, g, size)
    return
  }
  const half = middle(size)
  const rest = size - half
  const [across, below] = [partFrom(l, half, 0), partFrom(l, half, half)]
  const [gAcross, gBelow] = [partFrom(g, half, 0), partFrom(g, half, half)]
  pullFactor(below, gBelow, rest, steps)
  mirror(gBelow, rest)
  steps.subtractProduct(gAcross, gBelow, across, rest, half, rest)
  halveDiagonal(gBelow, rest)
  solveLowerTransposed(l, transposed(gAcross), half, rest, steps)
  steps.subtractProduct(g, transposed(gAcross), across, half, half, rest, true)
  pullFactor(l, g, half, steps)
}

/** g + g' of a lower triangle. */
function mirror({ data, at, down, across }: MatrixPart, size: number): void {
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j < i; j += 1) data[at + j * down + i * across] = data[at + i * down + j * across] as number
    const own = at + i * (down + across)
    data[own] = 2 * (data[own] as number)
  }
}

function halveDiagonal({ data, at, down, across }: MatrixPart, size: number): void {
  for (let own = at, i = 0; i < size; i += 1, own += down + across) data[own] = 0.5 * (data[own] as number)
}

/** Element by element, the last first: each gives to those that it was made of. */
function pullFew(l: MatrixPart, g: MatrixPart, size: number): void {
  const [x, y] = [l.data, g.data]
  for (let i = size - 1; i >= 0; i -= 1) {
    const [row, gRow] = [l.at + i * l.down, g.at + i * g.down]
    for (let j = i; j >= 0; j -= 1) {
      const [above, gAbove] = [l.at + j * l.down, g.at + j * g.down]
      const pivot = x[above + j * l.across] as number
      const place = gRow + j * g.across
      const given = (y[place] as number) / pivot
      if (j < i) {
        const own = gAbove + j * g.across
        y[own] = (y[own] as number) - given * (x[row + j * l.across] as number)
      }
      const rest = j < i ? given : 0.5 * given
      y[place] = rest
      for (let k = 0; k < j; k += 1) {
        const [here, there] = [gRow + k * g.across, gAbove + k * g.across]
        const other = x[above + k * l.across] as number
        const mine = x[row + k * l.across] as number
        y[here] = (y[here] as number) - rest * other
        y[there] = (y[there] as number) - rest * mine
      }
    }
  }
}
