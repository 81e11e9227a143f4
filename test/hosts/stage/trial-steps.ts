// Steps of the script that runs a trial by ssh: what happens to it right before one of them.
import type { Host } from "../host.ts";

const STEPS = "/run/steps";

/** Programs by which the script changes something. systemd finds these of ours first (systemd.exec(5), "Environment"). */
const PROGRAMS = ["mv", "cp", "rm", "ln", "chmod", "chown", "mkdir", "sync", "timeout", "ip", "bridge"];

/**
 * Runs the program of its own name; as a step of a trial it first runs /run/steps/first, once, or, as the step of the number in
 * /run/steps/kill, kills all processes of the trial.
 */
const STEP = `#!/bin/sh
name=\${0##*/}
PATH=/usr/sbin:/usr/bin:/sbin:/bin
is_step() {
    [ -e ${STEPS} ] && grep -q guestnet-host-trial /proc/self/cgroup || return
    case $name in ip | bridge) case " $* " in *" add "* | *" append "* | *" replace "* | *" set "* | *" del "* | *" delete "*) ;; *) return 1 ;; esac ;; esac
}
if is_step "$@"; then
    if [ -e ${STEPS}/first ]; then
        mv ${STEPS}/first ${STEPS}/done
        sh ${STEPS}/done
    fi
    if [ -e ${STEPS}/kill ]; then
        echo >>${STEPS}/count
        if [ "$(wc -l <${STEPS}/count)" = "$(cat ${STEPS}/kill)" ]; then
            rm ${STEPS}/kill
            echo "$name $*" >${STEPS}/killed
            systemctl kill --signal=KILL guestnet-host-trial
            sleep 10
        fi
    fi
    # A restart of the host that is not one: its manager does not run, and files alone are looked at.
    [ "$name" != timeout ] || [ ! -e ${STEPS}/files-alone ] || exit 0
fi
exec $name "$@"
`;

/** Puts these programs in their places. */
export const watchSteps = async (host: Host): Promise<void> => {
  for (const name of PROGRAMS) await host.writeFile(`/usr/local/sbin/${name}`, STEP, 0o755);
  await host.sh(`mkdir -p ${STEPS}`);
};

/** Has a script run right before the first step of the next trial. */
export const beforeFirstStep = (host: Host, script: string): Promise<void> =>
  host.writeFile(`${STEPS}/first`, script);

const FILES = `find /etc/systemd /etc/network /etc/sysctl.d /etc/modules-load.d -type l -printf '%p %l\\n' -o -type f -printf '%M %u ' -exec md5sum {} \\; | sort`;
const NETWORK = `ip -br link | awk '{ print $1, $2 }' | grep -v sit0 | sort; ip -o address show scope global | awk '{ print $2, $4 }' | sort
  ip route; sysctl net.ipv4.ip_forward`;

/** Runs the recorded trial again and again, each time killed some steps later, until it ends before it is killed. Prints the number of steps. */
const killAtEach = (
  stride: number,
): string => `left() { { ${FILES}; [ -e ${STEPS}/files-alone ] || { ${NETWORK}; }; } 2>&1; }
is_running() { case $(systemctl is-active guestnet-host-trial) in active | activating | deactivating) ;; *) return 1 ;; esac; }
run() { systemd-run --quiet --collect --unit=guestnet-host-trial "$@" /bin/sh /etc/guestnet-trial/trial.sh; }
# stands in for the command that compares the host with host.json
until_ended() {
    while is_running; do
        [ ! -e /run/guestnet/trial/applied ] || mv -T /etc/guestnet-trial/phase.changing /etc/guestnet-trial/phase.waiting 2>/dev/null
        sleep 0.1
    done
}
step=1
before=$(left)
while :; do
    rm -rf /run/guestnet/trial /etc/guestnet-trial.new ${STEPS}/killed ${STEPS}/count
    echo $step >${STEPS}/kill
    cp -a /root/record /etc/guestnet-trial
    if [ -e ${STEPS}/files-alone ]; then
        run
        until_ended
        mount --bind /root/boot_id /proc/sys/kernel/random/boot_id
        # What its unit runs, or guestnet host rollback before there is a unit.
        [ ! -d /etc/guestnet-trial ] || sh /etc/guestnet-trial/trial.sh >/dev/null
        umount /proc/sys/kernel/random/boot_id
    else
        run --property=Restart=on-failure --property=RestartForceExitStatus=SIGTERM --property=RestartSec=100ms
        until_ended
    fi
    [ ! -e ${STEPS}/kill ] || break
    now=$(left)
    if [ "$now" != "$before" ] || [ -d /etc/guestnet-trial ]; then
        echo "killed before step $step, $(cat ${STEPS}/killed):"
        echo "$before" >${STEPS}/before
        echo "$now" | diff ${STEPS}/before -
        ls /etc/guestnet-trial 2>/dev/null
        exit
    fi
    step=$((step + ${stride}))
done
rm -f ${STEPS}/kill
echo "$(wc -l <${STEPS}/count) steps"`;

/** Keeps the record of the next trial. It is not of this ssh session, and waits for a second only. */
export const keepRecord = (host: Host): Promise<void> =>
  beforeFirstStep(
    host,
    `cp -a /etc/guestnet-trial /root/record
sed -i "s/^session_pid=.*/session_pid=''/; s/^timeout=.*/timeout='1'/" /root/record/plan.sh
echo 00000000-0000-0000-0000-000000000000 >/root/boot_id`,
  );

/**
 * Kills the recorded trial before its steps.
 *
 * @param unit what runs it again after that: its unit, at once, or that of the next boot
 * @param stride how many steps later each time: a host that makes its network and puts it back takes seconds
 * @returns the number of steps, or how the host differs from before
 */
export const killAtSteps = async (
  host: Host,
  unit: "unit" | "unit at boot",
  stride: number,
): Promise<string> => {
  await host.sh(unit === "unit at boot" ? `touch ${STEPS}/files-alone` : `rm -f ${STEPS}/files-alone`);
  const ran = await host.run(["sh", "-c", killAtEach(stride)], { timeoutMs: 1_800_000 });
  await host.sh(`rm -f ${STEPS}/files-alone`);
  return ran.stdout + ran.stderr;
};
