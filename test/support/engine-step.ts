/** What an engine is asked to do. */
export type EngineStep =
  | { readonly run: readonly [string, ...string[]]; readonly stdin?: string; readonly ms: number }
  | { readonly both: readonly (readonly [string, ...string[]])[] }
  | { readonly readFile: string }
  | { readonly exists: string }
  | { readonly writeFile: readonly [name: string, text: string] }
  | { readonly take: string }
  | { readonly leave: readonly [string, ...string[]] };
