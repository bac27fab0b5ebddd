import { experiment } from 'amp-lang/experiment'
import { compareAttention } from './attention.ts'
import { cluster, drawing } from './clusters.ts'
import { compareSphere } from './sphere.ts'

const theory = 'Schaeffer et al. 2024, normalisation and self-attention; equations as corrected by the authors'
const simulation = 'independent simulation: 3 clusters of 100 points, D = 16, kappa = 50, keys are the points'

export default experiment({
  title: 'Normalisation and self-attention: clustering on the hypersphere',
  source: 'Schaeffer et al. 2024, arXiv 2402.10202, and its first version (NeurIPS 2023 workshop)',
  seconds: 10,
  seed: 1,
  claims: {
    factored: { what: 'attention weights against kappa, m and mixing weights', source: 0, where: theory, bound: { most: 1e-12 } },
    energy: {
      what: 'energy against -log mean of mixing weight exp(kappa m.u)',
      source: 0,
      where: theory,
      unit: 'nats',
      bound: { most: 1e-12 },
    },
    posterior: { what: "attention weights against a mixture's posterior", source: 0, where: theory, bound: { most: 1e-10 } },
    unnormalised: { what: 'the same without the normaliser in the weights: it differs', where: theory, bound: { least: 0.01 } },
    equal: { what: 'the same, all kappa equal', source: 0, where: theory, bound: { most: 1e-10 } },
    gradient: { what: 'Riemannian gradient against its formula', source: 0, where: theory, bound: { most: 1e-7 } },
    step: { what: 'retrieval step against normalised attention', source: 0, where: theory, bound: { most: 1e-12 } },
    descent: { what: 'largest rise of -log sum exp in a step', source: 4e-14, where: simulation, unit: 'nats', bound: { most: 1e-12 } },
    drawn: {
      what: 'mean cosine of drawn points to their centre',
      source: 0.8599,
      where: 'moments of the von Mises-Fisher distribution',
      bound: { standardErrors: 5 },
    },
    merged: { what: 'beta = 10: share of runs that end in 3 groups', source: 1, where: simulation, bound: { least: 1 } },
    found: { what: 'beta = 10: mean mutual information with the clusters', source: 1, where: simulation, bound: { least: 0.99 } },
    finer: { what: 'beta = 20: mean mutual information with the clusters', source: 0.998, where: simulation, bound: { least: 0.97 } },
    halfway: { what: 'beta = 30: groups', source: 33, where: simulation, bound: { least: 15, most: 60 } },
    halfwayFound: {
      what: 'beta = 30: mutual information with the clusters',
      source: 0.78,
      where: simulation,
      bound: { least: 0.68, most: 0.88 },
    },
    split: { what: 'beta = 50: groups', source: 200, where: simulation, bound: { least: 150, most: 250 } },
    splitFound: {
      what: 'beta = 50: mutual information with the clusters',
      source: 0.36,
      where: simulation,
      bound: { least: 0.26, most: 0.46 },
    },
    sharper: { what: 'least rise of the groups as beta goes 10, 30, 50', where: simulation, bound: { least: 1 } },
  },
  async run(lab) {
    const sphere = await lab.load('sphere_clustering.amp')
    const identities = { ...(await compareAttention(lab)), ...(await compareSphere(lab, sphere)) }
    const clusters = await cluster(lab, sphere)
    return { measured: { ...identities, ...clusters.measured }, figure: drawing(clusters.found) }
  },
})
