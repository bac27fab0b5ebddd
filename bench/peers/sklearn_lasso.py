"""Lasso by scikit-learn, of the problem on standard input. Writes JSON: iterations, seconds, w. Used by bench/lasso.ts."""
import json
import sys
import time

import numpy as np
from sklearn.linear_model import Lasso

given = json.load(sys.stdin)
A = np.array(given["A"]).reshape(given["rows"], given["columns"])
y = np.array(given["y"])
model = Lasso(alpha=given["lambda"] / given["rows"], fit_intercept=False, tol=1e-10, max_iter=100000)
model.fit(A, y)
start = time.perf_counter()
model.fit(A, y)
seconds = time.perf_counter() - start
json.dump({"iterations": int(model.n_iter_), "seconds": seconds, "w": model.coef_.tolist()}, sys.stdout)
