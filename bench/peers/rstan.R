# The nine posteriors of models/posteriors in Stan, through rstan: 4 chains of 1000 + 1000 on one core.
#   Rscript bench/peers/rstan.R > rstan.tsv
# Prints, for each, tab-separated: posterior, seconds of warmup and of sampling (all chains), smallest bulk ESS,
# gradients while sampling and in warmup. Compiling a model takes about a minute.
if (!requireNamespace("rstan", quietly = TRUE)) {
  message("rstan is not installed: skipped")
  quit(status = 0)
}
suppressPackageStartupMessages(library(rstan))
options(mc.cores = 1)
posteriors <- c(
  eight_schools_noncentered = "eight_schools-eight_schools_noncentered", kidscore_momiq = "kidiq-kidscore_momiq",
  logearn_height = "earnings-logearn_height", wells_dist100 = "wells_data-wells_dist100_model",
  low_dim_gauss_mix = "low_dim_gauss_mix-low_dim_gauss_mix", arK = "arK-arK", garch11 = "garch-garch11",
  hmm_drive_0 = "bball_drive_event_0-hmm_drive_0", gp_regr = "gp_pois_regr-gp_regr"
)
chosen <- commandArgs(trailingOnly = TRUE)
if (length(chosen) == 0) chosen <- names(posteriors)
cat("posterior\twarmup_s\tsampling_s\tess_bulk\tgradients\twarmup_gradients\n")
for (model in chosen) {
  data <- jsonlite::fromJSON(paste0("test/data/posteriordb/", posteriors[[model]], ".data.json"))
  compiled <- stan_model(paste0("bench/peers/stan/", model, ".stan"))
  fit <- sampling(compiled, data = data, chains = 4, warmup = 1000, iter = 2000, seed = 20240, refresh = 0)
  times <- colSums(get_elapsed_time(fit))
  parameters <- setdiff(names(fit), "lp__")
  ess <- apply(as.array(fit)[, , parameters, drop = FALSE], 3, ess_bulk)
  all <- get_sampler_params(fit, inc_warmup = TRUE)
  steps <- function(rows) sum(vapply(all, function(chain) sum(chain[rows, "n_leapfrog__"]), 0))
  cat(model, times[["warmup"]], times[["sample"]], min(ess), steps(1001:2000), steps(1:1000), sep = "\t")
  cat("\n")
}
