#!/usr/bin/env bash
# A real Slurm on this machine: the array job of the guide, in 8 tasks, one of which is requeued while it runs, makes the bytes of the
# single run.
#
#     tests/slurm.sh target/release/breakeven
#
# Needs Debian's slurmctld, slurmd and munge, and root. Exit status 77 where Slurm does not start here.
set -euo pipefail
program=$(realpath "$1")
paths=${PATHS:-3000000}
place=$(mktemp -d)
host=$(hostname)
export SLURM_CONF="$place/slurm.conf"
trap 'scancel --user=root 2>/dev/null || true; for pid in "$place"/*.pid; do kill "$(cat "$pid")" 2>/dev/null || true; done; rm -rf "$place"' EXIT

skip() {
    echo "SKIPPED: $1"
    exit 77
}

command -v slurmctld >/dev/null && command -v slurmd >/dev/null && command -v munged >/dev/null || skip "Slurm is not installed"
if ! munge -n >/dev/null 2>&1; then
    mkdir -p /run/munge && chown munge:munge /run/munge
    runuser -u munge -- munged --force 2>/dev/null || skip "munge does not start"
fi
mkdir "$place/state" "$place/spool" "$place/parts"
cat > "$SLURM_CONF" <<EOF
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
AuthType=auth/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmUser=root
SlurmctldPidFile=$place/slurmctld.pid
SlurmdPidFile=$place/slurmd.pid
SlurmdSpoolDir=$place/spool
StateSaveLocation=$place/state
SlurmctldLogFile=$place/slurmctld.log
SlurmdLogFile=$place/slurmd.log
KillWait=5
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP
EOF
slurmctld && slurmd || skip "Slurm does not start"
for _ in $(seq 60); do
    sinfo --noheader --format=%t 2>/dev/null | grep -q idle && break
    sleep 0.5
done
sinfo --noheader --format=%t 2>/dev/null | grep -q idle || skip "the node does not come up"

cat > "$place/job.sh" <<EOF
#!/bin/bash
#SBATCH --array=1-8 --cpus-per-task=1 --requeue
srun --cpus-per-task="\$SLURM_CPUS_PER_TASK" "$program" run baseline --paths $paths --shard auto --threads "\$SLURM_CPUS_PER_TASK" --out "$place/parts" --quiet
EOF
job=$(sbatch --parsable --requeue --output="$place/job-%a.log" "$place/job.sh")
echo "job $job is sent"
requeued=
for _ in $(seq 1200); do
    if [ -z "$requeued" ] && squeue --noheader --array --states=RUNNING --format=%i | grep -q "^${job}_3$"; then
        scontrol requeue "${job}_3" && requeued=yes && echo "task 3 is requeued while it runs"
    fi
    # A requeued task may have to wait for a while: let it go at once.
    scontrol release "${job}_3" 2>/dev/null || true
    [ -z "$(squeue --noheader --jobs="$job" 2>/dev/null)" ] && break
    sleep 0.2
done
[ -n "$requeued" ] || { echo "task 3 was never seen running"; exit 1; }
"$program" merge "$place"/parts/baseline.part-*-of-8 --no-charts --out "$place/joined" --quiet || { cat "$place"/job-*.log; exit 1; }
"$program" run baseline --paths "$paths" --no-charts --out "$place/single" --quiet
diff -r "$place/joined" "$place/single"
echo "8 tasks, one requeued: the bytes of the single run"
