/** For modules of models that have params to draw from their priors: samplers of all families. */
export { drawPrior } from '../inference/draws/prior-draw.ts'
