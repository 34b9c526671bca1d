import { parseArgs } from 'node:util';
import { type Role, roleNames, roles } from '../core/catalogue/roles.ts';
import { issueToken, localIssuer, tokenKeyFile } from './identity.ts';
import { findRunning } from './running.ts';

const usage = `npm run -s token -- ${roleNames.join('|')} [--subject NAME]

${roleNames.map((name) => `  ${name.padEnd(9)}  ${roles[name].summary}`).join('\n')}
  --subject  who it is; local-admin, local-manager or local-agent when left out

Prints a token of the leadpulse that runs here, for 8 hours. More in docs/access.md.`;

async function token(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { subject: { type: 'string' } },
  });
  const [role, ...more] = positionals;
  if (!roleNames.some((name) => name === role) || more.length > 0) throw new Error(usage);
  const { subject = `local-${role}` } = values;
  if (!/^[\x21-\x7e]{1,128}$/.test(subject)) {
    throw new Error('--subject is 1 to 128 characters without blanks.');
  }
  const { url } = await findRunning();
  const issuer = localIssuer(url);
  console.log(await issueToken({ file: tokenKeyFile, issuer, role: role as Role, subject }));
  if (role === 'agent') {
    console.error(`Comes in as the active agent whose "identity_subject" is "${subject}".`);
  }
}

token().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
