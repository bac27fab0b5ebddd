import { error, warning } from './entry.ts'

/** 63x: what cannot be learned, or not so. */
export const learningCodes = {
  AMP630: error(
    'cannot be learned',
    'amp learn moves params that have axes, a prior or a `from`, or what --params names: any variable whose values vary smoothly. A number without prior is a constant of the model unless it is named.',
    undefined,
    'Name what is to be learned with --params, or give it a prior or a `from`.',
  ),
  AMP631: error(
    'no such loss',
    'What --by names is a loss of amp learn (map, likelihood, ...) or an objective of the model: a statement `objective NAME = ...`.',
    undefined,
    'Name one of the losses, or an objective that the model has.',
  ),
  AMP632: error(
    'no such loss of this model',
    'A likelihood is of a density: of statements `x ~ family(...)` of every state, or of an energy whose log Z can be worked out exactly. Pseudo-likelihood is of spins, bits and elements, score matching of numbers.',
    undefined,
    'Use a loss that the model has; the message names some.',
  ),
  AMP633: error(
    'hidden state in the way',
    'Learning goes down a loss of what is observed. What is hidden has to be summed or integrated out first, or be at its mode.',
    undefined,
    'Observe it, or say what becomes of it.',
  ),
  AMP634: error(
    'options that do not go together',
    'Two of the options of amp learn exclude each other; the message says which, and why.',
    undefined,
    'Leave out one of the two.',
  ),
  AMP635: warning(
    'starts all at zero',
    'Weights to and from units that the data do not show start all at 0. Units that start alike stay alike: their slopes are the same at every step.',
    undefined,
    'Let them start from small random numbers: param W[...] from normal(0, 0.1).',
  ),
  AMP744: error(
    'chains that cannot start',
    'With --chains-from start the chains of contrastive divergence start from what the `from` of each observed state says, which has to be there, and to be made of what is given once.',
    undefined,
    'Give the state a start: state x[dim] from uniform(-3, 3).',
  ),
} as const
