// `node local/run.mjs <command> [arguments]` bundles local/<command>.ts and runs it in this
// process, in the project's folder; the command finds its arguments from process.argv[2] on.
// A command with a slash, such as bench/run, is a path from the project's folder.
// Plain JavaScript that old versions of Node can read, so that they can say they are too old.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const command = process.argv[2] || '';
const source = join(root, command.includes('/') ? '' : 'local', `${command}.ts`);
const name = command.replaceAll('/', '-');
const folder = join(root, '.leadpulse', 'build', name);

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  stop(
    `leadpulse needs Node 22.18 or later, and this is ${process.versions.node}. On macOS install ` +
      'it from https://nodejs.org; elsewhere start leadpulse with npm, which brings Node 24 along.',
  );
}
if (!existsSync(source)) {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const names = Object.values(scripts).map((script) => script.split('local/run.mjs ')[1]);
  stop(`There is no command "${command}". The commands: ${names.filter(Boolean).join(', ')}.`);
}

// What was compiled the last time is not compiled again: a sixth of a start.
const cache = module.enableCompileCache(join(root, '.leadpulse', 'compiled'));
const { build } = await import('esbuild');
const { outputFiles } = await build({
  entryPoints: { [name]: source },
  outdir: folder,
  bundle: true,
  // What is imported where it is needed, is loaded only then: 45 MB less for an import that finds a
  // machine running.
  splitting: true,
  outExtension: { '.js': '.mjs' },
  write: false,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  sourcemap: 'inline',
  loader: { '.sql': 'text', '.html': 'text' },
});
mkdirSync(folder, { recursive: true });
for (const { path, contents } of outputFiles) {
  // Renamed into place, so that a twin that starts at the same moment never reads half a file.
  writeFileSync(`${path}.${process.pid}`, contents);
  renameSync(`${path}.${process.pid}`, path);
}
removeOlder(
  folder,
  outputFiles.map(({ path }) => path),
);
// Of the user's own cache, which NODE_COMPILE_CACHE names, nothing is removed.
const isOurs = cache.status === module.constants.compileCacheStatus.ENABLED;
if (isOurs && existsSync(cache.directory)) removeOlder(cache.directory, []);
// A file that is named on the command line is looked for where the command was given. npm comes to
// this folder by itself and leaves the other one's name.
if (process.cwd() !== root) process.env.INIT_CWD = process.cwd();
process.chdir(root);
process.setSourceMapsEnabled(true);
// In a terminal the request lines would bury the alerts.
process.env.AWS_LAMBDA_LOG_LEVEL ||= 'WARN';
const built = join(folder, `${name}.mjs`);
process.argv.splice(1, 2, built);
await import(pathToFileURL(built).href);

/** Chunks are called by what is in them. Those of a week ago no process will ask for. */
function removeOlder(folder, fresh) {
  for (const file of readdirSync(folder).map((entry) => join(folder, entry))) {
    // A twin may have renamed it since.
    const writtenAt = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
    const isOld = Date.now() - writtenAt > 7 * 86_400_000;
    if (isOld && !fresh.includes(file)) rmSync(file, { force: true });
  }
}

function stop(sentence) {
  console.error(sentence);
  process.exit(1);
}
