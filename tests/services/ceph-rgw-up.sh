#!/usr/bin/env bash
# An S3 server for tests: Ceph's RADOS gateway on one node, in memory, under a folder of its own; user testaccess, secret testsecret, bucket "lakehouse" is the tests' to make.
# Of the servers that run without a container it is the one that honours If-None-Match and If-Match. Needs Debian's ceph-mon, ceph-osd, ceph-common and radosgw (--install fetches them).
# usage: ceph-rgw-up.sh [--install] FOLDER [PORT]     prints the endpoint; ceph-rgw-down.sh FOLDER stops it
set -euo pipefail
if [ "${1:-}" = --install ]; then
  shift
  if ! command -v radosgw > /dev/null || ! command -v ceph-osd > /dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq > /dev/null && apt-get install -y -qq --no-install-recommends ceph-mon ceph-osd ceph-common radosgw > /dev/null
  fi
fi
folder=$1 port=${2:-7480}
mkdir -p "$folder"
folder=$(realpath "$folder")
rm -rf "${folder:?}"/{mon,osd,rgw}
mkdir -p "$folder"/{mon,osd,rgw}
conf=$folder/ceph.conf cluster=$(cat /proc/sys/kernel/random/uuid) osd=$(cat /proc/sys/kernel/random/uuid)
cat > "$conf" <<CONF
[global]
fsid = $cluster
mon_host = [v2:127.0.0.1:$((port + 1)),v1:127.0.0.1:$((port + 2))]
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
run_dir = $folder
admin_socket = $folder/\$name.asok
log_file = $folder/\$name.log
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 8
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
mon_allow_pool_size_one = true
mon_max_pg_per_osd = 1000
mon_data_avail_crit = 1
paxos_propose_interval = 0.05
paxos_min_wait = 0.01
osd_min_pg_log_entries = 10
osd_max_pg_log_entries = 10
[mon.a]
mon_data = $folder/mon
[osd.0]
osd_data = $folder/osd
osd_objectstore = memstore
memstore_device_bytes = 2147483648
[client.rgw.a]
rgw_data = $folder/rgw
rgw_frontends = beast endpoint=127.0.0.1:$port tcp_nodelay=1
rgw_rados_pool_pg_num_min = 8
ms_mon_client_mode = crc
CONF
start() { local name=$1; shift; setsid "$@" > "$folder/$name.out" 2>&1 < /dev/null & echo $! > "$folder/$name.pid"; }
wait_for() { for _ in $(seq 150); do if "$@" > /dev/null 2>&1; then return 0; fi; sleep 0.2; done; echo "timed out: $*" >&2; return 1; }
monmaptool --create --fsid "$cluster" --addv a "[v2:127.0.0.1:$((port + 1)),v1:127.0.0.1:$((port + 2))]" "$folder/monmap" --clobber > /dev/null
ceph-mon -c "$conf" -i a --mkfs --monmap "$folder/monmap" > /dev/null
start mon ceph-mon -c "$conf" -i a -f
wait_for ceph -c "$conf" --connect-timeout 5 osd new "$osd"
ceph-osd -c "$conf" -i 0 --mkfs --osd-uuid "$osd" > "$folder/mkfs.out" 2>&1
start osd ceph-osd -c "$conf" -i 0 -f
wait_for sh -c "ceph -c '$conf' osd stat | grep -q '1 up'"
radosgw-admin -c "$conf" -n client.rgw.a user create --uid=test --display-name=test --access-key=testaccess --secret-key=testsecret > "$folder/user.json"
start rgw radosgw -c "$conf" -n client.rgw.a -f
wait_for curl -sf -o /dev/null "http://127.0.0.1:$port/"
echo "http://127.0.0.1:$port"
