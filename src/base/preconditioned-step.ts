/**
 * The one step over real coordinates that both readings take, at temperature T (nats):
 *
 *     x' = x - s P g + sqrt(2 T s P) xi,   g = dE/dx, P a diagonal preconditioner, s the step, xi standard normal
 *
 * Without noise it is the retrieval step (s = 1, P = 1/U is the fixed-point step of a majorised energy); with noise it
 * is one step of the Euler-Maruyama discretisation of preconditioned Langevin dynamics, whose stationary density is
 * `exp(-E/T)` as s goes to 0 (Roberts & Stramer 2002, for a constant P).
 *
 * `out` may be `x`. A coordinate whose preconditioner is 0 does not move.
 */
export function preconditionedStep(
  x: Float64Array,
  gradient: Float64Array,
  preconditioner: Float64Array,
  step: number,
  temperature: number,
  noise: Float64Array | undefined,
  out: Float64Array,
): void {
  for (let i = 0; i < x.length; i += 1) {
    const p = step * (preconditioner[i] as number)
    // A held coordinate stays bit for bit, whatever its gradient.
    const fall = p === 0 ? 0 : p * (gradient[i] as number)
    const kick = noise === undefined || p === 0 || temperature === 0 ? 0 : Math.sqrt(2 * temperature * p) * (noise[i] as number)
    out[i] = (x[i] as number) - fall + kick
  }
}
