export { betaI, gammaP, gammaQ, log1pMinus, stirlingError } from './incomplete.ts'
export { normalQuantile } from './normal-quantile.ts'
export * from './operations.ts'
