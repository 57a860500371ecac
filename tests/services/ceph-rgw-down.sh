#!/usr/bin/env bash
# Stops what ceph-rgw-up.sh started under a folder.
for process in rgw osd mon; do
  if [ -f "$1/$process.pid" ]; then kill "$(cat "$1/$process.pid")" 2> /dev/null; fi
done
true
