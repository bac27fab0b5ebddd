interface Known {
  readonly name: string
  readonly text: string
  readonly sizes: Readonly<Record<string, number>>
  /** By variable: its form, whether it is truncated, and the axes along which its elements meet. */
  readonly forms: Readonly<Record<string, string>>
}

export const models: readonly Known[] = [
  {
    name: 'normal-normal',
    text: 'state mu ~ normal(1, 2)\ndata y[i]\ny ~ normal(mu, 0.5)',
    sizes: { i: 4 },
    forms: { mu: 'gaussian' },
  },
  {
    name: 'linear regression',
    text: 'data X[row, feature]\ndata y[row]\nstate beta[feature] ~ normal(0, 3)\nstate a ~ normal(0, 1)\nstate sigma : positive ~ exponential(1)\ny ~ normal(a + sum[feature](X * beta), sigma)',
    sizes: { row: 6, feature: 3 },
    forms: { beta: 'gaussian along feature', a: 'gaussian', sigma: 'none' },
  },
  {
    name: 'unknown precision',
    text: 'state tau : positive ~ gamma(2, 3)\nstate mu ~ normal(0, 10)\ndata y[i]\ny ~ normal(mu, 1 / sqrt(tau))',
    sizes: { i: 5 },
    forms: { tau: 'gamma', mu: 'gaussian' },
  },
  {
    name: 'unknown variance',
    text: 'state v : positive ~ inverse_gamma(2, 3)\nstate mu ~ normal(0, 10)\ndata y[i]\ny ~ normal(mu, sqrt(v))',
    sizes: { i: 5 },
    forms: { v: 'inverse_gamma', mu: 'gaussian' },
  },
  {
    name: 'unknown covariances',
    text: 'data V[d, e] : covariance[d, e]\ndata z[i] : k\naxis k = 2\ndata m[d]\nstate S[k, d, e] : covariance[d, e] ~ inverse_wishart[d](5.5, V)\ndata y[i, d]\ny ~ multi_normal[d](m, 2 * S[z])',
    sizes: { i: 4, d: 2, e: 2 },
    forms: { S: 'inverse_wishart' },
  },
  {
    name: 'unknown precision matrix',
    text: 'data V[d, e] : covariance[d, e]\nstate mu[d] ~ normal(0, 2)\nstate W[d, e] : covariance[d, e] ~ wishart[d](4.5, V)\ndata y[i, d]\nlet r = y - mu\nenergy sum[i, d, e](r * W * r[d -> e]) / 2 - size(i) * log_det[d, e](W) / 2',
    sizes: { i: 3, d: 2, e: 2 },
    forms: { mu: 'gaussian along d', W: 'wishart' },
  },
  {
    name: 'scale mixture',
    text: 'state w[i] : positive ~ gamma(2, 2)\nstate mu ~ normal(0, 10)\ndata y[i]\ny ~ normal(mu, 1 / sqrt(w))',
    sizes: { i: 5 },
    forms: { w: 'gamma', mu: 'gaussian' },
  },
  {
    name: 'Poisson and gamma',
    text: 'data group[i] : g\nstate rate[g] : positive ~ gamma(2, b)\nstate b : positive ~ gamma(1, 1)\ndata n[i] : count\ndata t[i] : positive\nn ~ poisson(t * rate[group])',
    sizes: { i: 7, g: 3 },
    forms: { rate: 'gamma', b: 'gamma' },
  },
  {
    name: 'binomial and beta',
    text: 'state p : probability ~ beta(2, 3)\ndata k[i] : count\nk ~ binomial(10, p)\ndata c[i] : bit\nc ~ bernoulli(p)',
    sizes: { i: 4 },
    forms: { p: 'beta' },
  },
  {
    name: 'multinomial, categorical and Dirichlet',
    text: 'state th[row, k] : simplex[k] ~ dirichlet[k](1.5)\ndata z[row, j] : k\nz ~ categorical(th)',
    sizes: { row: 2, k: 3, j: 5 },
    forms: { th: 'dirichlet' },
  },
  {
    name: 'mixture',
    text: 'axis cluster = 3 ~ dirichlet(2)\nstate mu[cluster, d] ~ normal(0, 5)\nstate tau[cluster] : positive ~ gamma(2, 1)\nstate z[i] : cluster\ndata y[i, d]\ny ~ normal(mu[z], 1 / sqrt(tau[z]))',
    sizes: { i: 6, d: 2 },
    forms: { mu: 'gaussian', tau: 'gamma', z: 'categorical', 'weight(cluster)': 'dirichlet' },
  },
  {
    name: 'restricted Boltzmann machine',
    text: 'state v[pixel] : bit\nstate h[hidden] : bit\nparam W[pixel, hidden] ~ normal(0, 1)\nparam a[pixel]\nenergy -sum[pixel, hidden](v * W * h) - sum[pixel](a * v)',
    sizes: { pixel: 4, hidden: 3 },
    forms: { v: 'categorical', h: 'categorical', W: 'gaussian' },
  },
  {
    name: 'Boltzmann machine',
    text: 'param J[site, other]\nstate s[site] : spin\nenergy -sum[site, other](J * s * s[site -> other]) / 2',
    sizes: { site: 4, other: 4 },
    forms: { s: 'categorical along site' },
  },
  {
    name: 'directions',
    text: 'axis k = 2\nstate mu[k, d] : unit[d] ~ von_mises_fisher[d](m, 2)\ndata m[d] : unit[d]\nstate z[i] : k\ndata y[i, d] : unit[d]\ny ~ von_mises_fisher[d](mu[z], 5)',
    sizes: { d: 3, i: 5 },
    forms: { mu: 'von_mises_fisher', z: 'categorical' },
  },
  {
    name: 'two layers, weights shared by all pixels',
    text: 'memory W[hidden, pixel] ~ normal(0, 1)\nstate h[hidden] ~ normal(0, 1)\ndata x[pixel]\nx ~ normal(sum[hidden](W * h), 0.5)',
    sizes: { hidden: 3, pixel: 4 },
    forms: { W: 'gaussian along hidden', h: 'gaussian along hidden' },
  },
  {
    name: 'hierarchical normal',
    text: 'state m ~ normal(0, 5)\nstate tau : positive ~ inverse_gamma(2, 1)\nstate g[j] ~ normal(m, sqrt(tau))\ndata of[i] : j\ndata y[i]\ny ~ normal(g[of], 1)',
    sizes: { i: 7, j: 3 },
    forms: { m: 'gaussian', tau: 'inverse_gamma', g: 'gaussian' },
  },
  {
    name: 'AR(1) chain',
    text: 'state x[t]\nstate phi ~ normal(0, 1)\nx ~ normal(phi * x[t = t - 1], 0.7)\ndata y[t]\ny ~ normal(x, 1)',
    sizes: { t: 5 },
    forms: { x: 'gaussian along t', phi: 'gaussian' },
  },
  {
    name: 'correlated normal',
    text: 'data S[d, e] : covariance[d, e]\nstate x[d] ~ multi_normal[d](0, S)\ndata y[d]\ny ~ normal(x, 1)',
    sizes: { d: 3, e: 3 },
    forms: { x: 'gaussian along d' },
  },
  {
    name: 'bounds that cut',
    text: 'state s : positive\nenergy (s - 1)^2\nstate u : real(lower = -1, upper = 2)\nenergy (u - s)^2\nstate e : positive\nenergy 2 * e\nstate q : positive ~ normal(0, 1) in (0, inf)',
    sizes: {},
    forms: { s: 'truncated gaussian', u: 'truncated gaussian', e: 'gamma', q: 'truncated gaussian' },
  },
  {
    name: 'renamed and running sums',
    text: 'param J[a, b]\nstate x[a]\nenergy sum[a](x^2) + sum[a, b](J * x * x[a -> b]) / 8\nstate u[t]\nenergy sum[t]((cumsum[t](u) - 1)^2)',
    sizes: { a: 3, b: 3, t: 4 },
    forms: { x: 'gaussian along a', u: 'gaussian along t' },
  },
]

/** Models with a variable `x` that has no form, and why. */
export const refused: readonly { readonly text: string; readonly sizes: Readonly<Record<string, number>>; readonly why: string }[] = [
  { text: 'state x\nenergy well = abs(x)', sizes: {}, why: 'in the statement "well" it goes through `abs`, which has a kink' },
  { text: 'state x\nenergy well = x^2 + max(x, 0)', sizes: {}, why: 'in the statement "well" it goes through `max`, which has a kink' },
  { text: 'state x\nenergy well = x^2 + min(x, 0)', sizes: {}, why: 'in the statement "well" it goes through `min`, which has a kink' },
  { text: 'state x\nenergy well = x^2 + relu(x)', sizes: {}, why: 'in the statement "well" it goes through `max`, which has a kink' },
  { text: 'state x\nenergy well = x * sign(x)', sizes: {}, why: 'in the statement "well" it goes through `sign`, which has a kink' },
  { text: 'state x\nenergy well = x^2 + floor(x)', sizes: {}, why: 'in the statement "well" it goes through `floor`, which has a kink' },
  {
    text: 'state x\nenergy well = where(x > 0, x^2, 2 * x^2)',
    sizes: {},
    why: 'in the statement "well" it goes through `<`, which has a kink',
  },
  { text: 'state x[i]\nenergy well = logsumexp[i](x)', sizes: { i: 3 }, why: 'in the statement "well" it goes through `logsumexp`' },
  {
    text: 'state x[i]\nenergy well = max[i](x) + sum[i](x^2)',
    sizes: { i: 3 },
    why: 'in the statement "well" it goes through `max`, which has a kink',
  },
  { text: 'state x\nenergy well = x^2 + exp(x)', sizes: {}, why: 'in the statement "well" it goes through `exp`' },
  { text: 'state x ~ student_t(3, 0, 1)', sizes: {}, why: 'in the statement "x" it goes through the density of student_t' },
  { text: 'state x ~ laplace(0, 1)', sizes: {}, why: 'in the statement "x" it goes through `abs`, which has a kink' },
  { text: 'state x : positive\nenergy well = x + 1 / x', sizes: {}, why: 'x, 1/x (in "well") do not make one of the forms of its type' },
  {
    text: 'state x : positive ~ gamma(2, 1)\ndata y\ny ~ normal(0, x)',
    sizes: {},
    why: 'log x, x, 1/x^2 (in "x", "y") do not make one of the forms of its type',
  },
  { text: 'state x\nenergy well = x^4', sizes: {}, why: 'x^4 (in "well") does not make one of the forms of its type' },
  {
    text: 'state x[d] : unit[d]\nenergy well = sum[d](index(d) * x^2)',
    sizes: { d: 3 },
    why: 'products of x (in "well") do not make one of the forms of its type',
  },
  {
    text: 'state x[d] : simplex[d]\nenergy well = sum[d](index(d) * x)',
    sizes: { d: 3 },
    why: 'x (in "well") does not make one of the forms of its type',
  },
  { text: 'state x[d] : ordered[d]\nenergy well = sum[d](x^2)', sizes: { d: 3 }, why: 'its elements keep an order' },
  { text: 'state x ~ normal(0, 1)\nstate y : real(lower = x) ~ normal(0, 1) in (x, inf)', sizes: {}, why: 'it is a bound of "y"' },
  {
    text: 'state x ~ normal(0, 1)\ndata y\ny ~ normal(0, 1) in (x, inf)',
    sizes: {},
    why: 'in the statement "y" it goes through the density of normal, truncated',
  },
  {
    text: 'state x ~ normal(0, 1)\ndata y\ny ~ normal(x, 1) censored (-1, 1)',
    sizes: {},
    why: 'in the statement "y" it goes through the density of normal, censored',
  },
  { text: 'state x\nstate y ~ normal(0, 1)', sizes: {}, why: 'no statement mentions it' },
]
