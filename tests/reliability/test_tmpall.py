import os, random
import pytest
from tests.reliability.world import build, trial
from tests.reliability.test_faults import points
from tests.reliability.conftest import *
def test_all(settings, db, tmp_path, seed):
    layer=os.environ["LAYER"]; step=int(os.environ.get("STEP","1")); n=int(os.environ.get("N","12"))
    import time
    w=build(settings,db,tmp_path,n)
    print(w.calls)
    fs=[f for f in points(w) if f.layer==layer][::step]
    bad={}; t=time.time()
    for f in fs:
        try: trial(w,f)
        except AssertionError as e:
            bad.setdefault(str(e)[:300],[]).append(str(f))
    print(len(fs),'trials',time.time()-t,'s')
    for k,v in bad.items(): print(len(v), v[:6], k)
    assert not bad
