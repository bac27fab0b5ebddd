data {
  int<lower=0> J;
  real y[J];
  real<lower=0> sigma[J];
}
parameters {
  vector[J] z;
  real mu;
  real<lower=0> tau;
}
model {
  z ~ std_normal();
  y ~ normal(mu + tau * z, sigma);
  mu ~ normal(0, 5);
  tau ~ cauchy(0, 5);
}
