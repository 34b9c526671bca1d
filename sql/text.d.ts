/** SQL and pages are imported as text: esbuild does it for what runs, a plugin for vitest. */
declare module '*.sql' {
  const text: string;
  export default text;
}
declare module '*.html' {
  const text: string;
  export default text;
}
