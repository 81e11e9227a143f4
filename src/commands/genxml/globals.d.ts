/** Put in by build.mjs from package.json. */
declare const VERSION: string;

/** Bundled as text by esbuild. */
declare module "*.xml" {
  const text: string;
  export default text;
}
