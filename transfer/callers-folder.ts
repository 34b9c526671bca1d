/** Where a command was given: npm and local/run.mjs go into the project's folder. */
export function callersFolder(): string {
  return process.env.INIT_CWD ?? process.cwd();
}
