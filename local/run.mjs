// `node local/run.mjs <command> [arguments]` bundles local/<command>.ts and runs it in this
// process, in the project's folder; the command finds its arguments from process.argv[2] on.
// A command with a slash, such as bench/run, is a path from the project's folder.
// Plain JavaScript that old versions of Node can read, so that they can say they are too old.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const command = process.argv[2] || '';
const source = join(root, command.includes('/') ? '' : 'local', `${command}.ts`);
const built = join(root, '.leadpulse', 'build', `${command.replaceAll('/', '-')}.mjs`);

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

const { build } = await import('esbuild');
const { outputFiles } = await build({
  entryPoints: [source],
  outfile: built,
  bundle: true,
  write: false,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  sourcemap: 'inline',
  loader: { '.sql': 'text', '.html': 'text' },
});
mkdirSync(dirname(built), { recursive: true });
// Renamed into place, so that a twin that starts at the same moment never reads half a file.
writeFileSync(`${built}.${process.pid}`, outputFiles[0].contents);
renameSync(`${built}.${process.pid}`, built);
process.chdir(root);
process.setSourceMapsEnabled(true);
// In a terminal the request lines would bury the alerts.
process.env.AWS_LAMBDA_LOG_LEVEL ||= 'WARN';
process.argv.splice(1, 2, built);
await import(pathToFileURL(built).href);

function stop(sentence) {
  console.error(sentence);
  process.exit(1);
}
