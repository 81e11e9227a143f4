/** A file of the guest's, by its name alone. */
export interface TextFile {
  readonly name: string;
  readonly text: string;
}
