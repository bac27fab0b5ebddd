# The nine posteriors of models/posteriors in Stan, through rstan: 4 chains of 1000 + 1000 on one core.
#   Rscript bench/peers/rstan.R > rstan.tsv
# Prints, for each, tab-separated: posterior, seconds of compiling, of warmup and of sampling (all chains), smallest bulk ESS,
# gradients while sampling and in warmup. Compiling a model takes about a minute.
if (!requireNamespace("rstan", quietly = TRUE)) {
  message("rstan is not installed: skipped")
  quit(status = 0)
}
suppressPackageStartupMessages(library(rstan))
options(mc.cores = 1)
posteriors <- c(
  "eight_schools_noncentered", "kidscore_momiq", "logearn_height", "wells_dist100", "low_dim_gauss_mix", "arK", "garch11",
  "hmm_drive_0", "gp_regr"
)
chosen <- commandArgs(trailingOnly = TRUE)
if (length(chosen) == 0) chosen <- posteriors
cat("posterior\tcompile_s\twarmup_s\tsampling_s\tess_bulk\tgradients\twarmup_gradients\n")
for (model in chosen) {
  data <- jsonlite::fromJSON(paste0("models/posteriors/", model, ".json"))
  began <- proc.time()[["elapsed"]]
  compiled <- stan_model(paste0("bench/peers/stan/", model, ".stan"))
  compiling <- proc.time()[["elapsed"]] - began
  fit <- sampling(compiled, data = data, chains = 4, warmup = 1000, iter = 2000, seed = 20240, refresh = 0)
  times <- colSums(get_elapsed_time(fit))
  parameters <- setdiff(names(fit), "lp__")
  ess <- apply(as.array(fit)[, , parameters, drop = FALSE], 3, ess_bulk)
  all <- get_sampler_params(fit, inc_warmup = TRUE)
  steps <- function(rows) sum(vapply(all, function(chain) sum(chain[rows, "n_leapfrog__"]), 0))
  cat(model, compiling, times[["warmup"]], times[["sample"]], min(ess), steps(1001:2000), steps(1:1000), sep = "\t")
  cat("\n")
}
