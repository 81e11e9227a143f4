/** A file of the guest, named without a directory. */
export interface TextFile {
  readonly name: string;
  readonly text: string;
}
