/** Put in by build.mjs from package.json. */
declare const VERSION: string;

/** Bundled as text by esbuild. */
declare module "*.xml" {
  const text: string;
  export default text;
}

/** Bundled as text by esbuild. */
declare module "*.css" {
  const text: string;
  export default text;
}

/** Bundled as text by esbuild. */
declare module "*.sh" {
  const text: string;
  export default text;
}

/** Set at build time: the SHA-256 of the hook of this version. */
declare const HOOK_DIGEST: string;
