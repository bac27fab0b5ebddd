data {
  int<lower=0> N;
  int<lower=1> K;
  real u[N];
  real v[N];
  matrix[K, K] alpha;
}
parameters {
  simplex[K] theta[K];
  positive_ordered[K] phi;
  positive_ordered[K] lambda;
}
model {
  vector[K] forward;
  for (k in 1:K) theta[k] ~ dirichlet(alpha[k]');
  phi[1] ~ normal(0, 1);
  phi[2] ~ normal(3, 1);
  lambda[1] ~ normal(0, 1);
  lambda[2] ~ normal(3, 1);
  for (t in 1:N) {
    vector[K] next;
    for (k in 1:K) {
      real seen = exponential_lpdf(u[t] | phi[k]) + exponential_lpdf(v[t] | lambda[k]);
      if (t == 1) next[k] = seen;
      else next[k] = log_sum_exp(forward + log(to_vector(theta[, k]))) + seen;
    }
    forward = next;
  }
  target += log_sum_exp(forward);
}
