import type { Guest } from "../../../lab/lab.ts";

/** Sends the frame that it reads from standard input behind the address of a packet socket (packet(7)): busybox has nothing that can. */
const CODE = [
  "6a115f 6a035e 31d2 6a2958 0f05", // socket(AF_PACKET, SOCK_RAW, 0)
  "89c3 31ff 488db42400f0ffff ba00100000 31c0 0f05", // read(0, buffer below the stack, 4096)
  "89df 488d50ec 4989f0 4883c614 4531d2 6a144159 6a2c58 0f05", // sendto(socket, buffer + 20, read - 20, 0, buffer, 20)
  "89c7 c1ef1f 6a3c58 0f05", // exit(0, or 1 when sendto has failed)
].join("");

const little = (number: number, bytes: number): readonly number[] =>
  Array.from({ length: bytes }, (_, index) => Math.floor(number / 256 ** index) % 256);

/** An ELF file (elf(5)) for x86-64, whose only segment is all of it. */
const program = (): Buffer => {
  const code = Buffer.from(CODE.replaceAll(" ", ""), "hex");
  const [base, headers] = [0x400000, 64 + 56];
  const identity = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, ...little(0, 9)];
  const header = [
    ...[...identity, ...little(2, 2), ...little(62, 2), ...little(1, 4)],
    ...[...little(base + headers, 8), ...little(64, 8), ...little(0, 8), ...little(0, 4)],
    ...[64, 56, 1, 64, 0, 0].flatMap((field) => little(field, 2)),
  ];
  const length = little(headers + code.length, 8);
  const segment = [
    ...[...little(1, 4), ...little(5, 4), ...little(0, 8), ...little(base, 8), ...little(base, 8)],
    ...[...length, ...length, ...little(0x1000, 8)],
  ];
  return Buffer.concat([Buffer.from([...header, ...segment]), code]);
};

/** sockaddr_ll: all that counts is the family and the interface. */
const through = (index: number): readonly number[] => [
  ...little(17, 2),
  0,
  0,
  ...little(index, 4),
  ...little(0, 12),
];

/** Sends frames out of a guest's interface, byte by byte, whatever its kernel thinks of them. */
export const sendFrames = async (
  guest: Guest,
  device: string,
  frames: readonly (readonly number[])[],
): Promise<void> => {
  const index = Number((await guest.sh(`cat /sys/class/net/${device}/ifindex`)).stdout);
  const lines = frames.map((frame) => Buffer.from([...through(index), ...frame]).toString("base64"));
  const { code, stderr } = await guest.sh(`
    test -x /send || { echo ${program().toString("base64")} | base64 -d >/send; chmod +x /send; }
    while read -r frame; do echo $frame | base64 -d | /send || exit 1; done <<'END'
${lines.join("\n")}
END`);
  if (code !== 0) throw new Error(`a frame was not sent: ${stderr}`);
};
