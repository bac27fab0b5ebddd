"""A Dirichlet process mixture of normals with diagonal covariances by bnpy, from a JSON line with the data on stdin.

Writes a JSON line: the labels, seconds. bnpy 0.1.7 was made for Python 3.6 and numpy 1.16: the names that it misses are put back.
"""
import inspect
import json
import os
import sys
import tempfile
import time
import warnings

import numpy as np

warnings.simplefilter("ignore")
os.environ.setdefault("BNPYOUTDIR", tempfile.mkdtemp())
inspect.getargspec = lambda f: tuple(inspect.getfullargspec(f)[:4])
gone = {"float": float, "float_": float, "int": int, "int_": int, "bool": bool, "bool8": bool, "object": object}
gone |= {"product": np.prod, "cumproduct": np.cumprod, "alltrue": np.all, "sometrue": np.any, "in1d": np.isin, "Inf": np.inf}
for name, meaning in gone.items():
    if name not in np.__dict__:
        setattr(np, name, meaning)
import bnpy  # noqa: E402

y = np.array(json.loads(sys.stdin.readline())["y"])
data = bnpy.data.XData(X=y)
start = time.process_time()
model, _ = bnpy.run(
    data,
    "DPMixtureModel",
    "DiagGauss",
    "memoVB",
    output_path=os.environ["BNPYOUTDIR"],
    doWriteStdOut=False,
    nLap=200,
    nBatch=5 if len(y) > 5000 else 1,
    K=1,
    gamma0=1.0,
    sF=1.0,
    ECovMat="eye",
    moves="birth,merge,delete,shuffle",
    initname="randexamples",
    printEvery=-1,
)
seconds = time.process_time() - start
labels = model.calc_local_params(data)["resp"].argmax(1)
numbers = np.unique(labels, return_inverse=True)[1] + 1
print(json.dumps({"labels": numbers.tolist(), "seconds": seconds}))
