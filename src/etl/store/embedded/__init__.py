"""Run the local MongoDB-compatible server: a supervisor keeps it up as long as any command needs it.

`launcher` starts and finds it, `supervisor` keeps it up, `hang_detector` tells whether it hangs, `state_dir`
holds their files.

Imports `records` alone, for the identity of processes. `driver` may import it, as may whoever starts, stops
or asks for the server: commands, checks and tests.
"""
