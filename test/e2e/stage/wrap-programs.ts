import type { Machine } from "../../lab/lab.ts";

/** Puts a script in the place of programs of a machine. Each is then `/run/real/NAME`, and the script has its name as `$0`. */
export const wrapPrograms = async (
  host: Machine,
  names: readonly string[],
  script: string,
): Promise<void> => {
  await host.writeFile("/run/wrapper", script, 0o755);
  await host.sh(`
    mkdir /run/real
    for name in ${names.join(" ")}; do
      file=$(readlink -f "$(command -v $name)")
      cp "$file" /run/real/$name
      mount --bind /run/wrapper "$file"
    done`);
};
